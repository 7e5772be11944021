namespace Hub.Bulletins.Charts;

/// <summary>Where everything of a ranking chart stands, in pixels. Depends on the texts' measured widths alone.</summary>
internal sealed record RankingLayout
{
    public const int Width = 1200;
    public const float Margin = 40;
    public const float Right = Width - Margin;
    public const float TitleY = 56, TitleSize = 36;
    public const float SubtitleY = 106, SubtitleSize = 23;
    public const float LegendY = 160, LegendSize = 21;
    public const float LineLabelY = 214, LineLabelSize = 21;
    public const float HeadingY = 252, HeadingSize = 19;
    public const float RowsTop = 276;
    public const float FootnoteSize = 19, FootnoteLine = 29;

    private const int LongestNameChars = 12, MaxFootnoteLines = 6;
    private const float RankWidth = 68, MovementWidth = 84, ValueWidth = 104;

    public required int Rows { get; init; }
    public required bool HasMovement { get; init; }
    public required float RowHeight { get; init; }
    public required float TextSize { get; init; }
    public required float NameWidth { get; init; }
    public required IReadOnlyList<string> FootnoteLines { get; init; }

    public float RankX => Margin + RankWidth / 2;
    public float MovementX => Margin + RankWidth + MovementWidth / 2;
    public float NameLeft => Margin + RankWidth + (HasMovement ? MovementWidth : 0) + 14;
    public float PlotLeft => NameLeft + NameWidth + 22;
    public float PlotRight => Right - ValueWidth;
    public float BarHeight => MathF.Round(RowHeight * 0.58f);
    public float RowsBottom => RowsTop + Math.Max(Rows, 1) * RowHeight;
    public float TickY => RowsBottom + 22;
    public float FootnoteY => RowsBottom + 70;
    public int Height => (int)MathF.Ceiling(FootnoteLines.Count == 0 ? TickY + 40 : FootnoteY + FootnoteLines.Count * FootnoteLine + 12);

    public float RowCentre(int row) => RowsTop + (row + 0.5f) * RowHeight;
    public float X(double share) => PlotLeft + (float)share * (PlotRight - PlotLeft);

    public static RankingLayout Of(RankingChartInput input)
    {
        var rows = input.Bars.Count;
        // Forty rows still fit the text height of an A4 page at this width.
        var (rowHeight, textSize) = rows switch { <= 24 => (46f, 24f), <= 32 => (40f, 22f), _ => (34f, 20f) };
        var longest = input.Bars.Select(bar => ChartFont.Width(ChartFont.Drawable(bar.Name), textSize)).DefaultIfEmpty(0).Max();
        return new RankingLayout
        {
            Rows = rows,
            // In the first period nobody has moved: a column of 新 would say nothing.
            HasMovement = input.Bars.Any(bar => bar.PreviousRank is not null),
            RowHeight = rowHeight,
            TextSize = textSize,
            NameWidth = MathF.Ceiling(Math.Clamp(longest, 4 * textSize, LongestNameChars * textSize)),
            FootnoteLines = TextFit.Wrap(ChartFont.Drawable(input.Footnote), FootnoteSize, Right - Margin, MaxFootnoteLines),
        };
    }
}
