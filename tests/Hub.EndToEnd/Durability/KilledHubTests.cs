using Xunit.Abstractions;

namespace Hub.EndToEnd.Durability;

/// <summary>Acknowledged means durable: the released hub is killed again and again while townships send. HUB_FULL=1 runs 1,000 rounds.</summary>
public sealed class KilledHubTests(ITestOutputHelper output)
{
    private const int RoundsPerDirectory = 20;

    [Fact]
    public Task Killed_at_random_moments_the_hub_loses_no_acknowledged_report() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var rounds = FullRun.Times(20, 1000);
        var acknowledged = 0;
        for (var done = 0; done < rounds; done += RoundsPerDirectory)
            acknowledged += await KillInOneDirectoryAsync(random, Math.Min(RoundsPerDirectory, rounds - done));
        // Kills that met no report would prove nothing.
        Assert.True(acknowledged >= rounds, $"only {acknowledged} reports were acknowledged in {rounds} rounds");
        output.WriteLine($"{rounds} kills, {acknowledged} acknowledged reports, 0 lost");
    });

    private static async Task<int> KillInOneDirectoryAsync(Random random, int rounds)
    {
        var directory = Directory.CreateTempSubdirectory("hub-kill-").FullName;
        try
        {
            LoadedCounty? county = null;
            for (var round = 0; round < rounds; round++)
            {
                if (county is not null && random.Next(5) == 0) await KillWhileStartingAsync(directory, random);
                await using var hub = await HubProcess.ServeAsync(directory, county is null ? LoadedCounty.Clock : []);
                if (county is null) county = await LoadedCounty.CreateAsync(hub, random);
                else await county.CheckAsync(hub);
                await county.SendUntilKilledAsync(hub, random.Next(1, 150), TimeSpan.FromMicroseconds(random.Next(8000)));
            }
            await using var last = await HubProcess.ServeAsync(directory);
            await county!.CheckAsync(last);
            return county.Acknowledged;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // The moment is drawn, nothing is waited for: the files may be half opened, being replayed or being served.
    private static async Task KillWhileStartingAsync(string directory, Random random)
    {
        await using var hub = HubProcess.Begin(directory);
        await Task.Delay(random.Next(900));
        await hub.KillAsync();
    }
}
