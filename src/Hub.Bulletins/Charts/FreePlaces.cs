using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>What a chart has drawn already, so that a label can be put where nothing is.</summary>
internal sealed class FreePlaces
{
    private readonly List<SKRect> boxes = [];
    private readonly List<(SKPoint From, SKPoint To)> lines = [];

    public void Take(SKRect box) => boxes.Add(box);

    public void TakeLine(IReadOnlyList<SKPoint> points)
    {
        for (var i = 1; i < points.Count; i++) lines.Add((points[i - 1], points[i]));
    }

    /// <summary>Takes the first candidate that meets nothing; null where each meets something.</summary>
    public SKRect? TakeFirst(IEnumerable<SKRect> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (boxes.Exists(candidate.IntersectsWith) || lines.Exists(line => Meets(candidate, line.From, line.To))) continue;
            Take(candidate);
            return candidate;
        }
        return null;
    }

    // Cuts the line at each side in turn; what is left is inside.
    private static bool Meets(SKRect box, SKPoint from, SKPoint to)
    {
        var (enter, leave) = (0f, 1f);
        var way = to - from;
        return Cut(-way.X, from.X - box.Left) && Cut(way.X, box.Right - from.X)
            && Cut(-way.Y, from.Y - box.Top) && Cut(way.Y, box.Bottom - from.Y);

        bool Cut(float outward, float room)
        {
            if (outward == 0) return room >= 0;
            var at = room / outward;
            if (outward < 0) enter = Math.Max(enter, at);
            else leave = Math.Min(leave, at);
            return enter <= leave;
        }
    }
}
