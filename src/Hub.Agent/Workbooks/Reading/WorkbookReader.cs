using System.Xml;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>What a workbook says, or everything that is wrong with it.</summary>
/// <param name="Frame">What it was made for; null where that could not be read.</param>
/// <param name="Report">The report; null where there are problems.</param>
/// <param name="Problems">The first problems.</param>
/// <param name="ProblemCount">How many there are.</param>
public sealed record WorkbookReading(WorkbookFrame? Frame, Report? Report, IReadOnlyList<Problem> Problems, int ProblemCount)
{
    internal BranchRows? Rows { get; init; }

    /// <summary>What a person should look at before it is sent; none where the registry is not at hand.</summary>
    public IReadOnlyList<Warning> Warnings(Language language)
    {
        if (Report is null || Frame is not { } frame || Rows is null) return [];
        var parsed = ReportParser.Parse(Report, _ => frame.Programme, frame.Township);
        return parsed.Refusal is null ? ReportWarnings.Of(parsed.Value, frame.Last?.In(frame.Township) ?? ReportedStates.None, language) : [];
    }

    /// <summary>What the hub would refuse, by the places of the workbook.</summary>
    /// <param name="field">The path of a field in the report, e.g. <c>report.branches[3].states[7]</c>.</param>
    public Problem At(string field, Text message)
    {
        var parts = field.Split('[', ']');
        if (Report is null || parts.Length < 3 || parts[0] != "report.branches" || !int.TryParse(parts[1], out var index) || index >= Report.Branches.Count
            || Rows?.PlaceOf(Report.Branches[index].Branch) is not { } place) return Problem.OfFile(message);
        var hasItem = parts.Length >= 5 && parts[2] == ".states" && int.TryParse(parts[3], out var item) && place.Columns.TryGetValue(item, out var column)
            ? CellName.Of(column, place.Row) : CellName.Of(1, place.Row);
        return new Problem(place.Sheet, hasItem, "", message);
    }
}

/// <summary>Reads a filled workbook. Sheets and columns are known by their ids, rows by their codes, so that they may stand in any order, be filtered,
/// hidden or surrounded by notes. No file makes it throw or take more memory than its limits allow.</summary>
public static class WorkbookReader
{
    public static WorkbookReading Read(Stream file)
    {
        try
        {
            using var package = Package.Open(file);
            return Read(package);
        }
        catch (UnreadableException e)
        {
            return Unreadable(e.Problem);
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or IndexOutOfRangeException)
        {
            return Unreadable(Problem.OfFile(new("文件已损坏或不是 Excel 工作簿，无法读取", "damaged, or not an Excel workbook")));
        }
    }

    private static WorkbookReading Unreadable(Problem problem) => new(null, null, [problem], 1);

    private static WorkbookReading Read(Package package)
    {
        var parts = WorkbookParts.Read(package);
        var strings = SharedStrings.Read(package, parts);
        var frame = new HiddenSheets(package, parts, strings).Read();
        var problems = new Problems();
        var rows = new BranchRows(frame, problems);
        ReadKinds(package, parts, strings, frame, rows, problems);
        var (narrative, signOff) = ReadWritten(package, parts, strings, problems);
        var report = new Report
        {
            Programme = frame.Programme.Id, Township = frame.Township.Code, Period = frame.Period.ToString(), Narrative = narrative, SignOff = signOff, Branches = { rows.Branches },
        };
        var reading = new WorkbookReading(frame, report, problems.Kept, problems.Count) { Rows = rows };
        if (problems.Any) return reading with { Report = null };
        // The hub's own checks, so that nothing passes here that is refused there.
        var parsed = ReportParser.Parse(report, id => id == frame.Programme.Id ? frame.Programme : null, frame.Township);
        if (!parsed.IsRefused(out var refusal)) return reading;
        var refused = refusal.Violations.Select(v => reading.At(v.Field, v.Message)).ToList();
        return reading with { Report = null, Problems = refused, ProblemCount = refused.Count };
    }

    private static void ReadKinds(Package package, WorkbookParts parts, SharedStrings strings, WorkbookFrame frame, BranchRows branches, Problems problems)
    {
        var items = new ItemIndex(frame.Programme.Template);
        var kinds = frame.Kinds.ToDictionary(k => SheetWords.OfKind(k.Standard), k => k, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var broken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in parts.Sheets)
        {
            if (part.Name.StartsWith('_') || part.Name is SheetWords.Cover or SheetWords.Standards or SheetWords.Written) continue;
            var named = kinds.TryGetValue(part.Name.Trim(), out var kind) ? kind.Standard : null;
            using var rows = new SheetRows(package, part, strings);
            if (FindHeader(rows, items, named is null ? 2 : 1) is not { } row)
            {
                if (named is null) continue;
                problems.Add(part.Name, "", "", $"缺少表头：第 1 行应为指标编号，如 {named.Items[0].Id}", $"the header is missing: row 1 holds item ids such as {named.Items[0].Id}");
                broken.Add(named.Kind);
            }
            else if (KindSheetHeader.Read(part.Name, row, items, problems) is { } header)
            {
                branches.Read(part.Name, rows, header);
                seen.Add(header.Standard.Kind);
            }
            else if (named is not null)
            {
                broken.Add(named.Kind);
            }
        }
        foreach (var (sheet, (standard, expected)) in kinds)
        {
            // A sheet that is missing or without a sound header is named once, not branch by branch.
            if (seen.Contains(standard.Kind)) branches.NameLeftOut(sheet, expected);
            else if (!broken.Contains(standard.Kind)) problems.Add(sheet, "", "", $"缺少工作表“{sheet}”", $"the sheet “{sheet}” is missing");
        }
    }

    private static IReadOnlyList<CellText>? FindHeader(SheetRows rows, ItemIndex items, int least)
    {
        for (var searched = 0; searched < ReadingLimits.HeaderSearchRows && rows.Next() is { } row; searched++)
            if (KindSheetHeader.IsHeader(row, items, least)) return row;
        return null;
    }

    private static (Narrative Narrative, SignOff SignOff) ReadWritten(Package package, WorkbookParts parts, SharedStrings strings, Problems problems)
    {
        if (parts.Sheets.FirstOrDefault(s => s.Name.Trim() == SheetWords.Written) is not { } part)
        {
            problems.Add(SheetWords.Written, "", "", $"缺少工作表“{SheetWords.Written}”", $"the sheet “{SheetWords.Written}” is missing");
            return (new(), new());
        }
        using var rows = new SheetRows(package, part, strings);
        return new WrittenPart(problems, parts.Is1904).Read(rows);
    }
}
