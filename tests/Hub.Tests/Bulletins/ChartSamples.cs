using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Tests.Bulletins;

/// <summary>One chart of a made-up county, drawn on demand.</summary>
internal sealed record ChartSample(string Name, object Input, Func<byte[]> Png, Func<string> Svg);

/// <summary>The ten charts for any number of townships: full and empty marks, ties, gaps, 0% and 100%, and names of any length.</summary>
internal static class ChartSamples
{
    private static readonly Period Launch = Period.Of(2025, 12), Current = Period.Of(2027, 6);
    private static readonly TrendTarget[] Targets = [new(Period.Of(2027, 5), 4000), new(Period.Of(2027, 11), 10_000)];
    private static readonly (string Kind, string[] Sections)[] Kinds =
    [
        ("村党支部", ["班子和党员队伍", "党内制度", "活动场所", "台账和档案"]),
        ("机关党支部", ["工作机制", "党员活动室", "党员教育", "党员管理", "党员发展", "台账资料"]),
        ("社区党支部", ["班子和党员队伍", "党内制度", "活动场所", "台账和档案"]),
        ("非公企业党支部", ["班子和党员队伍", "党内制度", "活动场所", "台账和档案"]),
    ];

    public static string Name(int i, int length)
    {
        const string syllables = "城关大墕洪山塬上云垯圪埇桥石堽畲乡峁底街道开发区工委";
        return string.Concat(Enumerable.Range(0, length).Select(k => syllables[(i * 3 + k) % syllables.Length]));
    }

    public static IReadOnlyList<ChartSample> All(int townships, Func<int, string> name) =>
    [
        Of("ranking", Ranking(townships, name), RankingChart.Png, RankingChart.Svg),
        Of("movement", Movement(townships, name), RankingMovementChart.Png, RankingMovementChart.Svg),
        Of("trend", Trend(townships, name), TrendChart.Png, TrendChart.Svg),
        Of("multiples", Multiples(townships, name), SmallMultiplesChart.Png, SmallMultiplesChart.Svg),
        Of("completion", Completion(townships, name), CompletionChart.Png, CompletionChart.Svg),
        Of("heat-map", HeatMap(townships, name), HeatMapChart.Png, HeatMapChart.Svg),
        Of("weakest", Weakest(townships, name), WeakestItemsChart.Png, WeakestItemsChart.Svg),
        Of("timeliness", Timeliness(townships, name), TimelinessChart.Png, TimelinessChart.Svg),
        Of("milestones", Milestones(townships, name), MilestoneChart.Png, MilestoneChart.Svg),
        Of("rectification", Rectification(townships, name), RectificationChart.Png, RectificationChart.Svg),
    ];

    private static ChartSample Of<T>(string name, T input, Func<T, byte[]> png, Func<T, string> svg) where T : notnull =>
        new(name, input, () => png(input), () => svg(input));

    // Even enough to look like figures, and the same on every machine.
    private static double Wave(int i, int k) => (i * 37 + k * 53) % 101 / 100d;

    // The first has 100%, the last but one 0%, the last no base.
    private static double? Share(int i, int townships) =>
        i > 0 && i == townships - 1 ? null : i > 0 && i == townships - 2 ? 0 : 1 - i / (double)townships;

    private static string? Status(double? share, int i) => share switch { null => null, < .4 => "missed", 1 => "achieved", _ => i % 3 == 2 ? "behind" : "on_track" };

    private static RankingChartInput Ranking(int n, Func<int, string> name) => new("2027年6月各乡镇硬件达标率排名", "全县党支部规范化建设",
        [.. Enumerable.Range(0, n).Select(i => new RankingBar($"T{i:00}", name(i), Share(i, n) is null ? null : i + 1, i % 4 == 3 ? null : (i * 7 + 3) % n + 1, Share(i, n), Status(Share(i, n), i)))],
        4000, .466, "注：达标率＝硬件全部达标的党支部数÷纳入考核的党支部数。");

    // Most move a place or two, some far; ties, one newly ranked, one no longer.
    private static RankingMovementInput Movement(int n, Func<int, string> name)
    {
        var before = Enumerable.Range(0, n).OrderBy(i => i + (i % 5 == 4 ? -n / 3 - 1 : i % 7 == 3 ? n / 4 + 1 : i % 3) * (i % 2 == 0 ? 1 : 1.01)).ToList();
        return new("2027年6月硬件达标率位次升降", "全县党支部规范化建设", "2027年5月", "2027年6月",
            [.. Enumerable.Range(0, n).Select(i => new RankingMove($"T{i:00}", name(i), i == 2 ? null : before.IndexOf(i) + 1, i == n - 1 && n > 2 ? null : i is 3 or 4 ? 4 : i + 1))],
            "位次相同的单位按代码先后列出。");
    }

    private static IEnumerable<TrendMonth> Months() => Enumerable.Range(Launch.Index, Current.Index - Launch.Index + 1).Select(index => new Period(index)).Select(p => new TrendMonth(
        p, p.Index - Launch.Index is 6 or 7 ? null : Math.Min(1, Math.Pow((p.Index - Launch.Index) / 24d, 1.3)),
        p >= Targets[0].Due ? 4000 : 0, p <= Targets[0].Due ? .4 * (p.Index - Launch.Index) / 17d : .4 + .6 * (p.Index - Targets[0].Due.Index) / 6d));

    private static TrendInput Trend(int n, Func<int, string> name) => n == 0
        ? new("硬件达标率走势", "", [], Targets, null, "")
        : new($"{name(0)}硬件达标率走势", "2025年12月至2027年6月", [.. Months()], Targets, new(Targets[1].Due, .873), "进度线为按时限和目标逐日推算的应有进度。");

