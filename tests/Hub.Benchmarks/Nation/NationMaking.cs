using System.Diagnostics;
using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation make</c>: registry, credentials and months of history through the store's own decisions, as <c>hub import</c> and
/// <c>hub token create</c> run them, without the text in between.</summary>
internal static class NationMaking
{
    // About a province.
    private const int TownshipsAtOnce = 1250;
    private const int CredentialsAtOnce = 4096;
    private const int StatesToTell = 100_000;

    public static async Task RunAsync(NationRun run)
    {
        NationRun.SayStep("建库：登记、凭证和历史", "make: registry, credentials, history");
        var (nation, folder) = (run.Nation, run.Folder);
        folder.ForgetMaking();
        foreach (var directory in new[] { folder.Made, folder.Hub }.Where(Directory.Exists)) Directory.Delete(directory, recursive: true);
        var (tokens, states, seconds, ending) = await MakeAsync(nation, folder.Made, NationRun.History, run.Cancellation);
        folder.WriteTokens(tokens);
        folder.Write(new(nation.Townships.Count, nation.BranchCount, nation.Seed, NationRun.History));
        run.Figures.Add(new(Verb.Say($"导入 {NationRun.History} 个月历史：条目状态", $"import of {NationRun.History} months: item states"), states / seconds / 1e6, "M/s"));
        run.Figures.Add(new(Verb.Say("月末入账，全部乡镇顺延到新月份", "a month's end put on record, every township carried into the next"), ending, "s"));
    }

