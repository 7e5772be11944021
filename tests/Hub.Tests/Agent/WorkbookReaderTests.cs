using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Agent;

/// <summary>What clerks do to a workbook and what comes of it.</summary>
public sealed class WorkbookReaderTests
{
    private const string Village = "村党支部";

    [Fact]
    public void A_workbook_that_nobody_changed_says_what_was_reported_last()
    {
        var reading = SampleWorkbook.Make().Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(("county-2025", "990101100", "2026-01", 8), (reading.Report!.Programme, reading.Report.Township, reading.Report.Period, reading.Report.Branches.Count));
        Assert.All(reading.Report.Branches.SelectMany(b => b.States), state => Assert.Equal(ItemState.Met, state));
        Assert.Equal(SampleWorkbook.Frame().StandardVersion, reading.Frame!.StandardVersion);
        Assert.Equal("2025-12", reading.Frame.Last!.Period.ToString());
    }

    [Theory]
    [InlineData("达标", ItemState.Met)]
    [InlineData(" 达 标　", ItemState.Met)]
    [InlineData("√", ItemState.Met)]
    [InlineData("✓", ItemState.Met)]
    [InlineData("✔️", ItemState.Met)]
    [InlineData("是", ItemState.Met)]
    [InlineData("１", ItemState.Met)]
    [InlineData("ｙ", ItemState.Met)]
    [InlineData("Yes", ItemState.Met)]
    [InlineData("未达标", ItemState.NotMet)]
    [InlineData("不达标\u200B", ItemState.NotMet)]
    [InlineData("×", ItemState.NotMet)]
    [InlineData("✗", ItemState.NotMet)]
    [InlineData("x", ItemState.NotMet)]
    [InlineData("否", ItemState.NotMet)]
    [InlineData("０", ItemState.NotMet)]
    [InlineData("n", ItemState.NotMet)]
    [InlineData("不适用", ItemState.NotApplicable)]
    [InlineData("／", ItemState.NotApplicable)]
    [InlineData("－", ItemState.NotApplicable)]
    [InlineData("N/A", ItemState.NotApplicable)]
    public void Words_and_marks_are_understood(string written, ItemState state)
    {
        // V3.4 is conditional.
        var reading = SampleWorkbook.Make().Set(Village, "R4", written).Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(state, reading.Report!.Branches[0].States[15]);
    }

    [Fact]
    public void Numbers_booleans_shared_strings_rich_text_and_phonetic_runs_are_understood()
    {
        var reading = SampleWorkbook.Make()
            .Set(Village, "C4", c => SampleWorkbook.Value(c, CellValues.Number, "0"))
            .Set(Village, "D4", c => SampleWorkbook.Value(c, CellValues.Boolean, "0"))
            .Set(Village, "E4", c => SampleWorkbook.Value(c, CellValues.Number, "1.0"))
            .Set(Village, "F4", c => SampleWorkbook.Value(c, CellValues.String, "否"))
            .Set(Village, "G4", c =>
            {
                SampleWorkbook.Inline(c, "");
                c.InlineString = new InlineString(
                    new Run(new RunProperties(new Bold()), new DocumentFormat.OpenXml.Spreadsheet.Text("未")), new Run(new DocumentFormat.OpenXml.Spreadsheet.Text("达标")),
                    new PhoneticRun(new DocumentFormat.OpenXml.Spreadsheet.Text("wei")) { BaseTextStartIndex = 0, EndingBaseIndex = 1 });
            }).Read();

        Assert.Empty(reading.Problems);
        Assert.Equal([ItemState.NotMet, ItemState.NotMet, ItemState.Met, ItemState.NotMet, ItemState.NotMet, ItemState.Met], reading.Report!.Branches[0].States.Take(6));
    }

    [Fact]
    public void Rows_and_columns_in_any_order_hidden_or_with_notes_between_are_found_by_code_and_id()
    {
        var reading = SampleWorkbook.Make().Set(Village, "D5", "未达标").OnSheet(Village, sheet =>
        {
            Swap(sheet, 4, 5);
            foreach (var row in sheet.Descendants<Row>().ToList())
            {
                // D and E change places; everything from C on moves two columns to make room for notes without a header.
                var cells = row.Elements<Cell>().ToList();
                foreach (var cell in cells)
                {
                    var column = cells.IndexOf(cell);
                    column = column == 3 ? 4 : column == 4 ? 3 : column;
                    cell.CellReference = Name(column < 2 ? column : column + 2, row.RowIndex!);
                }
                row.RemoveAllChildren();
                foreach (var cell in cells.OrderBy(c => c.CellReference!.Value!.Length).ThenBy(c => c.CellReference!.Value, StringComparer.Ordinal)) row.Append(cell);
                row.Hidden = row.RowIndex!.Value == 4;
            }
        }).Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(ItemState.NotMet, reading.Report!.Branches.Single(b => b.Branch == "99010110000002").States[1]);
        Assert.Single(reading.Report.Branches.SelectMany(b => b.States), s => s == ItemState.NotMet);
    }

