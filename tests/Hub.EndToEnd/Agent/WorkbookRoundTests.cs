using System.Diagnostics;
using System.Text.Json;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>A month of a township: the workbook made, filled, checked, sent.</summary>
public sealed class WorkbookRoundTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-agent-").FullName;

    [Fact]
    public async Task A_workbook_is_made_filled_checked_and_sent_and_the_receipt_is_kept()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (token, file) = (await hub.TokenAsync(Role.Township, "990101100"), File("2026-01.xlsx"));

        var made = await AgentCommand.TemplateAsync(hub, token, "2026-01", file);
        var early = await AgentCommand.RunAsync(["check", file]);
        FilledWorkbook.FillBlanks(file, "达标");
        FilledWorkbook.Set(file, "村党支部", "Q4", "×");
        FilledWorkbook.Set(file, "文字材料", "B3", "本月完成三个活动室。");
        FilledWorkbook.Set(file, "文字材料", "B8", "组织委员");
        var check = await AgentCommand.RunAsync(["check", file]);
        var sent = await AgentCommand.SubmitAsync(hub, token, file);
        var again = await AgentCommand.SubmitAsync(hub, token, file);

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Equal((1, "98 problems: correct them and try again"), (early.ExitCode, early.Error));
        Assert.Contains("村党支部!C4, 01号党支部 (99010110000001), item V1.1: no state is given", early.Output, StringComparison.Ordinal);
        Assert.Equal((0, "in order: 青禾镇 2026-01, 4 branches, 98 items, 1 of them not met"), (check.ExitCode, check.Output));
        Assert.StartsWith("kept, on time, 2026-01 version 1, received 2026-02-02T10:00:00+08:00", sent.Output, StringComparison.Ordinal);
        Assert.StartsWith("kept before, on time, 2026-01 version 1", again.Output, StringComparison.Ordinal);
        using var receipt = JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(file + ".receipt.json"));
        Assert.Equal((1, true, 64), (receipt.RootElement.GetProperty("version").GetInt32(), receipt.RootElement.GetProperty("on_time").GetBoolean(), receipt.RootElement.GetProperty("hash").GetString()!.Length));
        Assert.Equal(["1"], Assert.Single(await hub.SqlAsync("select version from reports")));
        Assert.Equal(["not_met"], Assert.Single(await hub.SqlAsync("select state from item_states where branch = '99010110000001' and item = 'V3.3' and period = '2026-01'")));
    }

    [Fact]
    public async Task A_correction_is_the_next_version_and_a_return_to_the_first_content_the_one_after()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (token, file) = (await hub.TokenAsync(Role.Township, "990101100"), File("2026-01.xlsx"));
        await AgentCommand.TemplateAsync(hub, token, "2026-01", file);
        FilledWorkbook.FillBlanks(file, "达标");
        await AgentCommand.SubmitAsync(hub, token, file);
        hub.Clock.Now += TimeSpan.FromDays(4);

        FilledWorkbook.Set(file, "村党支部", "C4", "未达标");
        var corrected = await AgentCommand.SubmitAsync(hub, token, file);
        FilledWorkbook.Set(file, "村党支部", "C4", "达标");
        var returned = await AgentCommand.SubmitAsync(hub, token, file);

        Assert.Contains("note: 01号党支部 (99010110000001): V1.1 was met in the last report and is not met now", corrected.Output, StringComparison.Ordinal);
        Assert.Contains("kept, on time, 2026-01 version 2", corrected.Output, StringComparison.Ordinal);
        Assert.Contains("kept, on time, 2026-01 version 3", returned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_months_file_sent_again_is_refused_by_name()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (token, file) = (await hub.TokenAsync(Role.Township, "990101100"), File("2025-12.xlsx"));
        await AgentCommand.TemplateAsync(hub, token, "2025-12", file);
        FilledWorkbook.FillBlanks(file, "达标");

        var refused = await AgentCommand.SubmitAsync(hub, token, file);
        var renamed = await AgentCommand.SubmitAsync(hub, token, file, "--period", "2026-01");
        var meant = await AgentCommand.SubmitAsync(hub, token, file, "--period", "2025-12");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("this is the workbook of 2025-12, and 2026-01 is due now", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, "this is the workbook of 2025-12, not of 2026-01"), (renamed.ExitCode, renamed.Error));
        Assert.Contains("kept, late, 2025-12 version 1", meant.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_month_starts_from_the_states_of_the_last()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var report = TestHub.Report(period: "2025-12");
        report.Branches[0].States[2] = ItemState.NotMet;
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(new SubmitReportRequest { SubmissionId = "december-1", Report = report }, TestHub.Bearer(token));
        await AgentCommand.TemplateAsync(hub, token, "2026-01", File("2026-01.xlsx"));

        Assert.Equal("未达标", FilledWorkbook.TextAt(File("2026-01.xlsx"), "村党支部", "E4"));
        Assert.Equal("达标", FilledWorkbook.TextAt(File("2026-01.xlsx"), "村党支部", "F4"));
        Assert.Equal(0, (await AgentCommand.RunAsync(["check", File("2026-01.xlsx")])).ExitCode);
        // What a clerk filled in is never overwritten unasked.
        Assert.Equal(1, (await AgentCommand.TemplateAsync(hub, token, "2026-01", File("2026-01.xlsx"))).ExitCode);
    }

    [Fact]
    public async Task A_CSV_file_is_checked_and_sent()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (token, file) = (await hub.TokenAsync(Role.Township, "990101101"), File("report.csv"));
        await System.IO.File.WriteAllTextAsync(file, $"branch,states\n99010110100001,{new string('1', 24)}\n");
        string[] options = ["--programme", TestHub.Programme, "--township", "990101101", "--period", "2026-01"];

        Assert.Equal(0, (await AgentCommand.RunAsync(["check", file, .. options])).ExitCode);
        Assert.Contains("2026-01 version 1", (await AgentCommand.SubmitAsync(hub, token, file, options)).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await AgentCommand.RunAsync(["check", file])).ExitCode);
    }

    [Fact]
    public async Task Wrong_usage_ends_with_2_and_a_refusal_of_the_hub_with_1_each_in_one_line()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var foreign = await AgentCommand.RunAsync(["template", "--hub", $"http://{hub.Server.Grpc}", "--programme", "nowhere", "--period", "2026-01", "--out", File("x.xlsx")], await hub.TokenAsync(Role.Township, "990101100"), "zh");

        Assert.Equal(1, foreign.ExitCode);
        Assert.Single(foreign.Error.Split('\n'));
        Assert.Equal(2, (await AgentCommand.RunAsync(["submit", File("x.xlsx")])).ExitCode);
        Assert.Equal(2, (await AgentCommand.RunAsync(["submit", File("x.xlsx"), "--hub", "http://127.0.0.1:1"])).ExitCode);
        Assert.Equal((1, $"there is no file {File("x.xlsx")}"), await AgentCommand.RunAsync(["check", File("x.xlsx")]) is var missing ? (missing.ExitCode, missing.Error) : default);
        foreach (var verb in new[] { "template", "check", "submit" })
            Assert.Contains("Example:", (await AgentCommand.RunAsync([verb, "--help"])).Output, StringComparison.Ordinal);
    }

    [LibreOfficeFact]
    public async Task A_workbook_that_LibreOffice_opened_changed_and_saved_is_checked_and_sent()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var made = File("made.xlsx");
        await AgentCommand.TemplateAsync(hub, token, "2026-01", made);
        FilledWorkbook.FillBlanks(made, "达标");
        FilledWorkbook.Set(made, "社区党支部", "C4", "未达标");
        FilledWorkbook.Set(made, "文字材料", "B3", "进展\n顺利");
        // LibreOffice reads the workbook into its own model and writes every part anew.
        var saved = Path.Combine(Directory.CreateDirectory(File("saved")).FullName, "made.xlsx");
        await ConvertAsync(made, "ods", File("ods"));
        await ConvertAsync(Path.Combine(File("ods"), "made.ods"), "xlsx", Path.GetDirectoryName(saved)!);

        var check = await AgentCommand.RunAsync(["check", saved]);
        var sent = await AgentCommand.SubmitAsync(hub, token, saved);

        Assert.Equal((0, "in order: 青禾镇 2026-01, 4 branches, 98 items, 1 of them not met"), (check.ExitCode, check.Output + check.Error));
        Assert.Contains("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
        var kept = await new ReportingService.ReportingServiceClient(hub.Calls).GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Period = "2026-01" }, TestHub.Bearer(token));
        Assert.Equal("进展\n顺利", kept.Report.Narrative.Progress);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name) => Path.Combine(folder, name);

    private async Task ConvertAsync(string file, string form, string into)
    {
        // A profile of its own: another LibreOffice of the same user would take the call over.
        var profile = new Uri(File("profile")).AbsoluteUri;
        using var process = Process.Start(new ProcessStartInfo(LibreOfficeFactAttribute.Executable!,
            [$"-env:UserInstallation={profile}", "--headless", "--convert-to", form, "--outdir", into, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
