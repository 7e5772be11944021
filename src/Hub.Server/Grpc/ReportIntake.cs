using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Hub.Server.Grpc;

/// <summary>A request of SubmitReport or ValidateReport, read from its bytes without making its message.</summary>
/// <param name="SubmissionId">Empty where the call has none.</param>
/// <param name="Report">Null where none was sent.</param>
public sealed record SentRequest(string SubmissionId, int ExpectedVersion, SentReport? Report) : IDisposable
{
    public void Dispose() => Report?.Dispose();
}

/// <summary>Binds ReportingService as the generated code would, except for the two calls that bring reports: these are read in one pass into
/// <see cref="SentRequest"/>. For clients, reflection and interceptors they are the calls of reporting.proto.</summary>
internal sealed class ReportIntake : IServiceMethodProvider<ReportingService>
{
    private const int NoField = 0;

    /// <summary>By this, JSON transcoding finds the paths of the calls.</summary>
    public static ServiceDescriptor Descriptor => Protocol.ReportingService.Descriptor;

    /// <summary>Named by the service's attribute: the framework's own gRPC provider binds nothing, and JSON transcoding every call as usual.</summary>
    public static void Bind(ServiceBinderBase binder, Protocol.ReportingService.ReportingServiceBase service)
    {
        if (binder.GetType().Assembly != typeof(IServiceMethodProvider<>).Assembly) Protocol.ReportingService.BindService(binder, service);
    }

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ReportingService> context) => Protocol.ReportingService.BindService(new Binder(context), null);

    /// <summary>Is told each method by the generated code.</summary>
    private sealed class Binder(ServiceMethodProviderContext<ReportingService> context) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            switch (method)
            {
                case Method<SubmitReportRequest, SubmitReportResponse> submit:
                    Add(Reading(submit, ReadSubmit),
                        (service, request, call) => service.SubmitSentReport(request, call));
                    break;
                case Method<ValidateReportRequest, ValidateReportResponse> validate:
                    Add(Reading(validate, ReadValidate),
                        (service, request, call) => service.ValidateSentReport(request, call));
                    break;
                case Method<GetReportRequest, GetReportResponse> get: Add(get, (service, request, call) => service.GetReport(request, call)); break;
                case Method<ListReportsRequest, ListReportsResponse> list: Add(list, (service, request, call) => service.ListReports(request, call)); break;
                case Method<ReconcileRequest, ReconcileResponse> reconcile: Add(reconcile, (service, request, call) => service.Reconcile(request, call)); break;
                case Method<ReadInboxRequest, ReadInboxResponse> inbox: Add(inbox, (service, request, call) => service.ReadInbox(request, call)); break;
                default: throw new InvalidOperationException($"{method.FullName} has no handler");
            }
        }

        private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<ReportingService, TRequest, TResponse> handler)
            where TRequest : class where TResponse : class =>
            context.AddUnaryMethod(method, [new HttpMethodMetadata(["POST"], acceptCorsPreflight: true)], handler);

        private static Method<SentRequest, TResponse> Reading<TRequest, TResponse>(Method<TRequest, TResponse> method, Func<ReadOnlySequence<byte>, SentRequest> read)
        {
            var marshaller = new Marshaller<SentRequest>(
                (_, _) => throw new NotSupportedException("The hub sends no reports"),
                context => read(context.PayloadAsReadOnlySequence()));
            return new(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller);
        }
    }

    /// <summary>What came as JSON, read again from the bytes of its message, so that there is one way for every report.</summary>
    public static SentRequest Read(SubmitReportRequest request) => ReadSubmit(new(request.ToByteArray()));

    /// <inheritdoc cref="Read(SubmitReportRequest)"/>
    public static SentRequest Read(ValidateReportRequest request) => ReadValidate(new(request.ToByteArray()));

    private static SentRequest ReadSubmit(ReadOnlySequence<byte> message) =>
        Read(message, Tag(SubmitReportRequest.SubmissionIdFieldNumber, 2), Tag(SubmitReportRequest.ExpectedVersionFieldNumber, 0), Tag(SubmitReportRequest.ReportFieldNumber, 2));

    private static SentRequest ReadValidate(ReadOnlySequence<byte> message) =>
        Read(message, Tag(NoField, 2), Tag(ValidateReportRequest.ExpectedVersionFieldNumber, 0), Tag(ValidateReportRequest.ReportFieldNumber, 2));

    private static uint Tag(int field, int wireType) => (uint)(field << 3 | wireType);

    /// <exception cref="InvalidDataException">The bytes are no message: gRPC answers UNKNOWN, as for every call.</exception>
    private static SentRequest Read(ReadOnlySequence<byte> message, uint idTag, uint versionTag, uint reportTag)
    {
        var report = new SentReport(message);
        var (id, version, isThere) = ("", 0, false);
        try
        {
            var request = report.Reader();
            while (request.ReadTag() is var tag and not 0)
            {
                if (tag == idTag) id = request.ReadText();
                else if (tag == versionTag) version = (int)request.ReadVarint();
                else if (tag != reportTag) request.Skip(tag);
                else
                {
                    report.Merge(request.ReadMessage());
                    isThere = true;
                }
            }
            if (isThere) return new(id, version, report);
        }
        catch
        {
            report.Dispose();
            throw;
        }
        report.Dispose();
        return new(id, version, null);
    }
}