    [Fact]
    public void A_merged_cell_counts_for_all_that_it_covers()
    {
        var reading = SampleWorkbook.Make().Set(Village, "C4", "未达标").Set(Village, "D4", SampleWorkbook.Clear).Set(Village, "C5", SampleWorkbook.Clear).Set(Village, "D5", SampleWorkbook.Clear)
            .OnSheet(Village, sheet => sheet.GetFirstChild<MergeCells>()!.Append(new MergeCell { Reference = "C4:D5" })).Read();

        Assert.Empty(reading.Problems);
        Assert.All(reading.Report!.Branches.Take(2), b => Assert.Equal([ItemState.NotMet, ItemState.NotMet, ItemState.Met], b.States.Take(3)));
    }

    [Fact]
    public void Sheets_and_rows_of_notes_are_let_alone()
    {
        var reading = SampleWorkbook.Make().Change(workbook =>
        {
            var part = workbook.AddNewPart<WorksheetPart>();
            part.Worksheet = new Worksheet(new SheetData(new Row(new Cell { DataType = CellValues.String, CellValue = new CellValue("电话、草稿、=SUM") })));
            workbook.Workbook!.GetFirstChild<Sheets>()!.Append(new Sheet { Name = "我的备忘", SheetId = 99, Id = workbook.GetIdOfPart(part) });
        }).OnSheet(Village, sheet => sheet.GetFirstChild<SheetData>()!.Append(
            new Row { RowIndex = 20 }, new Row(Cell("A21", "合计"), Cell("C21", "2")) { RowIndex = 21 }, new Row(Cell("A22", "备注：两个支部已核对")) { RowIndex = 22 })).Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(8, reading.Report!.Branches.Count);
    }

    [Fact]
    public void A_formula_is_refused_in_a_state_cell_and_read_elsewhere()
    {
        var reading = SampleWorkbook.Make()
            .Set(Village, "B4", c => Formula(c, "\"甲\"&\"支部\"", "甲支部"))
            .Set(Village, "C4", c => Formula(c, "IF(1=1,\"达标\",\"未达标\")", "达标"))
            .Set("文字材料", "B3", c => Formula(c, "\"进展\"", "进展顺利")).Read();

        Assert.Equal("村党支部!C4, 1号党支部 (99010110000001), item V1.1 is a formula: choose a state instead", Assert.Single(reading.Problems).In(Language.English));
    }

    [Fact]
    public void Every_problem_is_named_by_sheet_cell_and_branch()
    {
        var reading = SampleWorkbook.Make().Set(Village, "C4", "基本达标").Set(Village, "D4", SampleWorkbook.Clear).Set(Village, "E5", "不适用").Set("机关党支部", "G4", "不适用").Read();

        Assert.Equal(
        [
            "村党支部!C4 1号党支部 (99010110000001) V1.1 填的“基本达标”不是 达标、未达标 或 不适用",
            "村党支部!D4 1号党支部 (99010110000001) V1.2 未填达标情况",
            "村党支部!E5 2号党支部 (99010110000002) V1.3 没有“有条件的”前提，不能填“不适用”",
        ], reading.Problems.Select(p => p.In(Language.Chinese)));
        var group = SampleWorkbook.Make().Set("机关党支部", "G4", "不适用").Read();
        Assert.Equal("机关党支部!G4", Place(Assert.Single(group.Problems)));
    }

