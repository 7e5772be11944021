using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.EndToEnd.Agent;

/// <summary>What comes back to a township's agent: kept, said once, and where the registry changed a new workbook beside the clerk's files.</summary>
public sealed class InboxTests : IDisposable
{
    private const string Township = "990101100", Period = "2026-01";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-reports-").FullName;
    private readonly string data = Directory.CreateTempSubdirectory("hub-outbox-").FullName;
    private readonly FixedClock office = new(new(2026, 2, 2, 10, 0, 0, TimeSpan.FromHours(8))) { Timestamp = 0 };

    [Fact]
    public async Task Receipt_rank_lock_and_reopening_come_back_and_are_shown_by_status()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox);
        await SaveAsync(hub, token);
        for (var step = 0; step < 3; step++) await agent.StepAsync(CancellationToken.None);
        var receipt = Assert.Single(outbox.All()).Receipt;
        var received = outbox.Inbox.All(Township);
        hub.Clock.Now = office.Now = new(2026, 2, 6, 9, 0, 0, TimeSpan.FromHours(8));
        await new BulletinService.BulletinServiceClient(hub.Control).PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = Period });
        await new BulletinService.BulletinServiceClient(hub.Control).ReopenPeriodAsync(new ReopenPeriodRequest { Programme = TestHub.Programme, Period = Period, Township = Township, Reason = "数据更正" });
        await agent.StepAsync(CancellationToken.None);
        var withinTheHour = outbox.Inbox.All(Township).Count;
        await HourAsync(agent);

        // In the step of the receipt itself.
        Assert.Equal(receipt, received[^1].Message.ReceivedReport.Receipt);
        Assert.Equal(received.Count, withinTheHour);
        var news = outbox.Inbox.All(Township).Skip(received.Count).Select(m => m.Message).ToList();
        Assert.Equal([InboxMessage.KindOneofCase.LockedPeriod, InboxMessage.KindOneofCase.OwnFigures, InboxMessage.KindOneofCase.ReopenedPeriod], news.Select(m => m.KindCase));
        Assert.Equal((1, 2), (news[1].OwnFigures.Rank, news[1].OwnFigures.Ranked));
        var status = await AgentCommand.RunAsync(["status", "--data", data]);
        Assert.Contains("990101100 message (2026-02-06): county-2025 2026-01 is open for one more version of this township. Reason: 数据更正", status.Output, StringComparison.Ordinal);
        Assert.Contains("rank 1 of 2; hardware complete 4/4 (100.0%)", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_to_a_locked_month_goes_by_itself_once_the_county_has_reopened_it_and_once_only()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox);
        var bulletins = new BulletinService.BulletinServiceClient(hub.Control);
        // Made before the colleague reported, and so not of the same words.
        await SaveAsync(hub, token);
        var before = TestHub.Report();
        before.Narrative = new Narrative { Progress = "由别处上报。" };
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(new SubmitReportRequest { SubmissionId = "elsewhere-1", Report = before }, TestHub.Bearer(token));
        hub.Clock.Now = office.Now = new(2026, 2, 6, 9, 0, 0, TimeSpan.FromHours(8));
        await bulletins.PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = Period });
        for (var step = 0; step < 4; step++) await agent.StepAsync(CancellationToken.None);
        var parked = Assert.Single(outbox.All());
        await HourAsync(agent);
        var stillParked = Assert.Single(outbox.All());
        hub.Clock.Now = office.Now += TimeSpan.FromMinutes(1);
        await bulletins.ReopenPeriodAsync(new ReopenPeriodRequest { Programme = TestHub.Programme, Period = Period, Township = Township, Reason = "数据更正" });
        for (var hour = 0; hour < 2; hour++)
        {
            await HourAsync(agent);
            await agent.StepAsync(CancellationToken.None);
        }

        Assert.Equal((DeliveryState.Parked, 1), (parked.State, parked.Attempts));
        Assert.Contains("after the county has re-opened it, it is sent by itself", parked.Why!.Value.English, StringComparison.Ordinal);
        Assert.Equal(parked.Attempts, stillParked.Attempts);
        Assert.Equal(2, Assert.Single(outbox.All()).Receipt?.Version);
        Assert.Equal([["1"], ["2"]], await hub.SqlAsync("select version from reports order by version"));
    }

    [Fact]
    public async Task A_changed_registry_brings_a_new_workbook_that_replaces_no_file_of_the_clerk()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox);
        await SaveAsync(hub, token);
        for (var step = 0; step < 3; step++) await agent.StepAsync(CancellationToken.None);
        var (history, filled) = (New(), await File.ReadAllBytesAsync(Path.Combine(folder, $"{Period}.xlsx")));
        var registry = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        var position = (await registry.ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch("99010110000008", Township, "village") } })).Position;
        // Where the workbook would go there is a file already.
        var taken = Path.Combine(Directory.CreateDirectory(NewWorkbooks.FolderIn(folder)).FullName, $"{Township} {TestHub.Programme} 2026-02 ({position}).xlsx");
        await File.WriteAllTextAsync(taken, "由填报人改过");
        await HourAsync(agent);
        await registry.ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch("99010110000009", Township, "village") } });
        await HourAsync(agent);
        await HourAsync(agent);

        // Before the agent first asked, nothing was new. What was reported is 2026-01: the month to come is the next.
        Assert.Empty(history);
        var made = Assert.Single(New(), f => f != taken);
        Assert.Contains("2026-02", made, StringComparison.Ordinal);
        Assert.Equal("99010110000009", FilledWorkbook.TextAt(made, "村党支部", "A6"));
        Assert.Equal("由填报人改过", await File.ReadAllTextAsync(taken));
        Assert.Equal(filled, await File.ReadAllBytesAsync(Path.Combine(folder, $"{Period}.xlsx")));
        // What the agent made itself is no report.
        Assert.Single(outbox.All());
        Assert.Empty(outbox.Inbox.WorkbooksDue());
    }

    [Fact]
    public async Task After_a_kill_it_goes_on_behind_the_last_message()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using (var outbox = ReportOutbox.Open(data))
        using (var agent = Agent(hub, token, outbox)) await agent.StepAsync(CancellationToken.None);
        var registry = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        await registry.ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch("99010110000002", Township, "agency", star: 4) } });
        await using (var agent = AgentProcess.Run($"http://{hub.Server.Grpc}", folder, data, token))
        {
            // Said when all messages were.
            await agent.SaysAsync("the new workbook is");
            await agent.KillAsync();
        }
        var before = Messages();
        await registry.ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch("99010110000002", Township, "agency", star: 5) } });

        await using var again = AgentProcess.Run($"http://{hub.Server.Grpc}", folder, data, token);
        var said = await again.SaysAsync("message: ");

        Assert.Contains("02号党支部 (star 5)", said, StringComparison.Ordinal);
        var after = Messages();
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Equal(before, after.Take(before.Count));
    }

    [Fact]
    public async Task A_hub_put_back_to_an_older_copy_is_read_from_the_beginning_and_what_it_did_since_is_new()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        using (var agent = Agent(hub, token, outbox)) await agent.StepAsync(CancellationToken.None);
        var before = outbox.Inbox.All(Township);
        outbox.Inbox.Put(new ReadInboxResponse { Township = Township, NextAfter = 1_000, Messages = { new InboxMessage { Position = 999, WordsZh = "后来丢失的", WordsEn = "lost later" } } }, outbox.Inbox.NextAfter(Township), office.Now);
        var position = (await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch("99010110000008", Township, "village") } })).Position;

        using (var agent = Agent(hub, token, outbox)) await agent.StepAsync(CancellationToken.None);

        var after = outbox.Inbox.All(Township);
        Assert.Equal(before, after.SkipLast(1));
        Assert.Equal((position, InboxMessage.KindOneofCase.ChangedRegistry), (after[^1].Message.Position, after[^1].Message.KindCase));
        Assert.Contains($"({position})", Assert.Single(New()), StringComparison.Ordinal);
        Assert.Equal(hub.Server.Store.HeadPosition, outbox.Inbox.NextAfter(Township));
    }

    [Fact]
    public async Task A_hub_put_back_whose_log_has_grown_beyond_the_cursor_since_is_noticed_by_the_newest_message()
    {
        // What the copy lacks, and what came to pass in its place, with no receipt among it.
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        using (var agent = Agent(hub, token, outbox)) await agent.StepAsync(CancellationToken.None);
        var (before, copied) = (outbox.Inbox.All(Township), outbox.Inbox.NextAfter(Township));
        ReopenedPeriod Lost(string period) => new() { Programme = TestHub.Programme, Period = period, Reason = "后来丢失的" };
        outbox.Inbox.Put(new ReadInboxResponse
        {
            Township = Township, NextAfter = copied + 2,
            Messages = { new InboxMessage { Position = copied + 1, ReopenedPeriod = Lost("2026-01") }, new InboxMessage { Position = copied + 2, ReopenedPeriod = Lost("2026-02") } },
        }, copied, office.Now);
        var registry = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        var news = new List<long>();
        foreach (var code in (string[])["99010110000008", "99010110000009", "99010110000010"])
            news.Add((await registry.ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { TestHub.Branch(code, Township, "village") } })).Position);

        using (var agent = Agent(hub, token, outbox)) await agent.StepAsync(CancellationToken.None);

        Assert.Equal([copied + 1, copied + 2, copied + 3], news);
        var after = outbox.Inbox.All(Township);
        Assert.Equal(before, after.SkipLast(3));
        Assert.Equal(news, after.TakeLast(3).Select(m => m.Message.ChangedRegistry is null ? 0 : m.Message.Position));
    }

    [Fact]
    public async Task What_is_read_anew_is_told_again_only_where_the_record_is_another_one()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var caller = TestHub.Bearer(await hub.TokenAsync(Role.Township, Township));
        using var outbox = ReportOutbox.Open(data);
        await PutAsync(office.Now);
        await SubmitAsync(0);
        await PutAsync(office.Now);
        var first = Assert.Single(outbox.Inbox.Untold());
        outbox.Inbox.Told(first);
        await SubmitAsync(1);
        await PutAsync(office.Now);
        var second = Assert.Single(outbox.Inbox.Untold());
        outbox.Inbox.Told(second);

        outbox.Inbox.Restart(Township);
        var again = await PutAsync(office.Now.AddHours(1));
        var superseded = outbox.Inbox.All(Township).Single(m => m.Message.Position == first.Message.Position);
        var untold = outbox.Inbox.Untold();
        outbox.Inbox.Restart(Township);
        again.Messages[^1].ReceivedReport.Receipt.Hash = Google.Protobuf.ByteString.CopyFrom(new byte[32]);
        outbox.Inbox.Put(again, 0, office.Now.AddHours(2));

        // Its figures have gone with the next version: shown as it is now, and not said twice.
        Assert.NotNull(first.Message.ReceivedReport.Figures);
        Assert.Null(superseded.Message.ReceivedReport.Figures);
        Assert.Equal(first.ReadAt, superseded.ReadAt);
        Assert.Empty(untold);
        Assert.Equal(second.Message.Position, Assert.Single(outbox.Inbox.Untold()).Message.Position);

        async Task<ReadInboxResponse> PutAsync(DateTimeOffset readAt)
        {
            var after = outbox.Inbox.NextAfter(Township);
            var page = await new ReportingService.ReportingServiceClient(hub.Calls).ReadInboxAsync(new ReadInboxRequest { Township = Township, After = after }, caller);
            outbox.Inbox.Put(page, after, readAt);
            return page;
        }

        async Task SubmitAsync(int version)
        {
            var report = TestHub.Report();
            report.Branches[0].States[version] = ItemState.NotMet;
            await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
                new SubmitReportRequest { SubmissionId = $"report-000{version}", ExpectedVersion = version, Report = report }, caller);
        }
    }

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Directory.Delete(data, recursive: true);
    }

    private TownshipAgent Agent(TestHub hub, string token, ReportOutbox outbox)
    {
        var calls = HubCalls.Open(new Uri($"http://{hub.Server.Grpc}"), token, new Retry(TimeProvider.System, TimeSpan.Zero), TimeProvider.System);
        return new TownshipAgent(new WatchedFolder(folder), new WorkbooksHere(), outbox, TownshipCalls.OfToken(calls), Schedule.Parse(null), new HubClock(office), NullLogger<TownshipAgent>.Instance);
    }

    private async Task HourAsync(TownshipAgent agent)
    {
        office.Timestamp += (long)(Reconciliation.Every.TotalSeconds * office.TimestampFrequency);
        office.Now += Reconciliation.Every;
        await agent.StepAsync(CancellationToken.None);
    }

    private List<InboxMessage> Messages()
    {
        using var outbox = ReportOutbox.Open(data);
        return [.. outbox.Inbox.All(Township).Select(m => m.Message)];
    }

    private List<string> New() => Directory.Exists(NewWorkbooks.FolderIn(folder)) ? [.. Directory.GetFiles(NewWorkbooks.FolderIn(folder))] : [];

    private async Task SaveAsync(TestHub hub, string token)
    {
        var elsewhere = Path.Combine(data, "being-filled.xlsx");
        var made = await AgentCommand.TemplateAsync(hub, token, Period, elsewhere);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        FilledWorkbook.FillBlanks(elsewhere, "达标");
        File.Move(elsewhere, Path.Combine(folder, $"{Period}.xlsx"), overwrite: true);
    }
}
