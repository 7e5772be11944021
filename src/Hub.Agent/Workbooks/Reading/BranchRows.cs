using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Item = Hub.Programmes.Item;
using Standard = Hub.Programmes.Standard;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>Where a branch stands in a workbook.</summary>
/// <param name="Columns">Column of each item, by its place in the standard.</param>
internal sealed record BranchPlace(string Sheet, int Row, IReadOnlyDictionary<int, int> Columns);

/// <summary>Branches with their states, row by row, from however many sheets.</summary>
internal sealed class BranchRows(WorkbookFrame frame, Problems problems)
{
    private static readonly string[] Labels = [SheetWords.SectionLabel, SheetWords.TitleLabel, "合计", "小计", "总计"];

    private readonly Dictionary<string, BranchPlace> places = new(StringComparer.Ordinal);

    public List<BranchStates> Branches { get; } = [];

    public BranchPlace? PlaceOf(string branch) => places.GetValueOrDefault(branch);

    /// <summary>Reads the rows below the header. Cells are judged after the last one: a merged cell's content stands in its first cell alone.</summary>
    public void Read(string sheet, SheetRows rows, KindSheetHeader header)
    {
        var read = new List<ReadRow>();
        var itemOf = header.Columns.ToDictionary(c => c.Value, c => c.Key);
        while (rows.Next() is { } cells)
            if (ReadRowOf(sheet, cells, header, itemOf) is { } row) read.Add(row);
        FillMerged(read, rows, header);
        foreach (var row in read) Judge(sheet, row, header);
    }

    /// <summary>Active branches of a kind that no sheet listed.</summary>
    public void NameLeftOut(string sheet, IReadOnlyList<Branch> expected)
    {
        foreach (var branch in expected)
            if (!places.ContainsKey(branch.Code)) problems.Add(sheet, "", ReportParser.Named(branch), "漏报：表中没有这个支部", "is left out: the sheet does not list it");
    }

    private ReadRow? ReadRowOf(string sheet, IReadOnlyList<CellText> cells, KindSheetHeader header, Dictionary<int, int> itemOf)
    {
        CellText? code = null;
        CellText?[]? states = null;
        foreach (var cell in cells)
        {
            if (cell.Column == header.CodeColumn) code = cell;
            else if (itemOf.TryGetValue(cell.Column, out var ordinal)) (states ??= new CellText?[header.Standard.Items.Count])[ordinal] = cell;
        }
        var row = cells[0].Row;
        if (code is not { } written || written.Text.Length == 0)
        {
            if (states is not null) problems.Add(sheet, CellName.Of(header.CodeColumn, row), "", "这一行填了达标情况，但缺少支部编码", "this row has states but no branch code");
            return null;
        }
        var text = CodeOf(written);
        if (text.Length == 0 || Labels.Contains(text, StringComparer.Ordinal) || KindSheetHeader.IsNote(text)) return null;
        var branch = frame.Township.Find(text);
        var why = branch is null
            ? new($"本乡镇没有编码为“{ReportParser.Short(text)}”的支部", $"this township has no branch “{ReportParser.Short(text)}”")
            : WhyNotHere(branch, header.Standard);
        if (why is { } problem)
        {
            problems.Add(new Problem(sheet, written.Name, branch is null ? "" : ReportParser.Named(branch), problem));
            return null;
        }
        places.Add(branch!.Code, new BranchPlace(sheet, row, header.Columns));
        return new ReadRow(branch, row, states ?? new CellText?[header.Standard.Items.Count]);
    }

    private Text? WhyNotHere(Branch branch, Standard standard)
    {
        if (places.TryGetValue(branch.Code, out var first)) return new($"重复填报，已见于 {first.Sheet} 第 {first.Row} 行", $"is listed twice, first on {first.Sheet}, row {first.Row}");
        if (branch.Kind != standard.Kind)
        {
            var own = frame.Programme.Template.StandardOf(branch.Kind);
            return new($"类别是“{own?.Name ?? branch.Kind}”，不应填在本表", $"is of kind “{own?.Gloss ?? branch.Kind}” and does not belong on this sheet");
        }
        return branch.IsActiveIn(frame.Period) ? null : new($"在 {frame.Period} 未启用或已撤销，不应填报", $"is not active in {frame.Period}; leave it out");
    }

    // Long codes typed as numbers come back as 9.90101E+13.
    private static string CodeOf(CellText cell) =>
        cell.IsNumber && decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number)
            ? number.ToString("0", CultureInfo.InvariantCulture) : StateWords.Normal(cell.Text);

    private static void FillMerged(List<ReadRow> read, SheetRows rows, KindSheetHeader header)
    {
        var byRow = new Dictionary<int, ReadRow>();
        foreach (var row in read) byRow.TryAdd(row.Row, row);
        var left = ReadingLimits.MergedRows;
        foreach (var (first, last) in rows.ReadMerged())
        {
            var items = header.Columns.Where(c => c.Value >= first.Column && c.Value <= last.Column).ToList();
            var source = header.Columns.Where(c => c.Value == first.Column).Select(c => (int?)c.Key).FirstOrDefault();
            if (source is not { } ordinal || !byRow.TryGetValue(first.Row, out var top) || top.States[ordinal] is not { } content) continue;
            for (var row = first.Row; row <= last.Row && left-- > 0; row++)
                if (byRow.TryGetValue(row, out var below))
                    foreach (var (item, column) in items) below.States[item] ??= content with { Column = column, Row = row };
        }
    }

    private void Judge(string sheet, ReadRow row, KindSheetHeader header)
    {
        var named = ReportParser.Named(row.Branch);
        var states = new BranchStates { Branch = row.Branch.Code };
        foreach (var item in header.Standard.Items)
        {
            var state = row.States[item.Ordinal] is { } cell ? StateOf(cell, item, out var why) : Blank(item, out why);
            if (why is { } problem) problems.Add(new Problem(sheet, CellName.Of(header.Columns[item.Ordinal], row.Row), named, problem));
            states.States.Add(state);
        }
        Branches.Add(states);
    }

    private static ItemState Blank(Item item, out Text? why)
    {
        why = new($"{item.Id} 未填达标情况", $"item {item.Id}: no state is given");
        return ItemState.Unspecified;
    }

    private static ItemState StateOf(CellText cell, Item item, out Text? why)
    {
        if (string.IsNullOrWhiteSpace(cell.Text) && !cell.HasFormula) return Blank(item, out why);
        var state = cell.HasFormula ? null : StateWords.Parse(cell.Text);
        var shown = ReportParser.Short(cell.Text);
        why = cell.HasFormula ? new($"{item.Id} 是公式，请直接选择达标情况", $"item {item.Id} is a formula: choose a state instead")
            : state is null ? new($"{item.Id} 填的“{shown}”不是 达标、未达标 或 不适用", $"item {item.Id}: “{shown}” is not 达标 (met), 未达标 (not met) or 不适用 (not applicable)")
            : state == ItemState.NotApplicable && item.Condition is null ? new($"{item.Id} 没有“有条件的”前提，不能填“不适用”", $"item {item.Id} has no condition and cannot be “not applicable”")
            : null;
        return state ?? ItemState.Unspecified;
    }

    private sealed record ReadRow(Branch Branch, int Row, CellText?[] States);
}