    private static SmallMultiplesInput Multiples(int n, Func<int, string> name)
    {
        var months = Months().ToList();
        return new("各乡镇硬件达标率走势", "2025年12月至2027年6月，按本月位次排列", months, [.. Enumerable.Range(0, n).Select(i => new TrendPanel(
            $"T{i:00}", name(i), Status(Share(i, n), i), [.. months.Where((_, k) => i % 6 != 4 || k is < 6 or > 9).Select((month, k) =>
                new PanelMonth(month.Period, Share(i, n) is not { } end ? null : end * Math.Clamp(Math.Pow((k + 1d) / months.Count, .6 + Wave(i, 3)), 0, 1)))]))], "");
    }

    private static CompletionInput Completion(int n, Func<int, string> name)
    {
        if (n == 0) return new("分类别、分星级达标情况", "", [new("按支部类别", [])], "");
        CompletionGroup Group(string label, int i, int targetBp) => i == 3
            ? new(label, 0, 0, null, 0, n, 0, targetBp)
            : new(label, n * i, n * 6, i / 6d, n * 5, n * 5, i == 0 ? 0.5 : 1, targetBp);
        return new("分类别、分星级达标情况", "2027年6月 · 全县", [
            new("按支部类别", [Group(name(0), 4, 4000), Group("机关党支部", 6, 4000), Group("社区党支部", 2, 4000), Group("非公企业党支部", 3, 4000)]),
            new("按星级", [Group("五星级", 6, 10_000), Group("四星级", 5, 10_000), Group("三星级", 1, 0), Group("二星级", 4, 0), Group("一星级及未评星", 0, 0)]),
        ], "基数为纳入考核的支部数。");
    }

    private static HeatMapInput HeatMap(int n, Func<int, string> name)
    {
        var sections = Kinds.SelectMany(kind => kind.Sections.Select(section => new HeatMapSection(kind.Kind, section))).ToList();
        return new("各乡镇分部分达标情况", "2027年6月 · 达标条目占适用条目的比例", sections, [.. Enumerable.Range(0, n).Select(i => new HeatMapRow($"T{i:00}", name(i),
            [.. sections.Select((_, k) => i % 7 == 5 && k is > 3 and < 10 ? null : i == 0 && k < 3 ? 1 : i == n - 1 && k < 3 ? 0 : (double?)Math.Min(1, Wave(i, k) * .6 + .35))]))], "");
    }

    private static WeakestItemsInput Weakest(int n, Func<int, string> name)
    {
        string[] titles = ["村级活动场所与标识", "党员“三联”与结对帮扶", "党员活动室（可共用）", "“三会一课”与民主评议", "便民服务大厅"];
        return new("达标率最低的十个条目", "2027年6月 · 全县", [.. Enumerable.Range(0, Math.Min(n * 2, 10)).Select(i => new WeakItem(
            Kinds[i % 4].Kind, "VACE"[i % 4] + $"{i % 4 + 1}.{i + 1}", i == 1 ? name(1) : titles[i % 5], i * 9, 120, i * 9 / 120d))], "");
    }

    private static TimelinessInput Timeliness(int n, Func<int, string> name) => new("月报报送情况", "2025年12月至2027年6月", [.. Enumerable.Range(0, n).Select(i => new TimelinessRow(
        $"T{i:00}", name(i), [.. Months().Where((_, k) => i % 9 != 8 || k > 2).Select((month, k) => ((i * 5 + k * 3) % 19) switch
        {
            1 => new TimelinessMonth(month.Period, "late", k % 4 == 0 ? 12 : k % 4),
            2 when i % 3 == 0 => new(month.Period, "missing", null),
            _ when i == n - 1 && k < 4 => new(month.Period, "none_due", null),
            _ when k == 18 && i % 4 == 1 => new(month.Period, "pending", null),
            _ => new(month.Period, "on_time", null),
        })]))], "以当月第一次报送的时间为准，更正不改变报送情况。");

    private static MilestoneInput Milestones(int n, Func<int, string> name)
    {
        MilestoneColumn[] columns =
        [
            new("software", "软件建设完成", new(2025, 12, 31), 10_000), new("five-star", "五星级支部完成", new(2026, 2, 16), 10_000),
            new("four-star", "四星级支部完成", new(2026, 4, 30), 10_000), new("hardware-40", "硬件首批完成", new(2026, 5, 31), 4_000),
            new("hardware-100", "硬件全部完成", new(2026, 11, 30), 10_000), new("other-stars", "其他支部完成", new(2026, 11, 30), 10_000),
        ];
        return new("时限目标完成情况", "2026年6月 · 各乡镇", columns, [.. Enumerable.Range(0, n).Select(i => new MilestoneRow($"T{i:00}", name(i), [.. columns.Take(4).Select((column, k) =>
            ((i + k * 2) % 9) switch
            {
                1 => new MilestoneVerdict(column.Milestone, 26, 12, false, false),
                2 => new(column.Milestone, 26, 26, true, false),
                3 => new(column.Milestone, 0, 0, null, null),
                4 => new(column.Milestone, 126, 98, false, true),
                5 => new(column.Milestone, 4, 4, true, null),
                _ => new(column.Milestone, 26, 26, true, true),
            })]))], "按期以时限所在月份的月报为准。");
    }

    private static RectificationInput Rectification(int n, Func<int, string> name) => new("2027年度整顿提升支部名单", "截至2026年12月 · 按硬件得分由低到高",
        [.. Enumerable.Range(0, n * 3 / 2).Select(i => new RectificationRow($"B{i:000}", name(i) + "村党支部", name(i / 3), i is 3 or 4 ? 4 : i + 1, i is 3 or 4,
            Math.Min(1, i / 4 * .1), i % 9 == 8 ? null : Wave(i, 1), 13 - i % 5))], "");
}
