using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>The target in force and the pace, as lines through all rows with their labels above.</summary>
internal static class ReferenceLines
{
    private const float LabelGap = 16, Lean = 2;

    private sealed record Mark(float X, string Label, SKColor Colour, bool Dashed);

    public static void Draw(FigureInk ink, RankingChartInput input, RankingLayout layout)
    {
        var marks = Marks(input, layout).OrderBy(mark => mark.X).ToList();
        foreach (var mark in marks) Clearing(ink, mark, input.Bars, layout);
        foreach (var mark in marks) Line(ink, mark, layout);
        var lefts = marks.ConvertAll(mark => Math.Min(mark.X - LabelWidth(mark) / 2, RankingLayout.Right - LabelWidth(mark)));
        if (marks.Count == 2 && lefts[0] + LabelWidth(marks[0]) + LabelGap > lefts[1])
        {
            // Each label leans away from the other line. The first has room: names and ranks stand left of every line.
            var middle = (marks[0].X + marks[1].X) / 2;
            lefts[1] = Math.Min(Math.Max(marks[1].X - Lean, middle + LabelGap / 2), RankingLayout.Right - LabelWidth(marks[1]));
            var firstRight = Math.Min(Math.Min(marks[0].X + Lean, middle - LabelGap / 2), lefts[1] - LabelGap);
            lefts[0] = firstRight - LabelWidth(marks[0]);
        }
        for (var i = 0; i < marks.Count; i++)
        {
            ink.Text(marks[i].Label, lefts[i], RankingLayout.LineLabelY, RankingLayout.LineLabelSize, marks[i].Colour);
        }
    }

    private static IEnumerable<Mark> Marks(RankingChartInput input, RankingLayout layout)
    {
        if (input.Pace is { } pace && double.IsFinite(pace))
        {
            var shown = Math.Clamp(pace, 0, 1);
            yield return new Mark(layout.X(shown), $"{Words.Pace.In(input.Language)} " + Percent.OneDecimal(shown), Ink.Text, Dashed: true);
        }
        if (input.TargetBp > 0)
        {
            var shown = Math.Min(input.TargetBp, 10_000);
            yield return new Mark(layout.X(shown / 10_000d), $"{Words.Target.In(input.Language)} " + Percent.OfBasisPoints(shown), Ink.Red, Dashed: false);
        }
    }

    private static float LabelWidth(Mark mark) => ChartFont.Width(mark.Label, RankingLayout.LineLabelSize);

    // White on both sides keeps the line readable on a dark bar; at a bar's very end it would hide that the bar reaches the line.
    private static void Clearing(FigureInk ink, Mark mark, IReadOnlyList<RankingBar> bars, RankingLayout layout)
    {
        var half = layout.BarHeight / 2;
        for (var row = 0; row < bars.Count; row++)
        {
            if (layout.X(Shares.Shown(bars[row].HardwareShare) ?? 0) < mark.X + 6) continue;
            var y = layout.RowCentre(row);
            ink.Line(mark.X, y - half, mark.X, y + half, SKColors.White, 6);
        }
    }

    private static void Line(FigureInk ink, Mark mark, RankingLayout layout)
    {
        const float top = RankingLayout.LineLabelY + 16;
        if (mark.Dashed) ink.DashedVertical(mark.X, top, layout.RowsBottom, mark.Colour, 2, dashPx: 9, gapPx: 6);
        else ink.Line(mark.X, top, mark.X, layout.RowsBottom, mark.Colour, 2.5f);
    }
}
