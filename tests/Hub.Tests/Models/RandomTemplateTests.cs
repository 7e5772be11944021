using Hub.Programmes;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;
using Xunit.Abstractions;

namespace Hub.Tests.Models;

/// <summary>Made-up counties under made-up templates: any star tiers, targets and due dates, kinds in any order, items of either track in one
/// section. Every row of what is cut by group, section and item, and of what is forecast and falls due, against the reference.
/// HUB_FULL=1 tries 500.</summary>
public sealed class RandomTemplateTests(ITestOutputHelper output)
{
    private static readonly string[] Views =
        ["group_completion", "section_completion", "weakest_items", "county_trend", "area_trend", "township_trend", "upcoming_dues", "area_completion"];

    [Fact]
    public Task Groups_sections_items_and_forecasts_follow_any_template() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var (counties, rows) = (FullRun.Times(8, 500), 0);
        for (var i = 0; i < counties; i++) rows += await TryOneCountyAsync(random.Next(), random);
        output.WriteLine($"{counties} counties with templates of their own, {rows} rows the same");
    });

    private static async Task<int> TryOneCountyAsync(int seed, Random random)
    {
        var text = RandomTemplate.Text(random);
        var reading = TemplateReader.Read(text, "party-branch.yml");
        Assert.True(reading.Template is not null, string.Join('\n', reading.Errors.Select(e => e.ToString())) + text);
        var county = new RandomCounty(seed, reading.Template);
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
        await CountyInHub.DefineAsync(hub, county.Before, text);
        await CountyInHub.ImportAsync(hub, county.After, county.After.Reports);

        var earlier = county.MomentBefore();
        var differences = CountyInHub.Differences(hub, county.After, 0, county.Now, Views).Concat(CountyInHub.Differences(hub, county.After, 0, earlier, Views)).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences, now {county.Now:O}:\n{string.Join('\n', differences.Take(20))}");
        return Views.Sum(v => ReferenceViews.Rows(v, county.After, county.Now).Count);
    }
}
