using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The charts of a bulletin: which figures go into which picture, and the words around them.</summary>
internal sealed class BulletinCharts(Programme programme, BulletinFigures figures, Language language)
{
    /// <summary>What an A4 page holds in print.</summary>
    private const int TownshipsPerPicture = 40;

    private readonly string stem = BulletinNames.Stem(programme.Id, figures.Period, language);
    private readonly ILookup<string, ShareLine> shares = figures.Shares.ToLookup(s => s.Township, StringComparer.Ordinal);
    private readonly ILookup<string, ReportLine> reports = figures.Reports.ToLookup(r => r.Township, StringComparer.Ordinal);
    private readonly ILookup<string, VerdictLine> verdicts = figures.Verdicts.ToLookup(v => v.Township, StringComparer.Ordinal);
    private readonly ILookup<string, SectionLine> sections = figures.Sections.ToLookup(s => s.Township, StringComparer.Ordinal);

    public IReadOnlyList<BulletinChart> All() =>
    [
        Chart("trend", [Trend()], TrendChart.Svg, TrendChart.Png, i => i.Title),
        Chart("completion", [Completion()], CompletionChart.Svg, CompletionChart.Png, i => i.Title),
        Chart("milestones", Pages(figures.Townships, Milestones), MilestoneChart.Svg, MilestoneChart.Png, i => i.Title),
        Chart("ranking", Pages(figures.Townships, Ranking), RankingChart.Svg, RankingChart.Png, i => i.Title),
        Chart("movement", Pages(figures.Townships, Movement), RankingMovementChart.Svg, RankingMovementChart.Png, i => i.Title),
        Chart("townships", Pages(figures.Townships, Multiples), SmallMultiplesChart.Svg, SmallMultiplesChart.Png, i => i.Title),
        Chart("timeliness", Pages(figures.Townships, Timeliness), TimelinessChart.Svg, TimelinessChart.Png, i => i.Title),
        Chart("weakest-items", [WeakestItems()], WeakestItemsChart.Svg, WeakestItemsChart.Png, i => i.Title),
        Chart("sections", Pages(figures.Townships, HeatMap), HeatMapChart.Svg, HeatMapChart.Png, i => i.Title),
        Chart("rectification", figures.Rectification.Count == 0 ? [] : RectificationChart.Pages(Rectification()), RectificationChart.Svg, RectificationChart.Png, i => i.Title),
    ];

    private BulletinChart Chart<T>(string id, IReadOnlyList<T> inputs, Func<T, string> svg, Func<T, byte[]> png, Func<T, string> title) =>
        new(id, [.. inputs.Select((input, i) => new BulletinPicture(
            $"{stem}-{id}{(i == 0 ? "" : $"-{i + 1}")}", title(input), new(() => svg(input)), new(() => png(input))))]);

    // An empty county still has its picture, which says so.
    private static IReadOnlyList<T> Pages<T>(IReadOnlyList<TownshipLine> townships, Func<IReadOnlyList<TownshipLine>, T> draw) =>
        townships.Count == 0 ? [draw([])] : [.. townships.Chunk(TownshipsPerPicture).Select(draw)];

    private string Say(string chinese, string english) => new Text(chinese, english).In(language);
    private string Month(Period period) => BulletinNames.Month(period, language);
    private string Subtitle => programme.Template.Named.In(language);
    private string Footnote => Say($"日志位置 {figures.Position}", $"log position {figures.Position}");
    private string Since => figures.Trend.Count == 0 ? Month(figures.Period)
        : Say($"{Month(figures.Trend[0].Period)}至{Month(figures.Period)}", $"{Month(figures.Trend[0].Period)} to {Month(figures.Period)}");

    private IReadOnlyList<TrendMonth> Months => [.. figures.Trend.Select(t => new TrendMonth(t.Period, t.HardwareShare, t.TargetBp, t.Pace))];

    private TrendInput Trend()
    {
        var targets = figures.Plan.Where(m => m.Track == "hardware" && m.AllBranches).Select(m => new TrendTarget(Period.Of(m.DueOn), m.TargetBp)).ToList();
        var forecast = figures.Trend is [.., { ForecastShare: { } share, ForecastPeriod: { } last }] ? new TrendForecast(last, share) : null;
        return new(Say("硬件达标率走势", "Hardware complete, month by month"), $"{Subtitle} · {Since}", Months, targets, forecast, Footnote, language);
    }

