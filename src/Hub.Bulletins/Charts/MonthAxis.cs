using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>Every month from the first to the last, evenly spaced; months without figures keep their place.</summary>
internal sealed record MonthAxis(Period First, Period Last, float Left, float Right, Language Language)
{
    private const float LabelSize = 18, LabelGap = 8;

    public float Spacing => First == Last ? 0 : (Right - Left) / (Last.Index - First.Index);
    public float X(Period period) => First == Last ? (Left + Right) / 2 : Left + (period.Index - First.Index) * Spacing;

    /// <summary>Ticks and months below the base line, years below those of January and of the first month.</summary>
    public void Draw(FigureInk ink, float baseY)
    {
        var every = Every();
        for (var period = First; period <= Last; period = period.Plus(1))
        {
            ink.Line(X(period), baseY, X(period), baseY + 6, Ink.Grey, 1.5f);
            if ((period.Month - 1) % every == 0 || First == Last)
                ink.Text(Words.Month(period, Language), X(period), baseY + 24, LabelSize, Ink.Muted, SKTextAlign.Center);
        }
        Years(ink, baseY + 50);
    }

    // The first month's year moves left where January follows soon.
    private void Years(FigureInk ink, float y)
    {
        var next = float.MaxValue;
        for (var period = Last; period >= First; period = period.Plus(-1))
        {
            if (period != First && period.Month != 1) continue;
            var text = Words.Year(period, Language);
            var width = ChartFont.Width(text, LabelSize);
            var left = Math.Min(X(period) - width / 2, next - LabelGap - width);
            if (left < ChartPage.Margin) return;
            ink.Text(text, left, y, LabelSize, Ink.Muted);
            next = left;
        }
    }

    private int Every()
    {
        foreach (var every in (int[])[1, 2, 3, 6])
        {
            if (Spacing == 0 || every * Spacing >= 44) return every;
        }
        return 12;
    }
}
