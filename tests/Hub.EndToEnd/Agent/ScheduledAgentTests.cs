using System.Text.Json;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.EndToEnd.Agent;

/// <summary>A township's scheduled service: what is saved into its folder is checked at once, told in words, and sent when it is time.</summary>
public sealed class ScheduledAgentTests : IDisposable
{
    private const string Township = "990101100";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-reports-").FullName;
    private readonly string data = Directory.CreateTempSubdirectory("hub-outbox-").FullName;

    private string Workbook => Path.Combine(folder, "2026-01.xlsx");

    [Fact]
    public async Task A_workbook_saved_into_the_folder_of_a_running_agent_is_sent_and_its_receipt_lies_beside_it()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await using var agent = AgentProcess.Run($"http://{hub.Server.Grpc}", folder, data, token);

        await SaveAsync(hub, token, "达标");
        var said = await agent.SaysAsync("kept, on time, 2026-01 version 1");
        var status = await AgentCommand.RunAsync(["status", "--data", data]);

        Assert.Contains("received 2026-02-02T10:00:00+08:00", said, StringComparison.Ordinal);
        using var receipt = JsonDocument.Parse(await File.ReadAllTextAsync(Workbook + ".receipt.json"));
        Assert.Equal(1, receipt.RootElement.GetProperty("version").GetInt32());
        Assert.Equal(0, status.ExitCode);
        Assert.StartsWith("990101100 2026-01.xlsx: kept, on time, 2026-01 version 1", status.Output, StringComparison.Ordinal);
        Assert.Equal(["1"], Assert.Single(await hub.SqlAsync("select count(*) from reports")));
    }

    [Fact]
    public async Task Problems_are_told_beside_the_workbook_by_sheet_cell_and_branch_and_nothing_is_sent()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, state: null);
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox);

        await StepAsync(agent, 3);

        var result = await File.ReadAllTextAsync(ResultFile.PathOf(Workbook));
        Assert.Contains("村党支部!C4", result, StringComparison.Ordinal);
        Assert.Contains("01号党支部 (99010110000001)", result, StringComparison.Ordinal);
        Assert.Contains("98 ", result, StringComparison.Ordinal);
        Assert.Empty(outbox.All());
        Assert.Equal(["0"], Assert.Single(await hub.SqlAsync("select count(*) from reports")));
    }

    [Fact]
    public async Task A_month_that_has_not_ended_by_the_hubs_clock_waits_whatever_the_offices_clock_says()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标", period: "2026-02");
        hub.Clock.Now = new(2026, 2, 28, 23, 0, 0, TimeSpan.FromHours(8));
        var office = new FixedClock(new(2031, 7, 1, 0, 0, 0, TimeSpan.Zero));
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox, office);

        await StepAsync(agent, 3);
        var waiting = Assert.Single(outbox.All());
        foreach (var clock in new[] { hub.Clock, office }) clock.Now += TimeSpan.FromHours(1) + Schedule.SpreadOf(Township);
        await StepAsync(agent, 1);

        Assert.Equal((DeliveryState.Waiting, 0), (waiting.State, waiting.Attempts));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(8)) + Schedule.SpreadOf(Township), waiting.SendAt);
        var kept = Assert.Single(outbox.All());
        Assert.Equal((DeliveryState.Kept, true), (kept.State is DeliveryState.Confirmed ? DeliveryState.Kept : kept.State, kept.OnTime));
    }

    [Fact]
    public async Task What_a_hub_put_back_to_an_older_copy_has_lost_is_sent_again_to_its_new_address()
    {
        var (first, copy) = (Directory.CreateTempSubdirectory("hub-first-").FullName, Directory.CreateTempSubdirectory("hub-copy-").FullName);
        string token;
        await using (var hub = await TestHub.StartWithCountyAsync(first)) token = await hub.TokenAsync(Role.Township, Township);
        foreach (var file in Directory.GetFiles(first)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        await using (var hub = await TestHub.StartAsync("2026-02-02T10:00:00+08:00", first))
        {
            await SaveAsync(hub, token, "达标");
            using var outbox = ReportOutbox.Open(data);
            using var agent = Agent(hub, token, outbox);
            await StepAsync(agent, 3);
            Assert.NotNull(Assert.Single(outbox.All()).Receipt);
        }
        await using (var restored = await TestHub.StartAsync("2026-02-02T12:00:00+08:00", copy))
        {
            using var outbox = ReportOutbox.Open(data);
            using var agent = Agent(restored, token, outbox);
            await StepAsync(agent, 2);

            var kept = Assert.Single(outbox.All());
            Assert.Equal([[kept.SubmissionId, "1"]], await restored.SqlAsync("select submission_id, version from reports"));
            Assert.Equal(new DateTimeOffset(2026, 2, 2, 12, 0, 0, TimeSpan.FromHours(8)), kept.Receipt!.ReceivedAt.ToDateTimeOffset());
        }
        foreach (var directory in new[] { first, copy }) Directory.Delete(directory, recursive: true);
    }

    /// <param name="other">The township whose credential is taken first; null = one that the hub does not know.</param>
    [Theory]
    [InlineData(null, "ask the county's administrator for a new one")]
    [InlineData("990101101", "with the credential of 990101100")]
    public async Task A_refused_credential_parks_the_report_and_a_new_start_with_a_good_one_sends_it(string? other, string words)
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标");
        using var outbox = ReportOutbox.Open(data);
        using (var agent = Agent(hub, other is null ? "wrong" : await hub.TokenAsync(Role.Township, other), outbox)) await StepAsync(agent, 3);
        var parked = Assert.Single(outbox.All());
        using (var agent = Agent(hub, token, outbox)) await StepAsync(agent, 1);

        Assert.Equal(DeliveryState.Parked, parked.State);
        Assert.Contains(words, parked.Why!.Value.English, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(outbox.All()).Receipt?.Version);
    }

    [Fact]
    public async Task What_the_agent_has_delivered_submit_finds_with_its_receipt()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标");
        using var outbox = ReportOutbox.Open(data);
        using (var agent = Agent(hub, token, outbox)) await StepAsync(agent, 3);
        var kept = Assert.Single(outbox.All());

        var submitted = await AgentCommand.SubmitAsync(hub, token, Workbook);

        Assert.Equal((0, ""), (submitted.ExitCode, submitted.Error));
        Assert.StartsWith("kept before, on time, 2026-01 version 1", submitted.Output, StringComparison.Ordinal);
        Assert.Equal([[kept.SubmissionId, "1"]], await hub.SqlAsync("select submission_id, version from reports"));
    }

    [Fact]
    public async Task Content_that_a_colleague_replaced_counts_again_when_it_is_saved_again_and_the_words_stand_beside_the_file_that_was_saved()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标");
        File.SetLastWriteTimeUtc(Workbook, hub.Clock.Now.UtcDateTime);
        using var outbox = ReportOutbox.Open(data);
        using (var agent = Agent(hub, token, outbox, hub.Clock)) await StepAsync(agent, 3);
        // The same under another name is nothing new, and is told there too.
        var copy = Path.Combine(folder, "copy.xlsx");
        File.Copy(Workbook, copy);
        using (var agent = Agent(hub, token, outbox, hub.Clock)) await StepAsync(agent, 3);
        Assert.Contains(Verb.Say("2026-01 第 1 版", "2026-01 version 1"), await File.ReadAllTextAsync(ResultFile.PathOf(copy)), StringComparison.Ordinal);
        hub.Clock.Now += TimeSpan.FromMinutes(1);
        var other = TestHub.Report();
        other.Narrative = new Narrative { Progress = "由别处上报。" };
        await SendFromElsewhereAsync(hub, token, other, follows: 1);
        hub.Clock.Now += TimeSpan.FromMinutes(1);

        // Its start asks for the inbox.
        using (var agent = Agent(hub, token, outbox, hub.Clock))
        {
            await StepAsync(agent, 1);
            File.SetLastWriteTimeUtc(copy, hub.Clock.Now.UtcDateTime);
            await StepAsync(agent, 4);
            hub.Clock.Now += TimeSpan.FromMinutes(2);
            await StepAsync(agent, 1);
        }

        Assert.Equal([["1"], ["2"], ["3"]], await hub.SqlAsync("select version from reports order by version"));
        Assert.Equal((copy, 3), (outbox.All()[^1].File, outbox.All()[^1].Receipt?.Version));
    }

    [Fact]
    public async Task A_version_sent_from_elsewhere_after_the_file_was_saved_is_not_overwritten()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标");
        File.SetLastWriteTimeUtc(Workbook, hub.Clock.Now.UtcDateTime);
        hub.Clock.Now += TimeSpan.FromHours(1);
        var other = TestHub.Report();
        other.Narrative = new Narrative { Progress = "由别处上报。" };
        await SendFromElsewhereAsync(hub, token, other);
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox, hub.Clock);

        await StepAsync(agent, 4);

        var parked = Assert.Single(outbox.All());
        Assert.Equal(DeliveryState.Parked, parked.State);
        Assert.Contains("version 1 of 2026-01, sent from elsewhere", parked.Why!.Value.English, StringComparison.Ordinal);
        Assert.Equal(["elsewhere-1"], Assert.Single(await hub.SqlAsync("select submission_id from reports")));
        // Saved again, it counts.
        hub.Clock.Now += TimeSpan.FromHours(1);
        File.SetLastWriteTimeUtc(Workbook, hub.Clock.Now.UtcDateTime);
        await StepAsync(agent, 5);
        Assert.Equal(2, Assert.Single(outbox.All()).Receipt?.Version);
    }

    [Fact]
    public async Task The_same_content_sent_from_elsewhere_is_not_sent_again()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await SaveAsync(hub, token, "达标");
        await SendFromElsewhereAsync(hub, token, TestHub.Report());
        using var outbox = ReportOutbox.Open(data);
        using var agent = Agent(hub, token, outbox, hub.Clock);

        await StepAsync(agent, 4);

        Assert.Equal((1, true), (Assert.Single(outbox.All()).Receipt?.Version, outbox.All()[0].OnTime));
        Assert.Equal(["elsewhere-1"], Assert.Single(await hub.SqlAsync("select submission_id from reports")));
    }

    [Fact]
    public async Task Two_workbooks_of_one_month_are_each_sent_once_however_often_the_agent_starts()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        using var outbox = ReportOutbox.Open(data);
        await SaveAsync(hub, token, "达标");
        File.SetLastWriteTimeUtc(Workbook, hub.Clock.Now.UtcDateTime);
        using (var first = Agent(hub, token, outbox, hub.Clock)) await StepAsync(first, 3);
        hub.Clock.Now += TimeSpan.FromMinutes(1);
        var copy = Path.Combine(folder, "corrected.xlsx");
        File.Copy(Workbook, Path.Combine(data, "copy.xlsx"));
        FilledWorkbook.Set(Path.Combine(data, "copy.xlsx"), "村党支部", "C4", "未达标");
        File.SetLastWriteTimeUtc(Path.Combine(data, "copy.xlsx"), hub.Clock.Now.UtcDateTime);
        File.Move(Path.Combine(data, "copy.xlsx"), copy);
        for (var start = 0; start < 3; start++)
        {
            using var agent = Agent(hub, token, outbox, hub.Clock);
            await StepAsync(agent, 3);
        }

        Assert.Equal([["1"], ["2"]], await hub.SqlAsync("select version from reports order by version"));
        Assert.Equal(["not_met"], Assert.Single(await hub.SqlAsync("select state from item_states where branch = '99010110000001' and item = 'V1.1' and period = '2026-01'")));
    }

    [Fact]
    public async Task CSV_files_in_the_folder_go_by_their_names_and_what_is_wrong_is_told_beside_them()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101101");
        var (own, met) = ($"990101101 {TestHub.Programme} 2026-01", new string('1', 24));
        var wrong = await CsvAsync($"{own} second.csv", $"branch,states\n99010110100009,{met}\n");
        var unnamed = await CsvAsync("report.csv", $"branch,states\n99010110100001,{met}\n");
        var nowhere = await CsvAsync("990101101 nowhere 2026-01.csv", $"branch,states\n99010110100001,{met}\n");
        var good = await CsvAsync($"{own}.csv", $"branch,states\n99010110100001,{met}\n");
        using var outbox = ReportOutbox.Open(data);
        for (var start = 0; start < 2; start++)
        {
            using var agent = Agent(hub, token, outbox, hub.Clock);
            await StepAsync(agent, 4);
        }

        Assert.Contains("99010110100009", await ResultAsync(wrong), StringComparison.Ordinal);
        Assert.Contains(Verb.Say("乡镇编码 项目编号 月份.csv", "TOWNSHIP PROGRAMME PERIOD.csv"), await ResultAsync(unnamed), StringComparison.Ordinal);
        Assert.Contains(Verb.Say("还没有校验，未上报：", "not checked yet and not sent: "), await ResultAsync(nowhere), StringComparison.Ordinal);
        Assert.Contains(Verb.Say("按时，2026-01 第 1 版", "kept, on time, 2026-01 version 1"), await ResultAsync(good), StringComparison.Ordinal);
        Assert.Equal(good, Assert.Single(outbox.All()).File);
        Assert.Equal([["990101101", "1"]], await hub.SqlAsync("select township, version from reports"));

        async Task<string> CsvAsync(string name, string text)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text);
            return Path.Combine(folder, name);
        }

        static Task<string> ResultAsync(string file) => File.ReadAllTextAsync(ResultFile.PathOf(file));
    }

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Directory.Delete(data, recursive: true);
    }

    private TownshipAgent Agent(TestHub hub, string token, ReportOutbox outbox, TimeProvider? office = null)
    {
        var calls = HubCalls.Open(new Uri($"http://{hub.Server.Grpc}"), token, new Retry(TimeProvider.System, TimeSpan.Zero), TimeProvider.System);
        return new TownshipAgent(new WatchedFolder(folder), new WorkbooksHere(), outbox, TownshipCalls.OfToken(calls), Schedule.Parse(null), new HubClock(office ?? TimeProvider.System), NullLogger<TownshipAgent>.Instance);
    }

    private static async Task SendFromElsewhereAsync(TestHub hub, string token, Report report, int follows = 0) =>
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(new SubmitReportRequest { SubmissionId = "elsewhere-1", ExpectedVersion = follows, Report = report }, TestHub.Bearer(token));

    // The first look sees a file, the second that it stays as it is.
    private static async Task StepAsync(TownshipAgent agent, int times)
    {
        for (var i = 0; i < times; i++) await agent.StepAsync(CancellationToken.None);
    }

    /// <param name="state">Chosen in every cell; null = none is filled.</param>
    private async Task SaveAsync(TestHub hub, string token, string? state, string period = "2026-01")
    {
        var elsewhere = Path.Combine(data, "being-filled.xlsx");
        var made = await AgentCommand.TemplateAsync(hub, token, period, elsewhere);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        if (state is not null) FilledWorkbook.FillBlanks(elsewhere, state);
        File.Move(elsewhere, Path.Combine(folder, $"{period}.xlsx"), overwrite: true);
    }
}
