using System.Xml.Linq;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

public sealed class RankingChartTests
{
    private const string Hostile = "</svg><script>alert(1)</script>&\"'<text font-family='x'>";

    [Theory]
    [InlineData(0.125, "12.5%")]
    [InlineData(0.0005, "0.1%")]
    [InlineData(0.00049, "0.0%")]
    [InlineData(0.2855, "28.6%")]
    [InlineData(0.5345, "53.5%")]
    [InlineData(0.0625, "6.3%")]
    [InlineData(7 / 13d, "53.8%")]
    [InlineData(1 / 3d, "33.3%")]
    [InlineData(0, "0.0%")]
    [InlineData(1, "100.0%")]
    public void A_percentage_has_one_decimal_half_away_from_zero(double share, string shown) =>
        Assert.Equal(shown, Percent.OneDecimal(share));

    [Theory]
    [InlineData(4000, "40%")]
    [InlineData(3350, "33.5%")]
    [InlineData(1, "0.01%")]
    public void A_target_is_shown_as_it_was_set(int bp, string shown) => Assert.Equal(shown, Percent.OfBasisPoints(bp));

    public static TheoryData<int, int, int, double?> Layouts()
    {
        (int, double?)[] lines = [(0, null), (0, 0), (4000, .466), (4000, .4), (200, .01), (9500, .99), (10000, 1)];
        var layouts = new TheoryData<int, int, int, double?>();
        foreach (var townships in (int[])[0, 1, 5, 20, 40])
        {
            foreach (var nameLength in (int[])[2, 12, 30])
            {
                foreach (var (target, pace) in lines) layouts.Add(townships, nameLength, target, pace);
            }
        }
        return layouts;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Texts_stay_inside_and_meet_neither_each_other_nor_bars_nor_lines(int townships, int nameLength, int target, double? pace)
    {
        var ink = new SvgInk(RankingChart.Svg(Input(townships, nameLength, target, pace)));
        var page = SKRect.Create(ink.Size.Width, ink.Size.Height);

        Assert.True(ink.Texts.Count >= 4 + 3 * townships);
        for (var i = 0; i < ink.Texts.Count; i++)
        {
            var text = ink.Texts[i];
            Assert.True(page.Contains(text), $"outside: {text}");
            Assert.DoesNotContain(ink.Texts.Skip(i + 1), text.IntersectsWith);
            Assert.DoesNotContain(ink.Bars, text.IntersectsWith);
            Assert.DoesNotContain(ink.Lines, line => text.IntersectsWithInclusive(line));
        }
        Assert.All(ink.Bars, bar => Assert.True(page.Contains(bar)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(40)]
    public void PNG_and_SVG_have_the_same_size_and_the_PNG_is_not_blank(int townships)
    {
        var input = Input(townships, 4, 4000, .466);
        using var bitmap = SKBitmap.Decode(RankingChart.Png(input));
        var size = new SvgInk(RankingChart.Svg(input)).Size;

        Assert.Equal((1200, (int)size.Height), (bitmap.Width, bitmap.Height));
        Assert.InRange(bitmap.Height, 300 + townships * 30, 450 + townships * 50);
        Assert.True(bitmap.Pixels.Distinct().Count() > 100);
        Assert.Equal(SKColors.White, bitmap.GetPixel(0, 0));
    }

    [Fact]
    public void SVG_has_no_text_no_font_and_no_script_whatever_the_names_are()
    {
        var input = Input(3, 4, 4000, .466);
        input = input with
        {
            Title = Hostile, Subtitle = Hostile, Footnote = Hostile + "\u0000\uFFFE\uD800",
            Bars = [.. input.Bars.Select(bar => bar with { Name = Hostile, Status = Hostile })],
        };

        var svg = RankingChart.Svg(input);
        var root = new SvgInk(svg).Root;

        string[] allowed = ["svg", "title", "desc", "defs", "use", "g", "clipPath", "rect", "path"];
        Assert.All(root.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed));
        Assert.All(root.DescendantsAndSelf().Attributes(), attribute =>
        {
            Assert.False(attribute.Name.LocalName is "font-family" or "style", attribute.ToString());
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), attribute.ToString());
        });
        Assert.DoesNotContain("<script", svg, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes_on_any_thread()
    {
        var input = Input(20, 6, 4000, .466);
        var (svg, png) = (RankingChart.Svg(input), RankingChart.Png(input));

        Parallel.For(0, 8, _ =>
        {
            Assert.Equal(svg, RankingChart.Svg(input));
            Assert.Equal(png, RankingChart.Png(input));
        });
    }

    [Fact]
    public void Two_charts_in_one_page_share_no_identifier()
    {
        var ids = new[] { 5, 20 }.SelectMany(n => new SvgInk(RankingChart.Svg(Input(n, 4, 4000, .466))).Root.Descendants())
            .Select(element => (string?)element.Attribute("id")).Where(id => id is not null).ToList();

        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void The_description_reads_rank_name_share_status_and_movement()
    {
        var ink = new SvgInk(RankingChart.Svg(new RankingChartInput("标题", "", [
            new("01", "甲镇", 1, 3, 1, "achieved"),
            new("02", "乙镇", 2, 1, .4665, "on_track"),
            new("03", "丙镇", 3, 3, .42, "behind"),
            new("04", "丁镇", 4, null, 0, "missed"),
            new("05", "戊镇", null, 5, null, null),
        ], 4000, .45, "")));

        string[] read = ["1 甲镇 100.0% 已全部达标 ▲2", "2 乙镇 46.7% 达到进度 ▼1", "3 丙镇 42.0% 落后进度 —", "4 丁镇 0.0% 未达目标 新", "— 戊镇 无基数"];
        Assert.Equal(string.Join('；', read), ink.Description);
        Assert.Equal("标题", (string?)ink.Root.Attribute("aria-label"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.2)]
    [InlineData(1.5)]
    public void Impossible_shares_stay_inside_the_plot(double share)
    {
        var input = Input(3, 4, 20_000, share);
        var ink = new SvgInk(RankingChart.Svg(input with { Bars = [.. input.Bars.Select(bar => bar with { HardwareShare = share })] }));

        Assert.All(ink.Bars.Concat(ink.Texts), box => Assert.InRange(box.Right, 0, 1200));
    }

    [Fact]
    public void More_bars_than_a_page_holds_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RankingChart.Png(Input(RankingChart.MaxBars + 1, 2, 0, null)));

    private static RankingChartInput Input(int townships, int nameLength, int target, double? pace) =>
        new("各基层党（工）委“硬件”建设达标率排名", "2027年6月 · 全县",
            [.. Enumerable.Range(0, townships).Select(i => Bar(i, townships, nameLength, target, pace))], target, pace,
            "注：达标率＝硬件全部达标的党支部数÷纳入考核的党支部数，数据截至2027年6月30日。统计口径见本期通报第一部分，位次升降与上月相比。");

    // The first has 100%, the last but one 0%, the last no base.
    private static RankingBar Bar(int i, int townships, int nameLength, int target, double? pace)
    {
        const string syllables = "城关大墕洪山塬上云垯圪埇桥石堽畲乡峁底街道开发区工委";
        var name = string.Concat(Enumerable.Range(0, nameLength).Select(k => syllables[(i + k) % syllables.Length]));
        if (i > 0 && i == townships - 1) return new($"T{i:00}", name, null, 3, null, null);
        var share = i > 0 && i == townships - 2 ? 0 : 1 - i / (double)townships;
        var status = share * 10_000 < target ? "missed" : i == 0 ? "achieved" : share >= pace ? "on_track" : "behind";
        int? previous = (i % 4) switch { 0 => i + 1, 1 => i + 12, 2 => Math.Max(1, i - 20), _ => null };
        return new($"T{i:00}", name, i + 1, previous, share, status);
    }
}
