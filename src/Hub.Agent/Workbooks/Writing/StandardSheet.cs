using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;
using Item = Hub.Programmes.Item;
using Standard = Hub.Programmes.Standard;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>The sheet that explains each item: condition, thresholds in words, check-points.</summary>
internal static class StandardSheet
{
    private static readonly string[] Headers = ["编号", "类别", "板块", "内容", "软硬件", "可填“不适用”的情形", "指标要求", "逐项核对（全部具备才算达标）", "判断周期和说明"];
    private static readonly double[] ColumnWidths = [9, 15, 18, 26, 10, 26, 40, 34, 28];

    public static SheetContent Make(WorkbookFrame frame, CellTexts cells)
    {
        var items = frame.Kinds.SelectMany(kind => kind.Standard.Items.Select(item => (kind.Standard, item))).ToList();
        return new SheetContent
        {
            Name = SheetWords.Standards,
            Landscape = true,
            // All columns in sight on a common screen.
            ZoomPercent = 80,
            Widths = ColumnWidths,
            FrozenRows = 1,
            Filter = $"A1:{CellName.Of(Headers.Length, items.Count + 1)}",
            Rows = items.Select((entry, i) => ItemRow(frame, entry.Standard, entry.item, i + 2, cells))
                .Prepend(new Row(Headers.Select((header, i) => cells.Text(i + 1, 1, header, CellLook.Label))) { RowIndex = 1, Height = 32, CustomHeight = true }),
            Header = $"{frame.Programme.Template.Title} {SheetWords.Standards}",
            Footer = $"{frame.Township.Name} {frame.Period} {SheetWords.Standards}",
        };
    }

    public static IEnumerable<DefinedName> Names(WorkbookFrame frame, uint sheet)
    {
        var rows = frame.Kinds.Sum(kind => kind.Standard.Items.Count) + 1;
        yield return new DefinedName($"'{SheetWords.Standards}'!$A$1:${CellName.Column(Headers.Length)}${rows}") { Name = "_xlnm._FilterDatabase", LocalSheetId = sheet, Hidden = true };
        yield return new DefinedName($"'{SheetWords.Standards}'!$1:$1") { Name = "_xlnm.Print_Titles", LocalSheetId = sheet };
    }

    private static Row ItemRow(WorkbookFrame frame, Standard standard, Item item, int row, CellTexts cells)
    {
        var terms = frame.Programme.Template.Terms;
        string[] texts =
        [
            item.Id, standard.Name, item.SectionTitle, item.Title, item.Track == Track.Hardware ? "硬件" : "软件",
            item.Condition is null ? "—" : $"前提：{item.Condition}。不具备的填“不适用”" + (item.ConditionGroup is null ? "" : $"（{Group(standard, item)}须一并填）"),
            string.Join('\n', item.Thresholds.Select(t => ThresholdWords.Of(t, terms).Chinese)),
            string.Join('、', item.Checkpoints),
            string.Join('\n', Remarks(item)),
        ];
        var lines = texts.Select((text, i) => text.Split('\n').Sum(line => CellTexts.LinesOf(line, ColumnWidths[i]))).Max();
        return new Row(texts.Select((text, i) => cells.Text(i + 1, row, text, CellLook.Text))) { RowIndex = (uint)row, Height = Math.Max(20, lines * 15.5 + 6), CustomHeight = true };
    }

    private static IEnumerable<string> Remarks(Item item)
    {
        if (item.Cycle is { } cycle) yield return cycle switch
        {
            Cycle.Monthly => "按最近一个完整的月判断",
            Cycle.Quarterly => "按最近一个完整的季度判断",
            Cycle.HalfYearly => "按最近一个完整的半年判断",
            _ => "按最近一个完整的年度判断",
        };
        if (item.MinimumStar is { } star) yield return $"登记不足 {star} 星而填达标的，会有提示";
        if (item.Note is { } note) yield return note.Chinese;
    }

    private static string Group(Standard standard, Item item)
    {
        var ids = standard.Items.Where(i => i.ConditionGroup == item.ConditionGroup).Select(i => i.Id).ToList();
        return $"{ids[0]} 至 {ids[^1]} ";
    }
}
