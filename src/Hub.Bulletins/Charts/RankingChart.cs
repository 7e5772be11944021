using ScottPlot;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Township">Its code.</param>
/// <param name="Name">As registered: any text, drawn as plain text and cut with … where it is too long.</param>
/// <param name="Rank">Null where the hardware base is 0.</param>
/// <param name="HardwareShare">0 to 1; null where the hardware base is 0.</param>
/// <param name="Status"><c>missed</c>, <c>achieved</c>, <c>on_track</c>, <c>behind</c> or null.</param>
public sealed record RankingBar(string Township, string Name, int? Rank, int? PreviousRank, double? HardwareShare, string? Status);

/// <param name="Bars">In the order of the ranking, unranked townships last.</param>
/// <param name="TargetBp">The hardware target in force, in basis points; 0 draws no line.</param>
/// <param name="Pace">0 to 1; null draws no line.</param>
public sealed record RankingChartInput(
    string Title, string Subtitle, IReadOnlyList<RankingBar> Bars, int TargetBp, double? Pace, string Footnote);

/// <summary>Townships by hardware share, first on top: a table whose middle column is a bar chart.</summary>
public static class RankingChart
{
    /// <summary>Bars beyond this make a picture that no page holds; the caller splits the list.</summary>
    public const int MaxBars = 200;

    /// <summary>1200 px wide: 195 dpi in the text width of an A4 bulletin.</summary>
    public static byte[] Png(RankingChartInput input)
    {
        var layout = RankingLayout.Of(Checked(input));
        using var plot = Draw(input, layout);
        return plot.GetImageBytes(RankingLayout.Width, layout.Height, ImageFormat.Png);
    }

    /// <summary>The same picture with outlined text: it needs no font. Safe to embed in a page: names are never markup.</summary>
    public static string Svg(RankingChartInput input)
    {
        var layout = RankingLayout.Of(Checked(input));
        using var plot = Draw(input, layout);
        return OutlinedSvg.Of(plot.GetSvgXml(RankingLayout.Width, layout.Height), input.Title, Description(input));
    }

    private static RankingChartInput Checked(RankingChartInput input)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Bars.Count, MaxBars);
        return input;
    }

    private static Plot Draw(RankingChartInput input, RankingLayout layout)
    {
        ChartFont.Register();
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Layout.Frameless();
        plot.HideGrid();

        var under = new FigureInk();
        RankingTable.Headings(under, input, layout);
        RankingTable.Grid(under, layout);
        plot.Add.Plottable(under);

        plot.Add.Bars(Bars(input, layout));

        var over = new FigureInk();
        for (var row = 0; row < input.Bars.Count; row++) RankingTable.Row(over, input.Bars[row], row, layout);
        if (input.Bars.Count > 0) ReferenceLines.Draw(over, input, layout);
        plot.Add.Plottable(over);

        // One unit is one pixel, y downwards, so that every text can be measured and placed before anything is drawn.
        plot.Axes.SetLimits(0, RankingLayout.Width, layout.Height, 0);
        return plot;
    }

    private static Bar[] Bars(RankingChartInput input, RankingLayout layout) =>
        [.. input.Bars.Select((bar, row) => new Bar
        {
            Orientation = Orientation.Horizontal,
            Position = layout.RowCentre(row),
            Size = layout.BarHeight,
            ValueBase = layout.PlotLeft,
            Value = layout.X(Share(bar) ?? 0),
            FillColor = Color.FromSKColor(BarStyle.Of(bar.Status).Fill),
            LineWidth = 0,
        })];

    /// <summary>The share within 0 and 1; null where there is none (a 0/0 counts as none).</summary>
    internal static double? Share(RankingBar bar) =>
        bar.HardwareShare is { } share && double.IsFinite(share) ? Math.Clamp(share, 0, 1) : null;

    // What a screen reader reads in the place of the outlines.
    private static string Description(RankingChartInput input) =>
        string.Join("；", input.Bars.Select(bar => string.Join(' ', new[]
        {
            RankingTable.Rank(bar), bar.Name, RankingTable.Value(bar), BarStyle.Of(bar.Status).Label, RankingTable.Movement(bar),
        }.Where(part => part.Length > 0))).Append(input.Footnote).Where(part => part.Length > 0));
}
