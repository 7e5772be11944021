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
    private readonly List<PlacedText> texts = [];

    /// <summary>In the order of drawing.</summary>
    public IReadOnlyList<PlacedText> Texts => texts;

    /// <summary>Whether a rendering leaves the texts to whoever asks for <see cref="Texts"/>.</summary>
    public bool LeavesTexts { get; set; }

    public bool IsVisible { get; set; } = true;
    public IAxes Axes { get; set; } = new Axes();
    public IEnumerable<LegendItem> LegendItems => [];
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (var mark in marks) mark(rp.Canvas);
    }

    public void Text(string text, float x, float centreY, float sizePx, SKColor colour, SKTextAlign align = SKTextAlign.Left) =>
        Place(new(text, x, centreY + CentreAboveBaselineEm * sizePx, sizePx, colour, align));

    /// <summary>Text that runs upwards from <paramref name="bottom"/>, its ink centred on <paramref name="centreX"/>.</summary>
    public void Turned(string text, float centreX, float bottom, float sizePx, SKColor colour) =>
        Place(new(text, centreX + CentreAboveBaselineEm * sizePx, bottom, sizePx, colour, SKTextAlign.Left, Upwards: true));

    private void Place(PlacedText text)
    {
        texts.Add(text);
        marks.Add(canvas =>
        {
            if (!LeavesTexts) text.Draw(canvas);
        });
    }

    /// <summary>Any text at its size, shrunk and then cut where it does not fit.</summary>
    public void Fitted(string text, float x, float centreY, float sizePx, float roomPx, SKColor colour, SKTextAlign align = SKTextAlign.Left)
    {
        var fitted = TextFit.Shrink(ChartFont.Drawable(text), sizePx, roomPx);
        Text(fitted.Text, x, centreY, fitted.SizePx, colour, align);
    }

    public void Line(float x1, float y1, float x2, float y2, SKColor colour, float widthPx) =>
        Strokes([new(x1, y1), new(x2, y2)], colour, widthPx);

    public void DashedVertical(float x, float top, float bottom, SKColor colour, float widthPx, float dashPx, float gapPx) =>
        Dashed([new(x, top), new(x, bottom)], colour, widthPx, dashPx, gapPx);

    /// <summary>A line of dashes through the points, each a stroke: what path effects become differs between PNG and SVG.</summary>
    public void Dashed(IReadOnlyList<SKPoint> points, SKColor colour, float widthPx, float dashPx, float gapPx)
    {
        var ends = new List<SKPoint>();
        var phase = 0f;
        for (var i = 1; i < points.Count; i++)
        {
            var length = SKPoint.Distance(points[i - 1], points[i]);
            if (length <= 0) continue;
            var step = new SKPoint((points[i].X - points[i - 1].X) / length, (points[i].Y - points[i - 1].Y) / length);
            SKPoint At(float way) => new(points[i - 1].X + step.X * way, points[i - 1].Y + step.Y * way);
            var period = dashPx + gapPx;
            var way = -phase;
            for (; way < length; way += period)
            {
                var (from, to) = (Math.Max(way, 0), Math.Min(way + dashPx, length));
                if (to > from) ends.AddRange([At(from), At(to)]);
            }
            phase = length - (way - period);
        }
        if (ends.Count > 0) Strokes(ends, colour, widthPx);
    }

    public void Polyline(IReadOnlyList<SKPoint> points, SKColor colour, float widthPx)
    {
        if (points.Count < 2) return;
        Strokes([.. points.Skip(1).SelectMany((point, i) => new[] { points[i], point })], colour, widthPx);
    }

    public void Polygon(IReadOnlyList<SKPoint> corners, SKColor colour) =>
        marks.Add(canvas =>
        {
            using var path = new SKPath();
            path.AddPoly([.. corners]);
            using var paint = new SKPaint { Color = colour, IsAntialias = true };
            canvas.DrawPath(path, paint);
        });

    /// <summary>A filled dot with an outline inside its radius.</summary>
    public void Dot(float x, float y, float radius, SKColor fill, SKColor edge, float edgePx) =>
        marks.Add(canvas =>
        {
            using var inner = new SKPaint { Color = fill, IsAntialias = true };
            using var outer = new SKPaint { Color = edge, IsAntialias = true };
            canvas.DrawCircle(x, y, radius, outer);
            canvas.DrawCircle(x, y, radius - edgePx, inner);
        });

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
                // A stroke that begins where the last one ended continues it, so that corners are joined.
                if (i == 0 || ends[i] != ends[i - 1]) path.MoveTo(ends[i]);
                path.LineTo(ends[i + 1]);
            }
            using var paint = new SKPaint
            {
                Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = widthPx, StrokeJoin = SKStrokeJoin.Round,
            };
            canvas.DrawPath(path, paint);
        });
}
