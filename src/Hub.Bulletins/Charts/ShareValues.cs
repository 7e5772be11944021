using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>The right edge of a bar table: the share, and beside it the counts that it comes from, each a column of one size.</summary>
internal sealed class ShareValues
{
    private const float Size = 22, CountSize = 19, Gap = 20;

    private readonly Language language;
    private readonly float countsWidth;

    public ShareValues(IEnumerable<(int Part, int Whole)> counts, string heading, Language language)
    {
        this.language = language;
        countsWidth = Math.Max(counts.Select(count => ChartFont.Width(Counts(count.Part, count.Whole), CountSize)).DefaultIfEmpty(0).Max(),
            ChartFont.Width(heading, ChartPage.HeadingSize));
        Heading = heading;
    }

    /// <summary>Of the counts.</summary>
    public string Heading { get; }
    public float SharesRight => ChartPage.Right - countsWidth - Gap;
    public float Left => SharesRight - ChartFont.Width("100.0%", Size);

    public static string Counts(int part, int whole) => string.Create(CultureInfo.InvariantCulture, $"{part}/{whole}");

    public void DrawHeadings(FigureInk ink, float y)
    {
        ink.Text(Words.Share.In(language), SharesRight, y, ChartPage.HeadingSize, Ink.Muted, SKTextAlign.Right);
        ink.Text(Heading, ChartPage.Right, y, ChartPage.HeadingSize, Ink.Muted, SKTextAlign.Right);
    }

    public void Draw(FigureInk ink, double? share, int part, int whole, float y)
    {
        var none = Shares.Shown(share) is null;
        ink.Text(Shares.Text(share, language), SharesRight, y, none ? Size - 2 : Size, none ? Ink.Muted : Ink.Text, SKTextAlign.Right);
        ink.Text(Counts(part, whole), ChartPage.Right, y, CountSize, Ink.Muted, SKTextAlign.Right);
    }
}
