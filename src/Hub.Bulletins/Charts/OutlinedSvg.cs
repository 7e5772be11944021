using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Hub.Bulletins.Charts;

/// <summary>
/// Turns the text of an SVG that Skia wrote into outlines of <see cref="ChartFont"/>, so that it looks the same on a machine
/// without the font. Each character is outlined once and used wherever it stands: a table repeats few digits many times. What
/// the picture says stays readable in its title and description.
/// </summary>
public static class OutlinedSvg
{
    /// <summary>The same picture without text elements, with identifiers of its own; no XML declaration, so a page can hold it.</summary>
    public static string Of(string svg, string title, string description)
    {
        // Read and written in one pass: a tree of the elements would cost more than drawing them.
        using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { IgnoreWhitespace = true });
        if (reader.MoveToContent() != XmlNodeType.Element) throw new ArgumentException("No root element", nameof(svg));
        var page = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"", svg.Length);
        if (reader.GetAttribute("viewBox") is null)
            page.Append(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {reader.GetAttribute("width")} {reader.GetAttribute("height")}\"");
        var body = new OutlinedBody(reader);
        body.CopyAttributes(page);
        Describe(page, ChartFont.Plain(title), ChartFont.Plain(description));
        var drawn = body.Read();
        page.Append(drawn).Append("</svg>");
        // Two pictures in one page must not use each other's outlines and clips: the prefix comes from all that is drawn.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(drawn)));
        return page.Replace(OutlinedBody.Prefix, $"c{hash[..8]}").ToString();
    }

    private static void Describe(StringBuilder page, string title, string description)
    {
        page.Append(CultureInfo.InvariantCulture, $" role=\"img\" aria-label=\"{SecurityElement.Escape(title)}\"><title>{SecurityElement.Escape(title)}</title>");
        if (description.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<desc>{SecurityElement.Escape(description)}</desc>");
    }
}
