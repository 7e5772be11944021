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
}
