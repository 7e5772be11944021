using System.Text;
using Hub.Bulletins.Charts;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

public sealed class ChartFontTests
{
    [Fact]
    public void Covers_the_6763_characters_of_GB2312()
    {
        var characters = Gb2312();

        Assert.Equal(6763, characters.EnumerateRunes().Count());
        Assert.Empty(ChartFont.MissingFrom(characters));
    }

    [Theory]
    [InlineData("堽埇浬畲峁圪垯塬墕㙦")] // rare characters of place names, six of them outside GB2312
    [InlineData("𫭟𬒈𪨶𫰛𫓹")] // general standard characters beyond the basic plane
    [InlineData("▲▼●★√—…“”《》①Ⅳ℃％（）□→")]
    public void Covers_rare_place_names_and_signs(string characters) => Assert.Empty(ChartFont.MissingFrom(characters));

    [Fact]
    public void Reports_each_missing_character_once_by_code_point()
    {
        Assert.Equal(["U+2A6A5", "U+1F600"], ChartFont.MissingFrom("城𪚥关😀𪚥镇"));
        Assert.Equal("城□关□□镇", ChartFont.Drawable("城𪚥关😀𪚥镇"));
    }

    [Theory]
    [InlineData("a\u0000b\r\n\tc", "ab c")]
    [InlineData("\u202Eabc\u200B\uFEFF", "abc")]
    [InlineData("  城　关  镇 ", "城　关 镇")]
    [InlineData("", "")]
    public void Plain_text_is_one_line_that_XML_accepts(string text, string plain) => Assert.Equal(plain, ChartFont.Plain(text));

    // Not as inline data: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void Plain_text_has_a_replacement_for_what_is_no_character() =>
        Assert.Equal("城\uFFFD关\uFFFD", ChartFont.Plain("城\uD800关\uFFFE"));

    // The subset would bring the fault back if it were made without clearing the overlap marks.
    [Fact]
    public void Outlines_fill_like_drawn_text()
    {
        using var font = ChartFont.OfSize(48);
        foreach (var rune in "度后底报皮服厢眉湄啵◎Q镇党委达标".EnumerateRunes())
        {
            using var outline = font.GetGlyphPath(font.GetGlyph(rune.Value));
            outline.FillType = SKPathFillType.Winding;
            outline.Transform(SKMatrix.CreateTranslation(20, 70));
            var drawn = Pixels((canvas, paint) => canvas.DrawText(rune.ToString(), 20, 70, font, paint));
            var outlined = Pixels((canvas, paint) => canvas.DrawPath(outline, paint));
            Assert.True(drawn.Zip(outlined).Count(pair => Math.Abs(pair.First - pair.Second) > 100) < 8, rune.ToString());
        }
    }

    private static byte[] Pixels(Action<SKCanvas, SKPaint> draw)
    {
        using var bitmap = new SKBitmap(96, 96, SKColorType.Gray8, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        canvas.Clear(SKColors.White);
        draw(canvas, paint);
        return bitmap.Bytes;
    }

    // Rows 16 to 87 of the standard; code page 936 has the same characters there. Row 55 ends five short.
    private static string Gb2312()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(936);
        var text = new StringBuilder();
        for (var lead = 0xB0; lead <= 0xF7; lead++)
        {
            var last = lead == 0xD7 ? 0xF9 : 0xFE;
            for (var trail = 0xA1; trail <= last; trail++) text.Append(encoding.GetString([(byte)lead, (byte)trail]));
        }
        return text.ToString();
    }
}
