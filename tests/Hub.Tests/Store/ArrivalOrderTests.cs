using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Star;
using Xunit.Abstractions;

namespace Hub.Tests.Store;

/// <summary>The same data, the same figures: the order in which townships' reports arrive shows in no view. HUB_FULL=1 shuffles 1,000 times.</summary>
public sealed class ArrivalOrderTests(ITestOutputHelper output)
{
    private const int Townships = 8;
    private const int BranchesPerTownship = 12;
    private static readonly string[] Kinds = ["village", "agency", "community", "enterprise"];
    private static readonly DateTimeOffset Now = new(2027, 2, 10, 10, 0, 0, TimeSpan.FromHours(8));

    // The only columns that tell of the order: where in the log a report stands, and its hash there.
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["reports"] = "* exclude (position, hash)",
        ["own_reports"] = "* exclude (report_position)",
        ["reports_in_force"] = "* exclude (report_position)",
    };

    private sealed record Sent(Report Report, string Id, int ExpectedVersion, DateTimeOffset ReceivedAt);

    [Fact]
    public Task Views_do_not_depend_on_the_order_of_arrival() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        var queues = Enumerable.Range(0, Townships).Select(t => Reports(t, random)).ToList();
        var shuffles = FullRun.Times(20, 1000);
        var first = await ViewsAsync(InTurn(queues));
        Assert.Equal(ModelCatalog.Views.Count, first.Count);
        Assert.All(["township_ranking", "milestone_status", "integrity_signals", "rectification_list"], view => Assert.NotEmpty(first[view]));
        for (var i = 0; i < shuffles; i++)
        {
            var views = await ViewsAsync(Shuffled(queues, random));
            foreach (var (view, text) in views) Assert.True(first[view] == text, $"{view} differs in shuffle {i}");
        }
        output.WriteLine($"{shuffles} shuffles of {queues.Sum(q => q.Count)} reports, {first.Count} views the same to the byte");
    });

    /// <summary>A township's reports in the order it sent them: months with up to three versions, some late, some months left out.</summary>
    private static List<Sent> Reports(int t, Random random)
    {
        var township = $"{990101100 + t}";
        // Townships 0 and 1 send the same, so that they tie.
        var own = new Random(t < 2 ? 7 : random.Next());
        var reports = new List<Sent>();
        for (var month = 0; month < 14; month++)
        {
            if (own.Next(6) == 0) continue;
            var (year, name) = (2025 + (11 + month) / 12, (11 + month) % 12 + 1);
            var after = new DateTimeOffset(year, name, 1, 0, 0, 0, TimeSpan.FromHours(8)).AddMonths(1);
            for (var version = 0; version < 1 + own.Next(3); version++)
            {
                var report = new Report { Programme = "p", Township = township, Period = $"{year:D4}-{name:D2}" };
                for (var b = 0; b < BranchesPerTownship; b++) report.Branches.Add(StoreCalls.States($"{township}{b:D3}", Kinds[b % 4], own, own.Next(3) == 0 ? 0 : Math.Max(1, 40 - 3 * month)));
                reports.Add(new(report, $"{township}-{month}-{version}", version, after.AddHours(own.Next(1, 130) + version)));
            }
        }
        return reports;
    }

    private static async Task<Dictionary<string, string>> ViewsAsync(IEnumerable<Sent> arrivals)
    {
        await using var opened = TemporaryStore.Open("2027-02-10T10:00:00+08:00");
        var store = opened.Store;
        await store.DefineAsync("p", 2025, "990101");
        var codes = Enumerable.Range(0, Townships).Select(t => $"{990101100 + t}").ToList();
        await store.RegisterAsync(codes.Select(c => new Township { Code = c, Name = $"{c}镇" }),
            codes.SelectMany(c => Enumerable.Range(0, BranchesPerTownship).Select(b => StoreCalls.Branch($"{c}{b:D3}", c, Kinds[b % 4], b % 6))));
        // All are on their way at once and are taken in this order, many in one commit.
        var answers = arrivals.Select(s => store.SubmitAsync(s.Report, s.Id, s.ExpectedVersion, s.ReceivedAt)).ToList();
        foreach (var answer in await Task.WhenAll(answers)) Assert.Null(answer.Refusal);
        return ModelCatalog.Views.ToDictionary(v => v, v => string.Join('\n', store.Lines($"select {Columns.GetValueOrDefault(v, "*")} from {v}", asOf: Now)), StringComparer.Ordinal);
    }

    private static IEnumerable<Sent> InTurn(List<List<Sent>> queues) => queues.SelectMany(q => q);

    /// <summary>Any order across townships; each township's own is kept.</summary>
    private static List<Sent> Shuffled(List<List<Sent>> queues, Random random)
    {
        var turns = queues.SelectMany((q, t) => Enumerable.Repeat(t, q.Count)).ToArray();
        random.Shuffle(turns);
        var next = new int[queues.Count];
        return [.. turns.Select(t => queues[t][next[t]++])];
    }
}