    private CompletionInput Completion() => new(
        Say("分类别、分星级达标情况", "Completion by kind and by star tier"), $"{Subtitle} · {Month(figures.Period)}",
        [
            new(Say("按支部类别", "By kind"), [.. figures.Kinds.Select(g => Group(g, g.Name!.Value.In(language)))]),
            new(Say("按星级", "By stars"), [.. figures.Stars.Select(g => Group(g, BulletinNames.Stars(g.StarMin!.Value, g.StarMax!.Value, language)))]),
        ], Footnote, language);

    private static CompletionGroup Group(GroupLine g, string label) =>
        new(label, g.HardwareComplete, g.HardwareBase, g.HardwareShare, g.SoftwareComplete, g.SoftwareBase, g.SoftwareShare, g.HardwareTargetBp);

    private RankingChartInput Ranking(IReadOnlyList<TownshipLine> townships) => new(
        Say($"{Month(figures.Period)}各乡镇硬件达标率排名", $"Townships by hardware complete, {Month(figures.Period)}"), Subtitle,
        [.. townships.Select(t => new RankingBar(t.Township, t.Name, t.Rank, t.PreviousRank, t.HardwareShare, t.Status))],
        figures.TargetBp, figures.Pace, Footnote, language);

    private RankingMovementInput Movement(IReadOnlyList<TownshipLine> townships) => new(
        Say("硬件达标率位次升降", "Movement in the ranking"), Subtitle, Month(figures.Period.Plus(-1)), Month(figures.Period),
        [.. townships.Select(t => new RankingMove(t.Township, t.Name, t.PreviousRank, t.Rank))], Footnote, language);

    private SmallMultiplesInput Multiples(IReadOnlyList<TownshipLine> townships) => new(
        Say("各乡镇硬件达标率走势", "Hardware complete by township"), $"{Since}{Say("，按本月位次排列", ", in this month's ranking order")}", Months,
        [.. townships.Select(t => new TrendPanel(t.Township, t.Name, t.Status, [.. shares[t.Township].Select(s => new PanelMonth(s.Period, s.HardwareShare))]))], Footnote, language);

    private TimelinessInput Timeliness(IReadOnlyList<TownshipLine> townships) => new(
        Say("月报报送情况", "Reports in time, late, missing"), Since,
        [.. townships.Select(t => new TimelinessRow(t.Township, t.Name, [.. reports[t.Township].Select(r => new TimelinessMonth(r.Period, r.Status, r.DaysLate))]))], Footnote, language);

    private MilestoneInput Milestones(IReadOnlyList<TownshipLine> townships) => new(
        Say("时限目标完成情况", "Milestones"), $"{Subtitle} · {Month(figures.Period)}",
        [.. figures.Plan.Select(m => new MilestoneColumn(m.Milestone, m.Name.In(language), m.DueOn, m.TargetBp))],
        [.. townships.Select(t => new MilestoneRow(t.Township, t.Name, [.. verdicts[t.Township].Select(v => new MilestoneVerdict(v.Milestone, v.Base, v.Complete, v.Met, v.MetOnTime))]))], Footnote, language);

    private WeakestItemsInput WeakestItems() => new(
        Say("达标率最低的十个条目", "The ten items met least"), $"{Subtitle} · {Month(figures.Period)}",
        [.. figures.WeakestItems.Select(i => new WeakItem(i.KindName.In(language), i.Item, i.Title.In(language), i.Met, i.Applicable, i.MetShare))], Footnote, language);

    private HeatMapInput HeatMap(IReadOnlyList<TownshipLine> townships) => new(
        Say("各乡镇分部分达标情况", "Items met by township and section"), $"{Month(figures.Period)} · {Say("达标条目占适用条目的比例", "items met of those that apply")}",
        [.. sections[""].Select(s => new HeatMapSection(s.KindName.In(language), s.Title.In(language)))],
        [.. townships.Select(t => new HeatMapRow(t.Township, t.Name, [.. sections[t.Township].Select(s => s.MetShare)]))], Footnote, language);

    private RectificationInput Rectification() => new(
        Say($"{figures.Period.Year + 1}年度整顿提升支部名单", $"Branches to be put right in {figures.Period.Year + 1}"), Say($"截至{Month(figures.Period)}", $"as of {Month(figures.Period)}"),
        [.. figures.Rectification.Select(r => new RectificationRow(r.Branch, r.BranchName, r.TownshipName, r.Position, r.Tied, r.HardwareScore, r.SoftwareScore, r.MonthsNoncompliant))], Footnote, language);
}
