using System.Diagnostics;
using System.Text.Json;
using Hub.Agent.Running;
using Hub.EndToEnd.Durability;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>A clerk who works in LibreOffice Calc: the workbook is opened, changed cell by cell, rearranged and saved by Calc itself.</summary>
public sealed class CalcClerkTests : IDisposable
{
    private const string Township = "990101100";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("hub-calc-").FullName;

    [CalcFact]
    public async Task What_a_clerk_changes_in_Calc_arrives_and_nothing_else()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Branches = { TestHub.Branch("99010110000005", Township, "village"), TestHub.Branch("99010110000006", Township, "village") },
        });
        var before = TestHub.Report(period: "2025-12");
        foreach (var village in new[] { "99010110000005", "99010110000006" }) before.Branches.Add(new BranchStates { Branch = village, States = { before.Branches[0].States } });
        var reporting = new ReportingService.ReportingServiceClient(hub.Calls);
        await reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "december-1", Report = before }, TestHub.Bearer(token));
        var made = Path.Combine(folder, "made.xlsx");
        await AgentCommand.TemplateAsync(hub, token, "2026-01", made);

        var saved = await EditAsync(made,
            ["text", "村党支部", "C4", "未达标"], ["text", "村党支部", "Z5", "×"], ["number", "村党支部", "E6", 0],
            // The rows turn round, a column of notes comes between, one row is out of sight.
            ["unprotect", "村党支部"], ["sort", "村党支部", "A4:AA6", 0], ["insert column", "村党支部", 2, "备注一"], ["hide row", "村党支部", 3],
            ["text", "机关党支部", "G4", "不适用"], ["text", "机关党支部", "H4", "不适用"], ["text", "机关党支部", "I4", "不适用"],
            ["text", "机关党支部", "J4", "不适用"], ["text", "机关党支部", "K4", "不适用"], ["text", "机关党支部", "L4", "不适用"],
            ["text", "文字材料", "B3", "建成一个活动室。\n另两个已进场。"], ["text", "文字材料", "B8", "组织委员"], ["type", "文字材料", "D8", "2026-02-01"], ["type", "文字材料", "D9", "2026-02-02"]);
        var check = await AgentCommand.RunAsync(["check", saved]);
        var sent = await AgentCommand.SubmitAsync(hub, token, saved);

        Assert.True(check.ExitCode == 0, check.Output + check.Error);
        Assert.EndsWith("in order: 青禾镇 2026-01, 6 branches, 146 items, 3 of them not met", check.Output, StringComparison.Ordinal);
        Assert.True(sent.ExitCode == 0, sent.Output + sent.Error);
        Assert.Contains("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
        var kept = (await reporting.GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Period = "2026-01" }, TestHub.Bearer(token))).Report;
        var expected = before.Clone();
        expected.Branches[0].States[0] = ItemState.NotMet;
        expected.Branches[4].States[23] = ItemState.NotMet;
        expected.Branches[5].States[2] = ItemState.NotMet;
        for (var item = 4; item < 10; item++) expected.Branches[1].States[item] = ItemState.NotApplicable;
        Assert.Equal(expected.Branches.Select(b => b.ToString()), kept.Branches.Select(b => b.ToString()));
        Assert.Equal("建成一个活动室。\n另两个已进场。", kept.Narrative.Progress);
        Assert.Equal(("组织委员", "2026-02-01", "", "2026-02-02"), (kept.SignOff.PreparedByPost, kept.SignOff.PreparedOn, kept.SignOff.ApprovedByPost, kept.SignOff.ApprovedOn));
        // The first sheet counted along: one state was written as the list's word, the others otherwise.
        Assert.Equal(("1", "6"), (FilledWorkbook.TextAt(saved, "填报说明", "D10"), FilledWorkbook.TextAt(saved, "填报说明", "E11")));
    }

    [CalcFact]
    public async Task What_Calc_saved_is_sent_by_the_running_agent_when_it_is_time_and_is_on_time()
    {
        var (address, hubData, data) = (HubProcess.FreeAddress(), Path.Combine(folder, "hub"), Path.Combine(folder, "outbox"));
        var reports = Directory.CreateDirectory(Path.Combine(folder, "reports")).FullName;
        // January is over, and the township's minute of the first half hour comes half a minute later.
        var opens = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.FromHours(8)) + Schedule.SpreadOf(Township);
        string token, saved;
        await using (var hub = await HubProcess.ServeAtAsync(address, hubData, "--clock", HubTime.Instant(opens - TimeSpan.FromSeconds(30))))
        {
            token = await RegisteredAsync(hub);
            var made = Path.Combine(folder, "made.xlsx");
            await AgentCommand.RunAsync(["template", "--hub", $"http://{address}", "--programme", TestHub.Programme, "--period", "2026-01", "--out", made], token);
            FilledWorkbook.FillBlanks(made, "达标");
            saved = await EditAsync(made, ["text", "村党支部", "C4", "未达标"], ["number", "村党支部", "D4", 0], ["text", "文字材料", "B3", "由 Calc 保存。"], ["type", "文字材料", "D8", "2026-01-31"]);
        }

        // A demonstration clock goes on from the last record, so the half minute begins again, however long Calc took.
        await using var serving = await HubProcess.ServeAtAsync(address, hubData);
        await using var agent = AgentProcess.Run($"http://{address}", reports, data, token);
        File.Move(saved, Path.Combine(reports, "2026-01.xlsx"));
        await agent.SaysAsync("2026-01 is sent from 2026-02-01T00:");
        await agent.SaysAsync("kept, on time, 2026-01 version 1");

        var kept = await new ReportingService.ReportingServiceClient(serving.Calls).GetReportAsync(
            new GetReportRequest { Programme = TestHub.Programme, Township = Township, Period = "2026-01" }, TestHub.Bearer(token));
        Assert.True(kept.Receipt.ReceivedAt.ToDateTimeOffset() >= opens, $"received at {kept.Receipt.ReceivedAt}");
        Assert.Equal([ItemState.NotMet, ItemState.NotMet, ItemState.Met], kept.Report.Branches[0].States.Take(3));
        Assert.Equal(("由 Calc 保存。", "2026-01-31"), (kept.Report.Narrative.Progress, kept.Report.SignOff.PreparedOn));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<string> RegisteredAsync(HubProcess hub)
    {
        await TestHub.RegisterCountyAsync(hub.Control);
        var credential = await new AdministrationService.AdministrationServiceClient(hub.Control).CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Township, Township = Township });
        return credential.Token;
    }

    /// <summary>The workbook as Calc saved it after the edits, which <c>clerk_in_calc.py</c> describes.</summary>
    private async Task<string> EditAsync(string workbook, params object[][] edits)
    {
        var (saved, list) = (Path.Combine(folder, "saved.xlsx"), Path.Combine(folder, "edits.json"));
        await File.WriteAllTextAsync(list, JsonSerializer.Serialize(edits));
        var start = new ProcessStartInfo(CalcFactAttribute.Python!, [
            Path.Combine(AppContext.BaseDirectory, "Agent/clerk_in_calc.py"), LibreOfficeFactAttribute.Executable!, Path.Combine(folder, "profile"), workbook, saved, list,
        ]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
        Assert.True(process.ExitCode == 0, await output + await error);
        return saved;
    }
}
