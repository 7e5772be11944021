using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>The first sheet: whose report it is, when it is due, how far it is filled, how to fill it.</summary>
internal sealed class CoverSheet(WorkbookFrame frame, IReadOnlyList<KindSheet> kinds, CellTexts cells)
{
    private static readonly double[] ColumnWidths = [16, 14, 14, 14, 14, 14];

    private readonly List<Row> rows = [];
    private readonly List<string> merged = [];

    public SheetContent Make()
    {
        var period = frame.Period;
        Wide($"{frame.Township.Name} {period.Year}年{period.Month}月 月报表", CellLook.Title, 40);
        Wide(frame.Programme.Template.Title, CellLook.Subtitle, 22);
        Wide("", CellLook.Plain, 8);
        Field("报送单位", $"{frame.Township.Name}（{frame.Township.Code}）");
        Field("报告月份", $"{period.Year}年{period.Month}月");
        Field("截止时间", Due());
        Field("已填数据", frame.Last is { } last
            ? $"取自 {last.Period.Year}年{last.Period.Month}月第 {last.Version} 版报告，请逐项核对，只改有变化的"
            : "此前没有报告，请逐项填写");
        Wide("", CellLook.Plain, 8);
        var unfilled = Progress();
        Wide("", CellLook.Plain, 8);
        Wide("怎样填写", CellLook.Heading, 22);
        Steps();
        Wide("", CellLook.Plain, 8);
        Wide("颜色", CellLook.Heading, 22);
        Legend("未填", CellLook.Blank, "还没有填，上报前必须选择");
        Legend(StateWords.Met, CellLook.Changed, "与已填数据不同，请确认改得对");
        Legend(StateWords.NotMet, CellLook.NotMet, "未达标");
        Legend(StateWords.NotApplicable, CellLook.NotApplicable, "不适用：只有带“有条件的”前提的指标可以选");
        return new SheetContent { Name = SheetWords.Cover, Widths = ColumnWidths, Rows = rows, Merged = merged, Formats = [unfilled], Footer = $"{frame.Township.Name} {period}" };
    }

    private string Due()
    {
        var cutOff = frame.Programme.Template.Cadence.CutOff;
        var time = cutOff == TimeSpan.FromHours(24) ? "24时" : cutOff.ToString("hh\\:mm", System.Globalization.CultureInfo.InvariantCulture);
        return $"{frame.DueOn.Year}年{frame.DueOn.Month}月{frame.DueOn.Day}日 {time}前（以县中心收到为准）";
    }

    // Counts that are not 0 in the last column stand out: they are what is left to do.
    private ConditionalFormatting Progress()
    {
        string[] headers = ["类别", "支部数", "达标", StateWords.NotMet, StateWords.NotApplicable, "未填"];
        rows.Add(new Row(headers.Select((header, i) => cells.Text(i + 1, Next, header, CellLook.Label))) { RowIndex = (uint)Next, Height = 24, CustomHeight = true });
        var first = Next;
        foreach (var kind in kinds)
        {
            rows.Add(new Row(
            [
                cells.Text(1, Next, kind.Name, CellLook.Text),
                CellTexts.Number(2, Next, kind.BranchCount, CellLook.Count),
                Counted(3, kind, StateWords.Met, ItemState.Met), Counted(4, kind, StateWords.NotMet, ItemState.NotMet),
                Counted(5, kind, StateWords.NotApplicable, ItemState.NotApplicable),
                CellTexts.Formula(6, Next, $"COUNTBLANK({kind.States})", kind.Count(null), CellLook.Count),
            ]) { RowIndex = (uint)Next, Height = 22, CustomHeight = true });
        }
        return new ConditionalFormatting(new ConditionalFormattingRule(new Formula($"F{first}>0"))
        {
            Type = ConditionalFormatValues.Expression, FormatId = (uint)ConditionalLook.Blank, Priority = 1,
        }) { SequenceOfReferences = new ListValue<StringValue> { InnerText = $"F{first}:F{Math.Max(first, Next - 1)}" } };
    }

    private Cell Counted(int column, KindSheet kind, string word, ItemState state) =>
        CellTexts.Formula(column, Next, $"COUNTIF({kind.States},\"{word}\")", kind.Count(state), CellLook.Count);

    private void Steps()
    {
        string[] steps =
        [
            $"1. 填{string.Join('、', kinds.Select(k => k.Name))}（蓝色标签）：每个支部一行，每项指标一列；点格子，从下拉列表选择。",
            $"2. 每项的要求：点到格子会有提示，全部要求见“{SheetWords.Standards}”。没有发生的事项（如没有换届、没有流动党员）选“{StateWords.Met}”。",
            $"3. 填“{SheetWords.Written}”（蓝色标签），由填报人和审核人写明职务和日期。只写职务，不写姓名。",
            $"4. 可以筛选、调整列宽行高；“{SheetWords.NoteHeader}”列自用，不上报。不要改支部编码和第 1 行的指标编号。",
            "5. 上表“未填”都是 0 就填齐了。保存后先用 hub-agent check 校验，再用 hub-agent submit 上报，回执保存在工作簿旁边。",
            "6. 报后发现有错：改好保存，再上报一次，以最后一版为准。当月通报发布后，须先请县里开放更正。",
            "7. 每月用当月新下载的工作簿，上月的不能再报。",
        ];
        // The margin within the cells takes two characters.
        foreach (var step in steps) Wide(step, CellLook.Plain, CellTexts.LinesOf(step, ColumnWidths.Sum() - 2) * 15.5 + 5);
    }

    private int Next => rows.Count + 1;

    private void Wide(string text, CellLook look, double height)
    {
        merged.Add($"A{Next}:{CellName.Of(ColumnWidths.Length, Next)}");
        rows.Add(new Row([cells.Text(1, Next, text, look)]) { RowIndex = (uint)Next, Height = height, CustomHeight = true });
    }

    private void Field(string label, string text)
    {
        merged.Add($"B{Next}:{CellName.Of(ColumnWidths.Length, Next)}");
        rows.Add(new Row([
            cells.Text(1, Next, label, CellLook.Label), cells.Text(2, Next, text, CellLook.Text),
            .. Enumerable.Range(3, ColumnWidths.Length - 2).Select(column => CellTexts.Empty(column, Next, CellLook.Text)),
        ]) { RowIndex = (uint)Next, Height = 24, CustomHeight = true });
    }

    private void Legend(string sample, CellLook look, string meaning)
    {
        merged.Add($"B{Next}:{CellName.Of(ColumnWidths.Length, Next)}");
        rows.Add(new Row([cells.Text(1, Next, sample, look), cells.Text(2, Next, meaning, CellLook.Plain)]) { RowIndex = (uint)Next, Height = 20, CustomHeight = true });
    }
}
