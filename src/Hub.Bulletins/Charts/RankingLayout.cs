using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>Where everything of a ranking chart stands, in pixels. Depends on the texts' measured widths alone.</summary>
internal sealed record RankingLayout
{
    public const float Margin = ChartPage.Margin, Right = ChartPage.Right;
    public const float LineLabelY = ChartPage.FirstBodyTop + 20, LineLabelSize = 21;
    public const float HeadingY = LineLabelY + 38;
    public const float RowsTop = HeadingY + 24;

    private const float RankWidth = 68, MovementWidth = 84, ValueWidth = 104;

    public required Language Language { get; init; }
    public required int Rows { get; init; }
    public required bool HasMovement { get; init; }
    public required float RowHeight { get; init; }
    public required float TextSize { get; init; }
    public required float NameWidth { get; init; }

    public float RankX => Margin + RankWidth / 2;
    public float MovementX => Margin + RankWidth + MovementWidth / 2;
    public float NameLeft => Margin + RankWidth + (HasMovement ? MovementWidth : 0) + 14;
    public float PlotLeft => NameLeft + NameWidth + 22;
    public float PlotRight => Right - ValueWidth;
    public float BarHeight => MathF.Round(RowHeight * 0.58f);
    public float RowsBottom => RowsTop + Math.Max(Rows, 1) * RowHeight;
    public float TickY => RowsBottom + 22;

    public float RowCentre(int row) => RowsTop + (row + 0.5f) * RowHeight;
    public SKRect Bar(int row, double share) => new(PlotLeft, RowCentre(row) - BarHeight / 2, X(share), RowCentre(row) + BarHeight / 2);
    public float X(double share) => PlotLeft + (float)share * (PlotRight - PlotLeft);

    public static RankingLayout Of(RankingChartInput input)
    {
        var rows = input.Bars.Count;
        var (rowHeight, textSize) = TableRows.Of(rows);
        return new RankingLayout
        {
            Language = input.Language,
            Rows = rows,
            // In the first period nobody has moved: a column of 新 would say nothing.
            HasMovement = input.Bars.Any(bar => bar.PreviousRank is not null),
            RowHeight = rowHeight,
            TextSize = textSize,
            NameWidth = TableRows.NameWidth(input.Bars.Select(bar => bar.Name), textSize, input.Language),
        };
    }
}
