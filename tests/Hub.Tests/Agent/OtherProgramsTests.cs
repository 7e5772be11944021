using System.Text;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Agent;

/// <summary>One filled workbook in the forms that Excel, WPS and libraries write: whatever the form, the report is the same.</summary>
public sealed class OtherProgramsTests
{
    private const string Village = "村党支部";
    private const string Written = "文字材料";

    private static readonly XNamespace Main = OtherForm.Main;

    [Fact]
    public void Excels_form() => SameReport(Form().Prefix("")
        .Xml("xl/workbook.xml", root => root.Elements().First().AddBeforeSelf(
            // The author's folder, for Excel alone.
            XElement.Parse("""
                <mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15">
                <x15ac:absPath url="C:\Users\x\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>
                """)))
        .Xml("worksheets/", root =>
        {
            XNamespace x14ac = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac", mc = "http://schemas.openxmlformats.org/markup-compatibility/2006";
            root.Add(new XAttribute(XNamespace.Xmlns + "x14ac", x14ac), new XAttribute(XNamespace.Xmlns + "mc", mc), new XAttribute(mc + "Ignorable", "x14ac"));
            foreach (var row in root.Descendants(Main + "row")) row.Add(new XAttribute(x14ac + "dyDescent", "0.3"));
            // Comments and buttons for programs that know them, and a picture for the others.
            root.Add(XElement.Parse("""
                <mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
                <mc:Choice Requires="x14"><controls><control shapeId="1025"/></controls></mc:Choice><mc:Fallback><legacyDrawing/></mc:Fallback></mc:AlternateContent>
                """));
        })
        .Xml("sharedStrings", root =>
        {
            // Bold in the middle of a cell, and the pinyin that Excel keeps for Chinese that was typed.
            foreach (var item in root.Elements(Main + "si"))
            {
                var text = item.Value;
                if (text.Length < 2) continue;
                item.ReplaceNodes(
                    new XElement(Main + "r", new XElement(Main + "t", new XAttribute(XNamespace.Xml + "space", "preserve"), text[..1])),
                    new XElement(Main + "r", new XElement(Main + "rPr", new XElement(Main + "b"), new XElement(Main + "rFont", new XAttribute("val", "宋体"))),
                        new XElement(Main + "t", new XAttribute(XNamespace.Xml + "space", "preserve"), text[1..])),
                    new XElement(Main + "rPh", new XAttribute("sb", 0), new XAttribute("eb", 1), new XElement(Main + "t", "pin")),
                    new XElement(Main + "phoneticPr", new XAttribute("fontId", 1), new XAttribute("type", "noConversion")));
            }
        })
        .Add("xl/calcChain.xml", "<calcChain xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><c r=\"C5\" i=\"1\"/></calcChain>")
        .Add("xl/printerSettings/printerSettings1.bin", "\u0001").Add("docMetadata/LabelInfo.xml", "<labelList/>").Read());

