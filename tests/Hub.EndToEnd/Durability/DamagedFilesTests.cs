using Hub.Protocol;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Durability;

/// <summary>Damage is noticed: cut, flipped and zeroed files, after a clean stop and after a kill. Either the hub refuses, naming the file and
/// what to do, or everything is there. HUB_FULL=1 damages 1,000 times.</summary>
public sealed class DamagedFilesTests(ITestOutputHelper output)
{
    [Fact]
    public Task Damaged_files_are_never_served_silently() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("hub-damage-").FullName;
        try
        {
            var stopped = await MakeAsync(Path.Combine(folder, "stopped"), random, kill: false);
            var killed = await MakeAsync(Path.Combine(folder, "killed"), random, kill: true);
            var outcomes = new Outcomes();
            var draws = Enumerable.Range(0, FullRun.Times(100, 1000)).Select(i => (Number: i, Seed: random.Next())).ToList();
            await Parallel.ForEachAsync(draws, new ParallelOptions { MaxDegreeOfParallelism = 2 },
                async (draw, _) => await DamageAsync(Path.Combine(folder, $"{draw.Number}"), draw.Number % 2 == 0 ? stopped : killed, new Random(draw.Seed), outcomes));
            output.WriteLine(outcomes.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    private sealed record Sound(string Directory, Receipt Head, long Records, bool IsKilled);

    /// <summary>A directory with several hundred reports, as a stop or a kill leaves it.</summary>
    private static async Task<Sound> MakeAsync(string directory, Random random, bool kill)
    {
        Directory.CreateDirectory(directory);
        LoadedCounty county;
        await using (var hub = await HubProcess.ServeAsync(directory, LoadedCounty.Clock))
        {
            county = await LoadedCounty.CreateAsync(hub, random);
            await county.SendUntilKilledAsync(hub, 400, TimeSpan.Zero);
        }
        await using (var hub = await HubProcess.ServeAsync(directory))
        {
            await county.CheckAsync(hub);
            if (kill) await county.SendUntilKilledAsync(hub, 200, TimeSpan.Zero);
            else Assert.Equal(0, await hub.StopAsync());
        }
        var sound = new Sound(directory, county.Head!, 0, kill);
        var copy = directory + "-read";
        Copy(directory, copy);
        var (code, said, errors) = await VerifyAsync(copy, sound.Head);
        Assert.True(code == 0, errors);
        return sound with { Records = Records(said) };
    }

    private static async Task DamageAsync(string directory, Sound sound, Random random, Outcomes outcomes)
    {
        Copy(sound.Directory, directory);
        var damage = Damage.Do(directory, random);
        var (code, said, errors) = await VerifyAsync(directory, sound.Head);
        Directory.Delete(directory, recursive: true);
        var told = $"{damage.File} {damage.What}: exit {code}: {errors}";
        if (code == 0)
        {
            // A kill between the two commits leaves a record that nobody was told of and the star has not seen: it may go with the end of the log.
            Assert.True(Records(said) >= (sound.IsKilled ? sound.Head.Position : sound.Records) && Records(said) <= sound.Records, $"Served {said}, {sound.Records} records are known, {sound.Head.Position} acknowledged; {told}");
            outcomes.Intact(damage);
        }
        else if (code > 128) outcomes.Crashed(damage, told);
        else
        {
            Assert.True(errors.Trim().Split('\n').Length == 1, told);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
            Assert.Contains("log", errors, StringComparison.Ordinal);
            Assert.Contains("restore", errors, StringComparison.Ordinal);
            outcomes.Refused(damage);
        }
        // A star is made anew from a sound log, whatever became of it.
        if (damage.IsInStar) Assert.True(code == 0, told);
    }

    private static Task<(int ExitCode, string Output, string Errors)> VerifyAsync(string directory, Receipt head) =>
        HubProcess.RunAsync("verify", "--data", directory, "--head", $"{head.Position}:{Convert.ToHexStringLower(head.Hash.Span)}");

    // "all 1234 records hold; head …"
    private static long Records(string said) => long.Parse(said.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, "*.duckdb*")) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private sealed class Outcomes
    {
        private readonly Lock gate = new();
        private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        private readonly List<string> crashes = [];

        public void Intact(Damage damage) => Count(damage, "intact or made anew");
        public void Refused(Damage damage) => Count(damage, "refused");

        public void Crashed(Damage damage, string told)
        {
            Count(damage, "refused by a native crash");
            lock (gate) crashes.Add(told);
        }

        public override string ToString() => string.Join('\n', counts.Select(c => $"{c.Value} {c.Key}").Concat(crashes));

        private void Count(Damage damage, string outcome)
        {
            var file = (damage.IsInStar ? "star" : "log") + (damage.File.EndsWith(".wal", StringComparison.Ordinal) ? ".wal" : "");
            lock (gate) counts[$"{file}: {outcome}"] = counts.GetValueOrDefault($"{file}: {outcome}") + 1;
        }
    }
}
