using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 9's signals. Section 3 goes before: a listed branch that is not active in its report's period counts for nothing,
/// neither in the report nor in the one before.</summary>
public static class IntegritySignals
{
    private const int BulkFlipItems = 20, UniformBranches = 10;

    public static IEnumerable<object?[]> Rows(ProgrammeFacts facts) =>
        from period in facts.Periods
        from township in facts.Townships
        let report = facts.Own(township, period)
        where report is not null
        from signal in Since(facts, report).Concat(Uniform(facts, report)).Concat(Unchanged(facts, report))
        select (object?[])[period, township, .. signal];

    /// <summary>period, township, signal, branches, items: whoever names a branch counts as one, every other count is of what it says.</summary>
    public static IEnumerable<object?[]> Counts(ProgrammeFacts facts) =>
        from row in Rows(facts)
        group row by (Period: row[0], Township: row[1], Signal: (string)row[2]!) into signal
        let total = signal.Sum(r => (int)r[5]!)
        select (object?[])
        [
            signal.Key.Period, signal.Key.Township, signal.Key.Signal,
            signal.Key.Signal switch { "regression" or "lapse" => signal.Count(), "bulk_flip" => 0, _ => total },
            signal.Key.Signal is "uniform" or "unchanged" ? 0 : total,
        ];

    /// <summary>regression, lapse and bulk_flip: against the latest earlier own report, over branches listed in both.</summary>
    private static IEnumerable<object?[]> Since(ProgrammeFacts facts, ReferenceReport report)
    {
        if (facts.InForce(report.Township, report.Period.Plus(-1)) is not { } before) yield break;
        var listedBefore = Listed(facts, before);
        int open = 0, turned = 0;
        foreach (var (code, states) in Listed(facts, report))
        {
            if (!listedBefore.TryGetValue(code, out var statesBefore)) continue;
            var branch = facts.Branch(code);
            var items = facts.StandardOf(branch)!.Items;
            var regressed = items.Count(i => i.Track == Track.Hardware && statesBefore[i.Ordinal] == '1' && states[i.Ordinal] == '0');
            var lapsed = items.Count(i => i.Track == Track.Software && statesBefore[i.Ordinal] == '1' && states[i.Ordinal] == '0');
            if (regressed > 0) yield return ["regression", code, branch.Kind, regressed];
            if (lapsed > 0) yield return ["lapse", code, branch.Kind, lapsed];
            open += items.Count(i => i.Track == Track.Hardware && statesBefore[i.Ordinal] == '0');
            turned += items.Count(i => i.Track == Track.Hardware && statesBefore[i.Ordinal] == '0' && states[i.Ordinal] == '1');
        }
        if (turned >= BulkFlipItems && turned * 2 >= open) yield return ["bulk_flip", null, null, turned];
    }

    /// <summary>10 or more listed branches of one kind with identical states that contain a 0.</summary>
    private static IEnumerable<object?[]> Uniform(ProgrammeFacts facts, ReferenceReport report) =>
        Listed(facts, report).Where(b => b.Value.Contains('0', StringComparison.Ordinal))
            .GroupBy(b => (facts.Branch(b.Key).Kind, b.Value))
            .Where(group => group.Count() >= UniformBranches)
            .GroupBy(group => group.Key.Kind)
            .Select(kind => (object?[])["uniform", null, kind.Key, kind.Max(group => group.Count())]);

    /// <summary>Own reports of three consecutive periods that list the same branches with identical states, at least one of them 0.</summary>
    private static IEnumerable<object?[]> Unchanged(ProgrammeFacts facts, ReferenceReport report)
    {
        if (facts.Own(report.Township, report.Period.Plus(-1)) is not { } before) yield break;
        if (facts.Own(report.Township, report.Period.Plus(-2)) is not { } beforeThat) yield break;
        var listed = Listed(facts, report);
        if (!Same(listed, Listed(facts, before)) || !Same(listed, Listed(facts, beforeThat))) yield break;
        if (listed.Values.Any(s => s.Contains('0', StringComparison.Ordinal))) yield return ["unchanged", null, null, listed.Count];
    }

    private static Dictionary<string, string> Listed(ProgrammeFacts facts, ReferenceReport report) =>
        report.States.Where(b => facts.Branch(b.Key).IsActiveIn(report.Period)).ToDictionary();

    private static bool Same(Dictionary<string, string> a, Dictionary<string, string> b) =>
        a.Count == b.Count && a.All(s => b.TryGetValue(s.Key, out var states) && states == s.Value);
}
