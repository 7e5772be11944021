using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;

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

    /// <summary>Named by the service's attribute, so that the framework's own provider binds nothing.</summary>
    public static void BindNothing(ServiceBinderBase _, Protocol.ReportingService.ReportingServiceBase __)
    {
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
                    Add(Reading(submit, SubmitReportRequest.SubmissionIdFieldNumber, SubmitReportRequest.ExpectedVersionFieldNumber, SubmitReportRequest.ReportFieldNumber),
                        (service, request, call) => service.SubmitReport(request, call));
                    break;
                case Method<ValidateReportRequest, ValidateReportResponse> validate:
                    Add(Reading(validate, NoField, ValidateReportRequest.ExpectedVersionFieldNumber, ValidateReportRequest.ReportFieldNumber),
                        (service, request, call) => service.ValidateReport(request, call));
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

        private static Method<SentRequest, TResponse> Reading<TRequest, TResponse>(Method<TRequest, TResponse> method, int idField, int versionField, int reportField)
        {
            var marshaller = new Marshaller<SentRequest>(
                (_, _) => throw new NotSupportedException("The hub sends no reports"),
                context => Read(context, Tag(idField, 2), Tag(versionField, 0), Tag(reportField, 2)));
            return new(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller);
        }
    }

    private static uint Tag(int field, int wireType) => (uint)(field << 3 | wireType);

    /// <exception cref="InvalidDataException">The bytes are no message: gRPC answers UNKNOWN, as for every call.</exception>
    private static SentRequest Read(DeserializationContext context, uint idTag, uint versionTag, uint reportTag)
    {
        var report = new SentReport(context.PayloadAsReadOnlySequence());
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
