using ScottPlot;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>
/// What all charts of a bulletin share: width, title, subtitle, legend, footnote, and one unit = one pixel with y downwards, so
/// that every text can be measured and placed before anything is drawn.
/// </summary>
internal sealed class ChartPage : IDisposable
{
    /// <summary>195 dpi in the text width of an A4 bulletin.</summary>
    public const int Width = 1200;
    public const float Margin = 40, Right = Width - Margin, Room = Right - Margin, Middle = Width / 2f;
    public const float HeadingSize = 19;
    /// <summary>Rows, columns or panels beyond this make a picture that no page holds; the caller splits the list.</summary>
    public const int MaxRows = 200;
    /// <summary>Where the body begins under a legend of at most one line.</summary>
    public const float FirstBodyTop = 194;

    private const float TitleY = 56, TitleSize = 36;
    private const float SubtitleY = 106, SubtitleSize = 23;
    private const float LegendY = 160;
    private const float FootnoteSize = 19, FootnoteLine = 29;
    private const int MaxFootnoteLines = 6;

    private readonly string title;
    private readonly List<FigureInk> layers = [];
    private int height;

    public ChartPage(string title, string subtitle, params IReadOnlyList<LegendEntry> legend)
    {
        ChartFont.Register();
        this.title = title;
        Plot.FigureBackground.Color = Colors.White;
        Plot.Layout.Frameless();
        Plot.HideGrid();
        var ink = Layer();
        ink.Fitted(title, Middle, TitleY, TitleSize, Room, Ink.Text, SKTextAlign.Center);
        ink.Fitted(subtitle, Middle, SubtitleY, SubtitleSize, Room, Ink.Muted, SKTextAlign.Center);
        BodyTop = FirstBodyTop + Math.Max(Legend.Draw(ink, legend, LegendY) - 1, 0) * Legend.LineHeight;
    }

    public Plot Plot { get; } = new();

    /// <summary>The first free pixel under the legend.</summary>
    public float BodyTop { get; }

    /// <summary>Ink over everything added to the plot so far.</summary>
    public FigureInk Layer()
    {
        var ink = new FigureInk();
        layers.Add(ink);
        Plot.Add.Plottable(ink);
        return ink;
    }

    /// <summary>Bars of ScottPlot, without outline, where the rectangles are.</summary>
    public void Bars(IEnumerable<(SKRect Rect, SKColor Fill)> bars) =>
        Plot.Add.Bars(bars.Select(bar => new Bar
        {
            Orientation = Orientation.Horizontal,
            Position = bar.Rect.MidY,
            Size = bar.Rect.Height,
            ValueBase = bar.Rect.Left,
            Value = bar.Rect.Right,
            FillColor = Color.FromSKColor(bar.Fill),
            LineWidth = 0,
        }).ToArray());

    /// <summary>A line of ScottPlot through the points; a single point draws nothing.</summary>
    public void Line(IReadOnlyList<SKPoint> points, SKColor colour, float widthPx)
    {
        if (points.Count < 2) return;
        var line = Plot.Add.ScatterLine(points.Select(point => new Coordinates(point.X, point.Y)).ToArray(), Color.FromSKColor(colour));
        line.LineWidth = widthPx;
    }

    /// <summary>A page with a sentence in the place of a body that would be empty, between two rules.</summary>
    public static ChartPage Saying(string sentence, string title, string subtitle, string footnote)
    {
        const float room = 120;
        var page = new ChartPage(title, subtitle);
        var (ink, top) = (page.Layer(), page.BodyTop - 40);
        ink.Line(Margin, top, Right, top, Ink.Grey, 1.5f);
        ink.Text(sentence, Middle, top + room / 2, 24, Ink.Muted, SKTextAlign.Center);
        ink.Line(Margin, top + room, Right, top + room, Ink.Grey, 1.5f);
        page.Close(top + room, footnote);
        return page;
    }

    /// <summary>The footnote and the page's end.</summary>
    /// <param name="bodyBottom">Of the lowest text or line of the body.</param>
    public void Close(float bodyBottom, string footnote)
    {
        var lines = TextFit.Wrap(ChartFont.Drawable(footnote), FootnoteSize, Room, MaxFootnoteLines);
        var ink = Layer();
        var first = bodyBottom + 48;
        for (var i = 0; i < lines.Count; i++) ink.Text(lines[i], Margin, first + i * FootnoteLine, FootnoteSize, Ink.Muted);
        height = (int)MathF.Ceiling(lines.Count == 0 ? bodyBottom + 40 : first + lines.Count * FootnoteLine + 12);
        Plot.Axes.SetLimits(0, Width, height, 0);
    }

    // Flat colours pack best without any filter, and without an alpha that is full everywhere: three quarters of the bytes that the
    // encoder's own choice takes, in a third of the time.
    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, height, SKColorType.Rgba8888));
        Plot.Render(surface.Canvas, Width, height);
        using var pixels = surface.PeekPixels();
        using var opaque = pixels.WithAlphaType(SKAlphaType.Opaque);
        using var png = opaque.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, zLibLevel: 4))
            ?? throw new InvalidOperationException("The picture could not be encoded");
        return png.ToArray();
    }

    /// <param name="description">What a screen reader reads in the place of the outlines.</param>
    public string Svg(string description)
    {
        // Skia looks through the whole font for each text that it writes. Nothing is ever painted over a text, so they all come last.
        foreach (var layer in layers) layer.LeavesTexts = true;
        var shapes = Plot.GetSvgXml(Width, height);
        foreach (var layer in layers) layer.LeavesTexts = false;
        return OutlinedSvg.Of(shapes, layers.SelectMany(layer => layer.Texts), title, description);
    }

    public void Dispose() => Plot.Dispose();
}