    // "Strict Open XML Spreadsheet" in Excel's list of file types: other namespaces, dates and booleans as XML Schema writes them.
    [Fact]
    public void Excels_strict_form() => SameReport(OtherForm.Of(Sample()
            .Set(Written, "D8", c => SampleWorkbook.Value(c, CellValues.Date, "2026-02-01T00:00:00.000")).Set(Village, "E4", c => SampleWorkbook.Value(c, CellValues.Boolean, "false")))
        .Prefix("").Xml("xl/workbook.xml", root => root.Add(new XAttribute("conformance", "strict")))
        .Text(text => text.Replace(Main.NamespaceName, "http://purl.oclc.org/ooxml/spreadsheetml/main", StringComparison.Ordinal)
            .Replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships", StringComparison.Ordinal)).Read());

    // Excel for Mac of old, and whoever switched it on.
    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    public void Dates_that_count_from_1904(string on) => SameReport(OtherForm.Of(Sample().Set(Written, "D8", c => SampleWorkbook.Value(c, CellValues.Number, "44592")))
        .Xml("xl/workbook.xml", root =>
        {
            root.Elements(Main + "workbookPr").Remove();
            root.AddFirst(new XElement(Main + "workbookPr", new XAttribute("date1904", on)));
        }).Read());

    // Pictures in cells, its version and its own storage beside what Excel knows, and elements of its own that may be called like the format's.
    [Fact]
    public void The_form_of_WPS() => SameReport(Form().Prefix("")
        .Xml("xl/workbook.xml", root => root.Add(XElement.Parse("""
            <extLst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ext uri="{B38F9D24-2E2A-4E5B-8F1C-000000000000}"
            xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:sheets><etc:sheet name="村党支部" id="1"/></etc:sheets></ext></extLst>
            """)))
        .Xml("worksheets/", root => root.Add(new XAttribute(XNamespace.Xmlns + "etc", "http://www.wps.cn/officeDocument/2017/etCustomData")))
        .Add("xl/cellimages.xml", "<etc:cellImages xmlns:etc=\"http://www.wps.cn/officeDocument/2017/etCustomData\"/>")
        .Add("xl/_rels/cellimages.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>")
        .Add("xl/media/image1.png", "\u0089PNG").Add("customStorage/customStorage.xml", "<customStorage/>")
        .Add("docProps/custom.xml", "<Properties><property name=\"KSOProductBuildVer\"><lpwstr>2052-12.1.0.16929</lpwstr></property></Properties>").Read());

    // Microsoft's library for .NET and what is made with it.
    [Theory]
    [InlineData("x")]
    [InlineData("ss")]
    [InlineData("")]
    public void Elements_with_any_prefix(string prefix) => SameReport(Form().Prefix(prefix).Read());

    // System.IO.Packaging and openpyxl name parts from the root.
    [Fact]
    public void Parts_named_from_the_root() => SameReport(Relative("worksheets/", "/xl/worksheets/").Read(naming: name => "/" + name));

    [Fact]
    public void Parts_named_by_way_of_their_parent() => SameReport(Relative("worksheets/", "../xl/./worksheets/").Read());

    // .NET Framework before 4.6.1 packed folders with the separator of Windows; some exporters name parts so too.
    [Fact]
    public void Parts_named_with_the_separator_of_Windows() =>
        SameReport(Relative("worksheets/", "worksheets\\").Read(naming: name => name.Replace('/', '\\')));

    // Part names do not depend on case (ECMA-376 part 2).
    [Fact]
    public void Parts_named_in_capitals_and_folders_of_their_own() => SameReport(Form().Read(naming: name => name.ToUpperInvariant(), withFolders: true));

    // Writers that stream rows leave out where these stand, as the format allows.
    [Fact]
    public void Rows_and_cells_that_do_not_say_where_they_stand() => SameReport(Form().Xml("worksheets/", OtherForm.Unplace).Read());

    [Fact]
    public void Parts_in_UTF_16() => SameReport(Form().Xml("xl/", _ => { }).Read(Encoding.Unicode));

    // As a formula leaves it: the cached value of a text, a number and a date.
    [Fact]
    public void Cached_values_of_formulas_in_words_and_days() => SameReport(OtherForm.Of(Sample()
            .Set(Written, "B8", c => Formula(c, CellValues.String, "\"组织\"&amp;\"委员\"", "组织委员")).Set(Written, "D8", c => Formula(c, CellValues.Number, "DATE(2026,2,1)", "46054"))
            .Set(Village, "B4", c => Formula(c, CellValues.String, "A1", "别的名称"))).Read());

    [Theory]
    [InlineData("2026-02-01T08:30:00")]
    [InlineData("2026-02-01T00:00:00Z")]
    [InlineData("2026-02-01")]
    public void Days_as_ISO_8601_writes_them(string day) => SameReport(Sample().Set(Written, "D8", c => SampleWorkbook.Value(c, CellValues.Date, day)).Read());

    private static SampleWorkbook Sample() => SampleWorkbook.Make().Set(Village, "C4", "未达标").Set(Village, "D5", "×")
        .Set(Village, "E4", c => SampleWorkbook.Value(c, CellValues.Boolean, "0")).Set(Written, "B3", " 两个活动室，\n第三个已进场。 ").Set(Written, "B8", "组织委员")
        .Set(Written, "D8", c => SampleWorkbook.Value(c, CellValues.Number, "46054"));

    private static OtherForm Form() => OtherForm.Of(Sample());

    // Our own parts are named from the root or relative to the workbook, whichever the library prefers.
    private static OtherForm Relative(string from, string to) => Form().Xml("xl/_rels/workbook.xml.rels", root =>
    {
        foreach (var target in root.Elements().Attributes("Target").Where(t => t.Value.Contains(from, StringComparison.Ordinal)))
            target.Value = to + target.Value[(target.Value.IndexOf(from, StringComparison.Ordinal) + from.Length)..];
    });

    private static void Formula(Cell cell, CellValues type, string formula, string cached)
    {
        SampleWorkbook.Value(cell, type, cached);
        cell.PrependChild(new CellFormula(formula));
    }

    private static void SameReport(WorkbookReading reading)
    {
        Assert.Empty(reading.Problems.Select(p => p.In(Language.English)));
        var (report, village) = (reading.Report!, reading.Report!.Branches);
        Assert.Equal([ItemState.NotMet, ItemState.Met, ItemState.NotMet, ItemState.Met], village[0].States.Take(4));
        Assert.Equal([ItemState.Met, ItemState.NotMet, ItemState.Met], village[1].States.Take(3));
        Assert.Equal((8, 3), (village.Count, village.SelectMany(b => b.States).Count(s => s != ItemState.Met)));
        Assert.Equal(("两个活动室，\n第三个已进场。", "组织委员", "2026-02-01"), (report.Narrative.Progress, report.SignOff.PreparedByPost, report.SignOff.PreparedOn));
        Assert.Equal("2025-12", reading.Frame!.Last!.Period.ToString());
    }
}
