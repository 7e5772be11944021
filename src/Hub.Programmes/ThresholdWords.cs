using System.Globalization;

namespace Hub.Programmes;

/// <summary>A threshold as a clerk reads it, e.g. “支委会：每月不少于 1 次”.</summary>
public static class ThresholdWords
{
    /// <param name="terms">The template's words for subjects, units and what they are counted per.</param>
    public static Text Of(Threshold threshold, IReadOnlyDictionary<string, Text> terms)
    {
        var value = Number(threshold.Value) + (threshold.To is { } to ? "–" + Number(to) : "");
        var (unit, subject) = (Term(threshold.Unit), Term(threshold.Subject));
        var per = threshold.Per is null ? default : Term(threshold.Per);
        // A percent sign stands at its number in both languages.
        var space = unit.English == "%" ? "" : " ";
        var (before, after) = Bound(threshold.Comparison);
        return new(
            $"{subject.Chinese}：{per.Chinese}{before}{value}{unit.Chinese}{(threshold.Soft ? "（原则上）" : "")}",
            $"{subject.English}: {after}{value}{space}{unit.English}{(per.English is null ? "" : " " + per.English)}{(threshold.Soft ? " (as a rule)" : "")}");

        Text Term(string id) => terms.TryGetValue(id, out var words) ? words : new(id, id);
    }

    private static (string Chinese, string English) Bound(string comparison) => comparison switch
    {
        "at_least" => ("不少于", "at least "),
        "at_most" => ("不超过", "at most "),
        "about" => ("约", "about "),
        _ => ("", ""),
    };

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
