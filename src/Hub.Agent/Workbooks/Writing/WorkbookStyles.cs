using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>How a cell looks, and whether a clerk may write in it. The number is its place in the workbook's list of formats.</summary>
internal enum CellLook : uint
{
    Plain, Title, Subtitle, Label, Text, Heading, HeaderId, Software, Hardware, HeaderTitle, Code, Name, State, Note, Written, Post, Day, Count, Blank, Changed, NotMet, NotApplicable,
}

/// <summary>Looks that a conditional format gives. The number is its place in the list of differential formats.</summary>
internal enum ConditionalLook : uint { Blank, Changed, NotMet, NotApplicable }

/// <summary>The one place that knows fonts, colours and borders.</summary>
internal static class WorkbookStyles
{
    private const string Ink = "FF262626", Grey = "FF7F7F7F", Red = "FFC00000", Line = "FFBFBFBF";
    private const string Blank = "FFFCE4D6", Changed = "FFFFE699", Pale = "FFF2F2F2", Blue = "FFDDEBF7", Green = "FFE2EFDA", White = "FFFFFFFF";

    /// <summary>Tabs of the sheets that a clerk fills in.</summary>
    public const string FillTab = "FF2E75B6";

    private enum F : uint { Plain, Title, Bold, Small, SmallBold, Grey, Red }
    private enum Fill : uint { None, Gray125, Pale, Blue, Green, White, Blank, Changed }

    // The same day in every program: the built-in format follows the machine's country.
    private const uint DayFormat = 164;

    public static Stylesheet Make() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = DayFormat, FormatCode = "yyyy\"年\"m\"月\"d\"日\"" }) { Count = 1 },
        new Fonts(Font(11), Font(18, bold: true), Font(11, bold: true), Font(9), Font(9, bold: true), Font(9, colour: Grey), Font(11, colour: Red)),
        new Fills(
            new DocumentFormat.OpenXml.Spreadsheet.Fill(new PatternFill { PatternType = PatternValues.None }),
            new DocumentFormat.OpenXml.Spreadsheet.Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            Solid(Pale), Solid(Blue), Solid(Green), Solid(White), Solid(Blank), Solid(Changed)),
        new Borders(
            new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()),
            new Border(Side<LeftBorder>(), Side<RightBorder>(), Side<TopBorder>(), Side<BottomBorder>(), new DiagonalBorder())),
        new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
        new CellFormats(Enum.GetValues<CellLook>().Select(Format)),
        new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }),
        new DifferentialFormats(
            new DifferentialFormat(Solid(Blank, conditional: true)),
            new DifferentialFormat(new Font(new Bold()), Solid(Changed, conditional: true)),
            new DifferentialFormat(new Font(new Color { Rgb = Red })),
            new DifferentialFormat(new Font(new Color { Rgb = Grey }))),
        new TableStyles { DefaultTableStyle = "TableStyleMedium2", DefaultPivotStyle = "PivotStyleLight16" });

    private static CellFormat Format(CellLook look) => look switch
    {
        CellLook.Plain => Cell(F.Plain, Fill.None, border: false, wrap: true, centre: false),
        CellLook.Title => Cell(F.Title, Fill.None, border: false, wrap: false, centre: true),
        CellLook.Subtitle => Cell(F.Plain, Fill.None, border: false, wrap: false, centre: true),
        CellLook.Label => Cell(F.Bold, Fill.Pale, border: true, wrap: true, centre: true),
        CellLook.Text => Cell(F.Plain, Fill.None, border: true, wrap: true, centre: false),
        CellLook.Heading => Cell(F.Bold, Fill.None, border: false, wrap: false, centre: false),
        CellLook.HeaderId => Cell(F.Grey, Fill.Pale, border: true, wrap: false, centre: true),
        CellLook.Software => Cell(F.Bold, Fill.Blue, border: true, wrap: true, centre: true),
        CellLook.Hardware => Cell(F.Bold, Fill.Green, border: true, wrap: true, centre: true),
        CellLook.HeaderTitle => Cell(F.Small, Fill.White, border: true, wrap: true, centre: true, top: true),
        CellLook.Code => Cell(F.Grey, Fill.Pale, border: true, wrap: false, centre: false, numberFormat: 49),
        CellLook.Name => Cell(F.Plain, Fill.Pale, border: true, wrap: true, centre: false),
        CellLook.State => Cell(F.Plain, Fill.None, border: true, wrap: false, centre: true, unlocked: true),
        CellLook.Note => Cell(F.Small, Fill.None, border: true, wrap: true, centre: false, unlocked: true),
        CellLook.Written => Cell(F.Plain, Fill.None, border: true, wrap: true, centre: false, unlocked: true, numberFormat: 49, top: true),
        CellLook.Post => Cell(F.Plain, Fill.None, border: true, wrap: true, centre: true, unlocked: true, numberFormat: 49),
        CellLook.Day => Cell(F.Plain, Fill.None, border: true, wrap: false, centre: true, unlocked: true, numberFormat: DayFormat),
        CellLook.Count => Cell(F.Plain, Fill.None, border: true, wrap: false, centre: true, numberFormat: 1),
        CellLook.Blank => Cell(F.Plain, Fill.Blank, border: true, wrap: false, centre: true),
        CellLook.Changed => Cell(F.Bold, Fill.Changed, border: true, wrap: false, centre: true),
        CellLook.NotMet => Cell(F.Red, Fill.None, border: true, wrap: false, centre: true),
        CellLook.NotApplicable => Cell(F.Grey, Fill.None, border: true, wrap: false, centre: true),
        _ => throw new ArgumentOutOfRangeException(nameof(look)),
    };

    private static CellFormat Cell(F font, Fill fill, bool border, bool wrap, bool centre, bool unlocked = false, uint numberFormat = 0, bool top = false) => new()
    {
        NumberFormatId = numberFormat,
        FontId = (uint)font,
        FillId = (uint)fill,
        BorderId = border ? 1u : 0u,
        FormatId = 0,
        ApplyNumberFormat = numberFormat > 0,
        ApplyFont = true,
        ApplyFill = fill > 0,
        ApplyBorder = border,
        ApplyAlignment = true,
        ApplyProtection = true,
        Alignment = new Alignment
        {
            Horizontal = centre ? HorizontalAlignmentValues.Center : HorizontalAlignmentValues.Left,
            Vertical = top ? VerticalAlignmentValues.Top : VerticalAlignmentValues.Center,
            WrapText = wrap,
            Indent = centre ? 0u : 1u,
        },
        Protection = new Protection { Locked = !unlocked },
    };

    private static Font Font(double size, bool bold = false, string colour = Ink)
    {
        var font = new Font();
        if (bold) font.Append(new Bold());
        font.Append(new FontSize { Val = size }, new Color { Rgb = colour }, new FontName { Val = "宋体" }, new FontCharSet { Val = 134 });
        return font;
    }

    private static DocumentFormat.OpenXml.Spreadsheet.Fill Solid(string colour, bool conditional = false) => new(conditional
        // In a conditional format a solid fill is its background.
        ? new PatternFill(new BackgroundColor { Rgb = colour }) { PatternType = PatternValues.Solid }
        : new PatternFill(new ForegroundColor { Rgb = colour }, new BackgroundColor { Indexed = 64 }) { PatternType = PatternValues.Solid });

    private static T Side<T>() where T : BorderPropertiesType, new() => new() { Style = BorderStyleValues.Thin, Color = new Color { Rgb = Line } };
}
