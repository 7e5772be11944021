using Hub.Programmes;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>Of the hardware items that were 0 before, at least half and at least 20 turned 1.</summary>
public sealed class BulkFlipTests
{
    private const string Town = "360935100";

    private static readonly Standard Village = ShippedTemplates.Read("party-branch").StandardOf("village")!;

    [Theory]
    [InlineData(40, 20, true)]
    [InlineData(41, 20, false)]
    [InlineData(39, 19, false)]
    [InlineData(19, 19, false)]
    [InlineData(20, 20, true)]
    [InlineData(42, 21, true)]
    [InlineData(43, 21, false)]
    public async Task A_bulk_flip_is_half_of_the_open_items_and_twenty(int open, int turned, bool isRaised)
    {
        // Nine branches have 45 hardware items.
        var branches = Enumerable.Range(0, 9).Select(i => new ReferenceBranch($"{Town}{i:D5}", Town, "village", 3, new DateOnly(2016, 7, 1), null)).ToList();
        var county = new ReferenceCounty(
            [new("main", 2024, "", ShippedTemplates.Read("party-branch"))], [Town], branches,
            [Report(branches, Period.Of(2024, 12), open), Report(branches, Period.Of(2025, 1), open - turned)]);
        var now = new DateTimeOffset(2025, 2, 10, 9, 0, 0, TimeSpan.FromHours(8));
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(now));
        await CountyInHub.ImportAsync(hub, county, county.Reports);

        var flips = hub.Rows("select period, township, branch, kind, count from integrity_signals where signal = 'bulk_flip'").Select(r => string.Join(',', r));

        Assert.Equal(isRaised ? [$"2025-01,{Town},,,{turned}"] : [], flips);
        Assert.Empty(CountyInHub.Differences(hub, county, 0, now));
    }

    // The first so many hardware items of the township are not met, everything else is.
    private static ReferenceReport Report(List<ReferenceBranch> branches, Period period, int open)
    {
        var left = open;
        var states = branches.ToDictionary(b => b.Code, _ => new string([.. Village.Items.Select(i => i.Track == Track.Hardware && left-- > 0 ? '0' : '1')]));
        var next = period.Plus(1);
        return new("main", Town, period, 1, new DateTimeOffset(next.Year, next.Month, 2, 9, 0, 0, TimeSpan.FromHours(8)), states);
    }
}
