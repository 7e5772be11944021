using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;

namespace Hub.Store.Decisions;

/// <summary>What became of a report: its receipt, and whether this submission had been kept before.</summary>
public sealed record SubmittedReport(Receipt Receipt, bool AlreadyKept);

/// <summary>A report that passed the checks, with the record that it will be kept as.</summary>
public sealed record PreparedReport(ValidReport Report, Draft Draft);

/// <summary>The checks of a report in the order of the promises: submission id, fields, period, lock, expected version. Handlers run them in
/// parallel and encode the record before they trouble the writer; the writer runs them again on the state that the record will stand on.</summary>
/// <param name="report">Not disposed before the writer has decided.</param>
/// <param name="submissionId">Null when nothing is to be kept.</param>
/// <param name="receivedAt">The hub's clock when the whole report had arrived.</param>
public sealed class SubmitReport(SentReport report, string? submissionId, int expectedVersion, DateTimeOffset receivedAt)
{
    private readonly byte[] digest = ReportDigest.Of(report);

    /// <summary>The first receipt where the id is known with the same content, a refusal where with other content, null where it is new.</summary>
    public Outcome<Receipt?> FindFirst(HubState state)
    {
        if (submissionId is null || state.FindSubmission(report.Township, submissionId) is not { } known) return (Receipt?)null;
        if (known.Digest == Sha256Value.Of(digest)) return known.Receipt;
        return new Refusal(RefusalReason.SubmissionIdUsed, new(
            $"提交编号 {submissionId} 已用于另一份内容不同的报告，请换用新的编号", $"submission id {submissionId} was used for other content; make a new id"));
    }

    /// <summary>Fields, period, lock, expected version.</summary>
    public Outcome<ValidReport> Check(HubState state)
    {
        if (submissionId is not null && !Forms.IsSubmissionId(submissionId)) return Refusal.OfField("submission_id",
            submissionId.Length == 0 ? RefusalReason.FieldMissing : RefusalReason.FieldMalformed,
            new("提交编号须为 8 至 64 位字母、数字或 . _ -", "the submission id must be 8 to 64 letters, digits or . _ -"));
        if (expectedVersion < 0) return Refusal.OfField("expected_version", RefusalReason.FieldMalformed,
            new("expected_version 不能为负", "expected_version cannot be negative"));
        if (state.FindTownship(report.Township) is not { } township) return Refusal.OfField("report.township", RefusalReason.TownshipUnknown,
            new($"乡镇 {report.Township} 尚未登记", $"township {report.Township} is not registered yet"));
        var parsed = ReportParser.Parse(report, state.FindProgramme, township);
        return parsed.IsRefused(out var refusal) || (refusal = WhyNotNow(parsed.Value, state)) is not null ? refusal : parsed.Value;
    }

    /// <summary>The record of a report that passed the checks, encoded.</summary>
    public PreparedReport Prepare(ValidReport valid)
    {
        var (branches, states) = (valid.Township.Branches, valid.States);
        var record = new ReportSubmitted
        {
            SubmissionId = submissionId!, Digest = UnsafeByteOperations.UnsafeWrap(digest), Programme = valid.Programme.Id, Township = valid.Township.Code,
            Period = valid.Period.ToString(), Version = expectedVersion + 1, Narrative = valid.Narrative, SignOff = valid.SignOff,
        };
        KeptReport.SetBranches(record, branches.Prefix, i => branches.RestAt(states.Places[i]), states.Met, states.NotApplicable);
        var content = new LogRecord { ReportSubmitted = record };
        return new(valid, new Draft(content, receivedAt) { Bytes = content.ToByteArray(), States = KeptStates.Of(valid) });
    }

    /// <summary>For the writer: <paramref name="prepared"/> is taken as it is while the registry that it was checked against still stands.</summary>
    public Outcome<Decision<SubmittedReport>> Decide(HubState state, PreparedReport? prepared)
    {
        var first = FindFirst(state);
        if (first.IsRefused(out var refusal)) return refusal;
        if (first.Value is { } receipt) return new Decision<SubmittedReport>([], _ => new(receipt, AlreadyKept: true));
        if (prepared is { Report: var valid } && ReferenceEquals(state.FindTownship(valid.Township.Code), valid.Township) && ReferenceEquals(state.FindProgramme(valid.Programme.Id), valid.Programme))
        {
            if (WhyNotNow(valid, state) is { } no) return no;
        }
        else
        {
            var again = Check(state);
            if (again.IsRefused(out refusal)) return refusal;
            prepared = Prepare(again.Value);
        }
        return new Decision<SubmittedReport>([prepared.Draft], kept => new(kept[0].ToReceipt(expectedVersion + 1), AlreadyKept: false));
    }

    private Refusal? WhyNotNow(ValidReport valid, HubState state)
    {
        var (programme, township, period) = (valid.Programme, valid.Township.Code, valid.Period);
        if (period < programme.LaunchPeriod) return new Refusal(RefusalReason.PeriodBeforeLaunch, new(
            $"{period} 早于项目的首个报告月份 {programme.LaunchPeriod}", $"{period} is before the programme's first period {programme.LaunchPeriod}"));
        if (period > Period.LastEnded(receivedAt)) return new Refusal(RefusalReason.PeriodNotEnded, new(
            $"{period} 尚未结束，请在月末之后上报", $"{period} has not ended; send the report after the month's end"));
        if (state.IsLocked(programme.Id, township, period)) return new Refusal(RefusalReason.PeriodLocked, new(
            $"{period} 的通报已发布，本期已锁定；如需更正，请联系管理员重新开放", $"the bulletin of {period} is published and the period is locked; ask an administrator to re-open it"));
        var inForce = state.FindReport(programme.Id, township, period)?.Version ?? 0;
        return expectedVersion == inForce ? null : new Refusal(RefusalReason.VersionStale, new(
            $"{period} 已有第 {inForce} 版，而本次按第 {expectedVersion} 版之后提交；请先查看现有版本", $"version {inForce} of {period} is in force, and this one expects {expectedVersion}; read the one in force first"));
    }
}
