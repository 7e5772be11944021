using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Log;
using Hub.Store.Star;
using Township = Hub.Protocol.Township;

namespace Hub.Tests.Store;

/// <summary>How a report stands in the log: small where codes are numbers, as text where not, and read alike in either form for ever.</summary>
public sealed class KeptReportTests
{
    private const string Code = "990101100";
    private static readonly string[] Kinds = ["village", "agency", "community", "enterprise"];

    [Theory]
    [InlineData(3, "00001", "00002", "00117")]
    [InlineData(5, "00001", "00002", "40117", "99999")]
    [InlineData(18, "000000000000000000", "000000000000000001", "999999999999999999")]
    [InlineData(0, "0000000000000000000", "9999999999999999999")]
    [InlineData(0, "00001", "0002")]
    [InlineData(0, "00001", "0000a")]
    [InlineData(0, "a-1", "b-1")]
    [InlineData(0, "00001")]
    [InlineData(2, "x-09", "x-10")]
    public async Task Codes_are_numbers_where_they_can_be_and_read_back_as_they_were(int width, params string[] rests)
    {
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var codes = rests.Select(r => Code + r).ToArray();
        var record = await SubmitAsync(opened.Store, codes, 30);
        var kept = record.Content.ReportSubmitted;
        Assert.Equal(width, kept.BranchSuffixWidth);
        Assert.Equal(width == 0 ? (codes.Length, 0) : (0, codes.Length), (kept.BranchSuffixes.Count, kept.BranchSteps.Count));
        Assert.Equal(codes, Read(opened.Store, record).Select(b => b.Code));
    }

    [Fact]
    public async Task Not_applicable_is_left_out_where_no_branch_has_any()
    {
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var codes = Codes(6);
        var record = await SubmitAsync(opened.Store, codes, 30);
        Assert.Empty(record.Content.ReportSubmitted.NotApplicable);
        Assert.All(Read(opened.Store, record), b => Assert.Equal(0UL, b.NotApplicable));
        var branches = States(codes, 30);
        for (var item = 4; item < 10; item++) branches[1].States[item] = ItemState.NotApplicable;
        var second = await SubmitAsync(opened.Store, branches, "report-0002", 1);
        Assert.Equal([0UL, 0x3F0UL, 0UL, 0UL, 0UL, 0UL], second.Content.ReportSubmitted.NotApplicable);
        Assert.Equal([0UL, 0x3F0UL, 0UL, 0UL, 0UL, 0UL], Read(opened.Store, second).Select(b => b.NotApplicable));
    }

    [Fact]
    public async Task A_record_of_either_form_makes_the_same_rows()
    {
        await using var now = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        await using var before = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var codes = Codes(117);
        var record = await SubmitAsync(now.Store, codes, 30);
        await RegisterAsync(before.Store, codes);
        Assert.Null((await KeepAsync(before.Store, AsBefore(record))).Refusal);
        var old = before.Store.FindRecord(record.Position)!;
        Assert.Equal(117, old.Content.ReportSubmitted.BranchSuffixes.Count);
        Assert.Equal(Read(now.Store, record), Read(before.Store, old));
        const string rows = "select * exclude (hash) from fact_report", branchRows = "select * from fact_branch_report";
        Assert.Equal(117, now.Store.Lines(branchRows).Count);
        Assert.Equal(now.Store.Lines(branchRows), before.Store.Lines(branchRows));
        Assert.Equal(now.Store.Lines(rows), before.Store.Lines(rows));
        await before.Store.DisposeAsync();
        File.Delete(Path.Combine(before.Directory, StarFile.FileName));
        await before.ReopenAsync();
        Assert.Equal(now.Store.Lines(branchRows), before.Store.Lines(branchRows));
    }

    [Fact]
    public async Task A_report_of_117_branches_takes_less_than_9_bytes_a_branch()
    {
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var record = await SubmitAsync(opened.Store, Codes(117), 30);
        Assert.InRange(record.Bytes.Length, 117, 117 * 9 - 1);
    }

    private static readonly Dictionary<string, Action<ReportSubmitted>> Alterations = new()
    {
        ["width negative"] = r => r.BranchSuffixWidth = -1,
        ["width too large"] = r => r.BranchSuffixWidth = 19,
        ["width huge"] = r => r.BranchSuffixWidth = int.MaxValue,
        ["width other"] = r => r.BranchSuffixWidth = 4,
        ["width gone"] = r => r.BranchSuffixWidth = 0,
        ["a step too few"] = r => r.BranchSteps.RemoveAt(2),
        ["a step too many"] = r => r.BranchSteps.Add(1),
        ["met too few"] = r => r.Met.RemoveAt(0),
        ["not applicable too few"] = r => r.NotApplicable.Add(0),
        ["a branch twice"] = r => r.BranchSteps[1] = 0,
        ["unknown branch"] = r => r.BranchSteps[2] = 7,
        ["over the width"] = r => r.BranchSteps[2] = 1000,
        ["overflow"] = r => r.BranchSteps[2] = ulong.MaxValue,
        ["overflow twice"] = r => (r.BranchSteps[0], r.BranchSteps[1]) = (ulong.MaxValue, ulong.MaxValue),
        ["both forms"] = r => r.BranchSuffixes.Add("001"),
        ["prefix other"] = r => r.BranchPrefix = "990101101",
        ["prefix long"] = r => r.BranchPrefix = new string('9', 100_000),
        ["text out of order"] = r => AsText(r, "003", "002", "001", "004"),
        ["text twice"] = r => AsText(r, "001", "001", "002", "003"),
        ["text unknown"] = r => AsText(r, "001", "002", "003", "009"),
        ["text long"] = r => AsText(r, "001", "002", "003", new string('党', 100_000)),
        ["text too few"] = r => AsText(r, "001", "002", "003"),
    };