    /// <summary>Makes a hub's directory and closes it.</summary>
    /// <returns>A credential per township and one for an analyst; the item states of the history, and the seconds that it took; the seconds that the end of the month after it took.</returns>
    public static async Task<(List<string> Tokens, long States, double Seconds, double Ending)> MakeAsync(MadeUpNation nation, string directory, int months, CancellationToken cancellation)
    {
        var time = new LeapingTime();
        await using var store = HubStore.Open(directory, time, Noon(nation.First), cancellation);
        var started = Stopwatch.GetTimestamp();
        foreach (var (part, townships) in nation.Townships.Chunk(TownshipsAtOnce).Index())
            await ImportAsync(store, Registry(nation, townships, withProgramme: part == 0), cancellation);
        Tell($"{nation.Townships.Count} townships, {nation.BranchCount} branches", started);
        started = Stopwatch.GetTimestamp();
        var tokens = await CredentialsAsync(store, nation, cancellation);
        Tell($"{tokens.Count} credentials", started);

        started = Stopwatch.GetTimestamp();
        var states = 0L;
        var parts = nation.Townships.Chunk(TownshipsAtOnce).ToList();
        CountyFolder Rows(int chunk) => History(nation, parts[chunk % parts.Count], chunk / parts.Count);
        var next = months > 0 ? Task.Run(() => Rows(0), cancellation) : null;
        for (var month = 0; month < months; month++)
        {
            var (monthStarted, before) = (Stopwatch.GetTimestamp(), states);
            time.LeapTo(Noon(nation.First.Plus(month + 1)).AddDays(4), store.Clock);
            for (var part = 0; part < parts.Count; part++)
            {
                // Rows are made up while those before them are taken.
                var (rows, following) = (await next!, month * parts.Count + part + 1);
                if (following < months * parts.Count) next = Task.Run(() => Rows(following), cancellation);
                states += rows.States.Sum(s => (long)s.States.Length);
                await ImportAsync(store, rows, cancellation);
            }
            if (states - before > StatesToTell) Tell(string.Create(CultureInfo.InvariantCulture, $"{nation.First.Plus(month)}: {(states - before) / Stopwatch.GetElapsedTime(monthStarted).TotalSeconds / 1e6:0.0} M item states/s"), monthStarted);
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        time.LeapTo(NationRun.ClockStart, store.Clock);
        started = Stopwatch.GetTimestamp();
        await WriteAsync(store, EndPeriods.Decide, cancellation);
        return (tokens, states, seconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static DateTimeOffset Noon(Period period) => new(period.FirstDay, new TimeOnly(12, 0), HubTime.ShanghaiOffset);

    /// <summary>Months come in one after the other, each when it has ended: what carries forward is then a month at a time, as it was.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long ahead;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref ahead);

        public void LeapTo(DateTimeOffset instant, TimeProvider clock)
        {
            if (instant - clock.GetUtcNow() is { Ticks: > 0 } left) Interlocked.Add(ref ahead, (long)(left.TotalSeconds * TimestampFrequency));
        }
    }

    private static async Task<List<string>> CredentialsAsync(HubStore store, MadeUpNation nation, CancellationToken cancellation)
    {
        var requests = nation.Townships.Select(t => new CreateCredentialRequest { Role = Role.Township, Township = t.Code }).Append(new CreateCredentialRequest { Role = Role.Analyst });
        var tokens = new List<string>();
        foreach (var some in requests.Chunk(CredentialsAtOnce))
        {
            var made = await Task.WhenAll(some.Select(r => WriteAsync(store, (state, now) => Credentials.Create(r, state, now), cancellation)));
            tokens.AddRange(made.Select(m => m.Token));
        }
        return tokens;
    }

    private static CountyFolder Registry(MadeUpNation nation, IReadOnlyList<NationTownship> townships, bool withProgramme) => new(
        withProgramme ? [new(2, nation.Programme, MadeUpNation.Template, nation.LaunchYear.ToString(CultureInfo.InvariantCulture), "")] : [],
        [.. townships.Select((t, i) => new TownshipRow(i + 2, t.Code, t.Name))],
        [.. townships.SelectMany(t => nation.Branches(t).Select(b => new BranchRow(2, MadeUpNation.CodeOf(t, b), NationWords.Branch(b, t), t.Code, b.Kind.Name,
            b.Star.ToString(CultureInfo.InvariantCulture), HubTime.Day(nation.OpenedOn(b)), nation.ClosedOn(b) is { } closed ? HubTime.Day(closed) : "")))],
        [], []);

    // Reports come in from the first to the third day of the next month.
    private static CountyFolder History(MadeUpNation nation, IReadOnlyList<NationTownship> townships, int month)
    {
        var period = nation.First.Plus(month);
        var opens = new DateTimeOffset(period.Plus(1).FirstDay, new TimeOnly(8, 0), HubTime.ShanghaiOffset);
        const int window = 60 * 3600;
        return new([], [], [],
            [.. townships.Select((t, i) => new SubmissionRow(i + 2, nation.Programme, t.Code, period.ToString(), "1",
                HubTime.Instant(opens.AddSeconds(Dice.Below(Dice.Of(t.Chance, 2_000_000 + (ulong)month), window)))))],
            [.. townships.SelectMany(t => nation.Branches(t).Where(b => b.IsActiveIn(month)).Select(b =>
                new StatesRow(2, nation.Programme, t.Code, period.ToString(), "1", MadeUpNation.CodeOf(t, b), Characters(b, month))))]);
    }

    private static string Characters(NationBranch branch, int month) => string.Create(branch.Kind.Items, branch.StatesAt(month), (text, states) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = (states.Met >> i & 1) == 1 ? '1' : (states.NotApplicable >> i & 1) == 1 ? '-' : '0';
    });

    private static Task ImportAsync(HubStore store, CountyFolder folder, CancellationToken cancellation) =>
        WriteAsync(store, (state, now) => HistoryImport.Decide(folder, state, now), cancellation);

    private static async Task<T> WriteAsync<T>(HubStore store, Func<HubState, DateTimeOffset, Outcome<Decision<T>>> decide, CancellationToken cancellation)
    {
        var written = await store.WriteAsync(decide, cancellation);
        if (!written.IsRefused(out var refusal)) return written.Value;
        var why = store.Fault is { } fault ? $" ({fault})" : "";
        throw new CommandFailedException(new(refusal.Message.Chinese + why, refusal.Message.English + why));
    }

    private static void Tell(string what, long since) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
}
