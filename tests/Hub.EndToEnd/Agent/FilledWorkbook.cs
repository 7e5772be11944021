using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Hub.EndToEnd.Agent;

/// <summary>What a clerk does to a workbook file.</summary>
internal static class FilledWorkbook
{
    /// <summary>Chooses <paramref name="state"/> in every state cell that is still blank.</summary>
    public static void FillBlanks(string file, string state) => Change(file, (workbook, sheet) =>
    {
        if (sheet.Descendants<Row>().First().Elements<Cell>().Skip(2).FirstOrDefault() is not { } header || !TextOf(workbook, header).Contains('.', StringComparison.Ordinal)) return;
        var items = sheet.Descendants<Row>().First().Elements<Cell>().Where(c => TextOf(workbook, c).Contains('.', StringComparison.Ordinal)).Select(c => Column(c)).ToHashSet();
        foreach (var cell in sheet.Descendants<Row>().Skip(3).SelectMany(r => r.Elements<Cell>()).Where(c => !c.HasChildren && items.Contains(Column(c)))) Set(cell, state);
    });

    public static void Set(string file, string sheetName, string cell, string text) => Change(file, (workbook, sheet) =>
    {
        if (NameOf(workbook, sheet) == sheetName) Set(sheet.Descendants<Cell>().Single(c => c.CellReference == cell), text);
    });

    public static string TextAt(string file, string sheetName, string cell)
    {
        var text = "";
        Change(file, (workbook, sheet) =>
        {
            if (NameOf(workbook, sheet) == sheetName) text = TextOf(workbook, sheet.Descendants<Cell>().Single(c => c.CellReference == cell));
        });
        return text;
    }

    private static void Change(string file, Action<WorkbookPart, Worksheet> change)
    {
        using var document = SpreadsheetDocument.Open(file, isEditable: true);
        var workbook = document.WorkbookPart!;
        foreach (var sheet in workbook.Workbook!.Descendants<Sheet>().Where(s => s.State is null || s.State.Value == SheetStateValues.Visible).ToList())
            change(workbook, ((WorksheetPart)workbook.GetPartById(sheet.Id!.Value!)).Worksheet!);
    }

    private static string NameOf(WorkbookPart workbook, Worksheet sheet) =>
        workbook.Workbook!.Descendants<Sheet>().Single(s => s.Id!.Value == workbook.GetIdOfPart(sheet.WorksheetPart!)).Name!.Value!;

    private static string Column(Cell cell) => cell.CellReference!.Value!.TrimEnd("0123456789".ToCharArray());

    private static void Set(Cell cell, string text)
    {
        cell.RemoveAllChildren();
        cell.DataType = CellValues.InlineString;
        cell.InlineString = new InlineString(new Text(text));
    }

    private static string TextOf(WorkbookPart workbook, Cell cell) => cell.DataType?.Value == CellValues.SharedString
        ? workbook.SharedStringTablePart!.SharedStringTable!.Elements<SharedStringItem>().ElementAt(int.Parse(cell.InnerText, CultureInfo.InvariantCulture)).InnerText
        : cell.CellValue?.Text ?? cell.InnerText;
}
