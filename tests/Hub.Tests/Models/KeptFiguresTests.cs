using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;
using Hub.Store.Star;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The tables kept at the head hold what their models give over the facts, whatever was done to get there.</summary>
public sealed class KeptFiguresTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(201, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Kept_tables_are_what_the_models_compute(int seed)
    {
        var county = new RandomCounty(seed, ShippedTemplates.Read("party-branch"));
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
        await CountyInHub.ImportAsync(hub, county.Before, county.Before.Reports);
        AssertKept(hub.Store);
        await CountyInHub.ChangeRegistryAsync(hub, county);
        AssertKept(hub.Store);
        await CountyInHub.ImportAsync(hub, county.After, county.After.Reports.Except(county.Before.Reports));
        AssertKept(hub.Store);

        // The same again from the log alone.
        await hub.Store.DisposeAsync();
        foreach (var star in Directory.GetFiles(hub.Directory, "star-*")) File.Delete(star);
        await hub.ReopenAsync();
        AssertKept(hub.Store);
    }

    [Fact]
    public async Task Months_that_end_and_rules_that_change_refresh_what_is_kept()
    {
        var county = new RandomCounty(8, ShippedTemplates.Read("party-branch"), isCareful: true);
        await using var hub = TemporaryStore.Open(CountyInHub.Instant(county.Now));
        await CountyInHub.ImportAsync(hub, county.After, []);
        await CountyInHub.SubmitAsync(hub, county.After.Reports, new Random(8));
        AssertKept(hub.Store);

        // A month's end that nothing has put on record yet: the clock alone decides, so nothing is read from the tables.
        hub.Clock.Now = Period.LastEnded(county.Now).Plus(1).EndsAt.AddMinutes(1);
        Assert.Equal("main", SchemaRead(hub.Store));
        await hub.Store.WriteAsync(EndPeriods.Decide, CancellationToken.None);
        AssertKept(hub.Store);

        var programme = county.After.Programmes[0];
        var request = new DefineProgrammeRequest
        {
            Programme = programme.Id, Template = "party-branch", LaunchYear = programme.LaunchYear, Area = programme.Area,
            TemplateText = ShippedTemplates.Text("party-branch")!.Replace("target_bp: 4000", "target_bp: 5000", StringComparison.Ordinal),
        };
        var redefined = await hub.Store.WriteAsync((state, _) => DefineProgramme.Decide(request, state), CancellationToken.None);
        Assert.Null(redefined.Refusal?.Message.English);
        AssertKept(hub.Store);
    }

    [Fact]
    public async Task More_townships_and_months_than_are_put_at_once_are_all_put()
    {
        const int townships = 350, months = 12, enterpriseItems = 20;
        var (random, first) = (new Random(12), Period.Parse("2024-12"));
        var codes = Enumerable.Range(0, townships).Select(i => $"{990101100 + i}").ToList();
        await using var hub = TemporaryStore.Open("2025-12-05T12:00:00+08:00");
        var folder = new CountyFolder(
            [new(2, "large-2024", "party-branch", "2024", "")],
            [.. codes.Select(t => new TownshipRow(2, t, t))],
            [.. codes.Select(t => new BranchRow(2, $"{t}00001", t, t, "enterprise", $"{random.Next(6)}", "2016-07-01", ""))],
            [.. Reported().Select(r => new SubmissionRow(2, "large-2024", r.Township, $"{r.Period}", "1", $"{r.Period.Plus(1)}-02T12:00:00+08:00"))],
            [.. Reported().Select(r => new StatesRow(2, "large-2024", r.Township, $"{r.Period}", "1", $"{r.Township}00001", string.Concat(Enumerable.Range(0, enterpriseItems).Select(_ => random.Next(2)))))]);
        var imported = await hub.Store.WriteAsync((state, now) => HistoryImport.Decide(folder, state, now), CancellationToken.None);
        Assert.Null(imported.Refusal?.Violations[0].Message.English);

        AssertKept(hub.Store);
        Assert.Equal([[$"{townships * months}"]], hub.Rows("select count(*) from township_sums"));
        // Made from the log alone: many commits, two of them side by side.
        Assert.Empty(hub.Store.Verify(0, [], CancellationToken.None).Problems);

        IEnumerable<(string Township, Period Period)> Reported() => codes.SelectMany(t => Enumerable.Range(0, months).Select(m => (t, first.Plus(m))));
    }

    private static void AssertKept(HubStore store)
    {
        Assert.Equal("head", SchemaRead(store));
        // Makes the models over the facts, which nobody has asked for so far.
        store.Read(1).Value.Dispose();
        using var reading = store.Read().Value;
        foreach (var model in (string[])[.. ModelCatalog.KeptWhole, ModelCatalog.KeptRegistry, .. ModelCatalog.KeptByTownship])
        {
            Assert.True(reading.Query($"select count(*) as count from main.{model}", r => r.Long("count"))[0] > 0, model);
            Assert.Empty(reading.Query(
                $"""
                select 'kept' as place, to_json(t)::varchar as row from (from head.{model} except all from main.{model}) t
                union all
                select 'computed', to_json(t)::varchar from (from main.{model} except all from head.{model}) t
                """, r => $"{model}, {r.Text("place")} only: {r.Text("row")}"));
        }
    }

    private static string SchemaRead(HubStore store)
    {
        using var reading = store.Read().Value;
        return reading.Query("select current_schema() as name", r => r.Text("name"))[0];
    }
}
