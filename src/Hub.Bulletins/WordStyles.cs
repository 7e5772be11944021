using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using Hub.Programmes;
using Text = DocumentFormat.OpenXml.Wordprocessing.Text;

namespace Hub.Bulletins;

/// <summary>Page and type of GB/T 9704-2012 in Word's units: twentieths of a point for distances, half points for type.</summary>
internal static class WordStyles
{
    /// <summary>Width of the text area, 156 mm.</summary>
    public const int TextWidth = 8845;

    /// <summary>Height of the text area, 225 mm.</summary>
    public const int TextHeight = 12756;

    private const int PageWidth = 11906, PageHeight = 16838, Top = 2098, Left = 1587, Right = PageWidth - Left - TextWidth, Bottom = PageHeight - Top - TextHeight;

    // The dash of the page number stands 7 mm below the text area, in a line as high as its type.
    private const int PageNumberBottom = 1433, PageNumberLine = 280;

    private const int LinesPerPage = 22, CharactersPerLine = 28, BodyHalfPoints = 32;
    private const string Red = "CC0000", FangSong = "仿宋", Song = "宋体", Hei = "黑体", Title = "方正小标宋简体";

    // The issuer's mark stands 35 mm below the upper edge of the text area.
    private const int IssuerTop = 1984;

    // 22 lines of 28 characters: the pitch of the lines, and what is taken from the 16 pt of each character. Not by Word's grid of
    // characters: in LibreOffice one that is wider than its cell takes two.
    private const int LinePitch = TextHeight / LinesPerPage;
    private const int CharacterSpacing = TextWidth / CharactersPerLine - BodyHalfPoints * 10 - 1;

    /// <summary>Classes of paragraphs that are styles of the same name.</summary>
    public static readonly IReadOnlySet<string> OfParagraphs = new HashSet<string> { "issuer", "number", "mark", "to", "signature", "date", "note" };

    public static SectionProperties Page() => new(
        new FooterReference { Type = HeaderFooterValues.Default, Id = "odd" },
        new FooterReference { Type = HeaderFooterValues.Even, Id = "even" },
        new PageSize { Width = PageWidth, Height = PageHeight },
        new PageMargin { Top = Top, Left = Left, Right = Right, Bottom = Bottom, Header = 851, Footer = PageNumberBottom, Gutter = 0 },
        new DocGrid { Type = DocGridValues.Lines, LinePitch = LinePitch });

    /// <summary>— 1 —, one character in from the outer edge.</summary>
    public static Footer PageNumber(JustificationValues side)
    {
        static Run Text(OpenXmlElement content) => new(new RunProperties(Fonts(Song), new FontSize { Val = "28" }), content);
        return new Footer(new Paragraph(
            new ParagraphProperties(new SnapToGrid { Val = false }, new SpacingBetweenLines { Line = $"{PageNumberLine}", LineRule = LineSpacingRuleValues.Exact }, new Indentation { Left = "280", Right = "280", FirstLineChars = 0, FirstLine = "0" },
                new Justification { Val = side }),
            Text(new Text("— ") { Space = SpaceProcessingModeValues.Preserve }),
            Text(new FieldChar { FieldCharType = FieldCharValues.Begin }),
            Text(new FieldCode(" PAGE ") { Space = SpaceProcessingModeValues.Preserve }),
            Text(new FieldChar { FieldCharType = FieldCharValues.Separate }), Text(new Text("1")),
            Text(new FieldChar { FieldCharType = FieldCharValues.End }),
            Text(new Text(" —") { Space = SpaceProcessingModeValues.Preserve })));
    }

