using Hub.EndToEnd.Serving;
using Hub.Programmes;

namespace Hub.EndToEnd.Bulletins;

/// <summary>What the tables of a bulletin must say, asked from the views by SQL of the tests' own.</summary>
/// <param name="CorrectedAfter">The log position of the last published figures; null where nothing is published.</param>
internal sealed class ExpectedTables(TestHub hub, string period, Language language, long? correctedAfter)
{
    private readonly string of = $"c.programme = '{TestHub.Programme}' and c.period = '{period}'";

    /// <summary>Every class of table that a template may have, and how its rows are expected.</summary>
    public IReadOnlyDictionary<string, Func<Task<List<string[]>>>> ByClass => new Dictionary<string, Func<Task<List<string[]>>>>
    {
        ["completion"] = CompletionAsync,
        ["milestones"] = MilestonesAsync,
        ["ranking"] = RankingAsync,
        ["weakest"] = WeakestAsync,
        ["signals"] = SignalsAsync,
        ["rectification"] = RectificationAsync,
        ["restatements"] = RestatementsAsync,
    };

    private string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;

    private async Task<List<string[]>> RowsAsync(string sql, Func<string[], string[]> row) => [.. (await hub.SqlAsync(sql)).Select(row)];

    private static string[] Completion(string name, string[] r) => [name, r[0], $"{r[2]} / {r[1]}", Figures.Percent(r[2], r[1]), $"{r[4]} / {r[3]}", Figures.Percent(r[4], r[3])];

    private async Task<List<string[]>> CompletionAsync()
    {
        const string figures = "c.branches, c.hardware_base, c.hardware_complete, c.software_base, c.software_complete";
        return
        [
            .. await RowsAsync($"select {figures}, c.name, c.kind_gloss from group_completion c where {of} and c.grouping = 'kind' order by c.ordinal", r => Completion(Say(r[5], r[6]), r)),
            .. await RowsAsync($"select {figures}, c.star_min, c.star_max from group_completion c where {of} and c.grouping = 'star' order by c.ordinal", r => Completion(Stars(r[5], r[6]), r)),
            .. await RowsAsync($"select {figures} from county_completion c where {of}", r => Completion(Say("合计", "All"), r)),
        ];
    }

    private string Stars(string least, string most) => (least, most) switch
    {
        ("5", "5") => Say("五星级", "5 stars"),
        ("4", "4") => Say("四星级", "4 stars"),
        ("0", "3") => Say("三星级及以下", "Up to 3 stars"),
        _ => throw new InvalidOperationException($"No word for {least} to {most} stars"),
    };

    private Task<List<string[]>> MilestonesAsync() => RowsAsync(
        $"select c.name, c.gloss, c.due, c.target_bp, c.townships_met, c.townships_missed, c.townships_without_base from milestone_townships c where {of} order by c.due, c.ordinal",
        r => [Say(r[0], r[1]), Figures.Day(r[2], language), Figures.Target(r[3]), r[4], r[5], r[6]]);

    private Task<List<string[]>> RankingAsync() => RowsAsync(
        $"""
        select k.rank, k.previous_rank, t.name, c.branches, c.hardware_base, c.hardware_complete, c.software_base, c.software_complete, c.status
        from township_completion c
        join township_ranking k using (programme, period, township)
        join townships t using (township)
        where {of}
        order by k.rank nulls last, c.township
        """,
        r => [r[0].Or("—"), r[1].Or("—"), r[2], r[3], $"{r[5]} / {r[4]}", Figures.Percent(r[5], r[4]), $"{r[7]} / {r[6]}", Figures.Percent(r[7], r[6]), Status(r[8])]);

    private string Status(string status) => status switch
    {
        "missed" => Say("未达目标", "below target"),
        "achieved" => Say("全部达标", "complete"),
        "on_track" => Say("达到进度", "on pace"),
        "behind" => Say("落后进度", "behind pace"),
        _ => "—",
    };

