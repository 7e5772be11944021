using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>The row of a sheet that holds item ids, and what each column is.</summary>
/// <param name="Columns">Column of each item, by its place in the standard.</param>
internal sealed record KindSheetHeader(Standard Standard, int Row, int CodeColumn, IReadOnlyDictionary<int, int> Columns)
{
    private static readonly string[] CodeWords = [SheetWords.CodeHeader, "编码", "支部代码", "CODE", "BRANCH"];
    private static readonly string[] NameWords = [SheetWords.NameHeader, "支部", "名称", "NAME", "星级", "STAR", "序号"];
    private static readonly string[] NoteWords = [SheetWords.NoteHeader, "说明", "附注", "NOTE", "REMARK"];

    /// <summary>Whether a text in the header or in the code column says of itself that it is only for people.</summary>
    public static bool IsNote(string normal) => Array.Exists(NoteWords, word => normal.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the row holds item ids: at least <paramref name="least"/> of them.</summary>
    public static bool IsHeader(IReadOnlyList<CellText> cells, ItemIndex items, int least)
    {
        var found = 0;
        foreach (var cell in cells)
            if (items.Find(cell.Text) is not null && ++found >= least) return true;
        return false;
    }

    /// <summary>Reads the row; null where something is wrong with it, which is then among the problems.</summary>
    public static KindSheetHeader? Read(string sheet, IReadOnlyList<CellText> cells, ItemIndex items, Problems problems)
    {
        var before = problems.Count;
        var standard = cells.Select(c => items.Find(c.Text)?.Standard).OfType<Standard>().GroupBy(s => s.Kind).MaxBy(g => g.Count())!.First();
        var columns = new Dictionary<int, int>();
        var code = 0;
        foreach (var cell in cells)
        {
            var word = StateWords.Normal(cell.Text);
            if (items.Find(cell.Text) is var (owner, item))
            {
                if (owner != standard) problems.Add(sheet, cell.Name, "", $"{item.Id} 是“{owner.Name}”的指标，不属于本表", $"item {item.Id} belongs to “{owner.Gloss}”, not to this sheet");
                else if (!columns.TryAdd(item.Ordinal, cell.Column)) problems.Add(sheet, cell.Name, "", $"表头 {item.Id} 重复", $"header {item.Id} stands twice");
            }
            else if (CodeWords.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                if (code > 0) problems.Add(sheet, cell.Name, "", $"表头“{SheetWords.CodeHeader}”重复", $"header “{SheetWords.CodeHeader}” stands twice");
                code = cell.Column;
            }
            else if (word.Length > 0 && !NameWords.Contains(word, StringComparer.OrdinalIgnoreCase) && !IsNote(word))
            {
                problems.Add(sheet, cell.Name, "", $"表头“{ReportParser.Short(word)}”不是本标准的指标编号；自用的列请以“备注”开头或不写表头",
                    $"header “{ReportParser.Short(word)}” is no item of this standard; a column of notes begins with 备注 or has no header");
            }
        }
        foreach (var item in standard.Items)
            if (!columns.ContainsKey(item.Ordinal)) problems.Add(sheet, "", "", $"缺少指标 {item.Id}（{item.Title}）的列", $"the column of item {item.Id} ({item.Gloss}) is missing");
        if (code == 0 && columns.ContainsValue(1)) problems.Add(sheet, "", "", $"缺少表头“{SheetWords.CodeHeader}”", $"header “{SheetWords.CodeHeader}” is missing");
        // Without its header the code is looked for where the workbook has it.
        return problems.Count == before ? new KindSheetHeader(standard, cells[0].Row, code == 0 ? 1 : code, columns) : null;
    }
}

/// <summary>The items of all standards by id, whatever the width or case they are written in.</summary>
internal sealed class ItemIndex
{
    private readonly Dictionary<string, (Standard Standard, Item Item)> items = new(StringComparer.OrdinalIgnoreCase);

    public ItemIndex(Template template)
    {
        foreach (var standard in template.Standards)
            foreach (var item in standard.Items) items.TryAdd(item.Id, (standard, item));
    }

    public (Standard Standard, Item Item)? Find(string text) => items.TryGetValue(StateWords.Normal(text), out var found) ? found : null;
}
