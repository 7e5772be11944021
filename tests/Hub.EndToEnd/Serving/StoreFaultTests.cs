using Grpc.Core;
using Grpc.Health.V1;
using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>A store that cannot write acknowledges nothing, says so, and loses nothing that it acknowledged.</summary>
public sealed class StoreFaultTests
{
    [SmallDiskTheory]
    [InlineData("by reports")]
    [InlineData("by something else")]
    public async Task A_full_disk_is_unavailable_and_everything_acknowledged_is_there_after_a_restart(string filled)
    {
        var (mounted, why) = SmallDisk.TryMount(5);
        Assert.True(mounted is not null, why);
        using var disk = mounted;
        var receipts = new List<Receipt>();
        string token;
        await using (var hub = await TestHub.StartWithCountyAsync(disk.Path))
        {
            token = await hub.TokenAsync(Role.Township, "990101100");
            receipts.Add((await SubmitAsync(hub, token, 0)).Receipt);
            if (filled == "by something else") disk.Fill();
            Refused? refused = null;
            while (refused is null)
            {
                try
                {
                    receipts.Add((await SubmitAsync(hub, token, receipts.Count)).Receipt);
                }
                catch (RpcException e)
                {
                    refused = await Refused.ByAsync(() => Task.FromException(e));
                }
                Assert.True(receipts.Count < 2000, "the disk never filled");
            }

            refused.Is(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            Assert.DoesNotContain(disk.Path, refused.Message, StringComparison.Ordinal);
            (await Refused.ByAsync(() => SubmitAsync(hub, token, receipts.Count))).Is(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            (await Refused.ByAsync(() => hub.TokenAsync(Role.Analyst))).Is(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await new Health.HealthClient(hub.Calls).CheckAsync(new HealthCheckRequest())).Status);
            // A first receipt is proof as well: not even the retry of the refused report gets one.
            (await Refused.ByAsync(() => SubmitAsync(hub, token, receipts.Count))).Is(StatusCode.Unavailable, "STORE_UNAVAILABLE");
        }
        disk.Enlarge(64);
        await using var again = await TestHub.StartAsync("2026-02-02T10:00:00+08:00", disk.Path);

        var reporting = new ReportingService.ReportingServiceClient(again.Calls);
        foreach (var receipt in receipts)
            Assert.Equal(receipt, (await reporting.GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Period = "2026-01", Version = receipt.Version }, TestHub.Bearer(token))).Receipt);
        Assert.Empty((await new AdministrationService.AdministrationServiceClient(again.Control).VerifyStoreAsync(new VerifyStoreRequest())).Problems);
        // The township sends again what was refused: durable or not, it counts once.
        Assert.Equal(receipts.Count + 1, (await SubmitAsync(again, token, receipts.Count)).Receipt.Version);
        Assert.Equal([$"{receipts.Count + 1}"], Assert.Single(await again.SqlAsync("select count(*) from reports")));
    }

    [Fact]
    public async Task A_hub_that_stops_takes_no_more_reports()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        await hub.Server.Store.DisposeAsync();

        (await Refused.ByAsync(() => SubmitAsync(hub, token, 0))).Is(StatusCode.Unavailable, "DRAINING");
    }

    private static Task<SubmitReportResponse> SubmitAsync(TestHub hub, string token, int expected)
    {
        var report = TestHub.Report();
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => (char)('一' + (i * 31 + expected * 977) % 20_000)));
        report.Narrative = new Narrative { Progress = text, Problems = text, NextSteps = string.Concat(Enumerable.Repeat(text, 5)) };
        return new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = $"version-{expected + 1:D5}", ExpectedVersion = expected, Report = report }, TestHub.Bearer(token)).ResponseAsync;
    }
}
