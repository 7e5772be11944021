using Hub.Programmes;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>Made-up counties full of border cases: every row and column of the models against the reference, at the head, as of an earlier
/// instant, and at earlier log positions.</summary>
public sealed class RandomCountyTests
{
    // From here thirty seeds reach every border that the test below names.
    private const int FirstSeed = 61;

    /// <summary>Set HUB_RANDOM_COUNTIES to try more.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var count = int.Parse(Environment.GetEnvironmentVariable("HUB_RANDOM_COUNTIES") ?? "30", System.Globalization.CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(FirstSeed, count)];
        }
    }

    // One county in three is judged by a template whose agency software can be not applicable as a whole.
    private static string TemplateText(int seed) => seed % 3 == 0 ? WithConditionalSoftware() : ShippedTemplates.Text("party-branch")!;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_models_follow_the_rules(int seed)
    {
        var county = County(seed);
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
        await CountyInHub.DefineAsync(hub, county.Before, TemplateText(seed));

        var before = await CountyInHub.ImportAsync(hub, county.Before, county.Before.Reports);
        var changed = await CountyInHub.ChangeRegistryAsync(hub, county);
        await CountyInHub.ImportAsync(hub, county.After, county.After.Reports.Except(county.Before.Reports));

        // Each pair in turn: the whole and an earlier position, or as of an earlier instant at the head and after the registry changed.
        var earlier = county.MomentBefore();
        var differences = (seed % 2 == 0
            ? CountyInHub.Differences(hub, county.After, 0, county.Now).Concat(CountyInHub.Differences(hub, county.Before, before, county.Now))
            : CountyInHub.Differences(hub, county.After, 0, earlier).Concat(CountyInHub.Differences(hub, county.Changed, changed, earlier))).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences, seed {seed}, now {county.Now:O}:\n{string.Join('\n', differences.Take(20))}");
    }

    [Fact]
    public void The_counties_reach_the_borders_of_the_rules()
    {
        var seen = new HashSet<string>();
        foreach (var county in Enumerable.Range(FirstSeed, 30).Select(County))
        {
            foreach (var r in Rows("township_completion", county)) seen.UnionWith([$"status {r[16]}", r[3].Length > 1 ? "stale for 10" : $"stale {r[3]}", r[5] == "0" && r[4] != "0" ? "no base" : ""]);
            foreach (var r in Rows("report_status", county)) seen.UnionWith([$"report {r[3]}", $"days late {r[4]}", $"versions {r[5]}"]);
            foreach (var r in Rows("milestone_status", county)) seen.Add($"milestone {r[8]} {r[9]}");
            foreach (var r in Rows("rectification_list", county)) seen.UnionWith([$"tied {r[5]}", r[7].Length == 0 ? "no software" : "", $"noncompliant {r[8]}"]);
            foreach (var r in Rows("integrity_signals", county)) seen.UnionWith([$"signal {r[3]}", r[3] is "bulk_flip" or "uniform" ? $"{r[3]} {r[6]}" : ""]);
            foreach (var ranks in Rows("township_ranking", county).GroupBy(r => (r[0], r[1])))
                seen.UnionWith([ranks.Any(r => r[3].Length == 0) ? "unranked" : "", ranks.Where(r => r[3].Length > 0).GroupBy(r => r[3]).Any(g => g.Count() > 1) ? "rank shared" : ""]);
            if (Rows("rectification_list", county).Select(r => r[1]).Distinct().Count() > 1) seen.Add("two lists");
        }
        string[] borders =
        [
            "status missed", "status achieved", "status on_track", "status behind", "status ", "stale ", "stale 0", "stale 3", "no base",
            "report on_time", "report late", "report missing", "report pending", "report none_due", "days late 1", "days late 2", "versions 3",
            "milestone true false", "milestone false true", "milestone  ", "tied true", "tied false", "no software", "noncompliant 13", "noncompliant 25",
            "signal regression", "signal lapse", "signal unchanged", "bulk_flip 20", "uniform 10", "unranked", "rank shared", "two lists",
        ];
        Assert.Empty(borders.Except(seen));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public async Task The_order_of_rows_in_the_files_changes_no_figure(int seed)
    {
        var county = County(seed);
        var outputs = new List<string>();
        foreach (var shuffle in new[] { null, new Random(seed), new Random(seed + 1) })
        {
            await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
            await CountyInHub.ImportAsync(hub, county.After, county.After.Reports, shuffle);
            outputs.Add(CountyInHub.Output(hub));
        }
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public async Task The_order_in_which_reports_arrive_changes_no_figure(int seed)
    {
        var county = new RandomCounty(seed, ShippedTemplates.Read("party-branch"), isCareful: true);
        var outputs = new List<string>();
        foreach (var order in new[] { new Random(seed), new Random(seed + 1) })
        {
            await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
            await CountyInHub.ImportAsync(hub, county.After, [], order);
            await CountyInHub.SubmitAsync(hub, county.After.Reports, order);
            Assert.Empty(CountyInHub.Differences(hub, county.After, 0, county.Now));
            outputs.Add(CountyInHub.Output(hub));
        }
        Assert.NotEmpty(county.After.Reports);
        Assert.Equal(outputs[0], outputs[1]);
    }

    private static RandomCounty County(int seed) => new(seed, TemplateReader.Read(TemplateText(seed), "party-branch.yml").Template!);

    private static List<string[]> Rows(string view, RandomCounty county) => ReferenceViews.Rows(view, county.After, county.Now);

    // The agency's six conditional items become its only software.
    private static string WithConditionalSoftware()
    {
        var text = ShippedTemplates.Text("party-branch")!;
        var start = text.IndexOf("- kind: agency", StringComparison.Ordinal);
        var end = text.IndexOf("- kind: community", StringComparison.Ordinal);
        var agency = text[start..end].Replace("track: software", "track: @", StringComparison.Ordinal)
            .Replace("track: hardware", "track: software", StringComparison.Ordinal).Replace("track: @", "track: hardware", StringComparison.Ordinal);
        return text[..start] + agency + text[end..];
    }
}
