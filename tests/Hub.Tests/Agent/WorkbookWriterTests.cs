using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace Hub.Tests.Agent;

/// <summary>The workbook as a clerk receives it.</summary>
public sealed class WorkbookWriterTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(40, true)]
    public void It_is_valid_in_every_version_of_Office(int branchesPerKind, bool reportedBefore)
    {
        using var document = Open(SampleWorkbook.Of(SampleWorkbook.Frame(branchesPerKind, reportedBefore)));
        foreach (var version in new[] { DocumentFormat.OpenXml.FileFormatVersions.Office2010, DocumentFormat.OpenXml.FileFormatVersions.Office2016, DocumentFormat.OpenXml.FileFormatVersions.Microsoft365 })
            Assert.Empty(new OpenXmlValidator(version).Validate(document).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}"));
    }

    [Fact]
    public void Sheets_stand_in_the_order_of_the_work_and_what_the_agent_needs_is_hidden()
    {
        using var document = Open(SampleWorkbook.Make());
        var sheets = document.WorkbookPart!.Workbook!.Descendants<Sheet>().ToList();

        Assert.Equal(["填报说明", "村党支部", "机关党支部", "社区党支部", "非公企业党支部", "文字材料", "标准说明"], sheets.Where(s => s.State is null).Select(s => s.Name!.Value));
        Assert.Equal(["_hub", "_standard", "_branches", "_last_1", "_last_2", "_last_3", "_last_4"], sheets.Where(s => s.State?.Value == SheetStateValues.Hidden).Select(s => s.Name!.Value));
    }

    [Fact]
    public void A_kind_has_its_codes_in_column_A_its_item_ids_in_row_1_and_last_months_states()
    {
        using var document = Open(SampleWorkbook.Make());
        var sheet = SampleWorkbook.Sheet(document.WorkbookPart!, "村党支部");
        var rows = sheet.Descendants<Row>().Select(row => row.Elements<Cell>().Select(c => TextOf(document, c)).ToList()).ToList();

        Assert.Equal(["支部编码", "支部名称", "V1.1", "V1.2"], rows[0][..4]);
        Assert.Equal("V4.7", rows[0][25]);
        Assert.Equal(["99010110000001", "1号党支部", "达标", "达标"], rows[3][..4]);
        Assert.Equal(5, rows.Count);
    }

    [Fact]
    public void Only_conditional_items_offer_not_applicable()
    {
        using var document = Open(SampleWorkbook.Make());
        var offering = SampleWorkbook.Kinds.SelectMany((_, i) => SampleWorkbook.Sheet(document.WorkbookPart!, document.WorkbookPart!.Workbook!.Descendants<Sheet>().ElementAt(i + 1).Name!).Descendants<DataValidation>())
            .Where(v => v.Formula1!.Text.Contains("不适用", StringComparison.Ordinal)).Select(v => v.PromptTitle!.Value!.Split(' ')[0]);

        Assert.Equal(["V3.4", "A2.1", "A2.2", "A2.3", "A2.4", "A2.5", "A2.6", "E3.3"], offering);
    }

    [Fact]
    public void Headers_are_locked_states_are_not_and_no_password_is_needed()
    {
        using var document = Open(SampleWorkbook.Make());
        var formats = document.WorkbookPart!.WorkbookStylesPart!.Stylesheet!.CellFormats!.Elements<CellFormat>().ToList();
        var sheet = SampleWorkbook.Sheet(document.WorkbookPart!, "机关党支部");
        bool IsLocked(string cell) => formats[(int)SampleWorkbook.CellAt(sheet, cell).StyleIndex!.Value].Protection!.Locked!.Value;

        Assert.True(sheet.GetFirstChild<SheetProtection>() is { Sheet.Value: true, Password: null });
        Assert.True(IsLocked("A1") && IsLocked("C1") && IsLocked("C3") && IsLocked("A4") && IsLocked("B4"));
        Assert.False(IsLocked("C4") || IsLocked("AG5"));
        Assert.Equal("C4", sheet.Descendants<Pane>().Single().TopLeftCell!.Value);
    }

    [Fact]
    public void A_name_that_looks_like_a_formula_or_markup_is_only_text()
    {
        using var document = Open(SampleWorkbook.Of(SampleWorkbook.Frame(name: "=cmd()<script>alert(1)</script>_x0041_\"&")));
        var sheet = SampleWorkbook.Sheet(document.WorkbookPart!, "村党支部");

        Assert.Empty(sheet.Descendants<CellFormula>());
        Assert.Equal(CellValues.SharedString, SampleWorkbook.CellAt(sheet, "B4").DataType!.Value);
        Assert.Empty(new OpenXmlValidator().Validate(document));
        Assert.Equal("1=cmd()<script>alert(1)</script>_x0041_\"&", SampleWorkbook.Of(SampleWorkbook.Frame(name: "=cmd()<script>alert(1)</script>_x0041_\"&")).Read().Frame!.Township.Branches[0].Name);
    }

    [Fact]
    public void Sheets_to_fill_have_a_coloured_tab_and_every_printed_page_says_what_it_is()
    {
        using var document = Open(SampleWorkbook.Make());
        var sheets = document.WorkbookPart!.Workbook!.Descendants<Sheet>().Where(s => s.State is null).Select(s => s.Name!.Value!).ToDictionary(name => name, name => SampleWorkbook.Sheet(document.WorkbookPart!, name));

        Assert.Equal(["村党支部", "机关党支部", "社区党支部", "非公企业党支部", "文字材料"], sheets.Where(s => s.Value.SheetProperties!.TabColor is not null).Select(s => s.Key));
        Assert.EndsWith("月 村党支部", sheets["村党支部"].Descendants<OddHeader>().Single().Text, StringComparison.Ordinal);
        Assert.All(sheets.Values, sheet => Assert.EndsWith("&R第 &P 页，共 &N 页", sheet.Descendants<OddFooter>().Single().Text, StringComparison.Ordinal));
        // Codes are texts of digits: Excel is told not to mark each of them.
        Assert.Equal("A4:A5", sheets["村党支部"].Descendants<IgnoredError>().Single().SequenceOfReferences!.InnerText);
    }

    [Fact]
    public void Each_item_is_explained_with_thresholds_and_checkpoints_in_words()
    {
        using var document = Open(SampleWorkbook.Make());
        var sheet = SampleWorkbook.Sheet(document.WorkbookPart!, "标准说明");
        var rows = sheet.Descendants<Row>().Skip(1).ToDictionary(row => TextOf(document, row.Elements<Cell>().First()), row => string.Join('|', row.Elements<Cell>().Select(c => TextOf(document, c))));

        Assert.Equal(24 + 31 + 23 + 20, rows.Count);
        Assert.Contains("书记年纯收入：每年不少于60000元", rows["V1.1"], StringComparison.Ordinal);
        Assert.Contains("活动场所面积：约300平方米（原则上）", rows["V3.1"], StringComparison.Ordinal);
        Assert.Contains("重病、去世、受灾、生活困难、重大矛盾纠纷", rows["V2.4"], StringComparison.Ordinal);
        Assert.Contains("A2.1 至 A2.6 须一并填", rows["A2.3"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_agent_carries_neither_store_nor_charts()
    {
        var closure = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hub-agent.deps.json"));

        Assert.Contains("DocumentFormat.OpenXml", closure, StringComparison.Ordinal);
        Assert.All(["DuckDB", "ScottPlot", "SkiaSharp", "Hub.Store", "Hub.Server", "Hub.Bulletins"], name => Assert.DoesNotContain(name, closure, StringComparison.OrdinalIgnoreCase));
    }

    private static SpreadsheetDocument Open(SampleWorkbook workbook) => SpreadsheetDocument.Open(new MemoryStream(workbook.Bytes), isEditable: false);

    private static string TextOf(SpreadsheetDocument document, Cell cell) => cell.DataType?.Value == CellValues.SharedString
        ? document.WorkbookPart!.SharedStringTablePart!.SharedStringTable!.Elements<SharedStringItem>().ElementAt(int.Parse(cell.InnerText, System.Globalization.CultureInfo.InvariantCulture)).InnerText
        : cell.InnerText;
}
