using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;
using Item = Hub.Programmes.Item;
using Standard = Hub.Programmes.Standard;

namespace Hub.Agent.Csv;

/// <summary>A report as one CSV file, in UTF-8 or GB18030: a column <c>branch</c> with the codes, and either one column per item id or one column
/// <c>states</c> with a character per item in the standard's order (<c>1</c>, <c>0</c>, <c>-</c>). Further columns are named 备注 or name.</summary>
internal sealed class CsvReport
{
    private const string Sheet = "CSV";
    private const int MaxBytes = ReadingLimits.FileBytes;

    private readonly WorkbookFrame frame;
    private readonly bool knowsBranches;
    private readonly Problems problems = new();
    private readonly Dictionary<int, (Standard Standard, Item Item)> items = [];
    private readonly Dictionary<string, int> rowOf = new(StringComparer.Ordinal);
    private readonly List<BranchStates> branches = [];
    private int branchColumn, statesColumn;

    private CsvReport(WorkbookFrame frame, bool knowsBranches) => (this.frame, this.knowsBranches) = (frame, knowsBranches);

    /// <param name="knowsBranches">False where the township's branches could not be asked for: then the kind follows from the states.</param>
    public static WorkbookReading Read(Stream file, WorkbookFrame frame, bool knowsBranches)
    {
        var reader = new CsvReport(frame, knowsBranches);
        if (file.Length > MaxBytes) reader.problems.Add("", "", "", $"文件超过 {MaxBytes >> 20} MB", $"the file is larger than {MaxBytes >> 20} MB");
        else if (Decode(file) is not { } text) reader.problems.Add("", "", "", "文件既不是 UTF-8 也不是 GB18030 编码", "the file is neither UTF-8 nor GB18030");
        else reader.ReadText(text);
        return reader.ToReading();
    }

