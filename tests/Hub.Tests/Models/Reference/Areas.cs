using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Figures by area: the same sums over the branches, the same counts over the townships, whose codes begin alike.</summary>
public static class Areas
{
    private static readonly (string Level, int Digits)[] Levels = [("programme", 0), ("province", 2), ("city", 4), ("county", 6), ("township", 9)];

    public static IEnumerable<object?[]> Completion(ProgrammeFacts facts) =>
        from period in facts.Periods
        from level in Levels
        from area in Within(facts, level.Digits)
        select (object?[])[period, level.Level, area.Key, .. new Reference.Completion([.. area.Townships.SelectMany(t => facts.Branches(t, period))]).Columns()];

    public static IEnumerable<object?[]> Trend(ProgrammeFacts facts) =>
        from period in facts.Periods
        from level in Levels
        from area in Within(facts, level.Digits)
        select (object?[])[period, level.Level, area.Key, .. Reference.Trend.Columns(facts, period, p => [.. area.Townships.SelectMany(t => facts.Branches(t, p))])];

    /// <summary>due: townships of which a report is expected, or that sent one. Whoever has nothing to report is not due.</summary>
    public static IEnumerable<object?[]> ReportingRates(ProgrammeFacts facts) =>
        from period in facts.Periods
        from level in Levels.Where(l => l.Digits < 9)
        from area in Within(facts, level.Digits)
        let statuses = area.Townships.Select(t => (string)Timeliness.Row(facts, t, period)[0]!).ToList()
        where statuses.Count > 0
        select (object?[])
        [
            period, level.Level, area.Key,
            statuses.Count(s => s != "none_due"), statuses.Count(s => s is "on_time" or "late"), statuses.Count(s => s == "on_time"),
        ];

    // The programme as a whole is there even without a township.
    private static IEnumerable<(string Key, List<string> Townships)> Within(ProgrammeFacts facts, int digits) =>
        digits == 0 ? [("", facts.Townships)] : facts.Townships.GroupBy(t => t[..digits]).Select(g => (g.Key, g.ToList()));
}
