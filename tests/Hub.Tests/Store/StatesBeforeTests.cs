using Hub.Programmes;
using Hub.Protocol;
using Township = Hub.Protocol.Township;

namespace Hub.Tests.Store;

/// <summary>A report is compared with the one in force in its own period, whatever was sent since, whatever was registered in between.</summary>
public sealed class StatesBeforeTests
{
    private const string Code = "990101100";
    private static readonly string[] Kinds = ["village", "agency", "community", "enterprise"];
    private static readonly string[] Periods = ["2025-12", "2026-01", "2026-02", "2026-03"];

    [Fact]
    public Task They_are_those_of_the_report_in_force() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        await using var opened = TemporaryStore.Open("2026-04-02T10:00:00+08:00");
        await opened.Store.DefineAsync("p", 2025, "");
        var codes = new List<string>();
        var kept = new Dictionary<string, (int Version, Report Report)>();
        for (var step = 0; step < FullRun.Times(40, 400); step++)
        {
            // Ids follow the order of registration, codes do not.
            if (step == 0 || random.Next(5) == 0) await RegisterAsync(opened, codes, random);
            if (random.Next(8) == 0) await opened.ReopenAsync();
            var period = Periods[random.Next(Periods.Length)];
            foreach (var p in Periods) Check(opened, codes, kept, p);
            var report = RandomReport(codes, period, random);
            var version = kept.GetValueOrDefault(period).Version;
            Assert.Null((await opened.Store.SubmitAsync(report, $"report-{step:D4}", version, opened.Clock.Now)).Refusal);
            kept[period] = (version + 1, report);
        }
    });

    [Fact]
    public async Task A_branch_registered_since_the_township_was_read_counts_as_not_there_before()
    {
        await using var opened = TemporaryStore.Open("2026-04-02T10:00:00+08:00");
        await opened.Store.DefineAsync("p", 2025, "");
        var (codes, random) = (new List<string>(), new Random(1));
        await RegisterAsync(opened, codes, random);
        var early = Parse(opened, RandomReport(codes, "2026-02", random));
        await opened.Store.RegisterAsync([], [StoreCalls.Branch($"{Code}00000", Code, Kind("0")), StoreCalls.Branch($"{Code}99999", Code, Kind("9"))]);
        codes.AddRange([$"{Code}00000", $"{Code}99999"]);
        var report = RandomReport(codes, "2026-01", random);
        Assert.Null((await opened.Store.SubmitAsync(report, "report-0001", 0, opened.Clock.Now)).Refusal);

        Assert.Equal(Expected(report).Where(s => early.Township.Find(s.Code) is not null), ByCode(opened.Store.StatesBefore(early), early));
    }

    private static void Check(TemporaryStore opened, List<string> codes, Dictionary<string, (int Version, Report Report)> kept, string period)
    {
        var report = Parse(opened, RandomReport(codes, period, new Random(0)));
        var inForce = Periods.Where(p => string.CompareOrdinal(p, period) <= 0 && kept.ContainsKey(p)).LastOrDefault();
        Assert.Equal(inForce is null ? [] : Expected(kept[inForce].Report), ByCode(opened.Store.StatesBefore(report), report));
    }

    private static IEnumerable<(string Code, ulong Met, ulong NotApplicable)> Expected(Report report) =>
        report.Branches.OrderBy(b => b.Branch, StringComparer.Ordinal).Select(b => (b.Branch, Bits(b, ItemState.Met), Bits(b, ItemState.NotApplicable)));

    private static IEnumerable<(string Code, ulong Met, ulong NotApplicable)> ByCode(ReportedStates states, ValidReport report) =>
        Enumerable.Range(0, states.Count).Select(i => (report.Township.Branches.CodeAt(states.Places[i]), states.Met[i], states.NotApplicable[i]));

    private static ValidReport Parse(TemporaryStore opened, Report report) =>
        ReportParser.Parse(report, opened.Store.State.FindProgramme, opened.Store.State.FindTownship(Code)!).Value;

    private static async Task RegisterAsync(TemporaryStore opened, List<string> codes, Random random)
    {
        var added = Enumerable.Range(0, 3).Select(_ => $"{Code}{random.Next(1, 99_999):D5}").Except(codes).ToList();
        codes.AddRange(added);
        Assert.Null((await opened.Store.RegisterAsync([new Township { Code = Code, Name = "青禾镇" }], added.Select(c => StoreCalls.Branch(c, Code, Kind(c))))).Refusal);
    }

    private static Report RandomReport(List<string> codes, string period, Random random)
    {
        var report = new Report { Programme = "p", Township = Code, Period = period };
        foreach (var code in codes)
        {
            var states = StoreCalls.States(code, Kind(code), random, 30);
            // The agencies' one group of conditional items.
            for (var item = 5; item < 11 && Kind(code) == "agency" && code[^2] % 2 == 0; item++) states.States[item - 1] = ItemState.NotApplicable;
            report.Branches.Add(states);
        }
        return report;
    }

    private static string Kind(string code) => Kinds[code[^1] % 4];

    private static ulong Bits(BranchStates branch, ItemState state) =>
        branch.States.Select((s, i) => s == state ? 1UL << i : 0).Aggregate(0UL, (bits, bit) => bits | bit);
}
