using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Shares">In the order of time; 0 to 1, null or a missing month leaves a gap.</param>
/// <param name="Status">Of the last month: <c>missed</c>, <c>achieved</c>, <c>on_track</c>, <c>behind</c> or null.</param>
public sealed record TrendPanel(string Township, string Name, string? Status, IReadOnlyList<PanelMonth> Shares);

public sealed record PanelMonth(Period Period, double? Share);

/// <param name="Months">Target and pace, the same in each panel; their shares are not drawn.</param>
/// <param name="Panels">In reading order, e.g. that of the ranking.</param>
public sealed record SmallMultiplesInput(
    string Title, string Subtitle, IReadOnlyList<TrendMonth> Months, IReadOnlyList<TrendPanel> Panels, string Footnote,
    Language Language = Language.Chinese);

/// <summary>A small trend of each township on one scale, for comparing shapes at a glance.</summary>
public static class SmallMultiplesChart
{
    private const float ScaleWidth = 52, ColumnGap = 30, NameLine = 26, ValueSize = 19;

    private sealed record Grid(int Columns, float PanelWidth, float PlotHeight, int NameLines, float NameSize, float Top)
    {
        public float ValueWidth { get; } = ChartFont.Width("100.0%", ValueSize) + 8;
        public float NameRoom => PanelWidth - ValueWidth - 24;
        public float RowHeight => NameLines * NameLine + 8 + PlotHeight + (NameLines == 1 ? 26 : 18);

        public SKRect Plot(int index)
        {
            var left = ChartPage.Margin + ScaleWidth + index % Columns * (PanelWidth + ColumnGap);
            return SKRect.Create(left, Top + index / Columns * RowHeight + NameLines * NameLine + 8, PanelWidth, PlotHeight);
        }
    }

