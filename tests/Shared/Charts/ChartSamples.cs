using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Testing;

/// <summary>One chart of a made-up county, drawn on demand.</summary>
internal sealed record ChartSample(string Name, Language Language, object Input, Func<byte[]> Png, Func<string> Svg);

/// <summary>The ten charts for any number of townships: full and empty marks, ties, gaps, 0% and 100%, and names of any length.</summary>
internal sealed class ChartSamples(int n, Func<int, string> name, Language language)
{
    private static readonly Period Launch = Period.Of(2025, 12), Current = Period.Of(2027, 6);
    private static readonly TrendTarget[] Targets = [new(Period.Of(2027, 5), 4000), new(Period.Of(2027, 11), 10_000)];
    private static readonly Text[] VillageSections =
        [new("班子和党员队伍", "Committee and members"), new("党内制度", "Party institutions"), new("活动场所", "Premises"), new("台账和档案", "Ledgers and files")];
    private static readonly Text[] AgencySections =
    [
        new("工作机制", "Working arrangements"), new("党员活动室", "Activity room"), new("党员教育", "Education of members"),
        new("党员管理", "Management of members"), new("党员发展", "Admission of members"), new("台账资料", "Ledgers and documents"),
    ];
    private static readonly (Text Kind, Text[] Sections)[] Kinds =
    [
        (new("村党支部", "Village branch"), VillageSections), (new("机关党支部", "Agency branch"), AgencySections),
        (new("社区党支部", "Community branch"), VillageSections), (new("非公企业党支部", "Private enterprise branch"), VillageSections),
    ];
    private static readonly Text WholeCounty = new("2027年6月 · 全县", "June 2027 · whole county");
    private static readonly Text Months19 = new("2025年12月至2027年6月", "December 2025 to June 2027");
    private static readonly Text Programme = new("全县党支部规范化建设", "Standard building of party branches");

    /// <summary>A name of the length in characters, in the letters of the language; an English one ends in no space.</summary>
    public static string Name(Language language, int i, int length)
    {
        if (language == Language.Chinese) return Name(i, length);
        string[] words = ["Upper", "Blackwater", "and", "Millbrook", "Ash", "Heathfield", "St", "Wexcombe", "Lower", "Quarrington", "by", "Elm"];
        var name = string.Join(' ', Enumerable.Range(0, length).Select(k => words[(i * 5 + k) % words.Length]))[..length];
        return name.EndsWith(' ') ? name[..^1] + "e" : name;
    }

    public static string Name(int i, int length)
    {
        const string syllables = "城关大墕洪山塬上云垯圪埇桥石堽畲乡峁底街道开发区工委";
        return string.Concat(Enumerable.Range(0, length).Select(k => syllables[(i * 3 + k) % syllables.Length]));
    }

    public static IReadOnlyList<ChartSample> All(int townships, Func<int, string> name, Language language = Language.Chinese) =>
        new ChartSamples(townships, name, language).All();

    private IReadOnlyList<ChartSample> All() =>
    [
        Of("ranking", Ranking(), RankingChart.Png, RankingChart.Svg),
        Of("movement", Movement(), RankingMovementChart.Png, RankingMovementChart.Svg),
        Of("trend", Trend(), TrendChart.Png, TrendChart.Svg),
        Of("multiples", Multiples(), SmallMultiplesChart.Png, SmallMultiplesChart.Svg),
        Of("completion", Completion(), CompletionChart.Png, CompletionChart.Svg),
        Of("heat-map", HeatMap(), HeatMapChart.Png, HeatMapChart.Svg),
        Of("weakest", Weakest(), WeakestItemsChart.Png, WeakestItemsChart.Svg),
        Of("timeliness", Timeliness(), TimelinessChart.Png, TimelinessChart.Svg),
        Of("milestones", Milestones(), MilestoneChart.Png, MilestoneChart.Svg),
        Of("rectification", Rectification(), RectificationChart.Png, RectificationChart.Svg),
    ];

    private ChartSample Of<T>(string chart, T input, Func<T, byte[]> png, Func<T, string> svg) where T : notnull =>
        new(chart, language, input, () => png(input), () => svg(input));

    // Even enough to look like figures, and the same on every machine.
    private static double Wave(int i, int k) => (i * 37 + k * 53) % 101 / 100d;

    // The first has 100%, the last but one 0%, the last no base.
    private double? Share(int i) => i > 0 && i == n - 1 ? null : i > 0 && i == n - 2 ? 0 : 1 - i / (double)n;

    private static string? Status(double? share, int i) => share switch { null => null, < .4 => "missed", 1 => "achieved", _ => i % 3 == 2 ? "behind" : "on_track" };

