using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>Reports of townships. Handlers parse, check and encode in parallel; the store's one writer assigns version and position.</summary>
[BindServiceMethod(typeof(ReportIntake), nameof(ReportIntake.Bind))]
public sealed class ReportingService(HubStore store) : Protocol.ReportingService.ReportingServiceBase
{
    private const int MaxReceipts = 100;

    /// <summary>Called where the report came as JSON.</summary>
    public override Task<SubmitReportResponse> SubmitReport(SubmitReportRequest request, ServerCallContext context) => SubmitSentReport(ReportIntake.Read(request), context);

    public async Task<SubmitReportResponse> SubmitSentReport(SentRequest request, ServerCallContext context)
    {
        // Taken now that the whole report is here; it stands only once the report is durable.
        var receivedAt = store.Clock.GetUtcNow();
        // What was read stays until the writer has decided.
        using var report = OwnReport(request, context);
        var submit = new SubmitReport(report, request.SubmissionId, request.ExpectedVersion, receivedAt);
        PreparedReport? prepared = null;
        IReadOnlyList<Warning> warnings = [];
        if (submit.FindFirst(store.State).OrRefuse() is null)
        {
            var valid = submit.Check(store.State).OrRefuse();
            warnings = Warnings(valid, context);
            prepared = submit.Prepare(valid);
        }
        var kept = (await store.WriteAsync((state, _) => submit.Decide(state, prepared), context.CancellationToken)).OrRefuse();
        return new SubmitReportResponse { Receipt = kept.Receipt, AlreadyKept = kept.AlreadyKept, Warnings = { kept.AlreadyKept ? [] : warnings } };
    }

    /// <summary>Called where the report came as JSON.</summary>
    public override Task<ValidateReportResponse> ValidateReport(ValidateReportRequest request, ServerCallContext context) => ValidateSentReport(ReportIntake.Read(request), context);

    public Task<ValidateReportResponse> ValidateSentReport(SentRequest request, ServerCallContext context)
    {
        using var report = OwnReport(request, context);
        var valid = new SubmitReport(report, null, request.ExpectedVersion, store.Clock.GetUtcNow()).Check(store.State).OrRefuse();
        return Task.FromResult(new ValidateReportResponse { Warnings = { Warnings(valid, context) } });
    }

    public override Task<GetReportResponse> GetReport(GetReportRequest request, ServerCallContext context)
    {
        var period = Requests.Period(request.Period);
        var (programme, township) = Requests.ProgrammeAndTownship(request.Programme, request.Township, store, context);
        using var reading = store.Read().OrRefuse();
        var found = reading.Query(
            """
            select position from reports
            where programme = $programme and township = $township and month = $month and ($version = 0 or version = $version)
            order by version desc limit 1
            """, r => r.Long("position"),
            ("programme", programme.Id), ("township", township), ("month", period.Index), ("version", request.Version));
        if (found.Count == 0) throw new RefusedException(new Refusal(RefusalReason.NotFound, new("没有这一版报告", "there is no such version of the report")));
        var record = store.FindRecord(found[0])!;
        var kept = record.Content.ReportSubmitted;
        return Task.FromResult(new GetReportResponse
        {
            Report = ToReport(record, programme),
            Receipt = record.ToReceipt(kept.Version),
            Imported = kept.HasImportedAtUs,
            SubmissionId = kept.SubmissionId,
        });
    }

    public override Task<ListReportsResponse> ListReports(ListReportsRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var programme = Requests.Programme(request.Programme, store, context);
        var scope = Requests.Scope(request.Township, caller);
        Period? period = request.Period.Length > 0 ? Requests.Period(request.Period) : null;
        var page = Requests.Page(request.PageSize, request.PageToken, 1000);
        using var reading = Requests.Read(request.At, store);
        var rows = reading.Query(
            """
            select programme, period, township, version, received_at, position, branches, imported from reports
            where programme = $programme and starts_with(township, $scope) and ($month < 0 or month = $month)
            order by period desc, township, version desc
            limit $size + 1 offset $offset
            """, r => new ReportVersion
            {
                Programme = r.Text("programme"),
                Period = r.Text("period"),
                Township = r.Text("township"),
                Version = r.Int("version"),
                ReceivedAt = Timestamp.FromDateTimeOffset(r.Instant("received_at")),
                Position = r.Long("position"),
                Branches = r.Int("branches"),
                Imported = r.Bool("imported"),
            },
            ("programme", programme.Id), ("scope", scope), ("month", period?.Index ?? -1), ("size", page.Size), ("offset", page.Offset));
        return Task.FromResult(new ListReportsResponse { Reports = { rows.Take(page.Size) }, NextPageToken = page.Next(rows.Count) });
    }

