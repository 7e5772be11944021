using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Heading">Wrapped to the column; \n begins a line.</param>
/// <param name="Group">Neighbours of one group share a heading above theirs; empty for none.</param>
internal sealed record GridColumn(string Heading, string Group);

/// <summary>A table with a name before each row and a cell for each column: where everything stands, and its headings.</summary>
internal sealed class CellGrid
{
    private const float HeadingSize = 18, HeadingLine = 23, GroupSize = 20, GroupHeight = 34, NameGap = 16;
    private const float LongestTurned = 230;

    private readonly IReadOnlyList<string> names;
    private readonly IReadOnlyList<GridColumn> columns;
    private readonly List<IReadOnlyList<string>> headings;
    private readonly float top, rowHeight, columnWidth, left, nameWidth;
    private readonly float headingHeight;
    private readonly bool hasGroups, turned;
    private readonly Language language;

    public CellGrid(IReadOnlyList<string> names, IReadOnlyList<GridColumn> columns, float top, float widestColumnPx, Language language)
    {
        (this.names, this.columns, this.language) = (names, columns, language);
        (rowHeight, var textSize) = TableRows.Of(names.Count);
        // Many columns need the width that large names would take.
        TextSize = columns.Count > 8 ? Math.Min(textSize, 20) : textSize;
        nameWidth = TableRows.NameWidth(names, TextSize, language);
        left = ChartPage.Margin + nameWidth + NameGap;
        columnWidth = Math.Min((ChartPage.Right - left) / Math.Max(columns.Count, 1), widestColumnPx);
        // Chinese breaks between any two characters; a word that is wider than its column reads better turned than broken.
        turned = language != Language.Chinese && columns.Any(column => TextFit.WidestWord(ChartFont.Drawable(column.Heading), HeadingSize) > HeadingRoom);
        headings = [.. columns.Select(column => turned ? Turned(column.Heading) : Upright(column.Heading))];
        headingHeight = turned
            ? 6 + headings.SelectMany(lines => lines).Select(line => ChartFont.Width(line, HeadingSize)).DefaultIfEmpty(0).Max()
            : HeadingLine * headings.Select(lines => lines.Count).DefaultIfEmpty(1).Max();
        hasGroups = columns.Any(column => column.Group.Length > 0);
        this.top = top + (hasGroups ? GroupHeight : 0) + 16 + headingHeight;
    }

    private float HeadingRoom => columnWidth - (columnWidth > 90 ? 14 : 5);

    // English takes more lines, because it breaks at words alone.
    private int MaxHeadingLines => language == Language.Chinese ? 5 : 7;

    // A long first part leaves the parts below it a line each.
    private IReadOnlyList<string> Upright(string heading)
    {
        var parts = heading.Split('\n');
        return [.. parts.SelectMany((part, i) => TextFit.WrapEvenly(ChartFont.Drawable(part), HeadingSize, HeadingRoom, MaxHeadingLines - (i == 0 ? parts.Length - 1 : 0)))
            .Take(MaxHeadingLines)];
    }

    private IReadOnlyList<string> Turned(string heading) =>
        TextFit.WrapEvenly(ChartFont.Drawable(heading), HeadingSize, LongestTurned, Math.Clamp((int)(columnWidth / HeadingLine), 1, MaxHeadingLines));

    public float TextSize { get; }
    public float Bottom => top + names.Count * rowHeight;

    /// <summary>The cell without the gap between cells.</summary>
    public SKRect Cell(int row, int column) =>
        SKRect.Inflate(SKRect.Create(left + column * columnWidth, top + row * rowHeight, columnWidth, rowHeight), -1.5f, -1.5f);

    public void Draw(FigureInk ink)
    {
        ink.Text(Words.Township.In(language), ChartPage.Margin, top - 16 - HeadingLine / 2 + 4, ChartPage.HeadingSize, Ink.Muted);
        for (var column = 0; column < columns.Count; column++) Heading(ink, column);
        if (hasGroups) Groups(ink);
        var right = Math.Max(left + columns.Count * columnWidth, left);
        for (var row = 0; row < names.Count; row++)
        {
            var y = top + row * rowHeight;
            if (row > 0) ink.Line(ChartPage.Margin, y, left - 4, y, Ink.Rule, 1);
            ink.Text(TextFit.Cut(ChartFont.Drawable(names[row]), TextSize, nameWidth), ChartPage.Margin, y + rowHeight / 2, TextSize, Ink.Text);
        }
        ink.Line(ChartPage.Margin, top, right, top, Ink.Grey, 1.5f);
        ink.Line(ChartPage.Margin, Bottom, right, Bottom, Ink.Grey, 1.5f);
    }

    /// <summary>One size at which each of the texts fits a cell: cells of different sizes would look like different weights.</summary>
    public float CellTextSize(IEnumerable<string> texts)
    {
        var largest = Math.Min(TextSize, 20);
        var room = columnWidth - 8;
        return texts.Distinct().Select(text => TextFit.Shrink(text, largest, room).SizePx).DefaultIfEmpty(largest).Min();
    }

    /// <summary>Text in the middle of a cell.</summary>
    public static void CellText(FigureInk ink, SKRect cell, string text, SKColor colour, float sizePx) =>
        ink.Fitted(text, cell.MidX, cell.MidY, sizePx, cell.Width - 4, colour, SKTextAlign.Center);

    // Headings stand on the table, whatever their number of lines; turned ones are read from the table upwards.
    private void Heading(FigureInk ink, int column)
    {
        var lines = headings[column];
        var centre = left + (column + 0.5f) * columnWidth;
        if (turned)
        {
            var left = centre - (lines.Count - 1) * HeadingLine / 2;
            for (var i = 0; i < lines.Count; i++) ink.Turned(lines[i], left + i * HeadingLine, top - 12, HeadingSize, Ink.Muted);
            return;
        }
        var first = top - 12 - lines.Count * HeadingLine + HeadingLine / 2;
        for (var i = 0; i < lines.Count; i++) ink.Text(lines[i], centre, first + i * HeadingLine, HeadingSize, Ink.Muted, SKTextAlign.Center);
    }

    private void Groups(FigureInk ink)
    {
        var y = top - 16 - headingHeight;
        for (int from = 0, to; from < columns.Count; from = to)
        {
            for (to = from + 1; to < columns.Count && columns[to].Group == columns[from].Group; to++) { }
            var (start, end) = (left + from * columnWidth + 3, left + to * columnWidth - 3);
            ink.Fitted(columns[from].Group, (start + end) / 2, y - GroupHeight / 2, GroupSize, end - start, Ink.Text, SKTextAlign.Center);
            ink.Line(start, y, end, y, Ink.Grey, 1.2f);
            if (from > 0) ink.Line(start - 3, top, start - 3, Bottom, Ink.Grey, 1.2f);
        }
    }
}
