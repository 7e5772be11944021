using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A PDF read back: its letters where they stand, in millimetres from the page's upper left corner. Pictures are outlines and have
/// no letters.</summary>
internal sealed class PdfReading
{
    private const double PointsPerMillimetre = 72 / 25.4;

    /// <summary>The text area of GB/T 9704-2012 ends 35 mm above the lower edge; the page number stands below.</summary>
    private const double TextBottom = 297 - 35;

    public PdfReading(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        Pages = [.. document.GetPages().Select(page => new PdfPage(
            page.Width / PointsPerMillimetre, page.Height / PointsPerMillimetre, [.. page.Letters.Where(l => !string.IsNullOrWhiteSpace(l.Value)).Select(l => Read(l, page.Height))]))];
    }

    public IReadOnlyList<PdfPage> Pages { get; }

    /// <summary>The text of all pages in the order in which it was written, without white space, without page numbers.</summary>
    public string Text => string.Concat(Pages.SelectMany(p => p.Letters).Where(l => l.Baseline < TextBottom).Select(l => l.Text));

    public static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static PdfLetter Read(Letter letter, double height) =>
        new(letter.Value, letter.StartBaseLine.X / PointsPerMillimetre, (height - letter.StartBaseLine.Y) / PointsPerMillimetre, letter.Width / PointsPerMillimetre, letter.PointSize);
}

/// <param name="Size">Of the type, in points.</param>
internal sealed record PdfLetter(string Text, double Left, double Baseline, double Width, double Size);

internal sealed record PdfPage(double Width, double Height, IReadOnlyList<PdfLetter> Letters)
{
    /// <summary>Below the text area.</summary>
    public IReadOnlyList<PdfLetter> Footer => [.. Letters.Where(l => l.Baseline > Height - 35)];

    /// <summary>Lines of the text area from above, each from the left.</summary>
    public IReadOnlyList<IReadOnlyList<PdfLetter>> Lines => [.. Letters.Except(Footer).GroupBy(l => Math.Round(l.Baseline, 1)).OrderBy(g => g.Key)
        .Select(g => (IReadOnlyList<PdfLetter>)[.. g.OrderBy(l => l.Left)])];
}
