using Hub.EndToEnd.Web;

namespace Hub.EndToEnd.Bulletins;

/// <summary>The pages of both PDFs, the browser's of the page and Writer's of the Word document, are those of GB/T 9704-2012: A4, 37 mm above
/// and 28 mm left of a text area of 156 × 225 mm, 22 lines of 28 characters.</summary>
[Collection(CountyInPrint.Collection)]
public sealed class PageLayoutTests(CountyInPrint county)
{
    private const double Top = 37, Left = 28, TextWidth = 156, TextHeight = 225, CharacterWidth = TextWidth / 28, LinePitch = TextHeight / 22;
    private const double PointsPerMillimetre = 72 / 25.4;

    [BrowserFact]
    public void The_page_as_the_browser_prints_it() => IsOfficial(county.Chinese.Pdf);

    [BrowserFact]
    public void A_table_of_a_dozen_rows_stands_on_one_page()
    {
        foreach (var bulletin in new[] { county.Chinese, county.English })
        {
            var pages = new PdfReading(bulletin.Pdf).Pages.Select(p => string.Concat(p.Letters.Select(l => l.Text))).ToList();
            var small = new HtmlReading(bulletin.Html).Tables.Where(t => t.Rows.Count <= 12).ToList();
            Assert.InRange(small.Count, 3, 10);
            Assert.All(small, table =>
            {
                var page = pages.Single(p => p.Contains(PdfReading.Bare(table.Caption), StringComparison.Ordinal));
                Assert.All(table.Rows, row => Assert.Contains(PdfReading.Bare(string.Concat(row)), page, StringComparison.Ordinal));
            });
        }
    }

    [WriterFact]
    public async Task The_Word_document_as_Writer_prints_it() => IsOfficial(await WriterPrint.ToPdfAsync(county.Chinese.Docx));

    private static void IsOfficial(byte[] pdf)
    {
        var pages = new PdfReading(pdf).Pages;
        Assert.All(pages, page => Assert.Equal((210, 297), (Math.Round(page.Width), Math.Round(page.Height))));
        // The long text runs on over more than two pages: those that it fills hold nothing else.
        var full = pages.Where(p => p.Letters.Except(p.Footer).Select(l => l.Text) is var text && text.Any() && text.All(CountyInPrint.PlainCharacters.Contains)).ToList();
        Assert.True(full.Count >= 2, $"{full.Count} pages are full of text");
        Assert.All(full, FillsItsPage);
        for (var i = 0; i < pages.Count; i++) HasItsNumber(pages[i], i + 1);
        // Nothing stands outside the text area but the page number.
        Assert.All(pages.SelectMany(p => p.Letters.Except(p.Footer)), l => Assert.InRange(l.Left, Left - 0.3, Left + TextWidth - l.Width + CharacterWidth));
        Assert.All(pages.SelectMany(p => p.Letters), l => Assert.True(l.Baseline > Top));
    }

    private static void FillsItsPage(PdfPage page)
    {
        var lines = page.Lines;
        Assert.Equal(22, lines.Count);
        Assert.All(lines, line => Assert.Equal(28, line.Count));
        Assert.All(lines, line => Assert.InRange(line[0].Left, Left - 0.3, Left + 0.3));
        Assert.All(lines.SelectMany(l => l), l => Assert.Equal(16, l.Size, 0.1));
        Assert.All(lines, line => Assert.InRange(line[^1].Left + line[^1].Width, Left + TextWidth - 0.7, Left + TextWidth + 0.7));
        // Each line stands within its twenty-second of the height.
        for (var i = 0; i < 22; i++)
            Assert.InRange(lines[i][0].Baseline, Top + i * LinePitch + 16 / PointsPerMillimetre * 0.8, Top + (i + 1) * LinePitch);
    }

    /// <summary>— 1 — of size 14, a character in from the outer edge: odd pages right, even ones left. Its dash stands 7 mm below the text.</summary>
    private static void HasItsNumber(PdfPage page, int number)
    {
        const double character = 14 / PointsPerMillimetre;
        Assert.Equal($"—{number}—", string.Concat(page.Footer.Select(l => l.Text)));
        Assert.All(page.Footer, l => Assert.Equal(14, l.Size, 0.1));
        var edge = number % 2 == 1 ? Left + TextWidth - (page.Footer[^1].Left + page.Footer[^1].Width) : page.Footer[0].Left - Left;
        Assert.InRange(edge, character - 1, character + 1);
        var dash = page.Footer[0].Baseline - character * 0.35;
        Assert.InRange(dash, Top + TextHeight + 6.4, Top + TextHeight + 7.6);
    }
}
