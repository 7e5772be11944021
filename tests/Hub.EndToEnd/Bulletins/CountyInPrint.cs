using Hub.Cli.Demo;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Protocol.Branch;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A made-up county whose bulletin of October 2026 has something to say in every chapter but one: a published September that was
/// corrected afterwards, two thousand characters of good practices, a township that reported late and one that did not. Its clock stands on 2026-11-05.</summary>
[CollectionDefinition(Collection)]
public sealed class CountyInPrint : IAsyncLifetime, ICollectionFixture<CountyInPrint>
{
    /// <summary>Its tests share one county and its prints.</summary>
    internal const string Collection = "county in print";

    private readonly MadeUpCounty county = MadeUpCounty.Make(ShippedTemplates.Read("party-branch"), TestHub.Programme, 2025);

    private string Corrected => county.Townships[3].Code;
    private string Missing => county.Townships[5].Code;
    private string Late => county.Townships[7].Code;

    internal TestHub Hub { get; private set; } = null!;

    /// <summary>Where the figures of September's bulletin were read: what came later is a correction.</summary>
    internal long PublishedAt { get; private set; }

    internal PrintedBulletin Chinese { get; private set; } = null!;
    internal PrintedBulletin English { get; private set; } = null!;

    internal PrintedBulletin In(Language language) => language == Language.Chinese ? Chinese : English;

    internal static Period Period => Period.Of(2026, 10);

    /// <summary>Characters without punctuation: each fills its cell, and any may end a line.</summary>
    internal const string PlainCharacters = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳";

    public async Task InitializeAsync()
    {
        Hub = await TestHub.StartAsync("2026-11-02T10:00:00+08:00");
        await ImportAsync(Hub, county, 10);

        var published = await new BulletinService.BulletinServiceClient(Hub.Control).PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = "2026-09" });
        PublishedAt = published.FiguresPosition;
        await CorrectSeptemberAsync();

        foreach (var (township, _) in county.Townships.Where(t => t.Code != Late && t.Code != Missing))
        {
            var report = county.Report(township, Period);
            // More than two pages of it.
            if (township == Corrected) report.Narrative.GoodPractices = string.Concat(Enumerable.Range(0, 2000).Select(i => PlainCharacters[i * 7 % PlainCharacters.Length]));
            await SubmitAsync(report, 0);
        }
        Hub.Clock.Now = new(2026, 11, 5, 9, 0, 0, HubTime.ShanghaiOffset);
        await SubmitAsync(county.Report(Late, Period), 0);
        Hub.Clock.Now = new(2026, 11, 5, 10, 0, 0, HubTime.ShanghaiOffset);
        // One browser at a time: there may be two processors.
        Chinese = await PrintedBulletin.DraftAsync(Hub, Period, Language.Chinese);
        English = await PrintedBulletin.DraftAsync(Hub, Period, Language.English);
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    internal static async Task ImportAsync(TestHub hub, MadeUpCounty county, int months)
    {
        var folder = Path.Combine(hub.Directory, "county");
        county.WriteHistory(folder, months);
        await hub.ImportAsync(Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText));
    }

    // A township takes back three branches' hardware, and a branch of it turns out to have been closed in August.
    private async Task CorrectSeptemberAsync()
    {
        await new BulletinService.BulletinServiceClient(Hub.Control).ReopenPeriodAsync(new ReopenPeriodRequest { Programme = TestHub.Programme, Period = "2026-09", Township = Corrected, Reason = "上报有误" });
        var report = county.Report(Corrected, Period.Of(2026, 9));
        foreach (var branch in report.Branches.Take(3))
            for (var i = 0; i < branch.States.Count; i++) branch.States[i] = branch.States[i] == ItemState.Met ? ItemState.NotMet : branch.States[i];
        await SubmitAsync(report, 1);
        var closed = county.Branches.Last(b => b.Township == Corrected && b.ActiveTo is null && report.Branches.Any(r => r.Branch == b.Code));
        await new ProgrammeService.ProgrammeServiceClient(Hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Branches = { new Branch { Code = closed.Code, Name = closed.Name, Township = closed.Township, Kind = closed.Kind, Star = closed.Star, ActiveFrom = HubTime.Day(closed.ActiveFrom), ActiveTo = "2026-08-31" } },
        });
    }

    private async Task SubmitAsync(Report report, int expectedVersion)
    {
        var listed = (await Hub.SqlAsync($"select branch from branches where township = '{report.Township}' and (active_to is null or active_to >= '{report.Period}-01')")).Select(r => r[0]).ToHashSet();
        foreach (var gone in report.Branches.Where(b => !listed.Contains(b.Branch)).ToList()) report.Branches.Remove(gone);
        await new ReportingService.ReportingServiceClient(Hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = $"{report.Township}-{report.Period}-{expectedVersion}", ExpectedVersion = expectedVersion, Report = report },
            TestHub.Bearer(await Hub.TokenAsync(Role.Township, report.Township)));
    }
}
