using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>One report over real gRPC: kept, acknowledged, computed, read back.</summary>
public sealed class SubmitReportTests
{
    [Fact]
    public async Task A_report_is_kept_and_its_figures_are_there_when_the_receipt_is()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var reporting = new ReportingService.ReportingServiceClient(hub.Calls);
        var report = TestHub.Report();
        report.Branches[0].States[13] = ItemState.NotMet;

        var sent = await reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "first-report", Report = report }, TestHub.Bearer(token));

        Assert.Equal(1, sent.Receipt.Version);
        Assert.Equal(32, sent.Receipt.Hash.Length);
        Assert.Equal(hub.Clock.Now, sent.Receipt.ReceivedAt.ToDateTimeOffset());
        var rows = await hub.SqlAsync("select hardware_base, hardware_complete, software_complete, compliant from township_completion where township = '990101100' and period = '2026-01'");
        Assert.Equal(["4", "3", "4", "3"], Assert.Single(rows));
        var kept = await reporting.GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Period = "2026-01" }, TestHub.Bearer(token));
        Assert.Equal(report.Branches, kept.Report.Branches);
        Assert.Equal(sent.Receipt, kept.Receipt);
    }

    [Fact]
    public async Task The_same_submission_again_gives_the_first_receipt_whatever_has_changed_since()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var reporting = new ReportingService.ReportingServiceClient(hub.Calls);
        var request = new SubmitReportRequest { SubmissionId = "first-report", Report = TestHub.Report() };
        var first = await reporting.SubmitReportAsync(request, TestHub.Bearer(token));
        hub.Clock.Now += TimeSpan.FromDays(40);
        var closed = TestHub.Branch("99010110000001", "990101100", "village");
        closed.ActiveTo = "2025-12-01";
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { closed } });

        var again = await reporting.SubmitReportAsync(request, TestHub.Bearer(token));

        Assert.True(again.AlreadyKept);
        Assert.Equal(first.Receipt, again.Receipt);
        Assert.Single(await hub.SqlAsync("select version from reports"));
    }

    [Fact]
    public async Task A_report_is_warned_of_what_it_loses_against_the_one_in_force_in_its_period()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var reporting = new ReportingService.ReportingServiceClient(hub.Calls);
        var (december, january) = (TestHub.Report(period: "2025-12"), TestHub.Report());
        december.Branches[1].States[0] = ItemState.NotMet;
        january.Branches[2].States[3] = ItemState.NotMet;
        SubmitReportRequest Request(string id, int follows, Report report) => new() { SubmissionId = id, ExpectedVersion = follows, Report = report };
        static IEnumerable<(WarningReason, string)> Told(IEnumerable<Warning> warnings) => warnings.Select(w => (w.Reason, w.Branch)).Where(w => w.Reason == WarningReason.ItemLost);

        Assert.Empty(Told((await reporting.SubmitReportAsync(Request("december-1", 0, december), TestHub.Bearer(token))).Warnings));
        Assert.Equal([(WarningReason.ItemLost, "99010110000003")], Told((await reporting.SubmitReportAsync(Request("january-1", 0, january), TestHub.Bearer(token))).Warnings));
        // Against January nothing is lost, against December two items are.
        var corrected = TestHub.Report(period: "2025-12");
        corrected.Branches[2].States[3] = corrected.Branches[3].States[1] = ItemState.NotMet;
        var validated = await reporting.ValidateReportAsync(new ValidateReportRequest { ExpectedVersion = 1, Report = corrected }, TestHub.Bearer(token));
        Assert.Equal([(WarningReason.ItemLost, "99010110000003"), (WarningReason.ItemLost, "99010110000004")], Told(validated.Warnings));
        Assert.Equal(validated.Warnings, (await reporting.SubmitReportAsync(Request("december-2", 1, corrected), TestHub.Bearer(token))).Warnings);
    }
}
