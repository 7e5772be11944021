using System.Globalization;
using Hub.Programmes;

namespace Hub.Tests.Models;

/// <summary>A branch's states in a few words: <c>all</c> or <c>none</c> (every item met, not met), or per track, as in
/// <c>hardware 3/5, software none</c>, where a track that is not named is all met. 3/5 = the first three of five applicable items are
/// met; with fewer than the track has, its conditional ones are not applicable (<c>hardware 0/0</c>). Or the characters themselves, for
/// the whole standard or for a track: <c>hardware 110-1</c>.</summary>
public static class StateText
{
    public static string Parse(string text, Standard standard)
    {
        if (IsCharacters(text, standard.Items.Count)) return text;
        var states = new char[standard.Items.Count];
        Array.Fill(states, '1');
        if (text is "all" or "none") text = $"hardware {text}, software {text}";
        foreach (var part in text.Split(", "))
        {
            var (name, value) = part.Split(' ') is [var n, var v] ? (n, v) : throw Unreadable(text);
            var track = name switch { "hardware" => Track.Hardware, "software" => Track.Software, _ => throw Unreadable(text) };
            var items = standard.Items.Where(i => i.Track == track).ToList();
            var written = Parse(value, items) ?? throw Unreadable(text);
            for (var i = 0; i < items.Count; i++) states[items[i].Ordinal] = written[i];
        }
        return new string(states);
    }

    private static string? Parse(string value, List<Item> items)
    {
        if (value == "all") return new string('1', items.Count);
        if (value == "none") return new string('0', items.Count);
        if (IsCharacters(value, items.Count)) return value;
        if (value.Split('/') is not [var first, var second] || !TryCount(first, out var met) || !TryCount(second, out var applicable)) return null;
        var conditional = items.Count(i => i.Condition is not null);
        if (applicable != items.Count && applicable != items.Count - conditional || met > applicable) return null;
        var written = "";
        foreach (var item in items)
            written += applicable < items.Count && item.Condition is not null ? '-' : met-- > 0 ? '1' : '0';
        return written;
    }

    private static bool IsCharacters(string text, int count) => text.Length == count && text.All(c => c is '0' or '1' or '-');

    private static bool TryCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static FormatException Unreadable(string text) => new($"Not states of this kind: {text}");
}
