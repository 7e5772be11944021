using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Access;

/// <summary>What a call answered: a status with its reason and message, or everything that it gave, as text.</summary>
internal sealed record Answer(StatusCode Status, string Reason, string Message, string Content)
{
    /// <summary>The same for two ids, where the ids themselves do not count.</summary>
    public string Without(params string[] ids) => ids.Where(i => i.Length > 0).Aggregate($"{Status} {Reason} {Message} {Content}", (text, id) => text.Replace(id, "#", StringComparison.Ordinal));
}

/// <summary>Any call of the hub, found by its description, and a request for it that names a programme and a place.</summary>
internal static partial class AnyCall
{
    public static IReadOnlyList<MethodDescriptor> All { get; } = [.. typeof(Report).Assembly.GetTypes().Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!).SelectMany(f => f.Services).SelectMany(s => s.Methods)];

    /// <summary>A request that would do no harm where it is allowed by mistake: what it would write is incomplete, except for a township's own report.</summary>
    public static IMessage Request(string call, string programme, string place, bool flag, int version) => call switch
    {
        "SubmitReport" => new SubmitReportRequest { SubmissionId = Guid.NewGuid().ToString(), ExpectedVersion = version, Report = Report(programme, place) },
        "ValidateReport" => new ValidateReportRequest { ExpectedVersion = version, Report = Report(programme, place) },
        "GetReport" => new GetReportRequest { Programme = programme, Township = place, Period = "2026-01" },
        "ListReports" => new ListReportsRequest { Programme = programme, Township = place },
        "Reconcile" => new ReconcileRequest { Township = place, Receipts = { new HeldReceipt { SubmissionId = "not-there-1", Position = version } } },
        "ReadInbox" => new ReadInboxRequest { Township = place },
        "ListProgrammes" => new ListProgrammesRequest(),
        "GetProgramme" => new GetProgrammeRequest { Programme = programme },
        "ListTownships" => new ListTownshipsRequest { Area = place },
        "ListBranches" => new ListBranchesRequest { Township = place },
        "DefineProgramme" => new DefineProgrammeRequest { Programme = programme, Area = place, Template = "party-branch" },
        "ChangeRegistry" when flag => new ChangeRegistryRequest { Townships = { new Township { Code = place } } },
        "ChangeRegistry" => new ChangeRegistryRequest { Branches = { new Branch { Code = "new-branch", Township = place } } },
        "GetCompletion" => new GetCompletionRequest { Programme = programme, Area = place },
        "GetRanking" => new GetRankingRequest { Programme = programme, Area = place },
        "GetMilestones" => new GetMilestonesRequest { Programme = programme, Area = place },
        "GetTrend" => new GetTrendRequest { Programme = programme, Township = place },
        "ExplainFigure" => new ExplainFigureRequest { Programme = programme, Township = place, Figure = "hardware_complete" },
        "GetBulletin" => new GetBulletinRequest { Programme = programme, Period = "2025-12", Draft = flag, Names = { $"{programme}-2025-12.html" } },
        "PublishBulletin" => new PublishBulletinRequest { Programme = programme, Period = "2026-01" },
        "ReopenPeriod" => new ReopenPeriodRequest { Programme = programme, Township = place, Period = "2025-12" },
        "ImportHistory" => new ImportHistoryRequest { File = "unknown.csv" },
        "CreateCredential" => new CreateCredentialRequest { Township = place },
        "CreateInvitation" => new CreateInvitationRequest { Township = place, ExpiresAt = new() },
        "Enroll" => new EnrollRequest(),
        "RotateCredential" => new RotateCredentialRequest(),
        "RevokeCredential" => new RevokeCredentialRequest { CredentialId = place },
        "RunQuery" => new RunQueryRequest { Sql = "select township from townships" },
        "VerifyStore" => new VerifyStoreRequest(),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "No request is known for this call: add one, and its line to the table of who may"),
    };

    public static bool NamesProgramme(MethodDescriptor method) => Has(method, "programme") || Has(method, "report");

    public static bool NamesPlace(MethodDescriptor method) => Has(method, "township") || Has(method, "area") || Has(method, "report") || Has(method, "townships") || Has(method, "credential_id");

    public static bool HasFlag(MethodDescriptor method) => Has(method, "draft") || Has(method, "townships");

    public static async Task<Answer> CallAsync(CallInvoker calls, MethodDescriptor descriptor, IMessage request, Metadata headers)
    {
        var type = (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary, (true, false) => MethodType.ClientStreaming, (false, true) => MethodType.ServerStreaming, _ => MethodType.DuplexStreaming,
        };
        var method = new Method<IMessage, IMessage>(type, descriptor.Service.FullName, descriptor.Name,
            Marshallers.Create<IMessage>(m => m.ToByteArray(), b => descriptor.InputType.Parser.ParseFrom(b)),
            Marshallers.Create<IMessage>(m => m.ToByteArray(), b => descriptor.OutputType.Parser.ParseFrom(b)));
        try
        {
            var content = new StringBuilder();
            await foreach (var message in RunAsync(calls, method, request, new CallOptions(headers))) content.AppendLine(Text(message));
            return new(StatusCode.OK, "", "", content.ToString());
        }
        catch (RpcException e)
        {
            return new(e.StatusCode, e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "", e.Status.Detail, "");
        }
    }

    /// <summary>Codes of townships that a text names, by themselves or at the head of a branch's code.</summary>
    public static IEnumerable<string> Townships(string text) => TownshipCode().Matches(text).Select(m => m.Value).Distinct();

    private static async IAsyncEnumerable<IMessage> RunAsync(CallInvoker calls, Method<IMessage, IMessage> method, IMessage request, CallOptions options)
    {
        switch (method.Type)
        {
            case MethodType.Unary:
                yield return await calls.AsyncUnaryCall(method, null, options, request);
                break;
            case MethodType.ClientStreaming:
                using (var call = calls.AsyncClientStreamingCall(method, null, options))
                {
                    await TryWriteAsync(call.RequestStream, request);
                    yield return await call;
                }
                break;
            default:
                using (var call = calls.AsyncServerStreamingCall(method, null, options, request))
                    await foreach (var message in call.ResponseStream.ReadAllAsync()) yield return message;
                break;
        }
    }

    // A call that is refused at the door may be over before the request is written.
    private static async Task TryWriteAsync(IClientStreamWriter<IMessage> stream, IMessage request)
    {
        try
        {
            await stream.WriteAsync(request);
            await stream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The answer itself says why.
        }
    }

    private static string Text(IMessage message) => message is GetBulletinResponse bulletin
        ? string.Concat(bulletin.Files.Where(f => f.MediaType.StartsWith("text/html", StringComparison.Ordinal)).Select(f => f.Content.ToStringUtf8()))
        : JsonFormatter.Default.Format(message);

    private static Report Report(string programme, string township)
    {
        var report = TestHub.Report(township == TwoCounties.Own ? township : TwoCounties.Other);
        (report.Programme, report.Township) = (programme, township);
        return report;
    }

    private static bool Has(MethodDescriptor method, string field) => method.InputType.FindFieldByName(field) is not null;

    [GeneratedRegex(@"(?<!\d)99\d{7}", RegexOptions.CultureInvariant)]
    private static partial Regex TownshipCode();
}
