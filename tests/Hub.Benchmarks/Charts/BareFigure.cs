using Hub.Bulletins.Charts;
using ScottPlot;

namespace Hub.Benchmarks.Charts;

/// <summary>A picture as one would draw it with ScottPlot alone: each mark is a plottable of its own kind, at the pixel where it is wanted.
/// Lines are not dashed: Skia cannot write dashes to an SVG.</summary>
internal sealed class BareFigure : IDisposable
{
    public const int Width = 1200, Left = 40, Right = 1160;
    public static readonly Color Ink = Color.FromHex("#222B36"), Muted = Color.FromHex("#5B6673"), Rule = Color.FromHex("#E2E6EB"),
        Navy = Color.FromHex("#143D73"), Blue = Color.FromHex("#4F8AC4"), PaleBlue = Color.FromHex("#D3E4F3"), Red = Color.FromHex("#B01E23");

    private readonly Plot plot = new();
    private readonly int height;

    public BareFigure(int height, string title, string subtitle, string footnote)
    {
        // Without it there is no Chinese; the figure is otherwise ScottPlot's own.
        ChartFont.Register();
        this.height = height;
        plot.FigureBackground.Color = Colors.White;
        plot.Layout.Frameless();
        plot.HideGrid();
        plot.Axes.SetLimits(0, Width, height, 0);
        Text(title, Width / 2, 56, 36, Ink, Alignment.MiddleCenter);
        Text(subtitle, Width / 2, 106, 23, Muted, Alignment.MiddleCenter);
        if (footnote.Length > 0) Text(footnote, Left, height - 30, 19, Muted);
    }

    public byte[] Png() => plot.GetImageBytes(Width, height, ImageFormat.Png);
    public string Svg() => plot.GetSvgXml(Width, height);
    public void Dispose() => plot.Dispose();

    public void Text(string text, double x, double y, float size, Color colour, Alignment alignment = Alignment.MiddleLeft)
    {
        var label = plot.Add.Text(text, x, y);
        (label.LabelFontSize, label.LabelFontColor, label.LabelAlignment) = (size, colour, alignment);
    }

    public void Line(double x1, double y1, double x2, double y2, Color colour, float width)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        (line.LineColor, line.LineWidth) = (colour, width);
    }

    /// <summary>A line through the points, with a dot at each where a size is given.</summary>
    public void Curve(IReadOnlyList<Coordinates> points, Color colour, float width, float dots = 0)
    {
        if (points.Count == 0) return;
        var curve = plot.Add.Scatter(points.ToArray(), colour);
        (curve.LineWidth, curve.MarkerSize) = (width, dots);
    }

    public void Rectangle(double left, double top, double width, double height, Color fill, Color? edge = null)
    {
        var rectangle = plot.Add.Rectangle(left, left + width, top, top + height);
        (rectangle.FillColor, rectangle.LineColor, rectangle.LineWidth) = (fill, edge ?? fill, edge is null ? 0 : 1.6f);
    }

    public void Bars(IEnumerable<BareBar> bars) => plot.Add.Bars(bars.Select(bar => new Bar
    {
        Orientation = Orientation.Horizontal, Position = bar.Y, Size = bar.Height, ValueBase = bar.From, Value = bar.To, FillColor = bar.Fill,
        LineColor = bar.Edge ?? bar.Fill, LineWidth = bar.Edge is null ? 0 : 1.6f,
        FillHatch = bar.Hatched ? new ScottPlot.Hatches.Striped() : null, FillHatchColor = bar.Edge ?? bar.Fill,
    }).ToArray());

    /// <summary>All cells of a table as one plottable: what ScottPlot has for it.</summary>
    public void Heatmap(double[,] values, double left, double top, double right, double bottom)
    {
        var map = plot.Add.Heatmap(values);
        (map.Colormap, map.Extent) = (new ScottPlot.Colormaps.Blues(), new CoordinateRect(left, right, bottom, top));
    }

    /// <summary>Samples and words in one line.</summary>
    public void Legend(params ReadOnlySpan<(string Word, Color Fill)> entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            var x = 150 + i * 230;
            Rectangle(x, 151, 34, 18, entries[i].Fill, Blue);
            Text(entries[i].Word, x + 44, 160, 21, Ink);
        }
    }

    /// <summary>Horizontal rules between rows, and the scale of a share with its ticks.</summary>
    public void Table(int rows, double top, double rowHeight, double scaleLeft = 0, double scaleRight = 0)
    {
        var bottom = top + rows * rowHeight;
        for (var row = 0; row <= rows; row++) Line(Left, top + row * rowHeight, Right, top + row * rowHeight, Rule, 1);
        for (var percent = 0; percent <= 100 && scaleRight > scaleLeft; percent += 20)
        {
            var x = scaleLeft + percent / 100d * (scaleRight - scaleLeft);
            Line(x, top, x, bottom, Rule, 1.5f);
            Text($"{percent}%", x, bottom + 22, 18, Muted, Alignment.MiddleCenter);
        }
    }
}

/// <param name="Y">Of its middle.</param>
internal sealed record BareBar(double Y, double Height, double From, double To, Color Fill, Color? Edge = null, bool Hatched = false);
