using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>Texts as SVG: each character is outlined once in a picture and used wherever it stands, because a table repeats few
/// digits many times.</summary>
/// <param name="identifier">A new one each time.</param>
internal sealed class SvgTexts(Func<string> identifier)
{
    private readonly StringBuilder outlines = new(), uses = new();
    private readonly Dictionary<Rune, string> outlined = [];

    /// <summary>The outlines that the uses refer to; empty without a text.</summary>
    public string Outlines => outlines.Length == 0 ? "" : $"<defs>{outlines}</defs>";
    public string Uses => uses.ToString();

    public void Add(PlacedText text)
    {
        // The outlines are in the font's own units, which are whole numbers, and scaled.
        var scale = text.SizePx / ChartFont.Typeface.UnitsPerEm;
        var (places, width) = Places(text.Text);
        if (places.Count == 0) return;
        var x = text.X - width * scale * text.Align switch { SKTextAlign.Right => 1, SKTextAlign.Center => 0.5f, _ => 0 };
        var look = string.Create(CultureInfo.InvariantCulture,
            $" fill=\"#{(uint)text.Colour & 0xFFFFFF:X6}\" transform=\"translate({x:0.###} {text.BaselineY:0.###}) {(text.Upwards ? "rotate(-90) " : "")}scale({scale:0.######})\"");
        if (places.Count > 1) uses.Append("<g").Append(look).Append('>');
        foreach (var (character, pen) in places)
        {
            uses.Append("<use");
            if (places.Count == 1) uses.Append(look);
            if (pen > 0) uses.Append(CultureInfo.InvariantCulture, $" x=\"{pen}\"");
            uses.Append(" xlink:href=\"#").Append(outlined[character]).Append("\"/>");
        }
        if (places.Count > 1) uses.Append("</g>");
    }

    // Where each character that has an outline begins, and where the last one ends, in the font's units.
    private (List<(Rune Character, int Pen)> Places, float Width) Places(string text)
    {
        var places = new List<(Rune, int)>();
        var pen = 0f;
        foreach (var character in text.EnumerateRunes())
        {
            var glyph = GlyphOutline.Of(character);
            if (glyph.Data.Length > 0)
            {
                if (!outlined.ContainsKey(character)) Outline(character, glyph);
                places.Add((character, (int)MathF.Round(pen)));
            }
            pen += glyph.Advance;
        }
        return (places, pen);
    }

    private void Outline(Rune character, GlyphOutline glyph)
    {
        outlined[character] = identifier();
        outlines.Append(CultureInfo.InvariantCulture, $"<path id=\"{outlined[character]}\" d=\"{glyph.Data}\"/>");
    }
}
