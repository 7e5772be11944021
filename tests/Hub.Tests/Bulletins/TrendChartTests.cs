using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Tests.Bulletins;

public sealed class TrendChartTests
{
    private static readonly Period Launch = Period.Of(2025, 12);
    private static readonly TrendTarget[] Targets = [new(Launch.Plus(17), 4000), new(Launch.Plus(23), 10_000)];

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(4, .1, .9)]
    [InlineData(7, .02, .03)]
    [InlineData(11, .35, .4)]
    [InlineData(17, .4, 1)]
    [InlineData(18, .4, .4)]
    [InlineData(20, .97, .99)]
    [InlineData(22, 1, 1)]
    [InlineData(22, 0, 0)]
    [InlineData(23, .6, .95)]
    public void Last_share_forecast_and_targets_are_always_named(int months, double last, double forecast)
    {
        AllNamed(months, last, forecast, Language.Chinese, "预", "目");
        AllNamed(months, last, forecast, Language.English, "F", "T");
    }

    private static void AllNamed(int months, double last, double forecast, Language language, string forecastBegins, string targetBegins)
    {
        var input = new TrendInput("甲镇", "乙", [.. Enumerable.Range(0, months).Select(k => Month(k, last * (k + 1) / months))], Targets, new(Targets[1].Due, forecast), "", language);
        var svg = TrendChart.Svg(input);

        var ink = new SvgInk(svg);
        ink.AssertTextsAreClear();
        // In English the legend begins as the label does.
        Assert.Equal(language == Language.Chinese ? 1 : 2, TextsThatBegin(ink, forecastBegins));
        // The legend and two steps.
        Assert.Equal(3, TextsThatBegin(ink, targetBegins));
        Assert.Equal(1 + input.Months.Count, svg.Split("<desc>")[1].Split("</desc>")[0].Split(language == Language.Chinese ? "；" : "; ").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(60)]
    [InlineData(200)]
    public void Any_number_of_months_without_targets_pace_or_forecast(int months)
    {
        var input = new TrendInput("甲镇", "乙", [.. Enumerable.Range(0, months).Select(k => new TrendMonth(Launch.Plus(k), k % 5 == 3 ? null : k % 2, 0, null))], [], null, "");

        new SvgInk(TrendChart.Svg(input)).AssertTextsAreClear();
    }

    [Fact]
    public void A_month_without_a_share_and_a_month_left_out_both_break_the_line()
    {
        TrendMonth[] all = [.. Enumerable.Range(0, 9).Select(k => Month(k, k / 10d))];
        string Draw(IReadOnlyList<TrendMonth> months) => TrendChart.Svg(new("甲镇", "", months, [], null, ""));
        var (whole, withNull) = (new SvgInk(Draw(all)), new SvgInk(Draw([.. all.Select(m => m.Period == Launch.Plus(4) ? m with { Share = null } : m)])));
        var withoutMonth = new SvgInk(Draw([.. all.Where(m => m.Period != Launch.Plus(4))]));

        Assert.Equal(whole.Dots.Count - 2, withNull.Dots.Count);
        Assert.Equal(withNull.Dots, withoutMonth.Dots);
        // One line more at the foot: why the line is broken.
        Assert.True(withNull.Size.Height > whole.Size.Height);
        Assert.Equal(withNull.Size, withoutMonth.Size);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-3)]
    [InlineData(7)]
    public void Impossible_figures_stay_inside(double share)
    {
        var input = new TrendInput("甲镇", "", [Month(0, .5), Month(1, share) with { Pace = share, TargetBp = 90_000 }], Targets, new(Targets[1].Due, share), "");

        var ink = new SvgInk(TrendChart.Svg(input));

        ink.AssertTextsAreClear();
        Assert.All(ink.Strokes, stroke => Assert.InRange(stroke.To.Y, 0, ink.Size.Height));
    }

    private static TrendMonth Month(int k, double share) => new(Launch.Plus(k), share, k >= 17 ? 4000 : 0, k <= 17 ? .4 * k / 17 : .4 + .1 * (k - 17));

    private static int TextsThatBegin(SvgInk ink, string character) => ink.Glyphs.Count(text => text[0] == SvgInk.OutlineOf(character));
}