    public override Task<ReconcileResponse> Reconcile(ReconcileRequest request, ServerCallContext context)
    {
        if (request.Receipts.Count > MaxReceipts) throw new RefusedException(Refusal.OfField("receipts", RefusalReason.FieldMalformed, new(
            $"回执最多 {MaxReceipts} 份", $"at most {MaxReceipts} receipts")));
        var township = Requests.Scope(request.Township, context.Caller());
        var response = new ReconcileResponse { Position = store.HeadPosition };
        foreach (var held in request.Receipts)
            if (!IsKept(held, township)) response.Missing.Add(held.SubmissionId);
        return Task.FromResult(response);
    }

    public override Task<ReadInboxResponse> ReadInbox(ReadInboxRequest request, ServerCallContext context)
    {
        var township = Requests.Scope(request.Township, context.Caller());
        if (request.Limit is < 0 or > Inbox.MaxMessages) throw new RefusedException(Refusal.OfField("limit", RefusalReason.FieldMalformed, new(
            $"limit 须在 0 至 {Inbox.MaxMessages} 之间", $"limit must be 0 to {Inbox.MaxMessages}")));
        using var reading = store.Read().OrRefuse();
        if (request.After < 0 || request.After > reading.Position) throw new RefusedException(Refusal.OfField("after", RefusalReason.FieldMalformed, new(
            $"日志位置 {request.After} 不存在，当前末尾是 {reading.Position}；请从 0 重新读起", $"log position {request.After} does not exist, the head is {reading.Position}; read from 0 again")));
        return Task.FromResult(Inbox.Read(township, request.After, request.Limit == 0 ? Inbox.MaxMessages : request.Limit, reading));
    }

    // The hash is of all that the record holds, its submission id too.
    private bool IsKept(HeldReceipt held, string township) => held.Position > 0 && store.FindRecord(held.Position) is { Content.ReportSubmitted: { } kept } record
        && kept.Township == township && held.Hash.Span.SequenceEqual(record.Hash);

    private static SentReport OwnReport(SentRequest request, ServerCallContext context)
    {
        if (request.Report is not { } report) throw new RefusedException(Refusal.OfField("report", RefusalReason.FieldMissing, new("缺少报告", "the report is missing")));
        if (report.Township.Length == 0) throw new RefusedException(Refusal.OfField("report.township", RefusalReason.FieldMissing, new("缺少乡镇编码", "the township is missing")));
        return context.Caller().MayTouch(report.Township) && report.Township.Length == context.Caller().Scope.Length ? report : throw new RefusedException(AccessInterceptor.NotPermitted());
    }

    private IReadOnlyList<Warning> Warnings(ValidReport report, ServerCallContext context) => ReportWarnings.Of(report, store.StatesBefore(report), context.Language());

    private Report ToReport(LoggedRecord record, Programmes.Programme programme)
    {
        var kept = record.Content.ReportSubmitted;
        var registered = store.State.FindTownship(kept.Township)!.Branches;
        var report = new Report { Programme = kept.Programme, Township = kept.Township, Period = kept.Period, Narrative = kept.Narrative, SignOff = kept.SignOff };
        foreach (var branch in KeptReport.Branches(record, registered))
        {
            var items = programme.Template.StandardOf(registered.KindAt(branch.Index))!.Items.Count;
            var states = new BranchStates { Branch = registered.CodeAt(branch.Index) };
            for (var bit = 0; bit < items; bit++)
                states.States.Add((branch.Met >> bit & 1) == 1 ? ItemState.Met : (branch.NotApplicable >> bit & 1) == 1 ? ItemState.NotApplicable : ItemState.NotMet);
            report.Branches.Add(states);
        }
        return report;
    }
}
