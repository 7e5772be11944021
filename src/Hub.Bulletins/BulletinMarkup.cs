using System.Text;
using System.Xml;
using System.Xml.Linq;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The few elements that a bulletin is written in, so that a page and a Word document can both be made of it.</summary>
internal static class BulletinMarkup
{
    private static readonly string[] Inline = ["br", "b", "span"];

    /// <summary>What each element may hold. A browser would move anything else to another place, and Word has none for it.</summary>
    private static readonly Dictionary<string, string[]> Content = new(StringComparer.Ordinal)
    {
        ["article"] = ["p", "h1", "h2", "h3", "hr", "table", "figure"],
        ["p"] = Inline, ["h1"] = Inline, ["h2"] = Inline, ["h3"] = Inline, ["caption"] = Inline, ["th"] = Inline, ["td"] = Inline, ["figcaption"] = Inline, ["b"] = Inline, ["span"] = Inline,
        ["table"] = ["caption", "thead", "tbody"], ["thead"] = ["tr"], ["tbody"] = ["tr"], ["tr"] = ["th", "td"],
        ["figure"] = ["figcaption"], ["hr"] = [], ["br"] = [],
    };

    private static readonly HashSet<string> Attributes = ["class", "chart"];

    /// <summary>Emphasis within emphasis, at most.</summary>
    private const int MaxInlineDepth = 8;

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
        // A page would read markup that stands in these.
        foreach (var node in article.DescendantNodes().Where(n => n is XComment or XProcessingInstruction).ToList()) node.Remove();
        foreach (var node in article.DescendantNodes().OfType<XCData>().ToList()) node.ReplaceWith(new XText(node.Value));
        if (!article.HasElements && string.IsNullOrWhiteSpace(article.Value)) return (null, new("没有写出内容", "it writes nothing"));
        foreach (var element in article.DescendantsAndSelf())
            if (Problem(element) is { } problem) return (null, problem);
        return (article, null);
    }

    private static Text? Problem(XElement element)
    {
        var name = element.Name.ToString();
        if (!Content.TryGetValue(name, out var content) || name == "article" && element.Parent is not null) return new($"不认识的元素 <{name}>", $"unknown element <{name}>");
        if (element.Attributes().FirstOrDefault(a => !Attributes.Contains(a.Name.ToString())) is { } attribute)
            return new($"<{name}> 不能有属性 {attribute.Name}", $"<{name}> cannot have the attribute {attribute.Name}");
        var parent = element.Parent?.Name.ToString() ?? "";
        if (element.Parent is not null && !Content[parent].Contains(name))
            return parent == "article" ? new($"<{name}> 不能单独成段", $"<{name}> cannot stand by itself") : new($"<{parent}> 里不能有 <{name}>", $"<{parent}> cannot hold <{name}>");
        if (content != Inline && element.Nodes().OfType<XText>().FirstOrDefault(t => !string.IsNullOrWhiteSpace(t.Value)) is { } text)
            return new($"文字“{Beginning(text)}”不在段落或单元格里", $"the text \"{Beginning(text)}\" stands in no paragraph or cell");
        if (content == Inline && element.Ancestors().Take(MaxInlineDepth + 1).Count(a => a.Name == "b" || a.Name == "span") > MaxInlineDepth)
            return new($"<{name}> 嵌套过深", $"<{name}> is nested too deeply");
        return null;
    }

    private static string Beginning(XText text) => string.Concat(text.Value.Trim().EnumerateRunes().Take(20));

    /// <summary>The document's title in one line.</summary>
    public static string Title(XElement article, Language language) => article.Element("h1") is { } title
        ? string.Join(language == Language.Chinese ? "" : " ", string.Concat(title.DescendantNodes().Select(n => n switch { XText t => t.Value, XElement { Name.LocalName: "br" } => "\n", _ => "" })).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        : "";

    /// <summary>A text from outside with U+FFFD for every character that XML refuses.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(rune.Value < 0x10000 && !XmlConvert.IsXmlChar((char)rune.Value) || (rune.Value & 0xFFFE) == 0xFFFE ? "\uFFFD" : rune.ToString());
        return plain.ToString();
    }
}
