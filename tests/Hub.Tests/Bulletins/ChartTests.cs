using System.Xml.Linq;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

/// <summary>What holds for each of the ten charts.</summary>
public sealed class ChartTests
{
    private const string Hostile = "</svg><script>alert(1)</script>&\"'<text font-family='x'>\u0000\uFFFE𪚥";

    private static ChartSample Sample(string chart, int townships, Func<int, string> name, Language language = Language.Chinese) =>
        ChartSamples.All(townships, name, language).Single(sample => sample.Name == chart);

    private static ChartSample Sample(string chart, int townships = 20) => Sample(chart, townships, i => ChartSamples.Name(i, 2 + i % 11));

    private static ChartSample Sample(string chart, Language language, int townships) =>
        language == Language.Chinese ? Sample(chart, townships) : Sample(chart, townships, i => ChartSamples.Name(language, i, 5 + i * 4 % 26), language);

    private static string SnapshotName(string chart, Language language) => language == Language.Chinese ? chart : chart + "-en";

    private static IEnumerable<string> Names() => ChartSamples.All(1, _ => "").Select(sample => sample.Name);

    public static TheoryData<string> Charts() => [.. Names()];

    public static TheoryData<string, Language> ChartsInBothLanguages()
    {
        var charts = new TheoryData<string, Language>();
        foreach (var chart in Names())
        {
            charts.Add(chart, Language.Chinese);
            charts.Add(chart, Language.English);
        }
        return charts;
    }

    public static TheoryData<string, Language, int, int> Layouts()
    {
        var layouts = new TheoryData<string, Language, int, int>();
        foreach (var chart in Names())
        {
            foreach (var townships in (int[])[0, 1, 5, 20, 40])
            {
                foreach (var nameLength in (int[])[2, 12, 30]) layouts.Add(chart, Language.Chinese, townships, nameLength);
            }
            foreach (var townships in (int[])[0, 5, 20, 40])
            {
                foreach (var nameLength in (int[])[7, 18, 30]) layouts.Add(chart, Language.English, townships, nameLength);
            }
        }
        return layouts;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Texts_stay_inside_and_meet_nothing(string chart, Language language, int townships, int nameLength) =>
        new SvgInk(Sample(chart, townships, i => ChartSamples.Name(language, i, nameLength), language).Svg()).AssertTextsAreClear();

    [Theory]
    [MemberData(nameof(Charts))]
    public void Names_of_twelve_characters_are_shown_whole(string chart)
    {
        // Branch names are those of townships with a suffix; they are longer than twelve.
        var whole = new SvgInk(Sample(chart, 5, i => ChartSamples.Name(i, 12)).Svg());
        var cut = new SvgInk(Sample(chart, 5, i => ChartSamples.Name(i, 30)).Svg());
        var ellipsis = SvgInk.OutlineOf("…");

        Assert.True(chart is "rectification" or "completion" or "weakest" or "trend" || cut.Glyphs.Exists(text => text.Contains(ellipsis)));
        Assert.True(chart == "rectification" || !whole.Glyphs.Exists(text => text.Contains(ellipsis)));
    }

    [Theory]
    [MemberData(nameof(ChartsInBothLanguages))]
    public void Nothing_to_show_is_said_in_a_sentence(string chart, Language language)
    {
        var empty = Sample(chart, language, 0);
        var ink = new SvgInk(empty.Svg());

        Assert.InRange(ink.Texts.Count, 2, chart == "ranking" ? 8 : 4);
        Assert.Empty(ink.Dots);
        using var bitmap = SKBitmap.Decode(empty.Png());
        Assert.InRange(bitmap.Height, 200, 500);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void Hostile_names_are_drawn_and_never_markup(string chart)
    {
        var svg = Sample(chart, 5, _ => Hostile).Svg();
        var root = new SvgInk(svg).Root;

        string[] allowed = ["svg", "title", "desc", "defs", "use", "g", "clipPath", "rect", "path", "ellipse", "circle"];
        Assert.All(root.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed));
        Assert.DoesNotContain("<script", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), a => a.Name.LocalName is "font-family" or "style");
        new SvgInk(svg).AssertTextsAreClear();
    }

    [Theory]
    [MemberData(nameof(ChartsInBothLanguages))]
    public void The_same_input_gives_the_same_bytes_on_any_thread(string chart, Language language)
    {
        var (svg, png) = (Sample(chart, language, 5).Svg(), Sample(chart, language, 5).Png());

        Parallel.For(0, 4, _ =>
        {
            Assert.Equal(svg, Sample(chart, language, 5).Svg());
            Assert.Equal(png, Sample(chart, language, 5).Png());
        });
    }

    [Theory]
    [MemberData(nameof(ChartsInBothLanguages))]
    public void Inputs_and_what_is_read_aloud_are_as_kept(string chart, Language language)
    {
        var sample = Sample(chart, 5, i => ChartSamples.Name(language, i, (language == Language.Chinese ? 2 : 7) + i), language);

        Snapshot.Matches(SnapshotName(chart, language) + ".txt", Snapshot.Of(sample.Input) + "read: " + new SvgInk(sample.Svg()).Description + "\n");
    }

    [Theory]
    [MemberData(nameof(ChartsInBothLanguages))]
    public void Pictures_look_as_kept(string chart, Language language) =>
        ReferencePicture.Matches(SnapshotName(chart, language), Sample(chart, language, 20).Png());

    [Theory]
    [MemberData(nameof(Charts))]
    public void An_English_chart_draws_Latin_letters_and_signs_alone(string chart)
    {
        foreach (var townships in (int[])[0, 5, 20])
            Assert.All(new SvgInk(Sample(chart, Language.English, townships).Svg()).Glyphs.SelectMany(text => text), outline => Assert.Contains(outline, Latin.Value));
    }

    private static readonly Lazy<HashSet<string>> Latin = new(() =>
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Concat("·—…▲▼√").Select(c => SvgInk.OutlineOf(c.ToString()))]);

    [Theory]
    [MemberData(nameof(Charts))]
    public void A_picture_outlines_each_character_once_and_finds_what_it_refers_to_in_itself(string chart)
    {
        var root = new SvgInk(Sample(chart).Svg()).Root;
        var ids = root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        var outlines = root.Elements().Single(element => element.Name.LocalName == "defs").Elements().Select(path => path.Attribute("d")!.Value).ToList();
        var references = root.Descendants().Attributes().Where(a => a.Name.LocalName == "href").Select(a => a.Value)
            .Concat(root.Descendants().Attributes("clip-path").Select(a => a.Value[4..^1])).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(outlines.Distinct(), outlines);
        Assert.All(references, reference => Assert.Contains(reference[1..], ids));
        Assert.True(references.Count > outlines.Count);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void What_is_read_aloud_in_English_has_no_Chinese_in_it(string chart)
    {
        foreach (var townships in (int[])[0, 5])
            Assert.DoesNotContain(new SvgInk(Sample(chart, Language.English, townships).Svg()).Description ?? "", c => c >= '\u2E80');
    }

    [Theory]
    [InlineData("ranking")]
    [InlineData("movement")]
    [InlineData("multiples")]
    [InlineData("heat-map")]
    [InlineData("timeliness")]
    [InlineData("milestones")]
    [InlineData("rectification")]
    public void The_comparison_of_pictures_notices_other_names(string chart)
    {
        // The page keeps its size: names of the same lengths.
        var difference = ReferencePicture.Difference(Sample(chart, 5).Png(), Sample(chart, 5, i => ChartSamples.Name(i + 1, 2 + i % 11)).Png());
        Assert.True(ReferencePicture.IsNoticed(difference), $"{difference}");
    }
}
