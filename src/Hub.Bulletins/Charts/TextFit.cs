using System.Globalization;
using System.Text;

namespace Hub.Bulletins.Charts;

/// <summary>Makes text fit a width in pixels: cut, shrunk or wrapped.</summary>
internal static class TextFit
{
    // Closing punctuation does not begin a line (避头), opening punctuation does not end one (避尾).
    private const string NotAtLineStart = "，。、；：！？）》」』】〕”’…%％),;:!?";
    private const string NotAtLineEnd = "（《「『【〔“‘(";

    /// <summary>The text, or its longest beginning with … that fits. Never cuts inside a character.</summary>
    public static string Cut(string text, float sizePx, float widthPx)
    {
        if (ChartFont.Width(text, sizePx) <= widthPx) return text;
        var kept = new StringBuilder();
        foreach (var element in Elements(text))
        {
            if (ChartFont.Width(kept + element + "…", sizePx) > widthPx) break;
            kept.Append(element);
        }
        return kept.ToString().TrimEnd() + "…";
    }

    /// <summary>The text and a size between 60% and 100% of the given one at which it fits; below that it is cut.</summary>
    public static (string Text, float SizePx) Shrink(string text, float sizePx, float widthPx)
    {
        var width = ChartFont.Width(text, sizePx);
        var size = width <= widthPx ? sizePx : Math.Max(sizePx * 0.6f, MathF.Floor(sizePx * widthPx / width));
        return (Cut(text, size, widthPx), size);
    }

    /// <summary>Lines that fit the width; what is left after the last one is cut. Numbers and words stay whole.</summary>
    public static IReadOnlyList<string> Wrap(string text, float sizePx, float widthPx, int maxLines)
    {
        var lines = new List<string>();
        var line = new List<string>();
        foreach (var element in Elements(text))
        {
            if (line.Count > 0 && ChartFont.Width(string.Concat(line) + element, sizePx) > widthPx)
            {
                if (lines.Count == maxLines - 1) return [.. lines, Cut(string.Concat(line) + element, sizePx, widthPx)];
                var kept = BreakBefore(line, element);
                lines.Add(string.Concat(line.Take(kept)).Trim());
                line.RemoveRange(0, kept);
            }
            line.Add(element);
        }
        if (line.Count > 0) lines.Add(string.Concat(line).Trim());
        return lines;
    }

    /// <summary>Wrapped; two lines share the text evenly, so that no last character stands alone.</summary>
    public static IReadOnlyList<string> WrapEvenly(string text, float sizePx, float widthPx, int maxLines)
    {
        var lines = Wrap(text, sizePx, widthPx, maxLines);
        var half = ChartFont.Width(text, sizePx) / 2 + sizePx;
        if (lines.Count != 2 || half >= widthPx) return lines;
        var even = Wrap(text, sizePx, half, 3);
        return even.Count == 2 ? even : lines;
    }

    // How many elements stay on the full line; all of them where no break is a good one.
    private static int BreakBefore(List<string> line, string next)
    {
        for (var kept = line.Count; kept > 0; kept--)
        {
            var (before, after) = (line[kept - 1], kept == line.Count ? next : line[kept]);
            var splits = NotAtLineStart.Contains(after, StringComparison.Ordinal) || NotAtLineEnd.Contains(before, StringComparison.Ordinal)
                || (IsOfWord(before) && IsOfWord(after));
            if (!splits) return kept;
        }
        return line.Count;
    }

    /// <summary>Of the text's words, in pixels; a Chinese character is a word.</summary>
    public static float WidestWord(string text, float sizePx)
    {
        var (widest, word) = (0f, "");
        foreach (var element in Elements(text))
        {
            word = IsOfWord(element) ? word + element : element;
            widest = Math.Max(widest, ChartFont.Width(word, sizePx));
        }
        return widest;
    }

    // Latin-1 only: the font has no letters beyond it.
    private static bool IsOfWord(string element) =>
        element is [var c] && (char.IsAsciiLetterOrDigit(c) || c is '.' or '%' or '+' or '-' or '\'' or (>= 'À' and <= 'ÿ' and not '×' and not '÷'));

    private static IEnumerable<string> Elements(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext()) yield return elements.GetTextElement();
    }
}
