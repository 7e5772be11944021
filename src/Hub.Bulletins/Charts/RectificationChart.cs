using System.Globalization;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Position">Shared by those that tie.</param>
/// <param name="HardwareScore">met / applicable, 0 to 1.</param>
/// <param name="SoftwareScore">Null where no item applies.</param>
public sealed record RectificationRow(
    string Branch, string BranchName, string Township, int Position, bool Tied, double? HardwareScore, double? SoftwareScore, int MonthsNoncompliant);

/// <param name="Rows">In the order of the list.</param>
public sealed record RectificationInput(string Title, string Subtitle, IReadOnlyList<RectificationRow> Rows, string Footnote);

/// <summary>The branches to be put right, worst first: a table whose middle column shows the hardware score.</summary>
public static class RectificationChart
{
    /// <summary>What an A4 page holds; a picture of more rows shows the first and says how many are left out.</summary>
    public const int RowsPerPage = 40;

    private const float HeadingHeight = 44, PositionWidth = 96, TownshipGap = 18, ScoreWidth = 100, SoftwareWidth = 110, MonthsWidth = 110;
    // Names of twelve characters fit both columns; a short one leaves its room to the other.
    private const int LongestChars = 20;
    private const float NamesRoom = 24.2f * SmallSize, SmallSize = 20;

    /// <summary>The list in parts that <see cref="Png"/> and <see cref="Svg"/> draw whole, each named by its page where there are more than one.</summary>
    public static IReadOnlyList<RectificationInput> Pages(RectificationInput input)
    {
        var pages = input.Rows.Chunk(RowsPerPage).ToList();
        if (pages.Count <= 1) return [input];
        return [.. pages.Select((rows, i) => input with
        {
            Rows = rows,
            Subtitle = input.Subtitle + string.Create(CultureInfo.InvariantCulture, $"（第{i + 1}页，共{pages.Count}页）"),
        })];
    }

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(RectificationInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(RectificationInput input)
    {
        using var page = Draw(input);
        return page.Svg(string.Join('；', input.Rows.Take(RowsPerPage).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{Position(row)} {row.BranchName} {row.Township} 硬件{Shares.Text(row.HardwareScore)} 软件{Shares.Text(row.SoftwareScore)} {row.MonthsNoncompliant}个月"))));
    }

    private static string Position(RectificationRow row) => row.Position.ToString(CultureInfo.InvariantCulture) + (row.Tied ? "并列" : "");

    private sealed record Columns(
        float RowHeight, float Size, float Top, float BranchLeft, float BranchWidth, float TownshipLeft, float TownshipWidth, ShareScale Score)
    {
        public float Centre(int row) => Top + (row + 0.5f) * RowHeight;
        public float SoftwareRight => ChartPage.Right - MonthsWidth;
        public SKRect Bar(int row, double share) =>
            new(Score.Left, Centre(row) - RowHeight * 0.29f, Score.X(share), Centre(row) + RowHeight * 0.29f);
    }

    private static ChartPage Draw(RectificationInput input)
    {
        var rows = input.Rows.Take(RowsPerPage).ToList();
        if (rows.Count == 0) return ChartPage.Saying("没有列入整顿名单的支部", input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle);
        var columns = Layout(rows, page.BodyTop - 50 + HeadingHeight);
        var bottom = columns.Top + rows.Count * columns.RowHeight;

        var under = page.Layer();
        Headings(under, columns);
        columns.Score.Lines(under, columns.Top, bottom);
        for (var row = 1; row < rows.Count; row++)
            under.Line(ChartPage.Margin, columns.Top + row * columns.RowHeight, ChartPage.Right, columns.Top + row * columns.RowHeight, Ink.Rule, 1);
        under.Line(ChartPage.Margin, columns.Top, ChartPage.Right, columns.Top, Ink.Grey, 1.5f);
        under.Line(ChartPage.Margin, bottom, ChartPage.Right, bottom, Ink.Grey, 1.5f);
        page.Bars(rows.Select((row, i) => (columns.Bar(i, Shares.Shown(row.HardwareScore) ?? 0), Ink.Blue)));

        var over = page.Layer();
        for (var i = 0; i < rows.Count; i++) Row(over, rows[i], i, columns);
        columns.Score.Ticks(over, bottom + 22);
        var left = input.Rows.Count - rows.Count;
        var note = left > 0 ? string.Create(CultureInfo.InvariantCulture, $"仅列前{rows.Count}个，另有{left}个支部未列出。") : "";
        page.Close(bottom + 22, note + input.Footnote);
        return page;
    }

    private static Columns Layout(List<RectificationRow> rows, float top)
    {
        var (rowHeight, size) = TableRows.Of(rows.Count);
        float BranchWidth() => TableRows.NameWidth(rows.Select(row => row.BranchName), size, LongestChars);
        float TownshipWidth() => TableRows.NameWidth(rows.Select(row => row.Township), size);
        if (BranchWidth() + TownshipWidth() > NamesRoom) size = SmallSize;
        var townshipWidth = TownshipWidth();
        var branchWidth = Math.Min(BranchWidth(), NamesRoom - townshipWidth);
        var branchLeft = ChartPage.Margin + PositionWidth;
        var townshipLeft = branchLeft + branchWidth + TownshipGap;
        return new(rowHeight, size, top, branchLeft, branchWidth, townshipLeft, townshipWidth,
            new(townshipLeft + townshipWidth + 22, ChartPage.Right - MonthsWidth - SoftwareWidth - ScoreWidth));
    }

    private static void Headings(FigureInk ink, Columns columns)
    {
        void Heading(string text, float x, SKTextAlign align) => ink.Text(text, x, columns.Top - 22, ChartPage.HeadingSize, Ink.Muted, align);
        Heading("位次", ChartPage.Margin, SKTextAlign.Left);
        Heading("党支部", columns.BranchLeft, SKTextAlign.Left);
        Heading("所属单位", columns.TownshipLeft, SKTextAlign.Left);
        Heading("硬件得分", columns.Score.Right + ScoreWidth, SKTextAlign.Right);
        Heading("软件得分", columns.SoftwareRight, SKTextAlign.Right);
        Heading("未达标月数", ChartPage.Right, SKTextAlign.Right);
    }

    private static void Row(FigureInk ink, RectificationRow row, int index, Columns columns)
    {
        var (y, size) = (columns.Centre(index), columns.Size);
        var position = row.Position.ToString(CultureInfo.InvariantCulture);
        ink.Text(position, ChartPage.Margin, y, size, Ink.Text);
        if (row.Tied) ink.Text("并列", ChartPage.Margin + ChartFont.Width(position, size) + 6, y, size * 0.75f, Ink.Muted);
        ink.Text(TextFit.Cut(ChartFont.Drawable(row.BranchName), size, columns.BranchWidth), columns.BranchLeft, y, size, Ink.Text);
        ink.Text(TextFit.Cut(ChartFont.Drawable(row.Township), size, columns.TownshipWidth), columns.TownshipLeft, y, size, Ink.Text);
        ink.Text(Shares.Text(row.HardwareScore), columns.Score.Right + ScoreWidth, y, size - 2, Ink.Text, SKTextAlign.Right);
        ink.Text(Shares.Text(row.SoftwareScore), columns.SoftwareRight, y, size - 2, Ink.Muted, SKTextAlign.Right);
        ink.Text(row.MonthsNoncompliant.ToString(CultureInfo.InvariantCulture), ChartPage.Right, y, size, Ink.Text, SKTextAlign.Right);
    }
}
