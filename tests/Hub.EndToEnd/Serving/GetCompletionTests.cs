using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>Completion over gRPC: townships and their area's total, each as its view has it.</summary>
public sealed class GetCompletionTests
{
    [Fact]
    public async Task The_total_is_the_row_of_the_area_asked_for_and_of_no_more()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var township = await hub.TokenAsync(Role.Township, "990101100");
        var report = TestHub.Report();
        report.Branches[0].States[13] = ItemState.NotMet;
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(new SubmitReportRequest { SubmissionId = "for-the-total", Report = report }, TestHub.Bearer(township));
        var analytics = new AnalyticsService.AnalyticsServiceClient(hub.Calls);
        var request = new GetCompletionRequest { Programme = TestHub.Programme };

        var county = await analytics.GetCompletionAsync(request, TestHub.Bearer(await hub.TokenAsync(Role.Official)));
        var own = await analytics.GetCompletionAsync(request, TestHub.Bearer(township));

        Assert.Equal("2026-01", county.Period);
        Assert.Equal(["990101100", "990101101"], county.Townships.Select(t => t.Township));
        Assert.Equal(("programme", "", 5, 3), (county.Total.Level, county.Total.Area, county.Total.HardwareBase, county.Total.HardwareComplete));
        Assert.Equal(0.6, county.Total.HardwareShare);
        Assert.Equal(("township", "990101100", 4, 3), (own.Total.Level, own.Total.Area, own.Total.HardwareBase, own.Total.HardwareComplete));
        Assert.Single(own.Townships);
    }

    [Fact]
    public async Task Thresholds_of_an_item_are_said_in_the_readers_words()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Calls);
        var token = await hub.TokenAsync(Role.Analyst);

        var chinese = await programmes.GetProgrammeAsync(new GetProgrammeRequest { Programme = TestHub.Programme }, TestHub.Bearer(token, "zh"));
        var english = await programmes.GetProgrammeAsync(new GetProgrammeRequest { Programme = TestHub.Programme }, TestHub.Bearer(token));

        static Item Hall(GetProgrammeResponse response) => response.Standards[0].Items.Single(i => i.Id == "V3.1");
        Assert.Contains("300", Assert.Single(Hall(chinese).Thresholds), StringComparison.Ordinal);
        Assert.Matches("[\u4e00-\u9fff]", Hall(chinese).Thresholds[0]);
        Assert.DoesNotMatch("[\u4e00-\u9fff]|Threshold", Hall(english).Thresholds[0]);
    }
}