    private static string? Decode(Stream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        foreach (var encoding in new[] { new UTF8Encoding(false, throwOnInvalidBytes: true), Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) })
        {
            try
            {
                return encoding.GetString(bytes).TrimStart('\uFEFF');
            }
            catch (DecoderFallbackException)
            {
                // Not this one: a text in GB18030 is not valid UTF-8.
            }
        }
        return null;
    }

    private void ReadText(string text)
    {
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null, MaxFieldSize = ReadingLimits.CellCharacters, IgnoreBlankLines = true });
        try
        {
            if (!csv.Read() || !ReadHeader(csv.Record!)) return;
            while (csv.Read())
            {
                if (csv.RawRow > ReadingLimits.RowsPerSheet)
                {
                    problems.Add(Sheet, CellName.Of(1, csv.RawRow), "", $"超过 {ReadingLimits.RowsPerSheet} 行", $"more than {ReadingLimits.RowsPerSheet} rows");
                    return;
                }
                if (csv.Record!.Any(field => !string.IsNullOrWhiteSpace(field))) ReadRow(csv.Record!, csv.RawRow);
            }
        }
        catch (CsvHelperException)
        {
            problems.Add(Sheet, CellName.Of(1, Math.Max(csv.RawRow, 1)), "", "这一行不是正确的 CSV", "this row is not CSV");
        }
        foreach (var (standard, expected) in frame.Kinds)
            foreach (var branch in expected)
                if (!rowOf.ContainsKey(branch.Code)) problems.Add(Sheet, "", ReportParser.Named(branch), "漏报：文件中没有这个支部", "is left out: the file does not list it");
    }

    private bool ReadHeader(string[] header)
    {
        var before = problems.Count;
        var index = new ItemIndex(frame.Programme.Template);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Length; i++)
        {
            var (word, cell) = (StateWords.Normal(header[i]), CellName.Of(i + 1, 1));
            var isNote = word.Length == 0 || KindSheetHeader.IsNote(word) || word.Equals("name", StringComparison.OrdinalIgnoreCase) || word == SheetWords.NameHeader;
            if (!isNote && !seen.Add(word)) problems.Add(Sheet, cell, "", $"表头“{ReportParser.Short(word)}”重复", $"header “{ReportParser.Short(word)}” stands twice");
            else if (index.Find(word) is { } item) items[i] = item;
            else if (word.Equals("branch", StringComparison.OrdinalIgnoreCase) || word == SheetWords.CodeHeader) branchColumn = i + 1;
            else if (word.Equals("states", StringComparison.OrdinalIgnoreCase)) statesColumn = i + 1;
            else if (!isNote) problems.Add(Sheet, cell, "", $"表头“{ReportParser.Short(word)}”不是指标编号", $"header “{ReportParser.Short(word)}” is no item");
        }
        if (branchColumn == 0) problems.Add(Sheet, "", "", "缺少表头 branch（支部编码）", "header branch is missing");
        if (statesColumn == 0 == (items.Count == 0)) problems.Add(Sheet, "", "", "须有各指标编号的列，或一列 states，二者取一", "either a column per item or one column states is needed");
        return problems.Count == before;
    }

    private void ReadRow(string[] fields, int row)
    {
        var code = StateWords.Normal(Field(fields, branchColumn - 1));
        var cell = CellName.Of(branchColumn, row);
        var branch = frame.Township.Find(code);
        var named = branch is null ? code : ReportParser.Named(branch);
        if (!Forms.IsBranchCode(code) || (knowsBranches && branch is null))
            problems.Add(Sheet, cell, "", $"本乡镇没有编码为“{ReportParser.Short(code)}”的支部", $"this township has no branch “{ReportParser.Short(code)}”");
        else if (!rowOf.TryAdd(code, row)) problems.Add(Sheet, cell, named, $"重复填报，已见于第 {rowOf[code]} 行", $"is listed twice, first in row {rowOf[code]}");
        else if (StandardOf(fields, branch?.Kind) is not { Items.Count: > 0 } standard) problems.Add(Sheet, cell, named, "看不出类别，或该类别暂无标准", "its kind cannot be told, or has no standard");
        else if (statesColumn > 0) ReadStates(code, named, Field(fields, statesColumn - 1), standard, row);
        else ReadItems(code, named, fields, standard, row);
    }

    private Standard? StandardOf(string[] fields, string? kind)
    {
        var template = frame.Programme.Template;
        if (kind is not null) return template.StandardOf(kind);
        if (statesColumn == 0) return items.Where(i => !string.IsNullOrWhiteSpace(Field(fields, i.Key))).Select(i => i.Value.Standard).FirstOrDefault();
        var fitting = template.Standards.Where(s => s.Items.Count == StateWords.Normal(Field(fields, statesColumn - 1)).Length).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }

    private void ReadStates(string code, string named, string text, Standard standard, int row)
    {
        var (states, cell) = (StateWords.Normal(text), CellName.Of(statesColumn, row));
        if (states.Length != standard.Items.Count)
        {
            problems.Add(Sheet, cell, named, $"应有 {standard.Items.Count} 项，填了 {states.Length} 项", $"has {states.Length} states, its kind has {standard.Items.Count} items");
            return;
        }
        Add(code, standard, item => (Judge(states[item.Ordinal].ToString(), item, named, cell), cell));
    }

    private void ReadItems(string code, string named, string[] fields, Standard standard, int row)
    {
        foreach (var (column, (owner, item)) in items)
            if (owner != standard && !string.IsNullOrWhiteSpace(Field(fields, column)))
                problems.Add(Sheet, CellName.Of(column + 1, row), named, $"{item.Id} 不是“{standard.Name}”的指标，应留空", $"item {item.Id} is not of “{standard.Gloss}”: leave it empty");
        var columns = items.Where(i => i.Value.Standard == standard).ToDictionary(i => i.Value.Item.Ordinal, i => i.Key);
        Add(code, standard, item =>
        {
            var cell = columns.TryGetValue(item.Ordinal, out var column) ? CellName.Of(column + 1, row) : "";
            return (Judge(cell.Length == 0 ? "" : Field(fields, column), item, named, cell), cell);
        });
    }

    private void Add(string code, Standard standard, Func<Item, (ItemState State, string Cell)> judge) =>
        branches.Add(new BranchStates { Branch = code, States = { standard.Items.Select(item => judge(item).State) } });

    private ItemState Judge(string text, Item item, string named, string cell)
    {
        var state = StateWords.Parse(text);
        if (string.IsNullOrWhiteSpace(text)) problems.Add(Sheet, cell, named, $"{item.Id} 未填达标情况", $"item {item.Id}: no state is given");
        else if (state is null) problems.Add(Sheet, cell, named, $"{item.Id} 填的“{ReportParser.Short(text)}”不是 达标、未达标 或 不适用", $"item {item.Id}: “{ReportParser.Short(text)}” is no state");
        else if (state == ItemState.NotApplicable && item.Condition is null) problems.Add(Sheet, cell, named, $"{item.Id} 没有“有条件的”前提，不能填“不适用”", $"item {item.Id} has no condition and cannot be “not applicable”");
        return state ?? ItemState.Unspecified;
    }

    private static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";

    private WorkbookReading ToReading()
    {
        var report = new Report { Programme = frame.Programme.Id, Township = frame.Township.Code, Period = frame.Period.ToString(), Branches = { branches } };
        if (!problems.Any && knowsBranches)
        {
            var parsed = ReportParser.Parse(report, id => id == frame.Programme.Id ? frame.Programme : null, frame.Township);
            if (parsed.IsRefused(out var refusal))
                foreach (var violation in refusal.Violations) problems.Add(Problem.OfFile(violation.Message));
        }
        return new WorkbookReading(frame, problems.Any ? null : report, problems.Kept, problems.Count);
    }
}