    private static readonly Text PanelWithoutFigures = new("无数据", "no figures");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(SmallMultiplesInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(SmallMultiplesInput input)
    {
        using var page = Draw(input);
        return page.Svg(Words.Read(input.Panels.Select(panel => $"{panel.Name} {Last(panel)}"), input.Language));
    }

    private static ChartPage Draw(SmallMultiplesInput input)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Panels.Count, ChartPage.MaxRows);
        if (input.Panels.Count == 0 || input.Months.Count == 0)
            return ChartPage.Saying(Words.NoFigures.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle, [.. Legend(input)]);
        var grid = Layout(input, page.BodyTop);
        for (var i = 0; i < input.Panels.Count; i++) Panel(page, input, input.Panels[i], grid, i);
        var gap = input.Panels.Any(panel => panel.Shares.Any(month => Shares.Shown(month.Share) is null)) ? Words.BrokenLine.In(input.Language) : "";
        page.Close(grid.Plot(input.Panels.Count - 1).Bottom + 30, Words.Sentences(input.Language, gap, input.Footnote));
        return page;
    }

    private static IEnumerable<LegendEntry> Legend(SmallMultiplesInput input)
    {
        foreach (var style in BarStyle.All.Where(style => input.Panels.Any(panel => BarStyle.Of(panel.Status) == style))) yield return LegendEntry.Swatch(style, input.Language);
        if (input.Months.Any(month => month.TargetBp > 0)) yield return new(Words.Target.In(input.Language), (ink, r) => ink.Line(r.Left, r.MidY, r.Right, r.MidY, Ink.Red, 2));
        if (input.Months.Any(month => month.Pace is not null))
            yield return new(Words.Pace.In(input.Language), (ink, r) => ink.Dashed([new(r.Left, r.MidY), new(r.Right, r.MidY)], Ink.Muted, 1.5f, 5, 4));
    }

    // Forty panels fill an A4 page in four columns. Names that do not fit beside the value take a second line, in all panels.
    private static Grid Layout(SmallMultiplesInput input, float top)
    {
        var (columns, plotHeight) = input.Panels.Count switch { <= 4 => (2, 220f), <= 15 => (3, 150f), <= 24 => (4, 130f), _ => (4, 82f) };
        var width = (ChartPage.Room - ScaleWidth - (columns - 1) * ColumnGap) / columns;
        var grid = new Grid(columns, width, plotHeight, 1, 20, top + 12);
        if (input.Panels.All(panel => ChartFont.Width(ChartFont.Drawable(panel.Name), grid.NameSize) <= grid.NameRoom)) return grid;
        return grid with { NameLines = 2, NameSize = 18, PlotHeight = plotHeight - 14 };
    }

    private static void Panel(ChartPage page, SmallMultiplesInput input, TrendPanel panel, Grid grid, int index)
    {
        var plot = grid.Plot(index);
        var axis = new MonthAxis(input.Months[0].Period, input.Months[^1].Period, plot.Left + 6, plot.Right - 6, input.Language);
        SKPoint At(Period period, double share) => new(axis.X(period), plot.Bottom - (float)share * plot.Height);
        var ink = page.Layer();
        Frame(ink, plot, axis, first: index % grid.Columns == 0, lowest: index + grid.Columns >= input.Panels.Count);
        Heading(ink, panel, grid, plot);

        var targets = input.Months.Where(month => month.TargetBp > 0)
            .Select(month => (month.Period, At(month.Period, Math.Min(month.TargetBp, 10_000) / 10_000d)));
        foreach (var run in TrendLines.RunsOf([.. targets])) ink.Polyline(Stepped(run), Ink.Red, 2);
        var pace = input.Months.Where(month => Shares.Shown(month.Pace) is not null).Select(month => At(month.Period, Shares.Shown(month.Pace)!.Value));
        ink.Dashed([.. pace], Ink.Muted, 1.5f, 5, 4);

        var shown = panel.Shares.Where(month => Shares.Shown(month.Share) is not null && month.Period >= axis.First && month.Period <= axis.Last)
            .Select(month => (month.Period, At(month.Period, Shares.Shown(month.Share)!.Value))).ToList();
        var over = page.Layer();
        foreach (var run in TrendLines.RunsOf(shown))
        {
            page.Line(run, Ink.Navy, 2.5f);
            if (run.Count == 1) over.Dot(run[0].X, run[0].Y, 3.5f, Ink.Navy, Ink.Navy, 1);
        }
        if (shown.Count > 0) page.Layer().Dot(shown[^1].Item2.X, shown[^1].Item2.Y, 4.5f, Ink.Navy, SKColors.White, 1);
        else NoFigures(over, plot, PanelWithoutFigures.In(input.Language));
    }

    private static void NoFigures(FigureInk ink, SKRect plot, string sentence)
    {
        var width = ChartFont.Width(sentence, 17) + 21;
        ink.Fill(SKRect.Create(plot.MidX - width / 2, plot.MidY - 14, width, 28), SKColors.White);
        ink.Text(sentence, plot.MidX, plot.MidY, 17, Ink.Muted, SKTextAlign.Center);
    }

    private static void Heading(FigureInk ink, TrendPanel panel, Grid grid, SKRect plot)
    {
        var lines = TextFit.WrapEvenly(ChartFont.Drawable(panel.Name), grid.NameSize, grid.NameRoom, grid.NameLines);
        var first = plot.Top - 8 - lines.Count * NameLine + NameLine / 2;
        var swatch = SKRect.Create(plot.Left, plot.Top - 8 - NameLine / 2 - 8, 16, 16);
        var style = BarStyle.Of(panel.Status);
        ink.Fill(swatch, style.Fill);
        style.Finish(ink, swatch);
        for (var i = 0; i < lines.Count; i++) ink.Text(lines[i], plot.Left + 24, first + i * NameLine, grid.NameSize, Ink.Text);
        ink.Text(Last(panel), plot.Right, plot.Top - 8 - NameLine / 2, ValueSize, Ink.Text, SKTextAlign.Right);
    }

    private static void Frame(FigureInk ink, SKRect plot, MonthAxis axis, bool first, bool lowest)
    {
        foreach (var percent in (int[])[0, 50, 100])
        {
            var y = plot.Bottom - percent / 100f * plot.Height;
            ink.Line(plot.Left, y, plot.Right, y, percent == 0 ? Ink.Grey : Ink.Rule, 1.2f);
            if (first) ink.Text(Percent.OfBasisPoints(percent * 100), plot.Left - 8, y, 15, Ink.Muted, SKTextAlign.Right);
        }
        if (!lowest) return;
        ink.Text(axis.First.ToString(), plot.Left, plot.Bottom + 20, 16, Ink.Muted);
        if (axis.First != axis.Last) ink.Text(axis.Last.ToString(), plot.Right, plot.Bottom + 20, 16, Ink.Muted, SKTextAlign.Right);
    }

    private static IReadOnlyList<SKPoint> Stepped(IReadOnlyList<SKPoint> levels) =>
        [levels[0], .. levels.Skip(1).SelectMany((point, i) => new SKPoint[] { new(point.X, levels[i].Y), point })];

    // The value of the last month shown, whatever came before.
    private static string Last(TrendPanel panel) =>
        panel.Shares.Count > 0 && Shares.Shown(panel.Shares[^1].Share) is { } share ? Percent.OneDecimal(share) : "—";
}
