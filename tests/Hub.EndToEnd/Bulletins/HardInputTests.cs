using System.Text;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.EndToEnd.Web;
using Hub.Programmes;
using Hub.Protocol;
using Township = Hub.Protocol.Township;

namespace Hub.EndToEnd.Bulletins;

/// <summary>Names, texts and counties at the ends of what the hub takes in: page, Word document and charts stand, and what was sent in is
/// text in them and nothing else.</summary>
public sealed class HardInputTests
{
    private static readonly string[] Drawn = ["svg", "title", "desc", "g", "path", "rect", "line", "polyline", "polygon", "circle", "ellipse", "defs", "use", "clipPath", "pattern"];
    private static readonly string[] Written = ["article", "p", "h1", "h2", "hr", "br", "b", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img"];

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public async Task A_name_is_text_whatever_it_holds(Language language)
    {
        await using var hub = await HardCounty.StartAsync(HardCounty.Names);
        await HardCounty.ReportAsync(hub, 0, HardCounty.Names[0]);

        var (page, word) = await StandsAsync(hub, language);

        // XML has no such character.
        var names = HardCounty.Names.Select(n => n.Replace('\uFFFE', '\uFFFD')).ToList();
        var expected = names.Order(StringComparer.Ordinal);
        Assert.Equal(expected, NamesOf(Ranking(page.Tables)));
        Assert.Equal(expected, NamesOf(Ranking(word.Tables)));
        // The one that reported everything met is not on the list. Both name columns have the same names.
        var listed = page.Tables.Single(t => t.Class == "rectification").Rows;
        Assert.NotEmpty(listed);
        Assert.All(listed, row => Assert.True(row[1] == row[2] && names.Contains(row[1]), row[1]));
        Assert.Contains(page.Paragraphs, p => p.EndsWith(names[0], StringComparison.Ordinal) && p.StartsWith(names[0], StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task In_print_too_a_name_is_what_was_sent_in()
    {
        await using var hub = await HardCounty.StartAsync(HardCounty.Names);

        var pdf = new PdfReading((await PrintedBulletin.DraftAsync(hub, HardCounty.Period, Language.Chinese, ".pdf")).Pdf);

        // Lists have every name in one paragraph, so that no cell cuts it.
        Assert.All(HardCounty.Names.Take(8), name => Assert.Contains(PdfReading.Bare(name), pdf.Text, StringComparison.Ordinal));
        // Nothing runs out of the text area to the right.
        Assert.All(pdf.Pages.SelectMany(p => p.Letters.Except(p.Footer)), l => Assert.True(l.Left + l.Width < 28 + 156 + 3, $"{l.Text} at {l.Left:0.0} mm"));
    }

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public async Task A_county_without_townships_has_a_bulletin(Language language)
    {
        await using var hub = await HardCounty.StartAsync([]);

        var (page, word) = await StandsAsync(hub, language);

        Assert.DoesNotContain(page.Tables, t => t.Class == "ranking");
        Assert.Contains(language == Language.Chinese ? "本项目尚无乡镇。" : "The programme has no townships yet.", word.Paragraphs);
    }

    [Fact]
    public async Task A_township_without_branches_is_there_and_not_ranked()
    {
        await using var hub = await HardCounty.StartAsync(["青禾镇"]);
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest { Townships = { new Township { Code = HardCounty.Code(1), Name = "云溪乡" } } });

        var (page, word) = await StandsAsync(hub, Language.English);

        Assert.Equal(["—", "—", "云溪乡", "0", "0 / 0", "—", "0 / 0", "—", "—"], Ranking(page.Tables).Rows[^1]);
        Assert.Equal(Ranking(page.Tables).Rows, Ranking(word.Tables).Rows);
    }

    [Fact]
    public async Task A_countys_only_townships_may_all_be_without_branches()
    {
        await using var hub = await HardCounty.StartAsync(["青禾镇", "云溪乡"], branches: 0);

        var (page, _) = await StandsAsync(hub, Language.Chinese);

        Assert.Contains(page.Paragraphs, p => p.Contains("目前没有应达标的党支部。", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Good_practices_keep_their_lines_and_are_text()
    {
        string[] texts =
        [
            "第一行\n\t第二行，缩进\n\n\n第三行 </p><script>x</script>]]>{{ 6 | times: 7 }}",
            string.Concat(Enumerable.Range(0, 1000).Select(i => $"{(char)('一' + i)}\n")),
            string.Concat(Enumerable.Repeat("a\t", 1000)),
            new string('W', 2000),
            string.Concat(Enumerable.Repeat("𠮷", 1000)),
            "\n\t\n",
        ];
        await using var hub = await HardCounty.StartAsync([.. texts.Select((_, i) => $"{i}号镇")]);
        for (var i = 0; i < texts.Length; i++) await HardCounty.ReportAsync(hub, i, texts[i]);

        var (page, word) = await StandsAsync(hub, Language.Chinese);

        for (var i = 0; i < texts.Length - 1; i++)
        {
            string[] lines = texts[i].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var written = page.Article.Elements("p").Single(p => p.Value.StartsWith($"{i}号镇：", StringComparison.Ordinal));
            Assert.Equal([$"{i}号镇：" + lines[0], .. lines[1..]], Lines(written));
            var printed = word.Body.Elements<Paragraph>().Single(p => p.InnerText.StartsWith($"{i}号镇：", StringComparison.Ordinal));
            Assert.Equal((written.Value, lines.Length - 1), (printed.InnerText, printed.Descendants<Break>().Count()));
        }
        // White space is no practice.
        Assert.DoesNotContain(page.Paragraphs, p => p.StartsWith($"{texts.Length - 1}号镇：", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(200)]
    public async Task One_township_or_two_hundred_have_a_bulletin(int townships)
    {
        await using var hub = await HardCounty.StartAsync([.. Enumerable.Range(1, townships).Select(i => $"第{i}镇")]);

        var (page, word) = await StandsAsync(hub, Language.Chinese);

        Assert.Equal(townships, Ranking(page.Tables).Rows.Count);
        Assert.Equal(townships, Ranking(word.Tables).Rows.Count);
    }

    [Fact]
    public async Task More_than_two_hundred_townships_are_for_the_analyst()
    {
        await using var hub = await HardCounty.StartAsync([.. Enumerable.Range(1, 201).Select(i => $"第{i}镇")]);

        var refused = await hub.RefusedAsync(() => PrintedBulletin.DraftAsync(hub, HardCounty.Period, Language.Chinese, ".html"));

        refused.Is(StatusCode.FailedPrecondition, "BULLETIN_TOO_LARGE");
        Assert.Contains("201", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The draft as page and Word document, both in order and with nothing in them but what a bulletin is written in.</summary>
    private static async Task<(HtmlReading Page, WordReading Word)> StandsAsync(TestHub hub, Language language)
    {
        var draft = await PrintedBulletin.DraftAsync(hub, HardCounty.Period, language, ".html", ".docx");
        var page = new HtmlReading(draft.Html);
        Assert.Empty(page.Article.DescendantsAndSelf().Select(e => e.Name.LocalName).Except(Written));
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.All(page.Article.Descendants("figure"), figure => Assert.Equal("figcaption", figure.Elements().Last().Name.LocalName));
        Assert.NotEmpty(page.Article.Descendants("img"));
        foreach (var image in page.Article.Descendants("img")) IsPicture((string)image.Attribute("src")!);
        Assert.Empty(DocumentFilesTests.Complaints(draft.Docx));
        using var stream = new MemoryStream(draft.Docx);
        using var word = WordprocessingDocument.Open(stream, isEditable: false);
        Assert.Empty(word.MainDocumentPart!.ExternalRelationships);
        Assert.Empty(word.MainDocumentPart.HyperlinkRelationships);
        Assert.Equal(page.Article.Descendants("img").Count(), word.MainDocumentPart.ImageParts.Count());
        return (page, new WordReading(draft.Docx));
    }

    private static void IsPicture(string source)
    {
        const string start = "data:image/svg+xml;base64,";
        Assert.StartsWith(start, source, StringComparison.Ordinal);
        var picture = XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(source[start.Length..])));
        Assert.Empty(picture.DescendantsAndSelf().Select(e => e.Name.LocalName).Except(Drawn));
        Assert.DoesNotContain(picture.DescendantsAndSelf().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || a.Name.LocalName == "href" && !a.Value.StartsWith('#'));
    }

    private static ReadTable Ranking(IEnumerable<ReadTable> tables) => tables.Single(t => t.Caption.EndsWith("各乡镇排名", StringComparison.Ordinal) || t.Caption.EndsWith("Ranking of the townships", StringComparison.Ordinal));

    private static IEnumerable<string> NamesOf(ReadTable ranking) => ranking.Rows.Select(row => row[2]).Order(StringComparer.Ordinal);

    private static string[] Lines(XElement paragraph) =>
        string.Concat(paragraph.DescendantNodes().Select(n => n is XText text ? text.Value : n is XElement { Name.LocalName: "br" } ? "\n" : "")).Split('\n');
}
