using System.Text;
using Hub.Bulletins;
using Hub.Bulletins.Charts;
using SkiaSharp;

namespace Hub.Tests.Bulletins;

/// <summary>The embedded font reduced to a text: a font of its own with the same glyphs, and none besides.</summary>
public sealed class FontSubsetTests
{
    // Rare characters of place names, some beyond the basic plane, and letters with accents.
    private const string Text = "县委组织部文件〔2026〕1号ABCxyz—、。：△堽埇浬㙦𫭟𬒈𪨶ÄéñŁǖ①";

    [Fact]
    public void Glyphs_are_those_of_the_whole_font()
    {
        using var subset = Load(FontSubset.Of(Text));
        using var font = new SKFont(subset, 1000) { Hinting = SKFontHinting.None, LinearMetrics = true };
        using var whole = new SKFont(ChartFont.Typeface, 1000) { Hinting = SKFontHinting.None, LinearMetrics = true };

        Assert.Equal((ChartFont.Typeface.UnitsPerEm, whole.Metrics.Ascent, whole.Metrics.Descent), (subset.UnitsPerEm, font.Metrics.Ascent, font.Metrics.Descent));
        foreach (var rune in Text.EnumerateRunes().Where(r => ChartFont.Typeface.GetGlyph(r.Value) != 0))
        {
            var glyph = subset.GetGlyph(rune.Value);
            Assert.True(glyph != 0, rune.ToString());
            using var outline = font.GetGlyphPath(glyph);
            using var expected = whole.GetGlyphPath(whole.GetGlyph(rune.Value));
            Assert.False(expected.IsEmpty, rune.ToString());
            Assert.Equal(expected.ToSvgPathData(), outline.ToSvgPathData());
            Assert.Equal(whole.MeasureText(rune.ToString()), font.MeasureText(rune.ToString()));
        }
    }

    [Fact]
    public void No_other_character_is_in_it()
    {
        using var subset = Load(FontSubset.Of(Text));
        using var font = new SKFont(subset, 100);

        Assert.All("乡镇村党支度DEF345".EnumerateRunes(), rune => Assert.Equal(0, subset.GetGlyph(rune.Value)));
        // Glyphs keep their numbers; those of other characters are empty.
        Assert.All("乡镇村党支度DEF".EnumerateRunes(), rune =>
        {
            using var outline = font.GetGlyphPath(ChartFont.Typeface.GetGlyph(rune.Value));
            Assert.True(outline is null || outline.IsEmpty, rune.ToString());
        });
        Assert.InRange(FontSubset.Of(Text).Length, 1, FontSubset.Of("").Length + 40_000);
    }

    [Fact]
    public void A_letter_with_an_accent_stands_without_the_letter_and_the_accent()
    {
        using var whole = new SKFont(ChartFont.Typeface, 1000) { Hinting = SKFontHinting.None };
        // One character at a time: what a glyph may be put together from must not come in by another character.
        foreach (var rune in Enumerable.Range(0xC0, 0x140).Select(code => new Rune(code)).Where(r => ChartFont.Typeface.GetGlyph(r.Value) != 0))
        {
            using var subset = Load(FontSubset.Of(rune.ToString()));
            using var font = new SKFont(subset, 1000) { Hinting = SKFontHinting.None };
            using var outline = font.GetGlyphPath(font.GetGlyph(rune.Value));
            using var expected = whole.GetGlyphPath(whole.GetGlyph(rune.Value));
            Assert.Equal(expected.ToSvgPathData(), outline.ToSvgPathData());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("𪚥😀👨‍👩‍👧עברית\u0007\u200B\uFFFD")]
    public void Characters_that_the_font_lacks_do_no_harm(string text)
    {
        using var subset = Load(FontSubset.Of(text));

        Assert.Equal(0, subset.GetGlyph(0x2A6A5));
    }

    // Not as inline data: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void Half_a_character_does_no_harm() => Load(FontSubset.Of("城\uD800关\uDC00")).Dispose();

    [Fact]
    public void The_same_characters_give_the_same_bytes()
    {
        var random = new Random(20261102);
        var shuffled = string.Concat(Text.EnumerateRunes().Concat(Text.EnumerateRunes()).OrderBy(_ => random.Next()));

        Assert.Equal(FontSubset.Of(Text), FontSubset.Of(shuffled));
        Assert.NotEqual(FontSubset.Of(Text), FontSubset.Of(Text + "镇"));
    }

    private static SKTypeface Load(byte[] font)
    {
        using var data = SKData.CreateCopy(font);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException("No font");
    }
}
