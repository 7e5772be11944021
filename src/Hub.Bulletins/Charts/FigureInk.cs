using ScottPlot;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>
/// Texts and lines of a figure in pixels from its top left corner. ScottPlot centres a label on the font's line box, which is
/// high for Noto; here a text is centred on its ink, between the baseline and the height of a capital.
/// </summary>
internal sealed class FigureInk : IPlottable
{
    // Half the height of capitals and digits (0.733 em), which is also the middle of a Chinese glyph's ink (0.88 to -0.12 em).
    private const float CentreAboveBaselineEm = 0.37f;

    private readonly List<Action<SKCanvas>> marks = [];

    public bool IsVisible { get; set; } = true;
    public IAxes Axes { get; set; } = new Axes();
    public IEnumerable<LegendItem> LegendItems => [];
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (var mark in marks) mark(rp.Canvas);
    }

    public void Text(string text, float x, float centreY, float sizePx, SKColor colour, SKTextAlign align = SKTextAlign.Left) =>
        marks.Add(canvas =>
        {
            using var font = ChartFont.OfSize(sizePx);
            using var paint = new SKPaint { Color = colour, IsAntialias = true };
            canvas.DrawText(text, x, centreY + CentreAboveBaselineEm * sizePx, align, font, paint);
        });

    public void Line(float x1, float y1, float x2, float y2, SKColor colour, float widthPx) =>
        Strokes([new(x1, y1), new(x2, y2)], colour, widthPx);

    /// <summary>A vertical line of dashes, each a stroke: what path effects become differs between PNG and SVG.</summary>
    public void DashedVertical(float x, float top, float bottom, SKColor colour, float widthPx, float dashPx, float gapPx)
    {
        var ends = new List<SKPoint>();
        for (var y = top; y < bottom; y += dashPx + gapPx) ends.AddRange([new(x, y), new(x, Math.Min(y + dashPx, bottom))]);
        Strokes(ends, colour, widthPx);
    }

    public void Fill(SKRect rect, SKColor colour) =>
        marks.Add(canvas =>
        {
            using var paint = new SKPaint { Color = colour, IsAntialias = true };
            canvas.DrawRect(rect, paint);
        });

    /// <summary>An outline inside the rectangle, so that framed and plain bars end at the same value.</summary>
    public void Frame(SKRect rect, SKColor colour, float widthPx)
    {
        var inside = SKRect.Inflate(rect, -widthPx / 2, -widthPx / 2);
        if (inside.Width <= 0) { Fill(rect, colour); return; }
        marks.Add(canvas =>
        {
            using var paint = new SKPaint { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = widthPx };
            canvas.DrawRect(inside, paint);
        });
    }

    /// <summary>Rising diagonals inside the rectangle: lines, because a pattern would be a bitmap in the SVG.</summary>
    public void Hatch(SKRect rect, SKColor colour, float widthPx, float stepPx)
    {
        var ends = new List<SKPoint>();
        // Diagonals x + y = c, cut at the rectangle's edges; they start from its left edge so that equal bars look equal.
        for (var c = stepPx / 2; c < rect.Width + rect.Height; c += stepPx)
        {
            var low = Math.Max(0, c - rect.Height);
            var high = Math.Min(rect.Width, c);
            if (high > low) ends.AddRange([new(rect.Left + low, rect.Top + c - low), new(rect.Left + high, rect.Top + c - high)]);
        }
        Strokes(ends, colour, widthPx);
    }

    // Pairs of ends, in one path: one element in the SVG.
    private void Strokes(IReadOnlyList<SKPoint> ends, SKColor colour, float widthPx) =>
        marks.Add(canvas =>
        {
            using var path = new SKPath();
            for (var i = 0; i < ends.Count; i += 2)
            {
                path.MoveTo(ends[i]);
                path.LineTo(ends[i + 1]);
            }
            using var paint = new SKPaint { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = widthPx };
            canvas.DrawPath(path, paint);
        });
}
