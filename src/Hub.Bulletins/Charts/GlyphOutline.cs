using System.Collections.Concurrent;
using System.Text;

namespace Hub.Bulletins.Charts;

/// <summary>A character of <see cref="ChartFont"/> in the font's own units, which are whole numbers.</summary>
/// <param name="Data">SVG path data from the origin on; empty for a space.</param>
internal sealed record GlyphOutline(string Data, float Advance)
{
    // At most one for each character of the font: some three megabytes when all have been drawn.
    private static readonly ConcurrentDictionary<Rune, GlyphOutline> Known = new();

    public static GlyphOutline Of(Rune character) => Known.GetOrAdd(character, Outline);

    private static GlyphOutline Outline(Rune character)
    {
        using var font = ChartFont.OfSize(ChartFont.Typeface.UnitsPerEm);
        var glyph = font.GetGlyph(character.Value);
        using var path = font.GetGlyphPath(glyph);
        return new(GlyphPath.Of(path), font.MeasureText([glyph]));
    }
}
