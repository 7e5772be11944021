using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

/// <summary>Where a chart's SVG has its ink: boxes of outlined texts, bars, and straight lines.</summary>
internal sealed partial class SvgInk
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public SvgInk(string svg)
    {
        Root = XDocument.Parse(svg).Root!;
        Size = new SKSize(Number(Root, "width"), Number(Root, "height"));
        foreach (var path in Root.Descendants(Svg + "path"))
        {
            using var outline = SKPath.ParseSvgPathData((string)path.Attribute("d")!);
            var place = Place().Match((string?)path.Attribute("transform") ?? "");
            if (place.Success) Texts.Add(Box(outline, place));
            else if (outline.PointCount == 2 && (string?)path.Attribute("stroke") != "white") Lines.Add(outline.Bounds);
        }
        Bars = [.. Root.Descendants(Svg + "rect")
            .Where(rect => rect.Attribute("x") is not null && (string?)rect.Attribute("fill") != "none")
            .Select(rect => SKRect.Create(Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height")))];
    }

    public XElement Root { get; }
    public SKSize Size { get; }
    public List<SKRect> Texts { get; } = [];
    public List<SKRect> Lines { get; } = [];
    public List<SKRect> Bars { get; }
    public string Description => (string)Root.Element(Svg + "desc")!;

    private static SKRect Box(SKPath outline, Match place)
    {
        float Of(int group) => float.Parse(place.Groups[group].Value, CultureInfo.InvariantCulture);
        var scale = SKMatrix.CreateScale(Of(3), Of(3));
        return scale.PostConcat(SKMatrix.CreateTranslation(Of(1), Of(2))).MapRect(outline.TightBounds);
    }

    private static float Number(XElement element, string name) =>
        float.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^translate\((\S+) (\S+)\) scale\((\S+)\)$")]
    private static partial Regex Place();
}