    public static Styles Make(Language language) => new(
        new DocDefaults(
            new RunPropertiesDefault(new RunPropertiesBaseStyle(
                Fonts(FangSong), new FontSize { Val = $"{BodyHalfPoints}" }, new FontSizeComplexScript { Val = $"{BodyHalfPoints}" },
                new Languages { Val = "en-US", EastAsia = "zh-CN", Bidi = "ar-SA" })),
            new ParagraphPropertiesDefault()),
        // The grid measures its characters by this style.
        Style("Normal", "Normal", new StyleParagraphProperties(new AutoSpaceDE { Val = false }, new AutoSpaceDN { Val = false }, new Indentation { FirstLineChars = 200, FirstLine = "640" },
                new Justification { Val = language == Language.Chinese ? JustificationValues.Both : JustificationValues.Left }),
            new StyleRunProperties(Fonts(FangSong), new Spacing { Val = CharacterSpacing }, new FontSize { Val = $"{BodyHalfPoints}" }), isDefault: true),
        Style("issuer", "发文机关标志", Paragraph(JustificationValues.Center, before: IssuerTop, exactLine: 800), Type(Title, 60, Red)),
        Style("number", "发文字号", Paragraph(JustificationValues.Center, before: LinePitch * 2), Type(FangSong, BodyHalfPoints)),
        Style("rule", "红色分隔线", new StyleParagraphProperties(
            new ParagraphBorders(new BottomBorder { Val = BorderValues.Single, Size = 16, Color = Red, Space = 0 }), new SnapToGrid { Val = false }, new SpacingBetweenLines { Before = "0", After = "0", Line = "227", LineRule = LineSpacingRuleValues.Exact },
            new Indentation { FirstLineChars = 0, FirstLine = "0" }), Type(FangSong, 10)),
        Style("title", "公文标题", Paragraph(JustificationValues.Center, before: LinePitch * 2, after: LinePitch, exactLine: LinePitch, grid: false, keepNext: true), Type(Title, 44)),
        Style("heading1", "heading 1", new StyleParagraphProperties(new KeepNext(), new Indentation { FirstLineChars = 200, FirstLine = "640" }, new OutlineLevel { Val = 0 }), Type(Hei, BodyHalfPoints)),
        Style("heading2", "heading 2", new StyleParagraphProperties(new KeepNext(), new Indentation { FirstLineChars = 200, FirstLine = "640" }, new OutlineLevel { Val = 1 }), Type("楷体", BodyHalfPoints)),
        Style("to", "主送机关", Paragraph(JustificationValues.Left), Type(FangSong, BodyHalfPoints)),
        Style("mark", "标记", Paragraph(JustificationValues.Center), Type(FangSong, 24, Red)),
        Style("caption", "caption", Paragraph(JustificationValues.Center, before: 60, after: 60, grid: false, keepNext: true), Type(Hei, 24)),
        Style("figure", "图", Paragraph(JustificationValues.Center, before: 80, grid: false), Type(FangSong, 20)),
        Style("figurecaption", "图题", Paragraph(JustificationValues.Center, before: 40, after: 160, grid: false), Type(Hei, 24)),
        Style("cell", "表格文字", Paragraph(JustificationValues.Right, grid: false), Type(Song, 21)),
        Style("signature", "发文机关署名", Paragraph(JustificationValues.Right, before: LinePitch, keepNext: true, right: 1280), Type(FangSong, BodyHalfPoints)),
        Style("date", "成文日期", Paragraph(JustificationValues.Right, keepNext: true, right: 1280), Type(FangSong, BodyHalfPoints)),
        Style("note", "附注", new StyleParagraphProperties(new SnapToGrid { Val = false }, new SpacingBetweenLines { Before = "240", Line = "360", LineRule = LineSpacingRuleValues.Exact },
            new Indentation { FirstLineChars = 200, FirstLine = "480" }), Type(FangSong, 24)));

    /// <summary>Latin letters and digits in the Chinese font's own face, as official documents have them.</summary>
    public static RunFonts Fonts(string face) => new() { Ascii = face, HighAnsi = face, EastAsia = face, Hint = FontTypeHintValues.EastAsia };

    /// <summary>Stands for bold, as in print.</summary>
    public static RunProperties Emphasis() => new(Fonts(Hei));

    public static RunProperties Alarm() => new(new Color { Val = Red });

    private static StyleRunProperties Type(string face, int halfPoints, string? colour = null)
    {
        var properties = new StyleRunProperties(Fonts(face));
        if (colour is not null) properties.Append(new Color { Val = colour });
        if (halfPoints != BodyHalfPoints) properties.Append(new Spacing { Val = 0 });
        properties.Append(new FontSize { Val = $"{halfPoints}" });
        return properties;
    }

    private static StyleParagraphProperties Paragraph(
        JustificationValues side, int before = 0, int after = 0, int? exactLine = null, bool grid = true, bool keepNext = false, int right = 0)
    {
        var properties = new StyleParagraphProperties();
        if (keepNext) properties.Append(new KeepNext());
        if (!grid) properties.Append(new SnapToGrid { Val = false });
        var spacing = new SpacingBetweenLines { Before = $"{before}", After = $"{after}" };
        if (exactLine is { } line) (spacing.Line, spacing.LineRule) = ($"{line}", LineSpacingRuleValues.Exact);
        properties.Append(spacing, new Indentation { FirstLineChars = 0, FirstLine = "0", Right = $"{right}" }, new Justification { Val = side });
        return properties;
    }

    private static Style Style(string id, string name, StyleParagraphProperties paragraph, StyleRunProperties run, bool isDefault = false)
    {
        var style = new Style { Type = StyleValues.Paragraph, StyleId = id };
        if (isDefault) style.Default = true;
        style.Append(new StyleName { Val = name });
        if (!isDefault) style.Append(new BasedOn { Val = "Normal" });
        style.Append(new PrimaryStyle(), paragraph, run);
        return style;
    }
}
