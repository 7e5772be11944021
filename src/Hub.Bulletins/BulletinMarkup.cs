using System.Text;
using System.Xml;
using System.Xml.Linq;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The few elements that a bulletin is written in, so that a page and a Word document can both be made of it.</summary>
internal static class BulletinMarkup
{
    private static readonly HashSet<string> Elements =
        ["p", "h1", "h2", "h3", "hr", "br", "b", "span", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"];

    private static readonly HashSet<string> Attributes = ["class", "chart"];

    /// <summary>The content under one root element, or what is wrong with it.</summary>
    public static (XElement? Article, Text? Problem) Read(string rendered)
    {
        XElement article;
        try
        {
            using var reader = XmlReader.Create(new StringReader($"<article>{rendered}</article>"), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            article = XElement.Load(reader, LoadOptions.None);
        }
        catch (XmlException e)
        {
            return (null, new($"标记不成对或不合规：{e.Message}", $"its markup is not well formed: {e.Message}"));
        }
        foreach (var element in article.Descendants())
        {
            if (!Elements.Contains(element.Name.ToString())) return (null, new($"不认识的元素 <{element.Name}>", $"unknown element <{element.Name}>"));
            if (element.Attributes().FirstOrDefault(a => !Attributes.Contains(a.Name.ToString())) is { } attribute)
                return (null, new($"<{element.Name}> 不能有属性 {attribute.Name}", $"<{element.Name}> cannot have the attribute {attribute.Name}"));
        }
        return (article, null);
    }

    /// <summary>A text from outside with U+FFFD for every character that XML refuses.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(rune.Value < 0x10000 && !XmlConvert.IsXmlChar((char)rune.Value) || (rune.Value & 0xFFFE) == 0xFFFE ? "\uFFFD" : rune.ToString());
        return plain.ToString();
    }
}
