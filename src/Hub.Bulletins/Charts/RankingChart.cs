using Hub.Programmes;

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
    string Title, string Subtitle, IReadOnlyList<RankingBar> Bars, int TargetBp, double? Pace, string Footnote, Language Language = Language.Chinese);

/// <summary>Townships by hardware share, first on top: a table whose middle column is a bar chart.</summary>
public static class RankingChart
{
    /// <summary>Bars beyond this make a picture that no page holds; the caller splits the list.</summary>
    public const int MaxBars = ChartPage.MaxRows;

    /// <summary>1200 px wide: 195 dpi in the text width of an A4 bulletin.</summary>
    public static byte[] Png(RankingChartInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text: it needs no font. Safe to embed in a page: names are never markup.</summary>
    public static string Svg(RankingChartInput input)
    {
        using var page = Draw(input);
        return page.Svg(Description(input));
    }

    private static ChartPage Draw(RankingChartInput input)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Bars.Count, MaxBars);
        var layout = RankingLayout.Of(input);
        var shown = BarStyle.All.Where(style => input.Bars.Any(bar => BarStyle.Of(bar.Status) == style));
        var page = new ChartPage(input.Title, input.Subtitle, [.. shown.Select(style => LegendEntry.Swatch(style, input.Language))]);

        var under = page.Layer();
        RankingTable.Headings(under, layout);
        RankingTable.Grid(under, layout);

        page.Bars(input.Bars.Select((bar, row) => (layout.Bar(row, Shares.Shown(bar.HardwareShare) ?? 0), BarStyle.Of(bar.Status).Fill)));

        var over = page.Layer();
        for (var row = 0; row < input.Bars.Count; row++) RankingTable.Row(over, input.Bars[row], row, layout);
        if (input.Bars.Count > 0) ReferenceLines.Draw(over, input, layout);
        page.Close(layout.TickY, input.Footnote);
        return page;
    }

    // What a screen reader reads in the place of the outlines.
    private static string Description(RankingChartInput input) =>
        Words.Read(input.Bars.Select(bar => string.Join(' ', new[]
        {
            RankingTable.Rank(bar), bar.Name, Shares.Text(bar.HardwareShare, input.Language), BarStyle.Of(bar.Status).Label.In(input.Language),
            RankingTable.Movement(bar, input.Language),
        }.Where(part => part.Length > 0))).Append(input.Footnote).Where(part => part.Length > 0), input.Language);
}
