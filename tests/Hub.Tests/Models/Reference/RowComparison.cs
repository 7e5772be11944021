using System.Globalization;

namespace Hub.Tests.Models.Reference;

/// <summary>Every row and column of a view against the expected ones, matched by key.</summary>
public static class RowComparison
{
    /// <summary>How many leading columns name a row.</summary>
    public static int KeyColumns(string view) => view switch
    {
        "county_completion" or "county_trend" => 2,
        "milestone_status" or "item_completion" or "area_completion" or "area_trend" or "reporting_rates" or "group_completion" or "weakest_items" or "signal_counts" or "upcoming_dues" => 4,
        "section_completion" => 5,
        "integrity_signals" => 6,
        _ => 3,
    };

    /// <summary>What differs, in words; empty when all agree.</summary>
    public static List<string> Differences(string view, string columns, List<string[]> expected, List<string[]> actual)
    {
        var names = columns.Split(',');
        var differences = new List<string>();
        foreach (var twice in actual.GroupBy(Key).Where(g => g.Count() > 1)) differences.Add($"{view} {twice.Key}: {twice.Count()} rows");
        var found = actual.GroupBy(Key).ToDictionary(g => g.Key, g => g.First());
        foreach (var want in expected)
        {
            if (!found.Remove(Key(want), out var got)) differences.Add($"{view}: no row {string.Join(',', want)}");
            else
                differences.AddRange(names.Select((name, i) => (name, i)).Where(c => !IsSame(want[c.i], got[c.i]))
                    .Select(c => $"{view} {Key(want)} {c.name}: {got[c.i]}, expected {want[c.i]}"));
        }
        differences.AddRange(found.Keys.Select(k => $"{view}: unexpected row {k}"));
        return differences;

        string Key(string[] row) => string.Join(',', row.Take(KeyColumns(view)));
    }

    private static bool IsSame(string want, string got) =>
        want == got || (double.TryParse(want, CultureInfo.InvariantCulture, out var a) && double.TryParse(got, CultureInfo.InvariantCulture, out var b) && Math.Abs(a - b) <= 1e-9);
}
