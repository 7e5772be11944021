using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Protocol;

namespace Hub.Cli.Demo;

/// <summary>A made-up clerk: opens the month's workbook, changes the states that are no longer what last month's were, writes the written part
/// and signs.</summary>
internal sealed class Clerk
{
    private static readonly DateOnly DayZero = new(1899, 12, 30);

    private readonly WorkbookPart workbook;
    private readonly SharedStringTable texts;
    private readonly List<string> known;

    private Clerk(WorkbookPart workbook)
    {
        (this.workbook, texts) = (workbook, workbook.SharedStringTablePart!.SharedStringTable!);
        known = [.. texts.Elements<SharedStringItem>().Select(t => t.InnerText)];
    }

    /// <summary>Fills the file in place; returns how many states were changed or chosen.</summary>
    /// <param name="facts">What the clerk knows of the month.</param>
    public static int Fill(string file, ItemIndex items, Report facts)
    {
        using var document = SpreadsheetDocument.Open(file, isEditable: true);
        var clerk = new Clerk(document.WorkbookPart!);
        var changed = clerk.FillStates(items, facts.Branches.ToDictionary(b => b.Branch, b => b.States, StringComparer.Ordinal));
        clerk.FillWritten(facts.Narrative, facts.SignOff);
        return changed;
    }

    private int FillStates(ItemIndex items, Dictionary<string, Google.Protobuf.Collections.RepeatedField<ItemState>> states)
    {
        var changed = 0;
        foreach (var (_, sheet) in Sheets())
        {
            var columns = sheet.Descendants<Row>().First().Elements<Cell>()
                .Select(cell => (At(cell).Column, Item: items.Find(Text(cell)))).Where(c => c.Item is not null).ToDictionary(c => c.Column, c => c.Item!.Value.Item.Ordinal);
            foreach (var row in sheet.Descendants<Row>().Where(_ => columns.Count > 0))
            {
                if (row.GetFirstChild<Cell>() is not { } code || !states.TryGetValue(Text(code), out var facts)) continue;
                foreach (var cell in row.Elements<Cell>())
                {
                    if (!columns.TryGetValue(At(cell).Column, out var item) || StateWords.Of(facts[item]) is var word && word == Text(cell)) continue;
                    Write(cell, word);
                    changed++;
                }
            }
            // Whoever opens the workbook counts anew: figures that are no longer right do not stay.
            foreach (var formula in sheet.Descendants<CellFormula>()) ((Cell)formula.Parent!).CellValue?.Remove();
        }
        return changed;
    }

    private void FillWritten(Narrative narrative, SignOff signed)
    {
        var written = Sheets().Single(s => s.Name == SheetWords.Written).Sheet;
        var cells = written.Descendants<Cell>().ToDictionary(At);
        (string Label, string Text)[] words =
        [
            (SheetWords.Progress, narrative.Progress), (SheetWords.Problems, narrative.Problems), (SheetWords.NextSteps, narrative.NextSteps),
            (SheetWords.Matters, narrative.MattersToCoordinate), (SheetWords.Practices, narrative.GoodPractices),
            (SheetWords.PreparedBy, signed.PreparedByPost), (SheetWords.ApprovedBy, signed.ApprovedByPost),
        ];
        foreach (var (label, text) in words) Write(BesideLabel(label), text);
        foreach (var (label, day) in ((string, string)[])[(SheetWords.PreparedOn, signed.PreparedOn), (SheetWords.ApprovedOn, signed.ApprovedOn)])
            WriteDay(BesideLabel(label), DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));

        Cell BesideLabel(string label)
        {
            var (column, row) = At(cells.Values.First(cell => Text(cell).StartsWith(label, StringComparison.Ordinal)));
            return cells[(column + 1, row)];
        }
    }

    private IEnumerable<(string Name, Worksheet Sheet)> Sheets() => workbook.Workbook!.Descendants<Sheet>().Where(s => s.State is null)
        .Select(s => (s.Name!.Value!, ((WorksheetPart)workbook.GetPartById(s.Id!.Value!)).Worksheet!));

    private string Text(Cell cell) => cell.DataType?.Value == CellValues.SharedString
        ? known[int.Parse(cell.CellValue!.Text, CultureInfo.InvariantCulture)] : cell.CellValue?.Text ?? "";

    private void Write(Cell cell, string text)
    {
        cell.RemoveAllChildren();
        cell.DataType = null;
        if (text.Length == 0) return;
        var place = known.IndexOf(text);
        if (place < 0)
        {
            place = known.Count;
            known.Add(text);
            texts.Append(new SharedStringItem(new DocumentFormat.OpenXml.Spreadsheet.Text(text) { Space = SpaceProcessingModeValues.Preserve }));
            texts.UniqueCount = (uint)known.Count;
        }
        cell.DataType = CellValues.SharedString;
        cell.CellValue = new CellValue(place.ToString(CultureInfo.InvariantCulture));
    }

    // A date typed into a cell is kept as a number, the cell's own format shows it as a day.
    private static void WriteDay(Cell cell, DateOnly day)
    {
        cell.RemoveAllChildren();
        cell.DataType = null;
        cell.CellValue = new CellValue((day.DayNumber - DayZero.DayNumber).ToString(CultureInfo.InvariantCulture));
    }

    private static (int Column, int Row) At(Cell cell) => CellName.Parse(cell.CellReference!.Value!)!.Value;
}
