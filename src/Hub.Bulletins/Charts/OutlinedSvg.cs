using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Hub.Bulletins.Charts;

/// <summary>
/// Shapes as Skia wrote them, and texts as outlines of <see cref="ChartFont"/>, so that a picture looks the same on a machine
/// without the font. What it says stays readable in its title and description.
/// </summary>
internal sealed class OutlinedSvg
{
    // Stands before each identifier until all that is drawn is known: a character that no XML holds.
    private const string Prefix = "\uFFFF";

    private readonly Dictionary<string, string> identifiers = new(StringComparer.Ordinal);
    private int named;

    /// <summary>With identifiers of its own, and without an XML declaration, so that a page can hold it.</summary>
    public static string Of(string shapes, IEnumerable<PlacedText> texts, string title, string description)
    {
        using var reader = XmlReader.Create(new StringReader(shapes), new XmlReaderSettings { IgnoreWhitespace = true });
        return new OutlinedSvg().Written(reader, texts, ChartFont.Plain(title), ChartFont.Plain(description));
    }

    private string Written(XmlReader shapes, IEnumerable<PlacedText> texts, string title, string description)
    {
        shapes.MoveToContent();
        var (width, height) = (shapes.GetAttribute("width"), shapes.GetAttribute("height"));
        var page = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        page.Append(CultureInfo.InvariantCulture, $" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{SecurityElement.Escape(title)}\">");
        page.Append(CultureInfo.InvariantCulture, $"<title>{SecurityElement.Escape(title)}</title>");
        if (description.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<desc>{SecurityElement.Escape(description)}</desc>");

        var outlined = new SvgTexts(NewIdentifier);
        foreach (var text in texts) outlined.Add(text);
        var drawn = outlined.Outlines + Copied(shapes) + outlined.Uses;
        page.Append(drawn).Append("</svg>");
        // Two pictures in one page must not use each other's outlines and clips: the prefix comes from all that is drawn.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(drawn)));
        return page.Replace(Prefix, $"c{hash[..8]}").ToString();
    }

    private string Copied(XmlReader shapes)
    {
        var copy = new StringBuilder();
        while (shapes.Read() && shapes.Depth > 0)
        {
            if (shapes.NodeType == XmlNodeType.EndElement) copy.Append("</").Append(shapes.Name).Append('>');
            if (shapes.NodeType != XmlNodeType.Element) continue;
            copy.Append('<').Append(shapes.Name);
            while (shapes.MoveToNextAttribute())
                copy.Append(' ').Append(shapes.Name).Append("=\"").Append(SecurityElement.Escape(Renamed(shapes.LocalName, shapes.Value))).Append('"');
            shapes.MoveToElement();
            copy.Append(shapes.IsEmptyElement ? "/>" : ">");
        }
        return copy.ToString();
    }

    // Skia numbers clips through the process's life: numbered anew, equal pictures are equal text.
    private string Renamed(string attribute, string value)
    {
        if (attribute == "id") return Identifier(value);
        if (attribute == "href" && value.StartsWith('#')) return "#" + Identifier(value[1..]);
        return value.StartsWith("url(#", StringComparison.Ordinal) ? $"url(#{Identifier(value[5..^1])})" : value;
    }

    private string Identifier(string id) => identifiers.TryGetValue(id, out var known) ? known : identifiers[id] = NewIdentifier();

    private string NewIdentifier() => Prefix + (++named).ToString(CultureInfo.InvariantCulture);
}
