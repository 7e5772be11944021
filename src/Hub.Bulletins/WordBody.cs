using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using A = DocumentFormat.OpenXml.Drawing;
using Pic = DocumentFormat.OpenXml.Drawing.Pictures;
using Wp = DocumentFormat.OpenXml.Drawing.Wordprocessing;

namespace Hub.Bulletins;

/// <summary>The content's elements as Word's paragraphs, tables and pictures.</summary>
internal sealed class WordBody(MainDocumentPart main, IReadOnlyDictionary<string, BulletinChart> charts)
{
    private const int EmuPerTwip = 635;
    // Room for the caption below.
    private const int CaptionTwips = 600;

    private uint pictures;

    public IEnumerable<OpenXmlElement> Blocks(XElement element) => element.Name.LocalName switch
    {
        "h1" => [Paragraph("title", element)],
        "h2" => [Paragraph("heading1", element)],
        "h3" => [Paragraph("heading2", element)],
        "hr" => [new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "rule" }))],
        "figure" => Figure(element),
        // A table of no rows is none in Word.
        "table" when !element.Descendants("tr").Any(r => r.HasElements) => [],
        "table" => [.. element.Elements("caption").Select(c => Paragraph("caption", c)), Table(element), new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "figure" }))],
        _ => [Paragraph(Classes(element).FirstOrDefault(WordStyles.OfParagraphs.Contains), element)],
    };

    private static Paragraph Paragraph(string? style, XElement element)
    {
        var paragraph = new Paragraph();
        if (style is not null) paragraph.Append(new ParagraphProperties(new ParagraphStyleId { Val = style }));
        paragraph.Append(Runs(element, null));
        return paragraph;
    }

    private static IEnumerable<OpenXmlElement> Runs(XElement element, Func<RunProperties>? look) => element.Nodes().SelectMany(node => node switch
    {
        XText text => [Run(text.Value, look)],
        XElement { Name.LocalName: "br" } => [new Run(new Break())],
        XElement { Name.LocalName: "b" } bold => Runs(bold, WordStyles.Emphasis),
        XElement { Name.LocalName: "span" } span => Runs(span, Alarms(span) ? WordStyles.Alarm : look),
        XElement other => Runs(other, look),
        _ => Array.Empty<OpenXmlElement>(),
    });

    private static Run Run(string text, Func<RunProperties>? look)
    {
        var run = new Run();
        if (look is not null) run.Append(look());
        run.Append(new Text(text) { Space = SpaceProcessingModeValues.Preserve });
        return run;
    }

    private static bool Alarms(XElement element) => Classes(element).Contains("missed");

    private static string[] Classes(XElement element) => ((string?)element.Attribute("class") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Table Table(XElement table)
    {
        static T Border<T>() where T : BorderType, new() => new() { Val = BorderValues.Single, Size = 4, Color = "888888" };
        var rows = table.Descendants("tr").Where(r => r.HasElements).ToList();
        var columns = rows.Select(r => r.Elements().Count()).Max();
        var widths = ColumnWidths(rows, columns);
        return new Table(
        [
            new TableProperties(
                new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct },
                new TableJustification { Val = TableRowAlignmentValues.Center },
                new TableBorders(Border<TopBorder>(), Border<LeftBorder>(), Border<BottomBorder>(), Border<RightBorder>(), Border<InsideHorizontalBorder>(), Border<InsideVerticalBorder>()),
                new TableLayout { Type = TableLayoutValues.Fixed },
                new TableCellMarginDefault(new TopMargin { Width = "30", Type = TableWidthUnitValues.Dxa }, new TableCellLeftMargin { Width = 70, Type = TableWidthValues.Dxa },
                    new BottomMargin { Width = "30", Type = TableWidthUnitValues.Dxa }, new TableCellRightMargin { Width = 70, Type = TableWidthValues.Dxa })),
            new TableGrid(widths.Select(w => new GridColumn { Width = $"{w}" })),
            .. rows.Select(row => Row(row, widths)),
        ]);
    }

    private static TableRow Row(XElement row, int[] widths)
    {
        var isHead = row.Parent?.Name.LocalName == "thead";
        var properties = new TableRowProperties(new CantSplit());
        if (isHead) properties.Append(new TableHeader());
        return new TableRow([properties, .. row.Elements().Select((cell, i) => Cell(cell, widths[i], isHead))]);
    }

    private static TableCell Cell(XElement cell, int width, bool isHead)
    {
        var classes = Classes(cell);
        var properties = new TableCellProperties(new TableCellWidth { Width = $"{width}", Type = TableWidthUnitValues.Dxa });
        if (isHead) properties.Append(new Shading { Val = ShadingPatternValues.Clear, Color = "auto", Fill = "F2F2F2" });
        properties.Append(new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center });
        var look = new ParagraphProperties(new ParagraphStyleId { Val = "cell" });
        if (isHead || classes.Contains("word")) look.Append(new Justification { Val = JustificationValues.Center });
        else if (classes.Contains("name")) look.Append(new Justification { Val = JustificationValues.Left });
        return new TableCell(properties, new Paragraph([look, .. Runs(cell, Alarms(cell) ? WordStyles.Alarm : null)]));
    }

    // Columns of figures get what their longest text needs, columns of names share the rest. A heading may wrap.
    private static int[] ColumnWidths(List<XElement> rows, int columns)
    {
        const int halfCharacter = 134, margins = 170, headCharacters = 6, leastName = 1100;
        var widths = new int[columns];
        var isName = new bool[columns];
        var lengths = new int[columns];
        foreach (var row in rows)
            foreach (var (cell, i) in row.Elements().Take(columns).Select((cell, i) => (cell, i)))
            {
                isName[i] |= Classes(cell).Contains("name");
                lengths[i] = Math.Max(lengths[i], cell.Name.LocalName == "th" ? HeadLength(cell.Value, headCharacters) : Length(cell.Value));
            }
        for (var i = 0; i < columns; i++) widths[i] = lengths[i] * halfCharacter + margins;
        var free = WordStyles.TextWidth - Enumerable.Range(0, columns).Where(i => !isName[i]).Sum(i => widths[i]);
        var names = Enumerable.Range(0, columns).Where(i => isName[i]).ToList();
        var wanted = names.Sum(i => widths[i]);
        foreach (var i in names) widths[i] = Math.Max(leastName, free * widths[i] / wanted);
        var total = widths.Sum();
        return [.. widths.Select(width => WordStyles.TextWidth * width / total)];
    }

    // Chinese breaks anywhere, a word of letters nowhere.
    private static int HeadLength(string text, int chinese) =>
        Math.Max(Math.Min(Length(text), chinese), text.Split(' ').Where(word => word.All(char.IsAscii)).Select(Length).DefaultIfEmpty(0).Max());

    // In most typefaces a percent sign is twice as wide as a digit.
    private static int Length(string text) => text.Sum(c => c < 0x1100 && c != '%' ? 1 : 2);

    private IEnumerable<OpenXmlElement> Figure(XElement figure)
    {
        foreach (var picture in charts.GetValueOrDefault((string?)figure.Attribute("chart") ?? "")?.Pictures ?? [])
            yield return new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "figure" }, new KeepNext()), new Run(Drawing(picture)));
        foreach (var caption in figure.Elements("figcaption")) yield return Paragraph("figurecaption", caption);
    }

    private Drawing Drawing(BulletinPicture picture)
    {
        var id = ++pictures;
        var part = main.AddImagePart(ImagePartType.Png, $"picture{id}");
        using (var content = new MemoryStream(picture.Png.Value)) part.FeedData(content);
        var (width, height) = picture.Size;
        var scale = Math.Min(WordStyles.TextWidth / (double)width, (WordStyles.TextHeight - CaptionTwips) / (double)height);
        var (cx, cy) = ((long)(width * scale) * EmuPerTwip, (long)(height * scale) * EmuPerTwip);
        return new Drawing(new Wp.Inline(
            new Wp.Extent { Cx = cx, Cy = cy },
            new Wp.DocProperties { Id = id, Name = picture.Name, Description = picture.Title },
            new A.Graphic(new A.GraphicData(new Pic.Picture(
                new Pic.NonVisualPictureProperties(new Pic.NonVisualDrawingProperties { Id = id, Name = picture.Name }, new Pic.NonVisualPictureDrawingProperties()),
                new Pic.BlipFill(new A.Blip { Embed = main.GetIdOfPart(part) }, new A.Stretch(new A.FillRectangle())),
                new Pic.ShapeProperties(new A.Transform2D(new A.Offset { X = 0, Y = 0 }, new A.Extents { Cx = cx, Cy = cy }), new A.PresetGeometry(new A.AdjustValueList()) { Preset = A.ShapeTypeValues.Rectangle })))
            { Uri = "http://schemas.openxmlformats.org/drawingml/2006/picture" }))
        { DistanceFromTop = 0, DistanceFromBottom = 0, DistanceFromLeft = 0, DistanceFromRight = 0 });
    }
}
