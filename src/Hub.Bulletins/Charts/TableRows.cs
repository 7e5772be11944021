using Hub.Programmes;

namespace Hub.Bulletins.Charts;

/// <summary>The sizes of a table's rows, and the width of its column of names.</summary>
internal static class TableRows
{
    private const int ShortestNameChars = 4;
    // Twelve characters of a Chinese name; thirty letters of an English one are as wide as sixteen.
    private const int LongestNameChars = 12, LongestEnglishNameChars = 16;

    /// <summary>Forty rows still fit the text height of an A4 page at the chart's width.</summary>
    public static (float RowHeight, float TextSize) Of(int rows) => rows switch { <= 24 => (46f, 24f), <= 32 => (40f, 22f), _ => (34f, 20f) };

    /// <summary>Of the longest name, between the given numbers of Chinese characters; longer names are cut.</summary>
    public static float NameWidth(IEnumerable<string> names, float sizePx, Language language, int? longest = null)
    {
        var chars = longest ?? (language == Language.Chinese ? LongestNameChars : LongestEnglishNameChars);
        var widest = names.Select(name => ChartFont.Width(ChartFont.Drawable(name), sizePx)).DefaultIfEmpty(0).Max();
        return MathF.Ceiling(Math.Clamp(widest, ShortestNameChars * sizePx, chars * sizePx));
    }
}
