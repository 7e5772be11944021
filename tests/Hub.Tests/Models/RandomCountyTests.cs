using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Decisions;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>Made-up counties full of border cases: every row and column of the models against the reference, at the head, as of an earlier
/// instant, and at earlier log positions.</summary>
public sealed class RandomCountyTests
{
    /// <summary>Set HUB_RANDOM_COUNTIES to try more.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            var count = int.Parse(Environment.GetEnvironmentVariable("HUB_RANDOM_COUNTIES") ?? "30", System.Globalization.CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(1, count)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_models_follow_the_rules(int seed)
    {
        var county = new RandomCounty(seed, ShippedTemplates.Read("party-branch"));
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));

        var before = await CountyInHub.ImportAsync(hub, county.Before, county.Before.Reports);
        var changed = await CountyInHub.ChangeRegistryAsync(hub, county);
        await CountyInHub.ImportAsync(hub, county.After, county.After.Reports.Except(county.Before.Reports));

        var earlier = county.MomentBefore();
        var differences = CountyInHub.Differences(hub, county.After, 0, county.Now)
            .Concat(CountyInHub.Differences(hub, county.After, 0, earlier))
            .Concat(CountyInHub.Differences(hub, county.Before, before, county.Now))
            .Concat(CountyInHub.Differences(hub, county.Changed, changed, earlier)).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences, seed {seed}, now {county.Now:O}:\n{string.Join('\n', differences.Take(20))}");
    }
}
