using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Agent.Workbooks.Writing;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Tests.Agent;

/// <summary>A township's workbook of 2026-01 in memory, changed cell by cell as a spreadsheet would.</summary>
internal sealed class SampleWorkbook
{
    public const string Code = "990101100";
    public static readonly string[] Kinds = ["village", "agency", "community", "enterprise"];

    private byte[] bytes;

    private SampleWorkbook(byte[] bytes) => this.bytes = bytes;

    public static Template Template { get; } = ShippedTemplates.Read("party-branch");

    /// <summary>Branches per kind are numbered from 1 within the township; in the first report every item is met.</summary>
    public static WorkbookFrame Frame(int perKind = 2, bool reportedBefore = true, string name = "号党支部")
    {
        var branches = new List<Branch>();
        foreach (var kind in Kinds)
            for (var i = 0; i < perKind; i++)
                branches.Add(new Branch(branches.Count, $"{Code}{branches.Count + 1:D5}", $"{branches.Count + 1}{name}", Code, kind, 3, new DateOnly(2020, 1, 1), null));
        var programme = new Programme("county-2025", Template, ShippedTemplates.Text("party-branch")!, 2025, "990101", 0);
        var states = branches.ToDictionary(b => b.Code, b => (IReadOnlyList<ItemState>)[.. Template.StandardOf(b.Kind)!.Items.Select(_ => ItemState.Met)]);
        var last = reportedBefore ? new LastReport(Period.Parse("2025-12"), 1, states) : null;
        return new WorkbookFrame(programme, new Township(Code, "青禾镇", [.. branches]), Period.Parse("2026-01"), new DateOnly(2026, 2, 3), last);
    }

    public static SampleWorkbook Of(WorkbookFrame frame)
    {
        var output = new MemoryStream();
        WorkbookWriter.Write(frame, output);
        return new SampleWorkbook(output.ToArray());
    }

    public static SampleWorkbook Make() => Of(Frame());

    public byte[] Bytes => [.. bytes];

    public WorkbookReading Read() => WorkbookReader.Read(new MemoryStream(bytes));

    /// <summary>Changes the file with the library that writes it.</summary>
    public SampleWorkbook Change(Action<WorkbookPart> change)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        using (var document = SpreadsheetDocument.Open(stream, isEditable: true)) change(document.WorkbookPart!);
        bytes = stream.ToArray();
        return this;
    }

    public SampleWorkbook OnSheet(string name, Action<Worksheet> change) => Change(workbook => change(Sheet(workbook, name)));

    public SampleWorkbook Set(string sheet, string cell, Action<Cell> change) => OnSheet(sheet, worksheet => change(CellAt(worksheet, cell)));

    public SampleWorkbook Set(string sheet, string cell, string text) => Set(sheet, cell, c => Inline(c, text));

    public static Worksheet Sheet(WorkbookPart workbook, string name)
    {
        var id = workbook.Workbook!.Descendants<Sheet>().First(s => s.Name == name).Id!.Value!;
        return ((WorksheetPart)workbook.GetPartById(id)).Worksheet!;
    }

    public static Cell CellAt(Worksheet sheet, string name) => sheet.Descendants<Cell>().First(c => c.CellReference == name);

    public static void Inline(Cell cell, string text)
    {
        Clear(cell);
        cell.DataType = CellValues.InlineString;
        cell.InlineString = new InlineString(new DocumentFormat.OpenXml.Spreadsheet.Text(text) { Space = SpaceProcessingModeValues.Preserve });
    }

    public static void Value(Cell cell, CellValues type, string value)
    {
        Clear(cell);
        cell.DataType = type;
        cell.CellValue = new CellValue(value);
    }

    public static void Clear(Cell cell)
    {
        cell.RemoveAllChildren();
        cell.DataType = null;
    }
}
