using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>One sheet as it is written: its rows as a stream, everything around them in the order that the format asks for.</summary>
internal sealed class SheetContent
{
    public required string Name { get; init; }

    /// <summary>Widths of the columns, in characters, from A on.</summary>
    public required IReadOnlyList<double> Widths { get; init; }
    public required IEnumerable<Row> Rows { get; init; }
    public bool Hidden { get; init; }
    public bool Landscape { get; init; }

    /// <summary>Whether a clerk fills it in: such sheets have a coloured tab.</summary>
    public bool ToFill { get; init; }
    public uint ZoomPercent { get; init; } = 100;

    /// <summary>Rows and columns that stay in sight.</summary>
    public int FrozenRows { get; init; }
    public int FrozenColumns { get; init; }

    /// <summary>The range with filter buttons on its first row, e.g. <c>A3:Z40</c>.</summary>
    public string? Filter { get; init; }
    public IReadOnlyList<string> Merged { get; init; } = [];
    public IReadOnlyList<ConditionalFormatting> Formats { get; init; } = [];
    public IReadOnlyList<DataValidation> Validations { get; init; } = [];

    /// <summary>A range of texts made of digits, which Excel would mark one by one as a mistake; null for none.</summary>
    public string? DigitTexts { get; init; }

    /// <summary>Stands at the head of each printed page; for sheets that do not say themselves what they are.</summary>
    public string Header { get; init; } = "";

    /// <summary>Stands at the foot of each printed page, left.</summary>
    public string Footer { get; init; } = "";

    public void WriteTo(WorksheetPart part, bool isFirst)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        var properties = new SheetProperties(new PageSetupProperties { FitToPage = true });
        if (ToFill) properties.TabColor = new TabColor { Rgb = WorkbookStyles.FillTab };
        writer.WriteElement(properties);
        writer.WriteElement(new SheetViews(View(isFirst)));
        writer.WriteElement(new SheetFormatProperties { DefaultRowHeight = 15 });
        writer.WriteElement(new Columns(Widths.Select((width, i) => new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = width, CustomWidth = true })));
        writer.WriteStartElement(new SheetData());
        foreach (var row in Rows) writer.WriteElement(row);
        writer.WriteEndElement();
        // In the file's words "false" is what protection leaves open.
        writer.WriteElement(new SheetProtection
        {
            Sheet = true, Objects = true, Scenarios = true, FormatColumns = false, FormatRows = false, AutoFilter = false, Sort = false,
        });
        if (Filter is not null) writer.WriteElement(new AutoFilter { Reference = Filter });
        if (Merged.Count > 0) writer.WriteElement(new MergeCells(Merged.Select(range => new MergeCell { Reference = range })) { Count = (uint)Merged.Count });
        foreach (var format in Formats) writer.WriteElement(format);
        if (Validations.Count > 0) writer.WriteElement(new DataValidations(Validations) { Count = (uint)Validations.Count });
        if (!Hidden) WritePrintSetup(writer);
        if (DigitTexts is not null) writer.WriteElement(new IgnoredErrors(
            new IgnoredError { NumberStoredAsText = true, SequenceOfReferences = new ListValue<StringValue> { InnerText = DigitTexts } }));
        writer.WriteEndElement();
    }

    private SheetView View(bool isFirst)
    {
        var view = new SheetView { WorkbookViewId = 0, ShowGridLines = false, TabSelected = isFirst };
        if (ZoomPercent != 100) view.ZoomScale = view.ZoomScaleNormal = ZoomPercent;
        if (FrozenRows == 0) return view;
        var pane = new Pane
        {
            VerticalSplit = FrozenRows, TopLeftCell = CellName.Of(FrozenColumns + 1, FrozenRows + 1), State = PaneStateValues.Frozen,
            ActivePane = FrozenColumns > 0 ? PaneValues.BottomRight : PaneValues.BottomLeft,
        };
        if (FrozenColumns > 0) pane.HorizontalSplit = FrozenColumns;
        view.Append(pane, new Selection
        {
            Pane = pane.ActivePane, ActiveCell = pane.TopLeftCell, SequenceOfReferences = new ListValue<StringValue> { InnerText = pane.TopLeftCell!.Value! },
        });
        return view;
    }

    private void WritePrintSetup(OpenXmlWriter writer)
    {
        writer.WriteElement(new PrintOptions { HorizontalCentered = true });
        writer.WriteElement(new PageMargins { Left = 0.5, Right = 0.5, Top = 0.6, Bottom = 0.6, Header = 0.3, Footer = 0.3 });
        writer.WriteElement(new PageSetup
        {
            PaperSize = 9, Orientation = Landscape ? OrientationValues.Landscape : OrientationValues.Portrait, FitToWidth = 1, FitToHeight = 0,
        });
        var around = new HeaderFooter { OddFooter = new OddFooter($"&L{Plain(Footer)}&R第 &P 页，共 &N 页") };
        // The sign for bold stands between the size and a text that may begin with a digit.
        if (Header.Length > 0) around.OddHeader = new OddHeader($"&C&14&B{Plain(Header)}");
        writer.WriteElement(around);

        // An ampersand begins a code there; two are one. 255 characters is all that either may hold.
        static string Plain(string text) => text.Replace("&", "&&", StringComparison.Ordinal);
    }
}
