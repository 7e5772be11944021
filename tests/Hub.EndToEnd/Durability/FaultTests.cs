using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Health.V1;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Durability;

/// <summary>A commit that fails is never acknowledged: the hub says so, answers UNAVAILABLE, and serves again by itself when it can write. HUB_FULL=1
/// fills the disk 50 times and fails 200 fsyncs.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    // The limit on a file's size stands for a full disk: a write beyond it fails, and it can be lifted from outside.
    private const string IgnoreTheSignal = "trap '' XFSZ; exec \"$@\"";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task A_full_disk_loses_nothing_and_the_hub_serves_again_when_there_is_room() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("hub-full-").FullName;
        try
        {
            await using var hub = await HubProcess.ServeUnderAsync(IgnoreTheSignal, directory, LoadedCounty.Clock);
            var county = await LoadedCounty.CreateAsync(hub, random);
            var health = new Health.HealthClient(hub.Calls);
            for (var i = 0; i < FullRun.Times(4, 50); i++)
            {
                var stopped = hub.SaysAsync("The store no longer writes");
                var recovered = hub.SaysAsync("The store is open again");
                // At times there is room for the log's next commits and none for the star's, or the other way round.
                var largest = Directory.GetFiles(directory, "*.wal").Select(f => new FileInfo(f).Length).DefaultIfEmpty().Max();
                await LimitAsync(hub, (largest + random.Next(60_000)).ToString(CultureInfo.InvariantCulture));
                await Task.WhenAll(county.Townships.Select(t => t.SendUntilGoneAsync(hub.Calls, () => { })));
                await stopped.WaitAsync(Patience);
                Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest())).Status);
                await EverythingIsUnavailableAsync(hub);

                await LimitAsync(hub, "unlimited");
                await recovered.WaitAsync(Patience);
                Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
                await county.CheckAsync(hub);
            }
            await county.SendUntilKilledAsync(hub, 50, TimeSpan.Zero);
            await using var again = await HubProcess.ServeAsync(directory);
            await county.CheckAsync(again);
            output.WriteLine($"{county.Acknowledged} acknowledged reports, 0 lost");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    });

    [StraceFact]
    public Task A_failed_fsync_is_never_acknowledged() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var directory = Directory.CreateTempSubdirectory("hub-fsync-").FullName;
        try
        {
            LoadedCounty county;
            await using (var hub = await HubProcess.ServeAsync(directory, LoadedCounty.Clock)) county = await LoadedCounty.CreateAsync(hub, random);
            var faults = 0;
            for (var i = 0; i < FullRun.Times(20, 200); i++)
            {
                // The first few belong to the opening: without them it would just not start. Each thread counts its own.
                var fault = string.Create(CultureInfo.InvariantCulture, $"exec strace -D -f --seccomp-bpf -qq -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:error=EIO:when={random.Next(8, 40)} \"$@\"");
                await using (var hub = await HubProcess.ServeUnderAsync(fault, directory))
                {
                    var stopped = hub.SaysAsync("The store no longer writes");
                    await county.SendUntilKilledAsync(hub, 120, TimeSpan.Zero);
                    if (stopped.IsCompleted) faults++;
                }
                await using var again = await HubProcess.ServeAsync(directory);
                await county.CheckAsync(again);
                await again.KillAsync();
            }
            output.WriteLine($"{faults} faults, {county.Acknowledged} acknowledged reports, 0 lost");
            Assert.True(faults > 0);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    });

    private static async Task EverythingIsUnavailableAsync(HubProcess hub)
    {
        var calls = new Func<CallInvoker, Task>[]
        {
            async c => await new ProgrammeService.ProgrammeServiceClient(c).ListProgrammesAsync(new ListProgrammesRequest()),
            async c => await new AnalyticsService.AnalyticsServiceClient(c).GetRankingAsync(new GetRankingRequest { Programme = TestHub.Programme }),
            async c => await new AdministrationService.AdministrationServiceClient(c).VerifyStoreAsync(new VerifyStoreRequest()),
            async c => await new ReportingService.ReportingServiceClient(c).SubmitReportAsync(new SubmitReportRequest()),
        };
        foreach (var call in calls)
            foreach (var door in new[] { hub.Calls, hub.Control })
            {
                var refused = await Refused.ByAsync(() => call(door));
                Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (refused.Status, refused.Reason));
            }
    }

    private static async Task LimitAsync(HubProcess hub, string bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", hub.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }
}

/// <summary>Needs <c>strace</c>: skipped where it is missing, but never where <c>CI</c> is set.</summary>
public sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute()
    {
        if (!File.Exists("/usr/bin/strace") && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs strace";
    }
}
