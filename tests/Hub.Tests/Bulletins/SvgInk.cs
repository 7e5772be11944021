using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hub.Bulletins.Charts;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

/// <summary>Where a chart's SVG has its ink: boxes of outlined texts, bars, and straight lines.</summary>
internal sealed partial class SvgInk
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg", XLink = "http://www.w3.org/1999/xlink";

    public SvgInk(string svg)
    {
        Root = XDocument.Parse(svg).Root!;
        Size = new SKSize(Number(Root, "width"), Number(Root, "height"));
        var order = Root.Descendants().Select((element, index) => (element, index)).ToDictionary(pair => pair.element, pair => pair.index);
        var outlines = Root.Elements(Svg + "defs").Elements().ToDictionary(path => "#" + (string)path.Attribute("id")!, path => (string)path.Attribute("d")!);
        foreach (var text in Root.Descendants().Where(element => element.Name == Svg + "g" || element.Name == Svg + "use"))
        {
            if (Place().Match((string?)text.Attribute("transform") ?? "") is { Success: true } place) AddText(text, place, outlines);
        }
        foreach (var path in Root.Descendants(Svg + "path").Where(path => path.Parent!.Name != Svg + "defs"))
        {
            using var outline = SKPath.ParseSvgPathData((string)path.Attribute("d")!);
            if (path.Attribute("stroke") is { Value: not "white" }) AddStrokes(outline, order[path]);
            if (outline.PointCount == 2 && (string?)path.Attribute("stroke") != "white") Lines.Add(outline.Bounds);
        }
        foreach (var dot in Root.Descendants(Svg + "ellipse").Concat(Root.Descendants(Svg + "circle")))
        {
            var (rx, ry) = dot.Attribute("r") is null ? (Number(dot, "rx"), Number(dot, "ry")) : (Number(dot, "r"), Number(dot, "r"));
            Dots.Add(SKRect.Create(Number(dot, "cx") - rx, Number(dot, "cy") - ry, 2 * rx, 2 * ry));
        }
        Boxes = [.. Root.Descendants(Svg + "rect").Where(rect => rect.Attribute("x") is not null)
            .Select(rect => (SKRect.Create(Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height")), order[rect]))];
        Bars = [.. Root.Descendants(Svg + "rect")
            .Where(rect => rect.Attribute("x") is not null && (string?)rect.Attribute("fill") != "none")
            .Select(rect => SKRect.Create(Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height")))];
    }

    public XElement Root { get; }
    public SKSize Size { get; }
    public List<SKRect> Texts { get; } = [];
    /// <summary>The outlines of each text, in the order of its characters.</summary>
    public List<IReadOnlyList<string>> Glyphs { get; } = [];
    public List<SKRect> Lines { get; } = [];
    public List<SKRect> Bars { get; }
    public List<SKRect> Dots { get; } = [];
    /// <summary>Filled and framed rectangles, with their place in the order of painting.</summary>
    public List<(SKRect Box, int Order)> Boxes { get; }
    /// <summary>Each straight piece of a stroke, with its place in the order of painting.</summary>
    public List<(SKPoint From, SKPoint To, int Order)> Strokes { get; } = [];
    public string Description => (string)Root.Element(Svg + "desc")!;

    /// <summary>Every text inside the page, apart from other texts, dots and strokes, and either inside or outside each rectangle.</summary>
    public void AssertTextsAreClear()
    {
        var page = SKRect.Create(Size.Width, Size.Height);
        for (var i = 0; i < Texts.Count; i++)
        {
            var text = Texts[i];
            Assert.True(page.Contains(text), $"outside: {text}");
            Assert.DoesNotContain(Texts.Skip(i + 1), text.IntersectsWith);
            Assert.DoesNotContain(Dots, text.IntersectsWith);
            Assert.DoesNotContain(Boxes, box => text.IntersectsWith(box.Box) && !box.Box.Contains(text));
            // A plate that was painted over a stroke hides it where it holds the text.
            Assert.DoesNotContain(Strokes, stroke => Crosses(text, stroke.From, stroke.To)
                && !Boxes.Exists(box => box.Order > stroke.Order && box.Box.Contains(text)));
        }
    }

    private static bool Crosses(SKRect box, SKPoint from, SKPoint to)
    {
        var (low, high) = (new SKPoint(Math.Min(from.X, to.X), Math.Min(from.Y, to.Y)), new SKPoint(Math.Max(from.X, to.X), Math.Max(from.Y, to.Y)));
        if (high.X < box.Left || low.X > box.Right || high.Y < box.Top || low.Y > box.Bottom) return false;
        // The corners lie on both sides of the line.
        float Side(float x, float y) => (to.X - from.X) * (y - from.Y) - (to.Y - from.Y) * (x - from.X);
        float[] sides = [Side(box.Left, box.Top), Side(box.Right, box.Top), Side(box.Left, box.Bottom), Side(box.Right, box.Bottom)];
        return sides.Min() <= 0 && sides.Max() >= 0;
    }

    private void AddStrokes(SKPath path, int order)
    {
        using var verbs = path.CreateRawIterator();
        Span<SKPoint> points = stackalloc SKPoint[4];
        for (var verb = verbs.Next(points); verb != SKPathVerb.Done; verb = verbs.Next(points))
        {
            if (verb == SKPathVerb.Line) Strokes.Add((points[0], points[1], order));
        }
    }

    private void AddText(XElement text, Match place, Dictionary<string, string> outlines)
    {
        using var whole = new SKPath();
        var uses = text.DescendantsAndSelf(Svg + "use").ToList();
        foreach (var use in uses)
        {
            using var outline = SKPath.ParseSvgPathData(outlines[(string)use.Attribute(XLink + "href")!]);
            whole.AddPath(outline, use.Attribute("x") is null ? 0 : Number(use, "x"), use.Attribute("y") is null ? 0 : Number(use, "y"));
        }
        Texts.Add(Box(whole, place));
        Glyphs.Add([.. uses.Select(use => outlines[(string)use.Attribute(XLink + "href")!])]);
    }

    /// <summary>How a character is outlined in any picture.</summary>
    public static string OutlineOf(string character) =>
        new SvgInk(RankingChart.Svg(new RankingChartInput(character, "", [], 0, null, ""))).Glyphs[0].Single();

    private static SKRect Box(SKPath outline, Match place)
    {
        float Of(string group) => float.Parse(place.Groups[group].Value, CultureInfo.InvariantCulture);
        var scaled = SKMatrix.CreateScale(Of("scale"), Of("scale"));
        var turned = place.Groups["turn"].Success ? scaled.PostConcat(SKMatrix.CreateRotationDegrees(-90)) : scaled;
        return turned.PostConcat(SKMatrix.CreateTranslation(Of("x"), Of("y"))).MapRect(outline.TightBounds);
    }

    private static float Number(XElement element, string name) =>
        float.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^translate\((?<x>\S+) (?<y>\S+)\) (?<turn>rotate\(-90\) )?scale\((?<scale>\S+)\)$")]
    private static partial Regex Place();
}
