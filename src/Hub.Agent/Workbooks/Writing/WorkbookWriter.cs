using System.Globalization;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>Makes the township's workbook of a month: cover, a sheet per kind, the written part, the standard explained, and hidden what the agent
/// needs to read it back without a connection.</summary>
public static class WorkbookWriter
{
    // Well under what a cell may hold.
    private const int CharactersPerRow = 16_000;

    /// <summary>Writes the file whole or not at all: a workbook that is cut off must not look like one.</summary>
    public static void WriteFile(WorkbookFrame frame, string path)
    {
        var unfinished = path + ".part";
        using (var file = File.Create(unfinished)) Write(frame, file);
        File.Move(unfinished, path, overwrite: true);
    }

    public static void Write(WorkbookFrame frame, Stream output)
    {
        var cells = new CellTexts();
        var kinds = frame.Kinds.Select((kind, i) => new KindSheet(frame, kind.Standard, kind.Branches, i, cells)).ToList();
        using var document = SpreadsheetDocument.Create(output, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = WorkbookStyles.Make();
        SheetContent[] contents =
        [
            new CoverSheet(frame, kinds, cells).Make(), .. kinds.Select(kind => kind.Visible()), WrittenSheet.Make(frame, cells), StandardSheet.Make(frame, cells),
            Origin(frame, cells), TemplateText(frame, cells), Branches(frame, cells), .. kinds.Select(kind => kind.Last()),
        ];
        var sheets = new Sheets();
        for (var i = 0; i < contents.Length; i++)
        {
            var part = workbook.AddNewPart<WorksheetPart>();
            contents[i].WriteTo(part, isFirst: i == 0);
            var sheet = new Sheet { Name = contents[i].Name, SheetId = (uint)i + 1, Id = workbook.GetIdOfPart(part) };
            if (contents[i].Hidden) sheet.State = SheetStateValues.Hidden;
            sheets.Append(sheet);
        }
        cells.WriteTo(workbook.AddNewPart<SharedStringTablePart>());
        var names = kinds.SelectMany((kind, i) => kind.Names((uint)i + 1)).Concat(StandardSheet.Names(frame, (uint)kinds.Count + 2));
        workbook.Workbook = new Workbook(
            new BookViews(new WorkbookView { XWindow = 0, YWindow = 0, WindowWidth = 24_000, WindowHeight = 12_000, ActiveTab = 0 }),
            sheets, new DefinedNames(names), new CalculationProperties { FullCalculationOnLoad = true });
        document.PackageProperties.Title = $"{frame.Township.Name} {frame.Period}";
    }

    private static SheetContent Origin(WorkbookFrame frame, CellTexts cells)
    {
        (string Key, string Value)[] origin =
        [
            (SheetWords.Keys.Format, SheetWords.FormatValue), (SheetWords.Keys.Programme, frame.Programme.Id),
            (SheetWords.Keys.LaunchYear, frame.Programme.LaunchYear.ToString(CultureInfo.InvariantCulture)), (SheetWords.Keys.Area, frame.Programme.Area),
            (SheetWords.Keys.Township, frame.Township.Code), (SheetWords.Keys.TownshipName, frame.Township.Name),
            (SheetWords.Keys.Period, frame.Period.ToString()), (SheetWords.Keys.DueOn, HubTime.Day(frame.DueOn)),
            (SheetWords.Keys.StandardVersion, frame.StandardVersion), (SheetWords.Keys.LastPeriod, frame.Last?.Period.ToString() ?? ""),
            (SheetWords.Keys.LastVersion, frame.Last?.Version.ToString(CultureInfo.InvariantCulture) ?? ""),
        ];
        return Hidden(SheetWords.Origin, origin.Select(pair => new[] { pair.Key, pair.Value }), cells);
    }

    // Packed, so that no program that saves the workbook touches its line ends or spaces.
    private static SheetContent TemplateText(WorkbookFrame frame, CellTexts cells)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(Encoding.UTF8.GetBytes(frame.Programme.TemplateText));
        return Hidden(SheetWords.TemplateText, Convert.ToBase64String(packed.ToArray()).Chunk(CharactersPerRow).Select(piece => new[] { new string(piece) }), cells);
    }

    private static SheetContent Branches(WorkbookFrame frame, CellTexts cells) => Hidden(SheetWords.Branches,
        frame.Township.Branches
            .Select(b => new[] { b.Code, b.Name, b.Kind, b.Star.ToString(CultureInfo.InvariantCulture), HubTime.Day(b.ActiveFrom), b.ActiveTo is { } to ? HubTime.Day(to) : "" })
            .Prepend(["code", "name", "kind", "star", "active_from", "active_to"]), cells);

    private static SheetContent Hidden(string name, IEnumerable<string[]> rows, CellTexts cells) => new()
    {
        Name = name,
        Hidden = true,
        Widths = [24, 40],
        Rows = rows.Select((row, i) => new Row(row.Select((text, column) => cells.Text(column + 1, i + 1, text, CellLook.Plain))) { RowIndex = (uint)i + 1 }),
    };
}
