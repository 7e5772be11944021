using System.Globalization;
using System.Security;
using System.Text;
using System.Xml;

namespace Hub.Bulletins.Charts;

/// <summary>One pass over the elements of an SVG: copied, except that texts become uses of outlines, and that identifiers are
/// numbered anew, because Skia numbers clips through the process's life and equal pictures are to be equal text.</summary>
internal sealed class OutlinedBody(XmlReader reader)
{
    /// <summary>Stands before each identifier, until the picture's own prefix is known: a character that no XML holds.</summary>
    public const string Prefix = "\uFFFF";

    // Skia sets each text on a line of its own; an ideographic space is a character like any other.
    private static readonly char[] Indentation = [' ', '\t', '\r', '\n'];
    private static readonly string[] TextOnly =
        ["x", "y", "dx", "dy", "transform", "font-size", "font-family", "font-weight", "font-style", "font-stretch", "text-anchor"];

    private readonly StringBuilder outlines = new(), body = new();
    private readonly Dictionary<string, string> identifiers = new(StringComparer.Ordinal);
    private readonly Dictionary<Rune, string> outlined = [];
    private int named;

    /// <summary>What the root holds, the outlines first.</summary>
    public string Read()
    {
        while (reader.Read() && reader.Depth > 0)
        {
            if (reader.NodeType == XmlNodeType.EndElement) body.Append("</").Append(reader.Name).Append('>');
            else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "text") Text();
            else if (reader.NodeType == XmlNodeType.Element) Element();
        }
        return outlines.Length == 0 ? body.ToString() : $"<defs>{outlines}</defs>{body}";
    }

    /// <summary>Those of the element that the reader is at, but for namespaces and the named ones.</summary>
    public void CopyAttributes(StringBuilder target, params ReadOnlySpan<string> except)
    {
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix == "xmlns" || reader.Name == "xmlns" || except.Contains(reader.Name)) continue;
            target.Append(' ').Append(reader.Name).Append("=\"").Append(SecurityElement.Escape(Renamed(reader.LocalName, reader.Value))).Append('"');
        }
        reader.MoveToElement();
    }

    private void Element()
    {
        body.Append('<').Append(reader.Name);
        CopyAttributes(body);
        body.Append(reader.IsEmptyElement ? "/>" : ">");
    }

    private string Renamed(string attribute, string value)
    {
        if (attribute == "id") return Identifier(value);
        if (attribute == "href" && value.StartsWith('#')) return "#" + Identifier(value[1..]);
        return value.StartsWith("url(#", StringComparison.Ordinal) ? $"url(#{Identifier(value[5..^1])})" : value;
    }

    private string Identifier(string id) => identifiers.TryGetValue(id, out var known) ? known : identifiers[id] = NewIdentifier();

    private string NewIdentifier() => Prefix + (++named).ToString(CultureInfo.InvariantCulture);

    private void Text()
    {
        var (xs, ys) = (Numbers(reader.GetAttribute("x")), Numbers(reader.GetAttribute("y")));
        var scale = Number(reader.GetAttribute("font-size") ?? "16") / ChartFont.Typeface.UnitsPerEm;
        var look = new StringBuilder();
        CopyAttributes(look, TextOnly);
        var outer = reader.GetAttribute("transform") is { } transform ? SecurityElement.Escape(transform) + " " : "";
        look.Append(CultureInfo.InvariantCulture, $" transform=\"{outer}translate({xs[0]:0.###} {ys[0]:0.###}) scale({scale:0.######})\"");

        var uses = Uses(Content().Trim(Indentation), [.. xs.Select(x => (x - xs[0]) / scale)], [.. ys.Select(y => (y - ys[0]) / scale)]);
        if (uses.Count == 1) body.Append("<use").Append(look).Append(uses[0]);
        else if (uses.Count > 1) body.Append("<g").Append(look).Append("><use").AppendJoin("<use", uses).Append("</g>");
    }

    // What follows <use for each character that has an outline; places beyond the given ones follow from the advances.
    private List<string> Uses(string text, float[] xs, float[] ys)
    {
        var uses = new List<string>();
        var (pen, index) = (0f, 0);
        foreach (var character in text.EnumerateRunes())
        {
            if (index < xs.Length) pen = xs[index];
            var glyph = GlyphOutline.Of(character);
            if (glyph.Data.Length > 0) uses.Add($"{Place("x", pen)}{Place("y", index < ys.Length ? ys[index] : 0)} xlink:href=\"#{Outlined(character, glyph)}\"/>");
            pen += glyph.Advance;
            index++;
        }
        return uses;
    }

    private string Outlined(Rune character, GlyphOutline glyph)
    {
        if (outlined.TryGetValue(character, out var identifier)) return identifier;
        identifier = outlined[character] = NewIdentifier();
        outlines.Append(CultureInfo.InvariantCulture, $"<path id=\"{identifier}\" d=\"{glyph.Data}\"/>");
        return identifier;
    }

    private string Content()
    {
        var content = "";
        if (reader.IsEmptyElement) return content;
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement) content += reader.Value;
        return content;
    }

    // In the font's units a place is a whole number, like the outline's points.
    private static string Place(string attribute, float place) =>
        MathF.Round(place) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {attribute}=\"{MathF.Round(place)}\"");

    private static float[] Numbers(string? list) => list is null ? [0] : [.. list.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static float Number(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
