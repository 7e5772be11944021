using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>The tabular part of a ranking chart: headings, grid and the texts of each row.</summary>
internal static class RankingTable
{
    private static readonly Text RankHeading = new("位次", "Rank");
    private static readonly Text NoRows = new("本期没有单位", "No townships this month");

    public static void Headings(FigureInk ink, RankingLayout layout)
    {
        void Heading(Text text, float x, SKTextAlign align) =>
            ink.Text(text.In(layout.Language), x, RankingLayout.HeadingY, ChartPage.HeadingSize, Ink.Muted, align);
        Heading(RankHeading, layout.RankX, SKTextAlign.Center);
        if (layout.HasMovement) Heading(Words.Change, layout.MovementX, SKTextAlign.Center);
        Heading(Words.Township, layout.NameLeft, SKTextAlign.Left);
        Heading(Words.Share, RankingLayout.Right, SKTextAlign.Right);
    }

    public static void Grid(FigureInk ink, RankingLayout layout)
    {
        const float top = RankingLayout.RowsTop, left = RankingLayout.Margin, right = RankingLayout.Right;
        if (layout.Rows == 0) ink.Text(NoRows.In(layout.Language), (left + right) / 2, layout.RowCentre(0), layout.TextSize, Ink.Muted, SKTextAlign.Center);
        else Scale(ink, layout);
        for (var y = top + layout.RowHeight; y < layout.RowsBottom - 1; y += layout.RowHeight) ink.Line(left, y, right, y, Ink.Rule, 1);
        ink.Line(left, top, right, top, Ink.Grey, 1.5f);
        ink.Line(left, layout.RowsBottom, right, layout.RowsBottom, Ink.Grey, 1.5f);
    }

    private static void Scale(FigureInk ink, RankingLayout layout)
    {
        for (var percent = 0; percent <= 100; percent += 20)
        {
            var x = layout.X(percent / 100d);
            ink.Line(x, RankingLayout.RowsTop, x, layout.RowsBottom, percent == 0 ? Ink.Grey : Ink.Rule, 1.5f);
            ink.Text(string.Create(CultureInfo.InvariantCulture, $"{percent}%"), x, layout.TickY, 18, Ink.Muted, SKTextAlign.Center);
        }
    }

    public static void Row(FigureInk ink, RankingBar bar, int row, RankingLayout layout)
    {
        var y = layout.RowCentre(row);
        var size = layout.TextSize;
        ink.Text(Rank(bar), layout.RankX, y, size, Ink.Text, SKTextAlign.Center);
        if (layout.HasMovement) Movement(ink, Movement(bar, layout.Language), layout.MovementX, y, size - 2);
        ink.Text(TextFit.Cut(ChartFont.Drawable(bar.Name), size, layout.NameWidth), layout.NameLeft, y, size, Ink.Text);
        var none = Shares.Shown(bar.HardwareShare) is null;
        ink.Text(Shares.Text(bar.HardwareShare, layout.Language), RankingLayout.Right, y, none ? size - 2 : size, none ? Ink.Muted : Ink.Text, SKTextAlign.Right);

        BarStyle.Of(bar.Status).Finish(ink, layout.Bar(row, Shares.Shown(bar.HardwareShare) ?? 0));
    }

    public static string Rank(RankingBar bar) => bar.Rank?.ToString(CultureInfo.InvariantCulture) ?? "—";

    /// <summary>Against the rank of the period before; empty where it is unranked now.</summary>
    public static string Movement(RankingBar bar, Language language) =>
        bar.Rank is null ? "" : RankingMovementChart.Movement(bar.PreviousRank, bar.Rank, language);

    /// <summary>Arrows stand below each other, and so do the first digits.</summary>
    public static void Movement(FigureInk ink, string movement, float x, float y, float sizePx)
    {
        if (movement.Length > 0 && movement[0] is '▲' or '▼')
        {
            var colour = movement[0] == '▲' ? Ink.Navy : Ink.Red;
            ink.Text(movement[..1], x - 2, y, sizePx * 0.85f, colour, SKTextAlign.Right);
            ink.Text(movement[1..], x + 3, y, sizePx, colour);
        }
        else if (movement.Length > 0)
        {
            ink.Text(movement, x, y, sizePx, Ink.Muted, SKTextAlign.Center);
        }
    }
}