    private Task<List<string[]>> WeakestAsync() => RowsAsync(
        $"select c.position, c.kind_name, c.kind_gloss, c.item, c.title, c.gloss, c.met, c.applicable from weakest_items c where {of} order by c.position limit 10",
        r => [r[0], Say(r[1], r[2]), r[3], Say(r[4], r[5]), $"{r[6]} / {r[7]}", Figures.Percent(r[6], r[7])]);

    private Task<List<string[]>> SignalsAsync() => RowsAsync(
        $"select t.name, c.signal, nullif(c.branches, 0), nullif(c.items, 0) from signal_counts c join townships t using (township) where {of} order by c.township, c.signal",
        r => [r[0], Signal(r[1]), r[2].Or("—"), r[3].Or("—")]);

    private string Signal(string signal) => signal switch
    {
        "regression" => Say("硬件条目由达标变为未达标", "hardware items that went from met to not met"),
        "lapse" => Say("软件条目由达标变为未达标", "software items that went from met to not met"),
        "bulk_flip" => Say("硬件条目一次性大批转为达标", "many hardware items turned met at once"),
        "uniform" => Say("多个同类支部上报完全相同", "several branches of a kind reported alike"),
        "unchanged" => Say("连续数月上报完全未变", "the same report for several months"),
        _ => throw new InvalidOperationException($"No word for the signal {signal}"),
    };

    private Task<List<string[]>> RectificationAsync() => RowsAsync(
        $"""
        select l.position, l.tied, b.name, t.name, l.hardware_score, l.software_score, l.months_noncompliant
        from rectification_list l
        join branches b using (branch)
        join townships t on t.township = l.township
        where l.programme = '{TestHub.Programme}' and l.year = {period[..4]} + 1
        order by l.position, l.branch
        """,
        r => [r[0] + (r[1] == "true" ? Say("（并列）", " (tied)") : ""), r[2], r[3], Figures.Percent(r[4]), Figures.Percent(r[5]), r[6] + Say("个月", "")]);

    private Task<List<string[]>> RestatementsAsync() => correctedAfter is null ? Task.FromResult(new List<string[]>()) : RowsAsync(
        $"""
        select s.period, t.name, s.figure, s.told, s.now, s.cause
        from restatements s
        left join townships t using (township)
        where s.programme = '{TestHub.Programme}' and s.now is distinct from s.told
        order by s.period, s.township, s.figure
        """,
        r => [r[0], r[1].Or(Say("全县", "County")), Say(FigureNames[r[2]].Chinese, FigureNames[r[2]].English), Value(r[2], r[3]), Value(r[2], r[4]), Cause(r[5])]);

    private static readonly Dictionary<string, (string Chinese, string English)> FigureNames = new()
    {
        ["branches"] = ("支部数", "Branches"),
        ["hardware_base"] = ("硬件应达标数", "Hardware base"),
        ["hardware_complete"] = ("硬件达标数", "Hardware complete"),
        ["hardware_share"] = ("硬件达标率", "Hardware share"),
        ["mean_hardware_score"] = ("硬件平均得分", "Mean hardware score"),
        ["software_base"] = ("软件应达标数", "Software base"),
        ["software_complete"] = ("软件达标数", "Software complete"),
        ["software_share"] = ("软件达标率", "Software share"),
        ["mean_software_score"] = ("软件平均得分", "Mean software score"),
        ["compliant"] = ("全面达标数", "Complete in both"),
        ["rank"] = ("排名", "Rank"),
        ["status"] = ("状态", "Status"),
    };

    private string Value(string figure, string value) => value.Length == 0 ? "—"
        : figure.EndsWith("share", StringComparison.Ordinal) || figure.EndsWith("score", StringComparison.Ordinal) ? Figures.Percent(value)
        : figure == "status" ? Status(value) : value;

    private string Cause(string cause) => string.Join(Say("、", ", "), cause.Split(", ").Select(code => code switch
    {
        "report" => Say("更正月报", "report"),
        "registry" => Say("登记变动", "registry"),
        "others" => Say("其他乡镇变动", "other townships"),
        _ => throw new InvalidOperationException($"No word for the cause {code}"),
    }));
}
