using System.Globalization;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>The embedded subset of Noto Sans SC: the only font of charts, because most machines have no Chinese font.</summary>
public static class ChartFont
{
    /// <summary>The family's name, as ScottPlot knows it after <see cref="Register"/>.</summary>
    public const string Family = "Noto Sans SC";

    /// <summary>Stands for a character that the font lacks: the mark for an illegible one in Chinese print.</summary>
    public const string MissingMark = "□";

    private const int IdeographicSpace = 0x3000;
    /// <summary>The name that pages ask for it by.</summary>
    public const string FileName = "NotoSansSC-Regular.ttf";

    private const string Resource = "fonts/" + FileName;

    private static readonly SKData Data = Load();
    private static readonly Lock Registration = new();
    private static bool registered;

    public static SKTypeface Typeface { get; } = SKTypeface.FromData(Data);

    /// <summary>Makes ScottPlot use the embedded font for everything, ahead of a system font of the same name.</summary>
    public static void Register()
    {
        lock (Registration)
        {
            if (registered) return;
            Fonts.FontResolvers.Insert(0, new EmbeddedFontResolver());
            Fonts.Default = Fonts.Sans = Family;
            registered = true;
        }
    }

    /// <summary>A font of the size in pixels, unhinted, so that PNG and SVG share one layout. The caller disposes it.</summary>
    public static SKFont OfSize(float sizePx) => new(Typeface, sizePx)
    {
        Subpixel = true,
        LinearMetrics = true,
        Hinting = SKFontHinting.None,
        Edging = SKFontEdging.Antialias,
    };

    public static float Width(string text, float sizePx)
    {
        using var font = OfSize(sizePx);
        return font.MeasureText(text);
    }

    /// <summary>The characters that the font lacks, once each in order of appearance, written <c>U+3A66</c>.</summary>
    public static IReadOnlyList<string> MissingFrom(string text) =>
        [.. Plain(text).EnumerateRunes().Where(rune => !Has(rune)).Distinct()
            .Select(rune => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"))];

    /// <summary>One line of text without repeated spaces, controls, bidirectional marks or anything that XML refuses.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = Kept(rune);
            var repeatsSpace = kept == " " && (plain.Length == 0 || plain[^1] == ' ');
            if (!repeatsSpace) plain.Append(kept);
        }
        return plain.ToString().Trim();
    }

    /// <summary><see cref="Plain"/>, with <see cref="MissingMark"/> in the place of each character that the font lacks.</summary>
    public static string Drawable(string text)
    {
        var drawable = new StringBuilder(text.Length);
        foreach (var rune in Plain(text).EnumerateRunes()) drawable.Append(Has(rune) ? rune.ToString() : MissingMark);
        return drawable.ToString();
    }

    private static bool Has(Rune rune) => Typeface.ContainsGlyph(rune.Value);

    private static string Kept(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune)) return rune.Value == IdeographicSpace ? rune.ToString() : " ";
        if (IsNonCharacter(rune)) return "\uFFFD";
        return IsDrawn(rune) ? rune.ToString() : "";
    }

    private static bool IsNonCharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    private static bool IsDrawn(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format) && !IsVariationSelector(rune);

    private static bool IsVariationSelector(Rune rune) => rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    /// <summary>The font's file, for pages on machines without a Chinese font.</summary>
    public static Stream OpenFile() => typeof(ChartFont).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"Not embedded: {Resource}");

    private static SKData Load()
    {
        using var stream = OpenFile();
        return SKData.Create(stream);
    }

    // Each answer is a typeface of its own: ScottPlot keeps and may dispose what a resolver gives it.
    private sealed class EmbeddedFontResolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Family ? SKTypeface.FromData(Data) : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName == Family ? SKTypeface.FromData(Data) : null;
    }
}
