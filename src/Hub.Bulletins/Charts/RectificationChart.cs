using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Position">Shared by those that tie.</param>
/// <param name="HardwareScore">met / applicable, 0 to 1.</param>
/// <param name="SoftwareScore">Null where no item applies.</param>
public sealed record RectificationRow(
    string Branch, string BranchName, string Township, int Position, bool Tied, double? HardwareScore, double? SoftwareScore, int MonthsNoncompliant);

/// <param name="Rows">In the order of the list.</param>
public sealed record RectificationInput(string Title, string Subtitle, IReadOnlyList<RectificationRow> Rows, string Footnote, Language Language = Language.Chinese);

/// <summary>The branches to be put right, worst first: a table whose middle column shows the hardware score.</summary>
public static class RectificationChart
{
    /// <summary>What an A4 page holds; a picture of more rows shows the first and says how many are left out.</summary>
    public const int RowsPerPage = 40;

    private const float HeadingHeight = 44, PositionWidth = 96, TownshipGap = 18, ScoreWidth = 100, SoftwareWidth = 110;
    private const int LongestChars = 20;
    private const float SmallSize = 20;

    private static readonly Text PositionHeading = new("位次", "Position"), Tied = new("并列", "tied");
    private static readonly Text Branch = new("党支部", "Branch"), Township = new("所属单位", "Township");
    private static readonly Text Hardware = new("硬件得分", "Hardware"), Software = new("软件得分", "Software");
    private static readonly Text Months = new("未达标月数", "Months short");
    private static readonly Text NoRows = new("没有列入整顿名单的支部", "No branch is on the list");

