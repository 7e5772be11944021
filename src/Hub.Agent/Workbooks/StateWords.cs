using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Hub.Protocol;

namespace Hub.Agent.Workbooks;

/// <summary>How clerks write a state. The workbook offers three words; what is pasted from elsewhere is understood as well.</summary>
public static class StateWords
{
    public const string Met = "达标";
    public const string NotMet = "未达标";
    public const string NotApplicable = "不适用";

    private static readonly FrozenDictionary<string, ItemState> Known = new (ItemState State, string[] Words)[]
    {
        (ItemState.Met, [Met, "已达标", "√", "✓", "✔", "☑", "✅", "是", "对", "1", "Y", "YES", "T", "TRUE"]),
        (ItemState.NotMet, [NotMet, "不达标", "没达标", "×", "✗", "✘", "✕", "✖", "❌", "╳", "X", "否", "错", "0", "N", "NO", "F", "FALSE"]),
        (ItemState.NotApplicable, [NotApplicable, "-", "–", "—", "——", "/", "N/A", "NA"]),
    }.SelectMany(state => state.Words.Select(word => KeyValuePair.Create(word, state.State))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The state, or null for a word that says none.</summary>
    public static ItemState? Parse(string text)
    {
        if (Known.TryGetValue(text, out var plain)) return plain;
        var word = Normal(text).ToUpperInvariant();
        if (Known.TryGetValue(word, out var state)) return state;
        if (!decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        return number switch { 1 => ItemState.Met, 0 => ItemState.NotMet, _ => null };
    }

    public static string Of(ItemState state) => state switch
    {
        ItemState.Met => Met,
        ItemState.NotMet => NotMet,
        ItemState.NotApplicable => NotApplicable,
        _ => "",
    };

    /// <summary>Full-width to half-width, without white space and what has no width: the form in which codes, ids and words are compared.</summary>
    public static string Normal(string text)
    {
        if (IsPlain(text)) return text;
        // Unpaired surrogates make normalisation throw; no word that is known has any.
        var usable = text.Any(char.IsSurrogate) ? string.Concat(text.EnumerateRunes().Where(r => r != Rune.ReplacementChar)) : text;
        var normal = new StringBuilder(usable.Length);
        foreach (var c in usable.Normalize(NormalizationForm.FormKC))
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format && c is not ('\uFE0E' or '\uFE0F')) normal.Append(c);
        return normal.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (c is <= ' ' or >= '\u007F') return false;
        return true;
    }
}
