using System.Globalization;
using System.Text;
using System.Xml;
using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>One part as a stream of XML nodes: no DTD, no entities from outside, bounded depth, names and texts. Elements are known by their
/// local name, so that the strict and the transitional form read alike; those of other namespaces, which programs add for themselves, have none.</summary>
internal sealed class PartReader : IDisposable
{
    private static readonly string[] OwnSpaces =
    [
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships", "http://schemas.openxmlformats.org/package/2006/content-types",
    ];

    private readonly string sheet;
    private readonly XmlReader xml;
    private readonly char[] chunk = new char[4096];
    private string? space;
    private bool isOwnSpace;

    /// <param name="sheet">What a problem calls the part: its sheet's name, or the part's own.</param>
    public PartReader(Stream stream, string sheet)
    {
        this.sheet = sheet;
        xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
            MaxCharactersInDocument = ReadingLimits.PartBytes,
            NameTable = new BoundedNames(sheet),
        });
    }

    public string Name => IsOwn ? xml.LocalName : "";
    public int Depth => xml.Depth;
    public bool IsEmpty => xml.IsEmptyElement;
    public bool IsStart => xml.NodeType == XmlNodeType.Element;
    public bool IsEnd => xml.NodeType == XmlNodeType.EndElement;
    public bool IsText => xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace;

    /// <summary>The next node; false at the end.</summary>
    public bool Read()
    {
        try
        {
            if (!xml.Read()) return false;
        }
        catch (XmlException e) when (e.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new UnreadableException(sheet, "", new("含有 DTD 或外部实体，拒绝读取", "holds a DTD or external entities; not read"));
        }
        catch (XmlException e)
        {
            throw new UnreadableException(sheet, "", new($"文件已损坏，第 {e.LineNumber} 行第 {e.LinePosition} 字符处无法读取", $"damaged: unreadable at line {e.LineNumber}, character {e.LinePosition} of its part"));
        }
        if (xml.Depth > ReadingLimits.Depth) throw new UnreadableException(sheet, "", new("结构嵌套过深，拒绝读取", "nested too deeply; not read"));
        return true;
    }

    /// <summary>From a start tag to its end, node by node; false when the end is reached.</summary>
    public bool ReadWithin(int depth) => Read() && xml.Depth > depth;

    public string? Attribute(string name) => xml.GetAttribute(name);

    /// <summary>The relationship id of the current element, in whichever namespace it stands.</summary>
    public string? RelationshipId()
    {
        if (!xml.MoveToFirstAttribute()) return null;
        string? id = null;
        do
        {
            if (xml.LocalName == "id" && xml.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal)) id = xml.Value;
        }
        while (xml.MoveToNextAttribute());
        xml.MoveToElement();
        return id;
    }

    /// <summary>Adds the current text node to <paramref name="text"/>, piece by piece.</summary>
    public void AppendText(StringBuilder text, string cell)
    {
        if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) return;
        for (int count; (count = xml.ReadValueChunk(chunk, 0, chunk.Length)) > 0;)
        {
            if (text.Length + count > ReadingLimits.CellCharacters) throw new UnreadableException(sheet, cell, new(
                $"文字超过 {ReadingLimits.CellCharacters} 字", $"a text of more than {ReadingLimits.CellCharacters} characters"));
            text.Append(chunk, 0, count);
        }
    }

    /// <summary>An integer attribute; <paramref name="absent"/> where it is missing, null where it is no integer.</summary>
    public int? Integer(string name, int absent) => xml.GetAttribute(name) is not { } text ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    public void Dispose() => xml.Dispose();

    // The reader hands out one string per namespace, and nearly every element is of the same.
    private bool IsOwn
    {
        get
        {
            if (ReferenceEquals(space, xml.NamespaceURI)) return isOwnSpace;
            space = xml.NamespaceURI;
            return isOwnSpace = OwnSpaces.Contains(space, StringComparer.Ordinal);
        }
    }

    /// <summary>A part with endless different names would fill the table of names.</summary>
    private sealed class BoundedNames(string sheet) : NameTable
    {
        private int names;

        public override string Add(char[] key, int start, int len)
        {
            if (Get(key, start, len) is { } known) return known;
            if (++names > ReadingLimits.DistinctNames) throw new UnreadableException(sheet, "", new("元素名称过多，拒绝读取", "too many different element names; not read"));
            return base.Add(key, start, len);
        }
    }
}
