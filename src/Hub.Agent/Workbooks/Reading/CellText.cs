using System.Globalization;
using System.Text;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>A cell that holds something.</summary>
/// <param name="IsNumber">Whether the text is a number as stored, e.g. a date's serial.</param>
internal readonly record struct CellText(int Column, int Row, string Text, bool IsNumber, bool HasFormula)
{
    public string Name => CellName.Of(Column, Row);
}

/// <summary>Texts of strings, shared or inline: rich runs joined, phonetic runs left out, escapes such as <c>_x000D_</c> undone.</summary>
internal static class StringItem
{
    /// <summary>Reads from the start tag of <c>si</c> or <c>is</c> to its end.</summary>
    public static string Read(PartReader xml, StringBuilder text, string cell)
    {
        text.Clear();
        if (xml.IsEmpty) return "";
        var depth = xml.Depth;
        var phonetic = int.MaxValue;
        var inText = false;
        while (xml.ReadWithin(depth))
        {
            if (xml.Depth <= phonetic) phonetic = int.MaxValue;
            if (xml.IsStart)
            {
                if (xml.Name == "rPh" && !xml.IsEmpty) phonetic = xml.Depth;
                inText = xml.Name == "t" && !xml.IsEmpty && phonetic == int.MaxValue;
            }
            else if (!xml.IsText)
            {
                inText = false;
            }
            else if (inText)
            {
                xml.AppendText(text, cell);
            }
        }
        return Unescape(text);
    }

    internal static string Unescape(StringBuilder text)
    {
        var raw = text.ToString();
        if (!raw.Contains("_x", StringComparison.Ordinal)) return raw;
        text.Clear();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '_' && i + 6 < raw.Length && raw[i + 1] == 'x' && raw[i + 6] == '_'
                && ushort.TryParse(raw.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                text.Append((char)code);
                i += 6;
            }
            else
            {
                text.Append(raw[i]);
            }
        }
        return text.ToString();
    }
}

/// <summary>The strings that cells refer to by number.</summary>
internal sealed class SharedStrings
{
    private readonly List<string> strings = [];

    public static SharedStrings Read(Package package, WorkbookParts parts)
    {
        var shared = new SharedStrings();
        if (parts.SharedStrings is not { } part) return shared;
        var text = new StringBuilder();
        var characters = 0;
        using var xml = package.Read(part, part);
        while (xml.Read())
        {
            if (!xml.IsStart || xml.Name != "si") continue;
            var value = StringItem.Read(xml, text, "");
            characters += value.Length;
            if (characters > ReadingLimits.SharedCharacters || shared.strings.Count >= ReadingLimits.SharedStrings) throw new UnreadableException(part, "", new(
                "文字过多，拒绝读取", "holds too much text; not read"));
            shared.strings.Add(value);
        }
        return shared;
    }

    public string? Find(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < strings.Count ? strings[index] : null;
}
