using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Tests.Bulletins;

/// <summary>Charts at the ends of what their inputs can be.</summary>
public sealed class ChartEdgeTests
{
    private static readonly Period Launch = Period.Of(2025, 12);
    private static string Long(int i) => Long(Language.Chinese, i);
    private static string Long(Language language, int i) => ChartSamples.Name(language, i, 30);

    [Theory]
    [InlineData(1, 3, Language.Chinese)]
    [InlineData(4, 12, Language.Chinese)]
    [InlineData(24, 12, Language.Chinese)]
    [InlineData(1, 6, Language.English)]
    [InlineData(4, 30, Language.English)]
    [InlineData(24, 30, Language.English)]
    public void A_heat_map_of_few_or_many_sections(int sections, int nameLength, Language language) => Clear(HeatMapChart.Svg(new("标题", "", [
        .. Enumerable.Range(0, sections).Select(k => new HeatMapSection(k % 5 == 0 ? Long(language, k) : "类" + k / 5, k % 2 == 0 ? Long(language, k) : "制度"))],
        [.. Enumerable.Range(0, 6).Select(i => new HeatMapRow($"{i}", ChartSamples.Name(language, i, nameLength),
            [.. Enumerable.Range(0, sections).Select(k => (double?)(k % 3 == 0 ? 1 : k % 3 == 1 ? double.NaN : 0))]))], "", language)));

