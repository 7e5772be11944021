using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>Cells and the strings that they share. A text is a text, whatever it looks like: never a formula.</summary>
internal sealed class CellTexts
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<string> texts = [];
    private int used;

    public Cell Text(int column, int row, string text, CellLook look)
    {
        if (text.Length == 0) return Empty(column, row, look);
        if (!places.TryGetValue(text, out var place))
        {
            places.Add(text, place = texts.Count);
            texts.Add(text);
        }
        used++;
        return new Cell
        {
            CellReference = CellName.Of(column, row), StyleIndex = (uint)look, DataType = CellValues.SharedString, CellValue = new CellValue(place.ToString(CultureInfo.InvariantCulture)),
        };
    }

    public static Cell Empty(int column, int row, CellLook look) => new() { CellReference = CellName.Of(column, row), StyleIndex = (uint)look };

    public static Cell Number(int column, int row, int number, CellLook look) =>
        new() { CellReference = CellName.Of(column, row), StyleIndex = (uint)look, CellValue = new CellValue(number.ToString(CultureInfo.InvariantCulture)) };

    /// <param name="value">What it comes to as the workbook is written.</param>
    public static Cell Formula(int column, int row, string formula, int value, CellLook look)
    {
        var cell = Number(column, row, value, look);
        cell.CellFormula = new CellFormula(formula);
        return cell;
    }

    /// <summary>How many lines a text without line breaks takes in a column of that width. A Chinese character is as wide as two digits.</summary>
    public static int LinesOf(string line, double width) => Math.Max(1, (int)Math.Ceiling(line.Sum(c => c < 0x80 ? 1.1 : 2.1) / width));

    public void WriteTo(SharedStringTablePart part)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new SharedStringTable { Count = (uint)used, UniqueCount = (uint)texts.Count });
        foreach (var text in texts)
            writer.WriteElement(new SharedStringItem(new DocumentFormat.OpenXml.Spreadsheet.Text(Escape(text)) { Space = SpaceProcessingModeValues.Preserve }));
        writer.WriteEndElement();
    }

    // What XML cannot hold, and what would read as such an escape, is written as _xHHHH_.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) escaped.Append(c).Append(text[++i]);
            else if (c == '\r' || !XmlConvert.IsXmlChar(c) || (c == '_' && i + 6 < text.Length && text[i + 1] == 'x' && text[i + 6] == '_'))
                escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }
}