    /// <summary>The list in parts that <see cref="Png"/> and <see cref="Svg"/> draw whole, each named by its page where there are more than one.</summary>
    public static IReadOnlyList<RectificationInput> Pages(RectificationInput input)
    {
        var pages = input.Rows.Chunk(RowsPerPage).ToList();
        if (pages.Count <= 1) return [input];
        return [.. pages.Select((rows, i) => input with
        {
            Rows = rows,
            Subtitle = input.Subtitle + new Text($"（第{i + 1}页，共{pages.Count}页）", $" (page {i + 1} of {pages.Count})").In(input.Language),
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
        return page.Svg(Words.Read(input.Rows.Take(RowsPerPage).Select(row => Read(row, input.Language)), input.Language));
    }

    private static string Read(RectificationRow row, Language language)
    {
        var position = row.Position.ToString(CultureInfo.InvariantCulture) + (row.Tied ? new Text("", " ").In(language) + Tied.In(language) : "");
        var (hardware, software) = (Shares.Text(row.HardwareScore, language), Shares.Text(row.SoftwareScore, language));
        return $"{position} {row.BranchName} {row.Township} " + new Text($"硬件{hardware} 软件{software} {row.MonthsNoncompliant}个月",
            $"hardware {hardware}, software {software}, {row.MonthsNoncompliant} {(row.MonthsNoncompliant == 1 ? "month" : "months")}").In(language);
    }

    private sealed record Columns(
        float RowHeight, float Size, float Top, float BranchLeft, float BranchWidth, float TownshipLeft, float TownshipWidth, ShareScale Score,
        Language Language)
    {
        public float Centre(int row) => Top + (row + 0.5f) * RowHeight;
        public float SoftwareRight => ChartPage.Right - MonthsWidth(Language);
        public SKRect Bar(int row, double share) =>
            new(Score.Left, Centre(row) - RowHeight * 0.29f, Score.X(share), Centre(row) + RowHeight * 0.29f);
    }

    private static ChartPage Draw(RectificationInput input)
    {
        var rows = input.Rows.Take(RowsPerPage).ToList();
        if (rows.Count == 0) return ChartPage.Saying(NoRows.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle);
        var columns = Layout(rows, page.BodyTop - 50 + HeadingHeight, input.Language);
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
        var note = left > 0 ? new Text($"仅列前{rows.Count}个，另有{left}个支部未列出。", $"Only the first {rows.Count} branches are listed; {left} more are not.").In(input.Language) : "";
        page.Close(bottom + 22, Words.Sentences(input.Language, note, input.Footnote));
        return page;
    }

    // Names of twelve characters, or of some twenty-five letters, fit both columns; a short one leaves its room to the other.
    private static float NamesRoom(Language language) => (language == Language.Chinese ? 24.2f : 26.5f) * SmallSize;

    private static Columns Layout(List<RectificationRow> rows, float top, Language language)
    {
        var (rowHeight, size) = TableRows.Of(rows.Count);
        float BranchWidth() => TableRows.NameWidth(rows.Select(row => row.BranchName), size, language, LongestChars);
        float TownshipWidth() => TableRows.NameWidth(rows.Select(row => row.Township), size, language);
        var room = NamesRoom(language);
        if (BranchWidth() + TownshipWidth() > room) size = SmallSize;
        var townshipWidth = Math.Min(TownshipWidth(), Math.Max(room / 2, room - BranchWidth()));
        var branchWidth = Math.Min(BranchWidth(), room - townshipWidth);
        var branchLeft = ChartPage.Margin + PositionWidth;
        var townshipLeft = branchLeft + branchWidth + TownshipGap;
        return new(rowHeight, size, top, branchLeft, branchWidth, townshipLeft, townshipWidth,
            new(townshipLeft + townshipWidth + 22, ChartPage.Right - MonthsWidth(language) - SoftwareWidth - ScoreWidth), language);
    }

    private static float MonthsWidth(Language language) => ChartFont.Width(Months.In(language), ChartPage.HeadingSize) + 15;

    private static void Headings(FigureInk ink, Columns columns)
    {
        void Heading(Text text, float x, SKTextAlign align) => ink.Text(text.In(columns.Language), x, columns.Top - 22, ChartPage.HeadingSize, Ink.Muted, align);
        Heading(PositionHeading, ChartPage.Margin, SKTextAlign.Left);
        Heading(Branch, columns.BranchLeft, SKTextAlign.Left);
        Heading(Township, columns.TownshipLeft, SKTextAlign.Left);
        Heading(Hardware, columns.Score.Right + ScoreWidth, SKTextAlign.Right);
        Heading(Software, columns.SoftwareRight, SKTextAlign.Right);
        Heading(Months, ChartPage.Right, SKTextAlign.Right);
    }

    private static void Row(FigureInk ink, RectificationRow row, int index, Columns columns)
    {
        var (y, size) = (columns.Centre(index), columns.Size);
        var position = row.Position.ToString(CultureInfo.InvariantCulture);
        ink.Text(position, ChartPage.Margin, y, size, Ink.Text);
        if (row.Tied) ink.Text(Tied.In(columns.Language), ChartPage.Margin + ChartFont.Width(position, size) + 6, y, size * 0.75f, Ink.Muted);
        ink.Text(TextFit.Cut(ChartFont.Drawable(row.BranchName), size, columns.BranchWidth), columns.BranchLeft, y, size, Ink.Text);
        ink.Text(TextFit.Cut(ChartFont.Drawable(row.Township), size, columns.TownshipWidth), columns.TownshipLeft, y, size, Ink.Text);
        ink.Text(Shares.Text(row.HardwareScore, columns.Language), columns.Score.Right + ScoreWidth, y, size - 2, Ink.Text, SKTextAlign.Right);
        ink.Text(Shares.Text(row.SoftwareScore, columns.Language), columns.SoftwareRight, y, size - 2, Ink.Muted, SKTextAlign.Right);
        ink.Text(row.MonthsNoncompliant.ToString(CultureInfo.InvariantCulture), ChartPage.Right, y, size, Ink.Text, SKTextAlign.Right);
    }
}