    [Fact]
    public void A_heat_map_of_more_sections_than_numbers_can_be_read_in_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        HeatMapChart.Svg(new("", "", [.. Enumerable.Repeat(new HeatMapSection("", ""), HeatMapChart.MaxSections + 1)], [], "")));

    [Fact]
    public void A_heat_map_row_has_a_share_for_each_section() =>
        Assert.Throws<ArgumentException>(() => HeatMapChart.Svg(new("", "", [new("村", "制度")], [new("01", "甲镇", [])], "")));

    [Theory]
    [InlineData(1, 12, Language.Chinese)]
    [InlineData(24, 12, Language.Chinese)]
    [InlineData(36, 12, Language.Chinese)]
    [InlineData(1, 30, Language.English)]
    [InlineData(36, 30, Language.English)]
    public void A_calendar_shows_the_last_two_years(int months, int nameLength, Language language)
    {
        var rows = Enumerable.Range(0, 5).Select(i => new TimelinessRow($"{i}", ChartSamples.Name(language, i, nameLength),
            [.. Enumerable.Range(0, months).Select(k => new TimelinessMonth(Launch.Plus(k), k % 2 == 0 ? "late" : "missing", k % 2 == 0 ? 365 : null))]));
        var ink = Clear(TimelinessChart.Svg(new("标题", "", [.. rows], "", language)));

        Assert.Equal(5 * Math.Min(months, TimelinessChart.MaxMonths), ink.Bars.Count(bar => bar.Top > 190));
    }

    [Theory]
    [InlineData(1, 12, Language.Chinese)]
    [InlineData(12, 12, Language.Chinese)]
    [InlineData(1, 30, Language.English)]
    [InlineData(6, 30, Language.English)]
    [InlineData(12, 30, Language.English)]
    public void A_board_of_one_or_a_dozen_milestones(int milestones, int nameLength, Language language) => Clear(MilestoneChart.Svg(new("标题", "", [
        .. Enumerable.Range(0, milestones).Select(k => new MilestoneColumn($"m{k}", k % 2 == 0 ? Long(language, k) : "完\n成", new(2026, 1, 31), k == 0 ? 3333 : 10_000))],
        [.. Enumerable.Range(0, 6).Select(i => new MilestoneRow($"{i}", ChartSamples.Name(language, i, nameLength),
            [.. Enumerable.Range(0, milestones).Select(k => new MilestoneVerdict($"m{k}", 123_456, 123_455, false, k % 2 == 0))]))], "", language)));

    [Fact]
    public void The_first_month_has_no_ranking_to_move_from()
    {
        var ink = Clear(RankingMovementChart.Svg(new("标题", "", "2025年11月", "2025年12月", [new("01", "甲镇", null, 1), new("02", "乙镇", null, 1)], "")));

        Assert.Equal("1 甲镇 新；1 乙镇 新", ink.Description);
    }

    [Fact]
    public void Movement_reads_up_down_same_new_and_names_who_left()
    {
        var ink = Clear(RankingMovementChart.Svg(new("标题", "", "上月", "本月",
            [new("03", "丙镇", 1, 2), new("01", "甲镇", 3, 1), new("04", "丁镇", null, 3), new("02", "乙镇", 2, null), new("05", "戊镇", 5, 5), new("06", "己镇", null, null)], "")));

        Assert.Equal("1 甲镇 ▲2；2 丙镇 ▼1；3 丁镇 新；5 戊镇 —", ink.Description);
    }

    [Fact]
    public void An_English_chart_reads_marks_and_lists_in_English()
    {
        TimelinessMonth[] months = [new(Launch, "on_time", null), new(Launch.Plus(1), "late", 1), new(Launch.Plus(2), "late", 12), new(Launch.Plus(3), "missing", null), new(Launch.Plus(4), "pending", null)];
        var calendar = Clear(TimelinessChart.Svg(new("Reports", "", [new("01", "Ashby", months)], "", Language.English)));
        var movement = Clear(RankingMovementChart.Svg(new("Ranks", "", "Nov", "Dec", [new("01", "Ashby", 3, 1), new("02", "Elmton", null, 2), new("03", "Quarr", 1, null)], "", Language.English)));

        Assert.Equal("Ashby Dec 2025 On time, Jan 2026 1 day late, Feb 2026 12 days late, Mar 2026 Missing, Apr 2026 Pending", calendar.Description);
        Assert.Equal("1 Ashby ▲2; 2 Elmton new", movement.Description);
    }

    [Theory]
    [InlineData(0, 1, Language.Chinese)]
    [InlineData(40, 1, Language.Chinese)]
    [InlineData(41, 2, Language.Chinese)]
    [InlineData(135, 4, Language.Chinese)]
    [InlineData(135, 4, Language.English)]
    public void A_long_rectification_list_is_paged_or_cut_with_a_note(int rows, int pages, Language language)
    {
        var input = new RectificationInput("标题", "副题", [.. Enumerable.Range(0, rows).Select(i =>
            new RectificationRow($"{i}", ChartSamples.Name(language, i, 12), ChartSamples.Name(language, i, 12), 100 + i, i % 2 == 0, i % 3 == 0 ? null : 1, 0, 120))], "", language);
        var parts = RectificationChart.Pages(input);

        Assert.Equal(pages, parts.Count);
        Assert.Equal(input.Rows, parts.SelectMany(part => part.Rows));
        Assert.All(parts, part => Clear(RectificationChart.Svg(part)));
        var (whole, first) = (Clear(RectificationChart.Svg(input)), Clear(RectificationChart.Svg(parts[0])));
        Assert.Equal(rows > RectificationChart.RowsPerPage, whole.Size.Height > first.Size.Height);
    }

    [Fact]
    public void Panels_of_single_months_and_of_months_outside_the_axis()
    {
        TrendMonth[] months = [new(Launch, null, 4000, .2)];
        var ink = Clear(SmallMultiplesChart.Svg(new("标题", "", months, [
            new("01", "甲镇", "achieved", [new(Launch, 1)]), new("02", "乙镇", null, [new(Launch.Plus(-1), .3)]), new("03", Long(1), "missed", []),
        ], "")));

        Assert.Equal("甲镇 100.0%；乙镇 30.0%；" + Long(1) + " —", ink.Description);
    }

    [Fact]
    public void Counts_of_any_length_and_shares_that_cannot_be_stay_inside() => Clear(CompletionChart.Svg(new("标题", "", [
        new(Long(0), [new(Long(1), 1_234_567, 7_654_321, double.NaN, 0, 0, null, 20_000), new("甲", 0, 0, -1, 1, 1, 9, 1)]), new("无", []),
    ], "")));

    private static SvgInk Clear(string svg)
    {
        var ink = new SvgInk(svg);
        ink.AssertTextsAreClear();
        return ink;
    }
}
