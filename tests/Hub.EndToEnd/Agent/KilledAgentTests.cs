using System.Text.Json;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.EndToEnd.Durability;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Agent;

/// <summary>Agent and hub in processes of their own, each killed at random moments while a clerk goes on correcting the month's workbook. HUB_FULL=1 runs 100 rounds.</summary>
public sealed class KilledAgentTests(ITestOutputHelper output) : IDisposable
{
    private const string Township = "990101100";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-reports-").FullName;
    private readonly string data = Directory.CreateTempSubdirectory("hub-outbox-").FullName;
    private readonly string hubData = Directory.CreateTempSubdirectory("hub-killed-").FullName;

    [Fact]
    public Task Whatever_is_killed_when_nothing_is_lost_and_nothing_is_there_twice() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var rounds = FullRun.Times(20, 100);
        var address = HubProcess.FreeAddress();
        var (token, filled) = await PrepareAsync(address);
        for (var round = 0; round < rounds; round++)
        {
            Save(filled, round);
            var hub = round % 3 == 0 ? HubProcess.BeginAt(address, hubData) : await HubProcess.ServeAtAsync(address, hubData);
            await using var agent = AgentProcess.Run($"http://{address}", folder, data, token);
            // In turns while both start, while sending, and once something was kept; the moment itself is drawn.
            if (round % 3 == 0) await Task.Delay(random.Next(1_500));
            else await agent.SaysAsync(round % 3 == 1 ? "is sent from" : "kept");
            await Task.Delay(random.Next(100));
            if (random.Next(2) == 0) await hub.KillAsync();
            await Task.Delay(random.Next(400));
            await agent.KillAsync();
            await hub.DisposeAsync();
        }
        Save(filled, rounds);
        await using var lastHub = await HubProcess.ServeAtAsync(address, hubData);
        await using (var last = AgentProcess.Run($"http://{address}", folder, data, token))
        {
            await last.SaysAsync("is sent from");
            while (Unsent() > 0) await last.SaysAsync("kept");
        }
        await CheckAsync(lastHub, token, rounds);
    });

    private int Unsent()
    {
        using var outbox = ReportOutbox.Open(data);
        return outbox.All().Count(e => e.Receipt is null);
    }

    private async Task CheckAsync(HubProcess hub, string token, int rounds)
    {
        var reporting = new ReportingService.ReportingServiceClient(hub.Calls);
        var versions = (await reporting.ListReportsAsync(new ListReportsRequest { Programme = TestHub.Programme, Township = Township, PageSize = 1_000 }, TestHub.Bearer(token))).Reports;
        var kept = new List<GetReportResponse>();
        foreach (var version in versions.OrderBy(v => v.Version))
            kept.Add(await reporting.GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Township = Township, Period = version.Period, Version = version.Version }, TestHub.Bearer(token)));
        using var outbox = ReportOutbox.Open(data);
        // What the last process did not come to write any more.
        await new Telling(outbox, NullLogger.Instance).StepAsync(CancellationToken.None);
        var acknowledged = outbox.All().Where(e => e.Receipt is not null).ToList();

        // Each round's words are its own: in order, and none twice.
        var told = kept.Select(k => Enumerable.Range(0, rounds + 1).Single(round => Words(round) == k.Report.Narrative.Progress)).ToList();
        Assert.Equal(told.Distinct().Order(), told);
        using var receipt = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "2026-01.xlsx.receipt.json")));
        Assert.Equal(kept.Count, receipt.RootElement.GetProperty("version").GetInt32());
        Assert.All(acknowledged, e => Assert.Equal(e.Receipt, kept.Single(k => k.SubmissionId == e.SubmissionId).Receipt));
        Assert.Equal(Words(rounds), kept[^1].Report.Narrative.Progress);
        Assert.True(kept.Count >= rounds / 3, $"only {kept.Count} versions in {rounds} rounds: the kills met nothing");
        output.WriteLine($"{rounds} rounds, {kept.Count} versions, {acknowledged.Count} acknowledged, 0 lost, 0 twice");
    }

    private async Task<(string Token, string Filled)> PrepareAsync(string address)
    {
        await using var hub = await HubProcess.ServeAtAsync(address, hubData, "--clock", "2026-02-02T10:00:00+08:00");
        await TestHub.RegisterCountyAsync(hub.Control);
        var credential = await new AdministrationService.AdministrationServiceClient(hub.Control).CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Township, Township = Township });
        var filled = Path.Combine(data, "filled.xlsx");
        var made = await AgentCommand.RunAsync(["template", "--hub", $"http://{address}", "--programme", TestHub.Programme, "--period", "2026-01", "--out", filled], credential.Token);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        FilledWorkbook.FillBlanks(filled, "达标");
        return (credential.Token, filled);
    }

    private void Save(string filled, int round)
    {
        FilledWorkbook.Set(filled, "文字材料", "B3", Words(round));
        var part = Path.Combine(data, "part.xlsx");
        File.Copy(filled, part, overwrite: true);
        File.Move(part, Path.Combine(folder, "2026-01.xlsx"), overwrite: true);
    }

    private static string Words(int round) => $"第 {round} 次更正。";

    public void Dispose()
    {
        foreach (var directory in new[] { folder, data, hubData }) Directory.Delete(directory, recursive: true);
    }
}