    private RankingChartInput Ranking() => new(
        Say("2027年6月各乡镇硬件达标率排名", "Ranking of the townships by hardware share, June 2027"), Programme.In(language),
        [.. Enumerable.Range(0, n).Select(i => new RankingBar($"T{i:00}", name(i), Share(i) is null ? null : i + 1, i % 4 == 3 ? null : (i * 7 + 3) % n + 1, Share(i), Status(Share(i), i)))],
        4000, .466, Say("注：达标率＝硬件全部达标的党支部数÷纳入考核的党支部数。", "Share = branches whose hardware is complete / branches in the base."), language);

    // Most move a place or two, some far; ties, one newly ranked, one no longer.
    private RankingMovementInput Movement()
    {
        var before = Enumerable.Range(0, n).OrderBy(i => i + (i % 5 == 4 ? -n / 3 - 1 : i % 7 == 3 ? n / 4 + 1 : i % 3) * (i % 2 == 0 ? 1 : 1.01)).ToList();
        return new(Say("2027年6月硬件达标率位次升降", "Changes of rank by hardware share, June 2027"), Programme.In(language),
            Say("2027年5月", "May 2027"), Say("2027年6月", "June 2027"),
            [.. Enumerable.Range(0, n).Select(i => new RankingMove($"T{i:00}", name(i), i == 2 ? null : before.IndexOf(i) + 1, i == n - 1 && n > 2 ? null : i is 3 or 4 ? 4 : i + 1))],
            Say("位次相同的单位按代码先后列出。", "Townships of one rank are listed by their codes."), language);
    }

    private static IEnumerable<TrendMonth> Months() => Enumerable.Range(Launch.Index, Current.Index - Launch.Index + 1).Select(index => new Period(index)).Select(p => new TrendMonth(
        p, p.Index - Launch.Index is 6 or 7 ? null : Math.Min(1, Math.Pow((p.Index - Launch.Index) / 24d, 1.3)),
        p >= Targets[0].Due ? 4000 : 0, p <= Targets[0].Due ? .4 * (p.Index - Launch.Index) / 17d : .4 + .6 * (p.Index - Targets[0].Due.Index) / 6d));

    private TrendInput Trend() => n == 0
        ? new(Say("硬件达标率走势", "Course of the hardware share"), "", [], Targets, null, "", language)
        : new(name(0) + Say("硬件达标率走势", ": hardware share"), Months19.In(language), [.. Months()], Targets, new(Targets[1].Due, .873),
            Say("进度线为按时限和目标逐日推算的应有进度。", "The pace is what milestones and targets ask for day by day."), language);

    private SmallMultiplesInput Multiples()
    {
        var months = Months().ToList();
        return new(Say("各乡镇硬件达标率走势", "Hardware share of each township"),
            Say("2025年12月至2027年6月，按本月位次排列", "December 2025 to June 2027, in the order of this month's ranking"), months, [.. Enumerable.Range(0, n).Select(i => new TrendPanel(
            $"T{i:00}", name(i), Status(Share(i), i), [.. months.Where((_, k) => i % 6 != 4 || k is < 6 or > 9).Select((month, k) =>
                new PanelMonth(month.Period, Share(i) is not { } end ? null : end * Math.Clamp(Math.Pow((k + 1d) / months.Count, .6 + Wave(i, 3)), 0, 1)))]))], "", language);
    }

    private CompletionInput Completion()
    {
        if (n == 0) return new(Say("分类别、分星级达标情况", "Completion by kind and by stars"), "", [new(Say("按支部类别", "By kind of branch"), [])], "", language);
        CompletionGroup Group(string label, int i, int targetBp) => i == 3
            ? new(label, 0, 0, null, 0, n, 0, targetBp)
            : new(label, n * i, n * 6, i / 6d, n * 5, n * 5, i == 0 ? 0.5 : 1, targetBp);
        return new(Say("分类别、分星级达标情况", "Completion by kind and by stars"), WholeCounty.In(language), [
            new(Say("按支部类别", "By kind of branch"), [
                Group(name(0), 4, 4000), Group(Kinds[1].Kind.In(language), 6, 4000), Group(Kinds[2].Kind.In(language), 2, 4000), Group(Kinds[3].Kind.In(language), 3, 4000)]),
            new(Say("按星级", "By stars"), [
                Group(Say("五星级", "Five stars"), 6, 10_000), Group(Say("四星级", "Four stars"), 5, 10_000), Group(Say("三星级", "Three stars"), 1, 0),
                Group(Say("二星级", "Two stars"), 4, 0), Group(Say("一星级及未评星", "One star or not rated"), 0, 0)]),
        ], Say("基数为纳入考核的支部数。", "The base is the branches that are judged."), language);
    }

