using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>
/// Turns the text of an SVG that Skia wrote into outlines of <see cref="ChartFont"/>, so that it looks the same on a machine
/// without the font. What the picture says stays readable in its title and description.
/// </summary>
public static class OutlinedSvg
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    // Skia sets each text on a line of its own; an ideographic space is a character like any other.
    private static readonly char[] Indentation = [' ', '\t', '\r', '\n'];
    private static readonly string[] TextOnly =
        ["x", "y", "dx", "dy", "font-size", "font-family", "font-weight", "font-style", "font-stretch", "text-anchor"];

    /// <summary>The same picture without text elements, with identifiers of its own; no XML declaration, so a page can hold it.</summary>
    public static string Of(string svg, string title, string description)
    {
        var root = XDocument.Parse(svg).Root ?? throw new ArgumentException("No root element", nameof(svg));
        using var font = ChartFont.OfSize(ChartFont.Typeface.UnitsPerEm);
        foreach (var text in root.Descendants(Svg + "text").ToList()) text.ReplaceWith(Outline(text, font));
        OwnIdentifiers(root);
        Describe(root, ChartFont.Plain(title), ChartFont.Plain(description));
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // The outline is written in the font's own units, which are whole numbers, and scaled: half the size of pixels with decimals.
    private static XElement? Outline(XElement text, SKFont font)
    {
        var scale = Number((string?)text.Attribute("font-size") ?? "16") / font.Size;
        var xs = Numbers(text.Attribute("x"));
        var ys = Numbers(text.Attribute("y"));
        var outline = new GlyphPath();
        float pen = 0;
        var index = 0;
        foreach (var rune in text.Value.Trim(Indentation).EnumerateRunes())
        {
            if (index < xs.Length) pen = (xs[index] - xs[0]) / scale;
            var drop = index < ys.Length ? (ys[index] - ys[0]) / scale : 0;
            var glyph = font.GetGlyph(rune.Value);
            using (var path = font.GetGlyphPath(glyph)) outline.Add(path, pen, drop);
            pen += font.MeasureText([glyph]);
            index++;
        }
        if (outline.IsEmpty) return null;

        var place = string.Create(CultureInfo.InvariantCulture, $"translate({xs[0]:0.###} {ys[0]:0.###}) scale({scale:0.######})");
        var kept = text.Attributes().Where(a => a.Name.Namespace == XNamespace.None && !TextOnly.Contains(a.Name.LocalName));
        return new XElement(Svg + "path", kept.Where(a => a.Name != "transform"),
            new XAttribute("transform", text.Attribute("transform") is { } outer ? $"{outer.Value} {place}" : place),
            new XAttribute("d", outline.ToString()));
    }

    // Skia numbers clips through the process's life: numbered anew, equal pictures are equal text. The prefix, from all that is
    // drawn, keeps two pictures in one page from using each other's clips.
    private static void OwnIdentifiers(XElement root)
    {
        var numbers = root.DescendantsAndSelf().Attributes("id")
            .Select((id, index) => KeyValuePair.Create(id.Value, (index + 1).ToString(CultureInfo.InvariantCulture)))
            .ToDictionary(StringComparer.Ordinal);
        Rename(root, id => numbers[id]);
        var drawn = SHA256.HashData(Encoding.UTF8.GetBytes(root.ToString(SaveOptions.DisableFormatting)));
        var prefix = "c" + Convert.ToHexStringLower(drawn)[..8] + "-";
        Rename(root, id => prefix + id);
    }

    private static void Rename(XElement root, Func<string, string> renamed)
    {
        foreach (var attribute in root.DescendantsAndSelf().Attributes())
        {
            var value = attribute.Value;
            if (attribute.Name == "id") attribute.Value = renamed(value);
            else if (value.StartsWith("url(#", StringComparison.Ordinal)) attribute.Value = $"url(#{renamed(value[5..^1])})";
            else if (attribute.Name.LocalName == "href" && value.StartsWith('#')) attribute.Value = "#" + renamed(value[1..]);
        }
    }

    private static void Describe(XElement root, string title, string description)
    {
        if (root.Attribute("viewBox") is null)
            root.SetAttributeValue("viewBox", $"0 0 {(string?)root.Attribute("width")} {(string?)root.Attribute("height")}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", title);
        if (description.Length > 0) root.AddFirst(new XElement(Svg + "desc", description));
        root.AddFirst(new XElement(Svg + "title", title));
    }

    private static float[] Numbers(XAttribute? list) =>
        list is null ? [0] : [.. list.Value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static float Number(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