    [Fact]
    public async Task Branches_that_the_hub_does_not_write_are_damage_and_no_crash()
    {
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var record = await SubmitAsync(opened.Store, Codes(4), 30);
        Assert.Equal([0, 1, 2, 3], KeptReport.Branches(With(record, Wider(record)), Registered(opened.Store)).Select(b => b.Index));
        foreach (var (what, alter) in Alterations)
        {
            var altered = Wider(record);
            alter(altered);
            var found = Record.Exception(() => KeptReport.Branches(With(record, altered), Registered(opened.Store)).ToList());
            Assert.True(found is StoreDamagedException, $"{what}: {found}");
        }
    }

    [Theory]
    [InlineData("overflow")]
    [InlineData("text unknown")]
    public async Task A_log_with_such_a_record_is_not_served(string what)
    {
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        var altered = Wider(await SubmitAsync(opened.Store, Codes(4), 30));
        Alterations[what](altered);
        altered.Version = 2;
        Assert.NotNull((await KeepAsync(opened.Store, altered)).Refusal);
        await opened.Store.DisposeAsync();
        Append(opened.Directory, altered);
        var found = Assert.Throws<StoreDamagedException>(() => HubStore.Open(opened.Directory, opened.Clock));
        Assert.Contains("restore it from a backup", found.Message, StringComparison.Ordinal);
    }

    /// <summary>As the store itself would never do.</summary>
    private static void Append(string directory, ReportSubmitted report)
    {
        using var log = LogFile.Open(directory);
        var last = log.ReadAll().Last();
        log.Settle();
        var content = new LogRecord { ReportSubmitted = report };
        var bytes = content.ToByteArray();
        log.Append([new LoggedRecord(last.Position + 1, last.ReceivedAtUs, bytes, LoggedRecord.HashOf(last.Hash, last.Position + 1, last.ReceivedAtUs, bytes), content)]);
    }

    /// <summary>Four branches differ in their last digit alone: a wider rest leaves more to alter.</summary>
    private static ReportSubmitted Wider(LoggedRecord record)
    {
        var wider = record.Content.ReportSubmitted.Clone();
        (wider.BranchPrefix, wider.BranchSuffixWidth, wider.BranchSteps[0]) = ($"{Code}00", 3, 1);
        return wider;
    }

    private static void AsText(ReportSubmitted report, params string[] rests)
    {
        (report.BranchSuffixWidth, report.BranchPrefix) = (0, $"{Code}00");
        report.BranchSteps.Clear();
        report.BranchSuffixes.Add(rests);
    }

    private static ReportSubmitted AsBefore(LoggedRecord record)
    {
        var kept = record.Content.ReportSubmitted.Clone();
        AsText(kept, [.. Enumerable.Range(1, kept.Met.Count).Select(i => $"{i:D3}")]);
        if (kept.NotApplicable.Count == 0) kept.NotApplicable.Add(kept.Met.Select(_ => 0UL));
        return kept;
    }

    private static LoggedRecord With(LoggedRecord record, ReportSubmitted report) => record with { Content = new LogRecord { ReportSubmitted = report } };

    private static BranchList Registered(HubStore store) => store.State.FindTownship(Code)!.Branches;

    private static List<(string Code, ulong Met, ulong NotApplicable)> Read(HubStore store, LoggedRecord record) =>
        [.. KeptReport.Branches(record, Registered(store)).Select(b => (Registered(store).CodeAt(b.Index), b.Met, b.NotApplicable))];

    private static string[] Codes(int count) => [.. Enumerable.Range(1, count).Select(i => $"{Code}{i:D5}")];

    private static List<BranchStates> States(string[] codes, int notMetInHundred)
    {
        var random = new Random(codes.Length);
        return [.. codes.Select((c, i) => StoreCalls.States(c, Kinds[i % 4], random, notMetInHundred))];
    }

    private static async Task RegisterAsync(HubStore store, string[] codes)
    {
        await store.DefineAsync("p", 2025, "");
        Assert.Null((await store.RegisterAsync([new Township { Code = Code, Name = "青禾镇" }], codes.Select((c, i) => StoreCalls.Branch(c, Code, Kinds[i % 4])))).Refusal);
    }

    private static async Task<LoggedRecord> SubmitAsync(HubStore store, string[] codes, int notMetInHundred)
    {
        await RegisterAsync(store, codes);
        return await SubmitAsync(store, States(codes, notMetInHundred), "report-0001", 0);
    }

    private static async Task<LoggedRecord> SubmitAsync(HubStore store, List<BranchStates> branches, string id, int expectedVersion)
    {
        var report = new Report { Programme = "p", Township = Code, Period = "2026-01", Branches = { branches } };
        var kept = await store.SubmitAsync(report, id, expectedVersion, store.Clock.GetUtcNow());
        return store.FindRecord(kept.Value.Receipt.Position)!;
    }

    private static Task<Outcome<bool>> KeepAsync(HubStore store, ReportSubmitted report) => store.WriteAsync<bool>(
        (_, _) => new Decision<bool>([new Draft(new LogRecord { ReportSubmitted = report })], _ => true), CancellationToken.None);
}
