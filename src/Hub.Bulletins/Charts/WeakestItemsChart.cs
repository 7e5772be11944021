using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Kind">The kind whose standard it belongs to, as people call it.</param>
/// <param name="Item">Its id, e.g. V3.1.</param>
/// <param name="MetShare">met / applicable; null counts as nothing applicable.</param>
public sealed record WeakItem(string Kind, string Item, string Title, int Met, int Applicable, double? MetShare);

/// <param name="Items">Weakest first; those after the tenth are not drawn.</param>
public sealed record WeakestItemsInput(string Title, string Subtitle, IReadOnlyList<WeakItem> Items, string Footnote, Language Language = Language.Chinese);

/// <summary>The items of the standards that the fewest branches meet.</summary>
public static class WeakestItemsChart
{
    public const int MaxItems = 10;

    private const float BarHeight = 34, TitleLine = 28, NumberWidth = 52, TitleSize = 24, KindSize = 18;
    private const int LongestTitleChars = 14, LongestEnglishTitleChars = 17;

    private static readonly Text ItemHeading = new("条目", "Item"), Counts = new("达标/适用", "Met/applicable");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(WeakestItemsInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(WeakestItemsInput input)
    {
        using var page = Draw(input);
        return page.Svg(Words.Read(input.Items.Take(MaxItems).Select(item =>
            $"{item.Item} {item.Title} {item.Kind} {Shares.Text(item.MetShare, input.Language)} {ShareValues.Counts(item.Met, item.Applicable)}"), input.Language));
    }

    private static ChartPage Draw(WeakestItemsInput input)
    {
        var items = input.Items.Take(MaxItems).ToList();
        if (items.Count == 0) return ChartPage.Saying(Words.NoFigures.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle);
        // Nothing needs a legend here; its line is taken by the headings.
        var top = page.BodyTop - 4;
        var textLeft = ChartPage.Margin + NumberWidth;
        var values = new ShareValues(items.Select(item => (item.Met, item.Applicable)), Counts.In(input.Language), input.Language);
        var titleWidth = TableRows.NameWidth(items.Select(item => item.Title), TitleSize, input.Language,
            input.Language == Language.Chinese ? LongestTitleChars : LongestEnglishTitleChars);
        // A title that is wider than its column takes a second line, in all rows.
        var titles = items.ConvertAll(item => TextFit.Wrap(ChartFont.Drawable(item.Title), TitleSize, titleWidth, 2));
        var titleLines = titles.Max(lines => lines.Count);
        var rowHeight = 40 + titleLines * TitleLine;
        var bottom = top + items.Count * rowHeight;
        var scale = new ShareScale(textLeft + titleWidth + 26, values.Left - 34);
        float Centre(int row) => top + (row + 0.5f) * rowHeight;
        SKRect Bar(int row) => new(scale.Left, Centre(row) - BarHeight / 2, scale.X(Shares.Shown(items[row].MetShare) ?? 0), Centre(row) + BarHeight / 2);

        var under = page.Layer();
        under.Text(ItemHeading.In(input.Language), textLeft, top - 24, ChartPage.HeadingSize, Ink.Muted);
        values.DrawHeadings(under, top - 24);
        scale.Lines(under, top, bottom);
        for (var row = 1; row < items.Count; row++) under.Line(ChartPage.Margin, top + row * rowHeight, ChartPage.Right, top + row * rowHeight, Ink.Rule, 1);
        under.Line(ChartPage.Margin, top, ChartPage.Right, top, Ink.Grey, 1.5f);
        under.Line(ChartPage.Margin, bottom, ChartPage.Right, bottom, Ink.Grey, 1.5f);
        page.Bars(items.Select((_, row) => (Bar(row), Ink.Blue)));

        var over = page.Layer();
        for (var row = 0; row < items.Count; row++)
        {
            var (item, centre) = (items[row], Centre(row));
            over.Text((row + 1).ToString(CultureInfo.InvariantCulture), ChartPage.Margin + NumberWidth / 2 - 6, centre, TitleSize, Ink.Muted, SKTextAlign.Center);
            var first = centre + 1 - titles[row].Count * TitleLine / 2f;
            for (var i = 0; i < titles[row].Count; i++) over.Text(titles[row][i], textLeft, first + i * TitleLine, TitleSize, Ink.Text);
            over.Fitted($"{item.Item}　{item.Kind}", textLeft, first + titles[row].Count * TitleLine + 3, KindSize, titleWidth, Ink.Muted);
            values.Draw(over, item.MetShare, item.Met, item.Applicable, centre);
        }
        scale.Ticks(over, bottom + 22);
        page.Close(bottom + 22, input.Footnote);
        return page;
    }
}
