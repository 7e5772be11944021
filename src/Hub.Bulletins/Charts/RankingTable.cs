using System.Globalization;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>The tabular part of a ranking chart: title, legend, headings, grid and the texts of each row.</summary>
internal static class RankingTable
{
    private const float SwatchWidth = 34, SwatchHeight = 18, SwatchGap = 10, EntryGap = 40;

    public static void Headings(FigureInk ink, RankingChartInput input, RankingLayout layout)
    {
        const float middle = RankingLayout.Width / 2f, room = RankingLayout.Right - RankingLayout.Margin;
        var title = TextFit.Shrink(ChartFont.Drawable(input.Title), RankingLayout.TitleSize, room);
        ink.Text(title.Text, middle, RankingLayout.TitleY, title.SizePx, Ink.Text, SKTextAlign.Center);
        var subtitle = TextFit.Shrink(ChartFont.Drawable(input.Subtitle), RankingLayout.SubtitleSize, room);
        ink.Text(subtitle.Text, middle, RankingLayout.SubtitleY, subtitle.SizePx, Ink.Muted, SKTextAlign.Center);
        Legend(ink, input);

        void Heading(string text, float x, SKTextAlign align) =>
            ink.Text(text, x, RankingLayout.HeadingY, RankingLayout.HeadingSize, Ink.Muted, align);
        Heading("位次", layout.RankX, SKTextAlign.Center);
        if (layout.HasMovement) Heading("升降", layout.MovementX, SKTextAlign.Center);
        Heading("单位", layout.NameLeft, SKTextAlign.Left);
        Heading("达标率", RankingLayout.Right, SKTextAlign.Right);
    }

    private static void Legend(FigureInk ink, RankingChartInput input)
    {
        var shown = BarStyle.All.Where(style => input.Bars.Any(bar => BarStyle.Of(bar.Status) == style)).ToList();
        var widths = shown.ConvertAll(style => SwatchWidth + SwatchGap + ChartFont.Width(style.Label, RankingLayout.LegendSize));
        var x = (RankingLayout.Width - widths.Sum() - EntryGap * (shown.Count - 1)) / 2;
        for (var i = 0; i < shown.Count; i++)
        {
            var swatch = SKRect.Create(x, RankingLayout.LegendY - SwatchHeight / 2, SwatchWidth, SwatchHeight);
            ink.Fill(swatch, shown[i].Fill);
            shown[i].Finish(ink, swatch);
            ink.Text(shown[i].Label, swatch.Right + SwatchGap, RankingLayout.LegendY, RankingLayout.LegendSize, Ink.Text);
            x += widths[i] + EntryGap;
        }
    }

    public static void Grid(FigureInk ink, RankingLayout layout)
    {
        const float top = RankingLayout.RowsTop, left = RankingLayout.Margin, right = RankingLayout.Right;
        if (layout.Rows == 0) ink.Text("本期没有单位", (left + right) / 2, layout.RowCentre(0), layout.TextSize, Ink.Muted, SKTextAlign.Center);
        else Scale(ink, layout);
        for (var y = top + layout.RowHeight; y < layout.RowsBottom - 1; y += layout.RowHeight) ink.Line(left, y, right, y, Ink.Rule, 1);
        ink.Line(left, top, right, top, Ink.Grey, 1.5f);
        ink.Line(left, layout.RowsBottom, right, layout.RowsBottom, Ink.Grey, 1.5f);
        for (var i = 0; i < layout.FootnoteLines.Count; i++)
        {
            var y = layout.FootnoteY + i * RankingLayout.FootnoteLine;
            ink.Text(layout.FootnoteLines[i], left, y, RankingLayout.FootnoteSize, Ink.Muted);
        }
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
        if (layout.HasMovement) DrawMovement(ink, bar, y, layout);
        ink.Text(TextFit.Cut(ChartFont.Drawable(bar.Name), size, layout.NameWidth), layout.NameLeft, y, size, Ink.Text);
        var none = RankingChart.Share(bar) is null;
        ink.Text(Value(bar), RankingLayout.Right, y, none ? size - 2 : size, none ? Ink.Muted : Ink.Text, SKTextAlign.Right);

        var end = layout.X(RankingChart.Share(bar) ?? 0);
        BarStyle.Of(bar.Status).Finish(ink, new SKRect(layout.PlotLeft, y - layout.BarHeight / 2, end, y + layout.BarHeight / 2));
    }

    public static string Rank(RankingBar bar) => bar.Rank?.ToString(CultureInfo.InvariantCulture) ?? "—";

    public static string Value(RankingBar bar) => RankingChart.Share(bar) is { } share ? Percent.OneDecimal(share) : "无基数";

    /// <summary>Against the rank of the period before: ▲ up, ▼ down, — as before, 新 newly ranked; empty where unranked.</summary>
    public static string Movement(RankingBar bar)
    {
        if (bar.Rank is not { } rank) return "";
        if (bar.PreviousRank is not { } previous) return "新";
        var places = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(previous - rank)}");
        return previous > rank ? "▲" + places : previous < rank ? "▼" + places : "—";
    }

    // Arrows stand below each other, and so do the first digits.
    private static void DrawMovement(FigureInk ink, RankingBar bar, float y, RankingLayout layout)
    {
        var movement = Movement(bar);
        var size = layout.TextSize - 2;
        if (movement.Length > 0 && movement[0] is '▲' or '▼')
        {
            var colour = movement[0] == '▲' ? Ink.Navy : Ink.Red;
            ink.Text(movement[..1], layout.MovementX - 2, y, size * 0.85f, colour, SKTextAlign.Right);
            ink.Text(movement[1..], layout.MovementX + 3, y, size, colour);
        }
        else if (movement.Length > 0)
        {
            ink.Text(movement, layout.MovementX, y, size, Ink.Muted, SKTextAlign.Center);
        }
    }
}
