using System.Globalization;
using System.Text.RegularExpressions;
using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>The shipped template with other milestones, its kinds in another order, and items or whole kinds with their tracks exchanged.</summary>
public static partial class RandomTemplate
{
    public static string Text(Random random)
    {
        var text = ShippedTemplates.Text("party-branch")!;
        var (milestones, pace, kinds) = (At(text, "\nmilestones:"), At(text, "\n# 进度线"), At(text, "\nkinds:"));
        var afterPace = At(text, "\n# 依次比较");
        var (written, hasPace) = Milestones(random);
        var blocks = text[(kinds + "\nkinds:\n".Length)..].TrimEnd().Split("\n  - kind: ").Select(b => b.Replace("  - kind: ", "", StringComparison.Ordinal)).ToArray();
        random.Shuffle(blocks);
        return $"{text[..milestones]}\nmilestones:\n{written}{(hasPace ? text[pace..afterPace] : "")}{text[afterPace..kinds]}\nkinds:\n"
            + string.Concat(blocks.Select(b => $"  - kind: {Moved(b, random)}\n"));
    }

    private static (string Text, bool HasPace) Milestones(Random random)
    {
        var lines = new List<string> { Milestone("software", "software", "all", "{ year: Y, day: 12-31 }", 10_000) };
        var all = random.Next(4);
        // Rising targets through the year after the launch, one a quarter at most.
        for (var i = 0; i < all; i++)
            lines.Add(Milestone($"all-{i}", "hardware", "all", Due("Y+1", 1 + 4 * i + random.Next(4), random), i == all - 1 && random.Next(2) == 0 ? 10_000 : 1_000 * (2 + 2 * i + random.Next(2))));
        // No two of a scope fall due on one day: each has a month of its own.
        for (var (i, stars) = (0, random.Next(5)); i < stars; i++)
        {
            var (min, max) = (random.Next(6), random.Next(6));
            if (min > max) (min, max) = (max, min);
            if (max - min == 5) continue;
            var scope = min == 0 ? $"{{ star_max: {max} }}" : max == 5 ? $"{{ star_min: {min} }}" : $"{{ star_min: {min}, star_max: {max} }}";
            var due = random.Next(3) == 0 && i == 0 ? "{ year: Y+1, days_before_spring_festival: 1 }" : Due(random.Next(6) == 0 ? "Y+2" : "Y+1", 3 + 2 * i, random);
            lines.Add(Milestone($"stars-{i}", random.Next(6) == 0 ? "software" : "hardware", scope, due, 2_500 * (1 + random.Next(4))));
        }
        var text = lines.ToArray();
        random.Shuffle(text);
        return (string.Concat(text), all > 0 && random.Next(5) > 0);
    }

    private static string Milestone(string id, string track, string scope, string due, int targetBp) =>
        string.Create(CultureInfo.InvariantCulture, $"  - id: {id}\n    title: {id} 完成\n    gloss: {id} done\n    track: {track}\n    scope: {scope}\n    due: {due}\n    target_bp: {targetBp}\n");

    // A month's first day, its last one that every year has, or any.
    private static string Due(string year, int month, Random random)
    {
        var last = DateTime.DaysInMonth(2001, month);
        var day = random.Next(3) switch { 0 => 1, 1 => last, _ => 1 + random.Next(28) };
        return string.Create(CultureInfo.InvariantCulture, $"{{ year: {year}, day: {month:D2}-{day:D2} }}");
    }

    private static string Moved(string kind, Random random)
    {
        // Turned round, the agency's conditional items are its only software.
        if (random.Next(4) == 0) kind = Tracks().Replace(kind, m => m.Value == "track: software" ? "track: hardware" : "track: software");
        if (random.Next(2) == 0) return kind;
        var items = ItemIds().Matches(kind);
        if (items.Count == 0) return kind;
        var item = items[random.Next(items.Count)];
        return kind.Insert(item.Index + item.Length, $"\n            track: {(random.Next(2) == 0 ? "hardware" : "software")}");
    }

    private static int At(string text, string part) =>
        text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var at ? at : throw new InvalidOperationException($"The shipped template does not contain: {part}");

    [GeneratedRegex("- id: [A-Z][0-9.]+", RegexOptions.CultureInvariant)]
    private static partial Regex ItemIds();

    [GeneratedRegex("track: (software|hardware)", RegexOptions.CultureInvariant)]
    private static partial Regex Tracks();
}
