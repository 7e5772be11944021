using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Log;
using Xunit.Abstractions;

namespace Hub.Tests.Store;

/// <summary>Nothing is overwritten: random sequences of commands against a model. A sequence is one county's own commands; a hundred counties share a
/// store, its clock and its re-openings, and send at the same time. HUB_FULL=1 runs 10,000 sequences.</summary>
public sealed class SequenceTests(ITestOutputHelper output)
{
    private const int SequencesPerStore = 100;
    private const int CommandsPerSequence = 20;

    // Everything of them may be read again at any later time, as it was.
    private static readonly string[] Watched = ["township_completion", "report_status", "township_ranking", "county_completion", "reports", "programmes", "branches"];

    private sealed record Snapshot(long Position, DateTimeOffset AsOf, IReadOnlyList<string> Views);

    [Fact]
    public Task Log_projection_and_model_agree_after_any_sequence() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var (sequences, reports) = (FullRun.Times(1000, 10_000), 0);
        var seeds = Enumerable.Range(0, sequences / SequencesPerStore).Select(_ => random.Next()).ToList();
        // Two stores at a time: it takes longer than everything beside it, and one processor would be idle in the end.
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (own, _) =>
        {
            await using var opened = TemporaryStore.Open("2026-01-01T00:00:00+08:00");
            var kept = await RunAsync(opened, new Random(own));
            Interlocked.Add(ref reports, kept);
        });
        output.WriteLine($"{sequences} sequences of {CommandsPerSequence} commands, {reports} versions of reports kept");
    });

    private static async Task<int> RunAsync(TemporaryStore opened, Random random)
    {
        var sequences = Enumerable.Range(0, SequencesPerStore).Select(i => new RandomSequence(new ModelCounty($"{110_000 + i}"), new Random(random.Next()))).ToList();
        await Task.WhenAll(sequences.Select(s => s.BeginAsync(opened.Store)));
        var snapshots = new List<Snapshot>();
        for (var step = 0; step < CommandsPerSequence; step++)
        {
            MoveClock(opened.Clock, random);
            if (random.Next(3) == 0) await opened.Store.WriteAsync(EndPeriods.Decide, CancellationToken.None);
            if (random.Next(10) == 0) await opened.ReopenAsync();
            await Task.WhenAll(sequences.Select(s => s.StepAsync(opened.Store, opened.Clock.Now)));
            if (random.Next(10) == 0) snapshots.Add(Take(opened.Store, opened.Store.HeadPosition, opened.Clock.Now));
        }
        Check(opened.Store, sequences, snapshots);
        await opened.ReopenAsync();
        CheckSnapshots(opened.Store, snapshots);
        foreach (var sequence in sequences) CheckState(opened.Store.State, sequence.County);
        return sequences.Sum(s => s.County.Reports.Values.Sum(r => r.Count));
    }

    /// <summary>Some hours, some days, or to one side of a midnight at which a month ends or a report is due.</summary>
    private static void MoveClock(FixedClock clock, Random random)
    {
        var local = clock.Now.ToOffset(TimeSpan.FromHours(8));
        var next = new DateTimeOffset(local.Year, local.Month, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddMonths(1);
        var to = random.Next(6) switch
        {
            < 3 => local.AddMinutes(random.Next(600)),
            3 => local.AddDays(random.Next(5)),
            4 => next.AddTicks(10 * random.Next(-1, 2)),
            _ => next.AddDays(3).AddTicks(10 * random.Next(-1, 2)),
        };
        if (to > local) clock.Now = to;
    }

    private static Snapshot Take(HubStore store, long position, DateTimeOffset asOf) =>
        new(position, asOf, [.. Watched.Select(view => string.Join('\n', store.Lines($"select * from {view}", position, asOf)))]);

    private static void Check(HubStore store, List<RandomSequence> sequences, List<Snapshot> snapshots)
    {
        CheckSnapshots(store, snapshots);
        var head = store.FindRecord(store.HeadPosition)!;
        Assert.Empty(store.Verify(head.Position, head.Hash, CancellationToken.None).Problems);
        var counties = sequences.Select(s => s.County).ToList();
        CheckProjection(store, counties);
        foreach (var county in counties)
        {
            CheckState(store.State, county);
            foreach (var report in county.Reports.Values.SelectMany(r => r)) CheckRecord(store, report);
        }
    }

    private static void CheckSnapshots(HubStore store, List<Snapshot> snapshots)
    {
        foreach (var before in snapshots) Assert.Equal(before.Views, Take(store, before.Position, before.AsOf).Views);
    }

    private static void CheckProjection(HubStore store, List<ModelCounty> counties)
    {
        using var reading = store.Read(0, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)).Value;
        Assert.Equal(
            counties.SelectMany(c => c.Reports).SelectMany(r => r.Value).Select(r => $"{r.Sent.Programme},{r.Sent.Township},{r.Sent.Period},{r.Receipt.Version},{r.Receipt.Position},"
                + $"{HubTime.ToMicroseconds(r.Receipt.ReceivedAt.ToDateTimeOffset())},{Convert.ToHexString(r.Receipt.Hash.Span)},{r.SubmissionId},{(r.Imported ? "true" : "false")},{r.Sent.Narrative?.Progress}").Order(StringComparer.Ordinal),
            reading.Query("select concat_ws(',', programme, township, period, version, position, epoch_us(received_at), hash, submission_id, imported, progress) as line from reports",
                r => r.Text("line")).Order(StringComparer.Ordinal));
        Assert.Equal(
            counties.SelectMany(c => c.Reports).SelectMany(r => r.Value).SelectMany(r => r.Sent.Branches.Select(b => $"{r.Receipt.Position},{b.Branch},{Bits(b, ItemState.Met)},{Bits(b, ItemState.NotApplicable)}")).Order(StringComparer.Ordinal),
            reading.Query("select concat_ws(',', r.position, b.branch, r.met, x.not_applicable) as line from fact_branch_report r join dim_not_applicable_set x using (not_applicable_set) join reports p on p.position = r.position join branches b on b.township = p.township and b.branch_number = r.branch_number", r => r.Text("line")).Order(StringComparer.Ordinal));
        Assert.Equal(
            counties.SelectMany(c => c.Branches.Values).Select(b => $"{b.Code},{b.Name},{b.Township},{b.Kind},{b.Star},{HubTime.Day(b.From)},{(b.To is { } to ? HubTime.Day(to) : "open")}").Order(StringComparer.Ordinal),
            reading.Query("select concat_ws(',', branch, name, township, kind, star, active_from, coalesce(active_to::varchar, 'open')) as line from branches", r => r.Text("line")).Order(StringComparer.Ordinal));
        Assert.Equal(
            counties.SelectMany(c => c.Townships).Select(t => $"{t.Key},{t.Value}").Order(StringComparer.Ordinal),
            reading.Query("select township || ',' || name as line from townships", r => r.Text("line")).Order(StringComparer.Ordinal));
        Assert.Equal(
            counties.Select(c => $"{c.Programme},{c.Title}").Order(StringComparer.Ordinal),
            reading.Query("select programme || ',' || title as line from programmes", r => r.Text("line")).Order(StringComparer.Ordinal));
        Assert.Equal(
            counties.SelectMany(c => c.Published.Select(p => $"{c.Programme},{p.Key},{p.Value.Position},{p.Value.FiguresPosition}")).Order(StringComparer.Ordinal),
            reading.Query("select programme, month, position, figures_position from fact_publication",
                r => $"{r.Text("programme")},{new Period(r.Int("month"))},{r.Long("position")},{r.Long("figures_position")}").Order(StringComparer.Ordinal));
        Assert.Equal(counties.Sum(c => c.Reopenings), reading.Query("select count(*) as n from fact_reopening", r => r.Int("n")).Single());
    }

    private static void CheckState(HubState state, ModelCounty county)
    {
        foreach (var township in county.Townships.Keys)
            foreach (var period in new[] { "2025-12", "2026-01", "2026-02", "2026-03", "2026-04" })
            {
                var versions = county.Reports.GetValueOrDefault((township, period));
                ReportHead? head = versions is null ? null : new ReportHead(versions.Count, versions[^1].Receipt.Position);
                Assert.Equal(head, state.FindReport(county.Programme, township, Period.Parse(period)));
                Assert.Equal(county.IsLocked(township, period), state.IsLocked(county.Programme, township, Period.Parse(period)));
                for (var i = 0; i < versions?.Count; i++) Assert.Equal(i + 1, versions[i].Receipt.Version);
            }
        foreach (var ((township, id), (_, receipt)) in county.Submissions) Assert.Equal(receipt, state.FindSubmission(township, id)?.Receipt);
    }

    private static void CheckRecord(HubStore store, ModelReport report)
    {
        var record = store.FindRecord(report.Receipt.Position)!;
        var kept = record.Content.ReportSubmitted;
        var registered = store.State.FindTownship(kept.Township)!.Branches;
        Assert.Equal(report.Receipt, record.ToReceipt(kept.Version));
        Assert.Equal((report.Sent.Programme, report.Sent.Township, report.Sent.Period, report.SubmissionId, report.Imported), (kept.Programme, kept.Township, kept.Period, kept.SubmissionId, kept.HasImportedAtUs));
        Assert.Equal(report.Sent.Narrative, kept.Narrative);
        Assert.Equal(report.Sent.Branches.OrderBy(b => b.Branch, StringComparer.Ordinal).Select(b => (b.Branch, Bits(b, ItemState.Met), Bits(b, ItemState.NotApplicable))),
            KeptReport.Branches(record, registered).Select(b => (registered.CodeAt(b.Index), b.Met, b.NotApplicable)));
    }

    private static ulong Bits(BranchStates branch, ItemState state) =>
        branch.States.Select((s, i) => s == state ? 1UL << i : 0).Aggregate(0UL, (bits, bit) => bits | bit);
}
