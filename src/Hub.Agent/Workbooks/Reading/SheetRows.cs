using System.Text;
using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>The rows of one sheet, one after the other, each as its cells that hold something. Cells may leave out where they are.</summary>
internal sealed class SheetRows : IDisposable
{
    private readonly PartReader xml;
    private readonly SharedStrings strings;
    private readonly string sheet;
    private readonly StringBuilder text = new();
    private readonly List<CellText> cells = [];
    private int row, rows, count;

    public SheetRows(Package package, SheetPart part, SharedStrings strings)
    {
        (this.strings, sheet) = (strings, part.Name);
        xml = package.Read(part.Part, part.Name);
    }

    /// <summary>The next row that holds something; null at the end. The list is used again for the one after it.</summary>
    public IReadOnlyList<CellText>? Next()
    {
        while (xml.Read())
        {
            // What follows the rows is left for ReadMerged.
            if (xml.IsEnd && xml.Name == "sheetData") return null;
            if (!xml.IsStart || xml.Name != "row") continue;
            if (++rows > ReadingLimits.RowsPerSheet) throw Unreadable(CellName.Of(1, row), new(
                $"超过 {ReadingLimits.RowsPerSheet} 行（空行也计），请删除多余的行", $"more than {ReadingLimits.RowsPerSheet} rows, empty ones included: delete those that are not needed"));
            row = xml.Integer("r", row + 1) is { } r and > 0 and <= CellName.MaxRow ? r : throw Unreadable("", new("行号有误，文件已损坏", "a row's number is wrong: the file is damaged"));
            ReadCells();
            if (cells.Count > 0) return cells;
        }
        return null;
    }

    /// <summary>The merged ranges, which stand after the rows: first and last cell of each.</summary>
    public IReadOnlyList<((int Column, int Row) First, (int Column, int Row) Last)> ReadMerged()
    {
        var merged = new List<((int, int), (int, int))>();
        while (xml.Read())
        {
            if (!xml.IsStart || xml.Name != "mergeCell" || xml.Attribute("ref") is not { } range || range.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) continue;
            if (merged.Count >= ReadingLimits.MergedRanges) throw Unreadable("", new("合并单元格过多，拒绝读取", "too many merged cells; not read"));
            if (CellName.Parse(range.AsSpan(0, colon)) is { } first && CellName.Parse(range.AsSpan(colon + 1)) is { } last) merged.Add((first, last));
        }
        return merged;
    }

    public void Dispose() => xml.Dispose();

    private void ReadCells()
    {
        cells.Clear();
        if (xml.IsEmpty) return;
        var depth = xml.Depth;
        var column = 0;
        while (xml.ReadWithin(depth))
        {
            if (!xml.IsStart || xml.Name != "c") continue;
            if (++count > ReadingLimits.CellsPerSheet) throw Unreadable(CellName.Of(Math.Max(column, 1), row), new("单元格过多，拒绝读取", "too many cells; not read"));
            column = ColumnOf(column);
            if (ReadCell(column) is { } cell) cells.Add(cell);
        }
    }

    private int ColumnOf(int before)
    {
        if (xml.Attribute("r") is not { } name) return before < CellName.MaxColumn ? before + 1 : throw Unreadable("", new("列数有误，文件已损坏", "too many columns: the file is damaged"));
        return CellName.Parse(name) is { } place && place.Row == row ? place.Column
            : throw Unreadable("", new($"第 {row} 行的单元格编号“{ReportParser.Short(name)}”有误，文件已损坏", $"row {row} has a cell named “{ReportParser.Short(name)}”: the file is damaged"));
    }

    private CellText? ReadCell(int column)
    {
        if (xml.IsEmpty) return null;
        var type = xml.Attribute("t") ?? "n";
        var depth = xml.Depth;
        string? value = null;
        var formula = false;
        while (xml.ReadWithin(depth))
        {
            if (!xml.IsStart) continue;
            if (xml.Name == "f") formula = true;
            else if (xml.Name == "v") value = ReadValue(column);
            else if (xml.Name == "is") value = StringItem.Read(xml, text, CellName.Of(column, row));
        }
        if (type == "s" && value is not null) value = strings.Find(value.Trim()) ?? throw Unreadable(CellName.Of(column, row), new(
            "引用的文字不存在，文件已损坏", "refers to a text that is not there: the file is damaged"));
        if (type == "b") value = value?.Trim() is "1" or "true" ? "TRUE" : "FALSE";
        if (string.IsNullOrWhiteSpace(value) && !formula) return null;
        return new CellText(column, row, value ?? "", type == "n", formula);
    }

    private string ReadValue(int column)
    {
        text.Clear();
        if (xml.IsEmpty) return "";
        var depth = xml.Depth;
        while (xml.ReadWithin(depth))
            if (xml.IsText) xml.AppendText(text, CellName.Of(column, row));
        return StringItem.Unescape(text);
    }

    private UnreadableException Unreadable(string cell, Text why) => new(sheet, cell, why);
}
