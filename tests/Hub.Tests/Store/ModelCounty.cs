using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Store;

/// <summary>A branch as the model knows it.</summary>
internal sealed record ModelBranch(string Code, string Name, string Township, string Kind, int Star, DateOnly From, DateOnly? To)
{
    public bool IsReported => Kind != "veteran";

    public bool IsActiveAt(DateOnly lastDay) => From <= lastDay && (To is null || To > lastDay);
}

/// <summary>A version of a report as the model knows it: what was sent, and the receipt.</summary>
internal sealed record ModelReport(Report Sent, Receipt Receipt, string SubmissionId, bool Imported);

/// <summary>What one county's part of the log must say, kept in the plainest way: lists and sets, no positions, no digests.</summary>
internal sealed class ModelCounty(string area)
{
    public string Area { get; } = area;
    public string Programme { get; } = $"county-{area}";
    public string Title { get; set; } = "党支部规范化建设";
    public Dictionary<string, string> Townships { get; } = [];
    public Dictionary<string, ModelBranch> Branches { get; } = [];
    public Dictionary<(string Township, string Period), List<ModelReport>> Reports { get; } = [];
    public Dictionary<(string Township, string Id), (Report Sent, Receipt Receipt)> Submissions { get; } = [];
    public Dictionary<string, PublishBulletinResponse> Published { get; } = [];
    public HashSet<(string Township, string Period)> Reopened { get; } = [];
    public int Reopenings { get; set; }

    public int Versions(string township, string period) => Reports.TryGetValue((township, period), out var kept) ? kept.Count : 0;

    public bool IsLocked(string township, string period) => Published.ContainsKey(period) && !Reopened.Contains((township, period));

    public static DateTimeOffset EndOf(string period)
    {
        var (year, month) = (int.Parse(period[..4], System.Globalization.CultureInfo.InvariantCulture), int.Parse(period[5..], System.Globalization.CultureInfo.InvariantCulture));
        return new DateTimeOffset(year, month, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddMonths(1);
    }

    public IEnumerable<ModelBranch> ActiveIn(string township, string period)
    {
        var lastDay = DateOnly.FromDateTime(EndOf(period).DateTime).AddDays(-1);
        return Branches.Values.Where(b => b.Township == township && b.IsReported && b.IsActiveAt(lastDay));
    }

    /// <summary>Why a report cannot be kept now, apart from its fields; null where it is kept.</summary>
    public RefusalReason? WhyNot(Report report, int expectedVersion, DateTimeOffset now)
    {
        if (string.CompareOrdinal(report.Period, "2025-12") < 0) return RefusalReason.PeriodBeforeLaunch;
        if (now < EndOf(report.Period)) return RefusalReason.PeriodNotEnded;
        if (IsLocked(report.Township, report.Period)) return RefusalReason.PeriodLocked;
        return expectedVersion == Versions(report.Township, report.Period) ? null : RefusalReason.VersionStale;
    }

    public void Keep(ModelReport report)
    {
        var key = (report.Sent.Township, report.Sent.Period);
        if (!Reports.TryGetValue(key, out var kept)) kept = Reports[key] = [];
        kept.Add(report);
        Reopened.Remove(key);
        if (!report.Imported) Submissions.Add((report.Sent.Township, report.SubmissionId), (report.Sent, report.Receipt));
    }

    public static bool SameContent(Report a, Report b) => Canonical(a).Equals(Canonical(b));

    private static Report Canonical(Report report)
    {
        var canonical = report.Clone();
        canonical.Branches.Clear();
        canonical.Branches.AddRange(report.Branches.OrderBy(b => b.Branch, StringComparer.Ordinal));
        return canonical;
    }
}