    private HeatMapInput HeatMap()
    {
        var sections = Kinds.SelectMany(kind => kind.Sections.Select(section => new HeatMapSection(kind.Kind.In(language), section.In(language)))).ToList();
        return new(Say("各乡镇分部分达标情况", "Items met by section in each township"),
            Say("2027年6月 · 达标条目占适用条目的比例", "June 2027 · items met of those that apply"), sections, [.. Enumerable.Range(0, n).Select(i => new HeatMapRow($"T{i:00}", name(i),
            [.. sections.Select((_, k) => i % 7 == 5 && k is > 3 and < 10 ? null : i == 0 && k < 3 ? 1 : i == n - 1 && k < 3 ? 0 : (double?)Math.Min(1, Wave(i, k) * .6 + .35))]))], "", language);
    }

    private WeakestItemsInput Weakest()
    {
        string[] titles =
        [
            Say("村级活动场所与标识", "Village premises with signs and emblems"), Say("党员“三联”与结对帮扶", "Divided responsibility and leaders' links to branches"),
            Say("党员活动室（可共用）", "Activity room (may be shared)"), Say("“三会一课”与民主评议", "Regular meetings, lectures and the yearly review"),
            Say("便民服务大厅", "Public service hall"),
        ];
        return new(Say("达标率最低的十个条目", "The ten items that are met least"), WholeCounty.In(language), [.. Enumerable.Range(0, Math.Min(n * 2, 10)).Select(i => new WeakItem(
            Kinds[i % 4].Kind.In(language), "VACE"[i % 4] + $"{i % 4 + 1}.{i + 1}", i == 1 ? name(1) : titles[i % 5], i * 9, 120, i * 9 / 120d))], "", language);
    }

    private TimelinessInput Timeliness() => new(Say("月报报送情况", "How the monthly reports came in"), Months19.In(language), [.. Enumerable.Range(0, n).Select(i => new TimelinessRow(
        $"T{i:00}", name(i), [.. Months().Where((_, k) => i % 9 != 8 || k > 2).Select((month, k) => ((i * 5 + k * 3) % 19) switch
        {
            1 => new TimelinessMonth(month.Period, "late", k % 4 == 0 ? 12 : k % 4),
            2 when i % 3 == 0 => new(month.Period, "missing", null),
            _ when i == n - 1 && k < 4 => new(month.Period, "none_due", null),
            _ when k == 18 && i % 4 == 1 => new(month.Period, "pending", null),
            _ => new(month.Period, "on_time", null),
        })]))], Say("以当月第一次报送的时间为准，更正不改变报送情况。", "The first report of a month counts; corrections do not change it."), language);

    private MilestoneInput Milestones()
    {
        MilestoneColumn[] columns =
        [
            new("software", Say("软件建设完成", "Software complete"), new(2025, 12, 31), 10_000),
            new("five-star", Say("五星级支部完成", "Five-star branches complete"), new(2026, 2, 16), 10_000),
            new("four-star", Say("四星级支部完成", "Four-star branches complete"), new(2026, 4, 30), 10_000),
            new("hardware-40", Say("硬件首批完成", "First share of the hardware complete"), new(2026, 5, 31), 4_000),
            new("hardware-100", Say("硬件全部完成", "All hardware complete"), new(2026, 11, 30), 10_000),
            new("other-stars", Say("其他支部完成", "Branches of three stars or fewer complete"), new(2026, 11, 30), 10_000),
        ];
        return new(Say("时限目标完成情况", "Milestones"), Say("2026年6月 · 各乡镇", "June 2026 · each township"), columns,
            [.. Enumerable.Range(0, n).Select(i => new MilestoneRow($"T{i:00}", name(i), [.. columns.Take(4).Select((column, k) =>
            ((i + k * 2) % 9) switch
            {
                1 => new MilestoneVerdict(column.Milestone, 26, 12, false, false),
                2 => new(column.Milestone, 26, 26, true, false),
                3 => new(column.Milestone, 0, 0, null, null),
                4 => new(column.Milestone, 126, 98, false, true),
                5 => new(column.Milestone, 4, 4, true, null),
                _ => new(column.Milestone, 26, 26, true, true),
            })]))], Say("按期以时限所在月份的月报为准。", "The report of the month in which a milestone is due decides whether it was met on time."), language);
    }

    private RectificationInput Rectification() => new(
        Say("2027年度整顿提升支部名单", "Branches to be put right in 2027"), Say("截至2026年12月 · 按硬件得分由低到高", "At the end of December 2026 · lowest hardware score first"),
        [.. Enumerable.Range(0, n * 3 / 2).Select(i => new RectificationRow($"B{i:000}", name(i) + Say("村党支部", " branch"), name(i / 3), i is 3 or 4 ? 4 : i + 1, i is 3 or 4,
            Math.Min(1, i / 4 * .1), i % 9 == 8 ? null : Wave(i, 1), 13 - i % 5))], "", language);

    private string Say(string chinese, string english) => new Text(chinese, english).In(language);
}
