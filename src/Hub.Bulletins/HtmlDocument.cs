using System.Text;
using System.Xml.Linq;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The bulletin as one HTML file with everything in it: style, pictures and the font's used characters. Nothing is fetched and
/// nothing runs. Printed by a browser it is the A4 document of GB/T 9704.</summary>
internal static class HtmlDocument
{
    private static readonly string Style = ReadStyle();
    private static readonly HashSet<string> Void = ["br", "hr", "img"];

    /// <summary>Characters that the style and the page numbers write.</summary>
    private const string Furniture = "— 0123456789";

    public static byte[] Write(XElement article, IReadOnlyDictionary<string, BulletinChart> charts, Language language)
    {
        var content = new XElement(article);
        foreach (var figure in content.Descendants("figure").ToList()) Fill(figure, charts);
        // An HTML parser takes <td/> for an open tag.
        foreach (var element in content.DescendantsAndSelf().Where(e => e.IsEmpty && !Void.Contains(e.Name.LocalName))) element.Value = "";

        var font = Convert.ToBase64String(FontSubset.Of(Furniture + content.Value));
        var page = new StringBuilder()
            .Append("<!DOCTYPE html>\n<html lang=\"").Append(language == Language.Chinese ? "zh-CN" : "en").Append("\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:\">\n")
            .Append(new XElement("title", BulletinMarkup.Title(content, language)).ToString(SaveOptions.DisableFormatting)).Append("\n<style>\n")
            .Append(Style.Replace("@FONT@", font, StringComparison.Ordinal)).Append("</style>\n</head>\n<body>\n")
            .Append(content.ToString(SaveOptions.DisableFormatting)).Append("\n</body>\n</html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private static void Fill(XElement figure, IReadOnlyDictionary<string, BulletinChart> charts)
    {
        var chart = charts.GetValueOrDefault((string?)figure.Attribute("chart") ?? "");
        figure.Attribute("chart")?.Remove();
        figure.AddFirst((chart?.Pictures ?? []).Select(picture => new XElement("img", new XAttribute("alt", picture.Title),
            new XAttribute("src", "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.Svg.Value))))));
    }

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(HtmlDocument).Assembly.GetManifestResourceStream("bulletins/bulletin.css")!);
        // The comment at the top names the placeholder too.
        return reader.ReadToEnd().Replace("; @FONT@ stands for the embedded font", "", StringComparison.Ordinal);
    }
}
