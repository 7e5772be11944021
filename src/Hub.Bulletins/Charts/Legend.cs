using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Draw">The sample: how a mark of that meaning looks inside the rectangle.</param>
internal sealed record LegendEntry(string Label, Action<FigureInk, SKRect> Draw)
{
    /// <summary>A swatch of a fill with what distinguishes it without colour.</summary>
    public static LegendEntry Swatch(BarStyle style, Language language) => new(style.Label.In(language), (ink, rect) =>
    {
        ink.Fill(rect, style.Fill);
        style.Finish(ink, rect);
    });
}

/// <summary>Samples and their meanings in centred lines under the subtitle.</summary>
internal static class Legend
{
    public const float LineHeight = 34;
    private const float Size = 21, SampleWidth = 34, SampleHeight = 18, SampleGap = 10, EntryGap = 40;

    /// <returns>The number of lines drawn.</returns>
    public static int Draw(FigureInk ink, IReadOnlyList<LegendEntry> entries, float firstCentreY)
    {
        var y = firstCentreY;
        var lines = Lines(entries);
        foreach (var line in lines)
        {
            var x = (ChartPage.Width - line.Sum(Width) - EntryGap * (line.Count - 1)) / 2;
            foreach (var entry in line)
            {
                var sample = SKRect.Create(x, y - SampleHeight / 2, SampleWidth, SampleHeight);
                entry.Draw(ink, sample);
                ink.Text(entry.Label, sample.Right + SampleGap, y, Size, Ink.Text);
                x += Width(entry) + EntryGap;
            }
            y += LineHeight;
        }
        return lines.Count;
    }

    private static float Width(LegendEntry entry) => SampleWidth + SampleGap + ChartFont.Width(entry.Label, Size);

    private static List<List<LegendEntry>> Lines(IReadOnlyList<LegendEntry> entries)
    {
        var lines = new List<List<LegendEntry>>();
        var used = 0f;
        foreach (var entry in entries)
        {
            var width = Width(entry) + EntryGap;
            if (lines.Count == 0 || used + width - EntryGap > ChartPage.Room) { lines.Add([]); used = 0; }
            lines[^1].Add(entry);
            used += width;
        }
        return lines;
    }
}