    [Theory]
    [InlineData("C1", "V9.9", "header “V9.9” is no item")]
    [InlineData("C1", "V1.2", "header V1.2 stands twice")]
    [InlineData("C1", "", "the column of item V1.1")]
    [InlineData("C1", "A1.1", "item A1.1 belongs to")]
    [InlineData("C1", "支部编码", "header “支部编码” stands twice")]
    public void A_missing_doubled_or_unknown_header_is_refused(string cell, string text, string expected)
    {
        var reading = SampleWorkbook.Make().Set(Village, cell, text).Read();

        Assert.Null(reading.Report);
        Assert.Contains(reading.Problems, p => p.In(Language.English).StartsWith("村党支部", StringComparison.Ordinal) && p.In(Language.English).Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_a_doubled_and_a_left_out_branch_are_named()
    {
        var unknown = SampleWorkbook.Make().Set(Village, "A5", "99010110099999").Read();
        var doubled = SampleWorkbook.Make().Set(Village, "A5", "99010110000001").Read();
        var elsewhere = SampleWorkbook.Make().Set(Village, "A5", "99010110000003").Read();

        Assert.Equal(["村党支部!A5", "村党支部"], unknown.Problems.Select(Place));
        Assert.Contains("is listed twice, first on 村党支部, row 4", doubled.Problems[0].In(Language.English), StringComparison.Ordinal);
        Assert.Contains("不应填在本表", elsewhere.Problems[0].In(Language.Chinese), StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_that_became_a_number_is_still_the_branch()
    {
        Assert.Empty(SampleWorkbook.Make().Set(Village, "A4", c => SampleWorkbook.Value(c, CellValues.Number, "99010110000001")).Read().Problems);
        Assert.Empty(SampleWorkbook.Make().Set(Village, "A4", c => SampleWorkbook.Value(c, CellValues.Number, "9.9010110000001E13")).Read().Problems);
        Assert.Empty(SampleWorkbook.Make().Set(Village, "A4", " ９９０１０１１００００００１ ").Read().Problems);
    }

    [Fact]
    public void The_written_part_keeps_its_lines_and_dates_may_be_numbers_or_words()
    {
        var reading = SampleWorkbook.Make().Set("文字材料", "B3", " 第一行_x000D_\r\n第二行 ").Set("文字材料", "B8", "组织委员").Set("文字材料", "D8", c => SampleWorkbook.Value(c, CellValues.Number, "46054"))
            .Set("文字材料", "B9", "党委书记").Set("文字材料", "D9", "2026年2月2日").Read();

        Assert.Empty(reading.Problems);
        Assert.Equal("第一行\n第二行", reading.Report!.Narrative.Progress.Replace("\n\n", "\n", StringComparison.Ordinal));
        Assert.Equal(new SignOff { PreparedByPost = "组织委员", PreparedOn = "2026-02-01", ApprovedByPost = "党委书记", ApprovedOn = "2026-02-02" }, reading.Report.SignOff);
    }

    [Fact]
    public void Text_that_is_too_long_and_a_day_that_is_none_are_named_by_cell()
    {
        var reading = SampleWorkbook.Make().Set("文字材料", "B4", new string('长', 2001)).Set("文字材料", "D8", "下周一").Read();
        Assert.Equal(["文字材料!B4", "文字材料!D8"], reading.Problems.Select(Place));
    }

    [Fact]
    public void Hidden_sheets_that_were_changed_are_noticed()
    {
        Assert.Contains("_standard", SampleWorkbook.Make().Set("_standard", "A1", "AAAA").Read().Problems[0].Sheet, StringComparison.Ordinal);
        Assert.Contains("_branches", SampleWorkbook.Make().Set("_branches", "E2", "gestern").Read().Problems[0].Sheet, StringComparison.Ordinal);
        Assert.Contains("_hub", SampleWorkbook.Make().Set("_hub", "B7", "2026-13").Read().Problems[0].Sheet, StringComparison.Ordinal);
    }

    private static string Place(Hub.Agent.Workbooks.Problem problem) => problem.Cell.Length == 0 ? problem.Sheet : $"{problem.Sheet}!{problem.Cell}";

    private static Cell Cell(string name, string text) => new() { CellReference = name, DataType = CellValues.String, CellValue = new CellValue(text) };

    private static void Formula(Cell cell, string formula, string cached)
    {
        SampleWorkbook.Value(cell, CellValues.String, cached);
        cell.PrependChild(new CellFormula(formula));
    }

    private static void Swap(Worksheet sheet, uint a, uint b)
    {
        var (first, second) = (sheet.Descendants<Row>().Single(r => r.RowIndex?.Value == a), sheet.Descendants<Row>().Single(r => r.RowIndex?.Value == b));
        first.Remove();
        second.InsertAfterSelf(first);
        (first.RowIndex, second.RowIndex) = (b, a);
    }

    private static string Name(int column, UInt32Value row) => Hub.Agent.Workbooks.CellName.Of(column + 1, (int)row.Value);
}
