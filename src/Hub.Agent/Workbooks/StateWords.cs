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

    // What string.Normalize knows only where there is ICU, which a release for Linux does not need.
    private static readonly FrozenDictionary<char, string> Compatibility = ReadCompatibility();

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
        // Half of a pair of surrogates says nothing.
        var usable = text.Any(char.IsSurrogate) ? string.Concat(text.EnumerateRunes().Where(r => r != Rune.ReplacementChar)) : text;
        var normal = new StringBuilder(usable.Length);
        foreach (var c in usable)
        {
            if (Compatibility.TryGetValue(c, out var meant)) Append(normal, meant);
            else Append(normal, [c]);
        }
        return normal.ToString();
    }

    private static void Append(StringBuilder normal, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format && c is not ('\uFE0E' or '\uFE0F')) normal.Append(c);
    }

    private static FrozenDictionary<char, string> ReadCompatibility()
    {
        using var resource = new StreamReader(typeof(StateWords).Assembly.GetManifestResourceStream("compatibility.txt")!);
        var forms = new Dictionary<char, string>();
        while (resource.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var characters = line.Split(' ').Select(code => char.ConvertFromUtf32(int.Parse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))).ToList();
            forms.Add(characters[0][0], string.Concat(characters.Skip(1)));
        }
        return forms.ToFrozenDictionary();
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (c is <= ' ' or >= '\u007F') return false;
        return true;
    }
}
