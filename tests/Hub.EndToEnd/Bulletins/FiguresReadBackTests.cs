using System.Text.RegularExpressions;
using Hub.Bulletins;
using Hub.Cli.Demo;
using Hub.EndToEnd.Serving;
using Hub.EndToEnd.Web;
using Hub.Programmes;

namespace Hub.EndToEnd.Bulletins;

/// <summary>Every figure of a bulletin, read back from each of its documents, is what the views answer.</summary>
[Collection(CountyInPrint.Collection)]
public sealed partial class FiguresReadBackTests(CountyInPrint county)
{
    private static readonly string[] Usual = ["completion", "milestones", "ranking", "weakest", "signals", "restatements"];

    [BrowserFact]
    public Task October_in_Chinese() => ReadBackAsync(county.Hub, CountyInPrint.Period, Language.Chinese, county.Chinese, county.PublishedAt, Usual);

    [BrowserFact]
    public Task October_in_English() => ReadBackAsync(county.Hub, CountyInPrint.Period, Language.English, county.English, county.PublishedAt, Usual);

    [BrowserFact]
    public async Task December_with_the_list_of_the_year_that_follows_in_both_languages()
    {
        await using var hub = await TestHub.StartAsync("2027-01-05T10:00:00+08:00");
        await CountyInPrint.ImportAsync(hub, MadeUpCounty.Make(ShippedTemplates.Read("party-branch"), TestHub.Programme, 2025), 13);
        var december = Period.Of(2026, 12);
        foreach (var language in (Language[])[Language.Chinese, Language.English])
            await ReadBackAsync(hub, december, language, await PrintedBulletin.DraftAsync(hub, december, language), null, ["completion", "milestones", "ranking", "weakest", "rectification"]);
    }

    [Fact]
    public async Task The_figures_of_October_are_of_every_sort()
    {
        // A ranking without ties, a month without late or missing townships would let some of the words through unread.
        var status = (await county.Hub.SqlAsync("select status, count(*) from report_status where period = '2026-10' group by all order by all")).Select(r => $"{r[0]} {r[1]}");
        var causes = (await county.Hub.SqlAsync("select distinct cause from restatements order by all")).Select(r => r[0]).ToList();
        var standings = (await county.Hub.SqlAsync("select distinct status from township_completion where period = '2026-10' order by all")).Select(r => r[0]);

        Assert.Equal(["late 1", "missing 1", "on_time 11"], status);
        Assert.Contains("report, registry", causes);
        Assert.Contains("others", causes);
        Assert.Equal(["achieved", "behind", "on_track"], standings);
    }

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public void Every_table_of_the_text_has_its_check(Language language)
    {
        var classes = TableClasses().Matches(BulletinText.Shipped.Of(language)).Select(m => m.Groups[1].Value);
        Assert.Equal(new ExpectedTables(county.Hub, "2026-10", language, null).ByClass.Keys, classes);
        Assert.Equal(Tables().Count(BulletinText.Shipped.Of(language)), TableClasses().Count(BulletinText.Shipped.Of(language)));
    }

    private static async Task ReadBackAsync(TestHub hub, Period period, Language language, PrintedBulletin bulletin, long? correctedAfter, string[] classes)
    {
        var expected = new ExpectedTables(hub, period.ToString(), language, correctedAfter);
        var (html, word, pdf) = (new HtmlReading(bulletin.Html), new WordReading(bulletin.Docx), new PdfReading(bulletin.Pdf).Text);
        Assert.Equal(classes, html.Tables.Select(t => t.Class));
        Assert.Equal(html.Tables.Select(t => t.Caption), word.Tables.Select(t => t.Caption));
        var read = 0;
        foreach (var (onPage, inWord) in html.Tables.Zip(word.Tables))
        {
            var rows = await expected.ByClass[onPage.Class]();
            Assert.NotEmpty(rows);
            Assert.Equal(rows, onPage.Rows);
            Assert.Equal(rows, inWord.Rows);
            Assert.Equal(onPage.Head, inWord.Head);
            read = ReadTable(pdf, read, onPage.Caption, onPage.Head, rows);
        }
        foreach (var sentence in await new ExpectedSentences(hub, period.ToString(), language).AllAsync())
        {
            Assert.Contains(sentence, html.Paragraphs);
            Assert.Contains(sentence, word.Paragraphs);
            Assert.Contains(PdfReading.Bare(sentence), pdf, StringComparison.Ordinal);
        }
    }

    /// <summary>The table's caption, head and rows one after another with nothing between them, but that the head stands again on a new page.</summary>
    /// <returns>Where the table ends.</returns>
    private static int ReadTable(string pdf, int from, string caption, IReadOnlyList<string> head, List<string[]> rows)
    {
        var (title, heads) = (PdfReading.Bare(caption), PdfReading.Bare(string.Concat(head)));
        var start = pdf.IndexOf(title + heads, from, StringComparison.Ordinal);
        Assert.True(start >= 0, $"no table {title}{heads}");
        var at = start + title.Length + heads.Length;
        foreach (var row in rows.Select(cells => PdfReading.Bare(string.Concat(cells))))
        {
            if (string.CompareOrdinal(pdf, at, heads, 0, heads.Length) == 0) at += heads.Length;
            var found = pdf.Substring(at, Math.Min(row.Length, pdf.Length - at));
            Assert.True(row == found, $"{caption}: the PDF has {found}, the views say {row}");
            at += row.Length;
        }
        return at;
    }

    [GeneratedRegex("""<table class="([a-z-]+)">""")]
    private static partial Regex TableClasses();

    [GeneratedRegex("<table")]
    private static partial Regex Tables();
}
