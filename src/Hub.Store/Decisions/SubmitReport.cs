using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Programme = Hub.Programmes.Programme;

namespace Hub.Store.Decisions;

/// <summary>What became of a report: its receipt, and whether this submission had been kept before.</summary>
public sealed record SubmittedReport(Receipt Receipt, bool AlreadyKept);

/// <summary>The checks of a report in the order of the promises: submission id, fields, period, lock, expected version. Handlers run them in
/// parallel before they trouble the writer; the writer runs them again on the state that the record will stand on.</summary>
/// <param name="ReceivedAt">The hub's clock when the whole report had arrived.</param>
/// <param name="SubmissionId">Null when nothing is to be kept.</param>
public sealed record SubmitReport(Report Report, string Township, string? SubmissionId, int ExpectedVersion, DateTimeOffset ReceivedAt)
{
    private readonly byte[] digest = ReportDigest.Of(Report);

    /// <summary>The first receipt where the id is known with the same content, a refusal where with other content, null where it is new.</summary>
    public Outcome<Receipt?> FindFirst(HubState state)
    {
        if (SubmissionId is null || state.FindSubmission(Township, SubmissionId) is not { } known) return (Receipt?)null;
        if (known.Digest == Sha256Value.Of(digest)) return known.Receipt;
        return new Refusal(RefusalReason.SubmissionIdUsed, new(
            $"提交编号 {SubmissionId} 已用于另一份内容不同的报告，请换用新的编号", $"submission id {SubmissionId} was used for other content; make a new id"));
    }

    /// <summary>Fields, period, lock, expected version.</summary>
    public Outcome<ValidReport> Check(HubState state)
    {
        if (SubmissionId is not null && !Forms.IsSubmissionId(SubmissionId)) return Refusal.OfField("submission_id",
            SubmissionId.Length == 0 ? RefusalReason.FieldMissing : RefusalReason.FieldMalformed,
            new("提交编号须为 8 至 64 位字母、数字或 . _ -", "the submission id must be 8 to 64 letters, digits or . _ -"));
        if (ExpectedVersion < 0) return Refusal.OfField("expected_version", RefusalReason.FieldMalformed,
            new("expected_version 不能为负", "expected_version cannot be negative"));
        if (state.FindTownship(Township) is not { } township) return Refusal.OfField("report.township", RefusalReason.TownshipUnknown,
            new($"乡镇 {Township} 尚未登记", $"township {Township} is not registered yet"));
        var parsed = ReportParser.Parse(Report, state.FindProgramme, township);
        return parsed.IsRefused(out var refusal) || (refusal = WhyNotNow(parsed.Value, state)) is not null ? refusal : parsed.Value;
    }

    /// <summary>For the writer: <paramref name="parsed"/> is taken as it is while the registry that it was parsed against still stands.</summary>
    public Outcome<Decision<SubmittedReport>> Decide(HubState state, ValidReport? parsed)
    {
        var first = FindFirst(state);
        if (first.IsRefused(out var refusal)) return refusal;
        if (first.Value is { } receipt) return new Decision<SubmittedReport>([], _ => new(receipt, AlreadyKept: true));
        if (parsed is not null && ReferenceEquals(state.FindTownship(Township), parsed.Township) && ReferenceEquals(state.FindProgramme(parsed.Programme.Id), parsed.Programme))
        {
            if (WhyNotNow(parsed, state) is { } no) return no;
        }
        else
        {
            var again = Check(state);
            if (again.IsRefused(out refusal)) return refusal;
            parsed = again.Value;
        }
        var version = ExpectedVersion + 1;
        var record = ToRecord(parsed.Programme, parsed.Period, version, parsed.Branches);
        record.SubmissionId = SubmissionId;
        record.Township = Township;
        record.Digest = ByteString.CopyFrom(digest);
        record.Narrative = Report.Narrative;
        record.SignOff = Report.SignOff;
        return new Decision<SubmittedReport>([new Draft(new LogRecord { ReportSubmitted = record }, ReceivedAt)], kept => new(kept[0].ToReceipt(version), AlreadyKept: false));
    }

    /// <summary>A report by columns; submission id, township, digest and texts are the caller's.</summary>
    internal static ReportSubmitted ToRecord(Programme programme, Period period, int version, IReadOnlyList<ValidBranch> branches)
    {
        var prefix = branches.Count == 0 ? "" : CommonPrefix(branches[0].Branch.Code, branches[^1].Branch.Code);
        var record = new ReportSubmitted { Programme = programme.Id, Period = period.ToString(), Version = version, BranchPrefix = prefix };
        foreach (var branch in branches)
        {
            record.BranchSuffixes.Add(branch.Branch.Code[prefix.Length..]);
            record.Met.Add(branch.Met);
            record.NotApplicable.Add(branch.NotApplicable);
        }
        return record;
    }

    private Refusal? WhyNotNow(ValidReport report, HubState state)
    {
        var (programme, period) = (report.Programme, report.Period);
        if (period < programme.LaunchPeriod) return new Refusal(RefusalReason.PeriodBeforeLaunch, new(
            $"{period} 早于项目的首个报告月份 {programme.LaunchPeriod}", $"{period} is before the programme's first period {programme.LaunchPeriod}"));
        if (period > Period.LastEnded(ReceivedAt)) return new Refusal(RefusalReason.PeriodNotEnded, new(
            $"{period} 尚未结束，请在月末之后上报", $"{period} has not ended; send the report after the month's end"));
        if (state.IsLocked(programme.Id, Township, period)) return new Refusal(RefusalReason.PeriodLocked, new(
            $"{period} 的通报已发布，本期已锁定；如需更正，请联系管理员重新开放", $"the bulletin of {period} is published and the period is locked; ask an administrator to re-open it"));
        var inForce = state.FindReport(programme.Id, Township, period)?.Version ?? 0;
        return ExpectedVersion == inForce ? null : new Refusal(RefusalReason.VersionStale, new(
            $"{period} 已有第 {inForce} 版，而本次按第 {ExpectedVersion} 版之后提交；请先查看现有版本", $"version {inForce} of {period} is in force, and this one expects {ExpectedVersion}; read the one in force first"));
    }

    // Codes are in order, so what the first and the last share all of them share.
    private static string CommonPrefix(string a, string b)
    {
        var length = 0;
        while (length < a.Length && length < b.Length && a[length] == b[length]) length++;
        return a[..length];
    }
}
