using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Import;

namespace Hub.Tests.Store;

internal sealed partial class RandomSequence
{
    /// <summary>One or two further versions of a period as history, at times with a new township, a gap, or a version that is kept.</summary>
    private async Task ImportAsync(HubStore store, DateTimeOffset now)
    {
        var (townships, branches) = (new List<TownshipRow>(), new List<BranchRow>());
        var township = Any(County.Townships.Keys);
        if (random.Next(3) == 0)
        {
            var t = NewTownship();
            var b = NewBranch(township = t.Code);
            townships.Add(new(2, t.Code, t.Name));
            branches.Add(new(2, b.Code, b.Name, b.Township, b.Kind, b.Star.ToString(CultureInfo.InvariantCulture), b.ActiveFrom, b.ActiveTo));
        }
        var period = Any(["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]);
        var known = County.Versions(township, period);
        var from = known + 1 + (random.Next(5) == 0 ? random.Next(-1, 2) : 0);
        var reports = Enumerable.Range(from, random.Next(1, 3)).Select(v => (Version: v, Report: Historic(township, period), At: now.AddMinutes(-random.Next(100_000)))).ToList();
        var possible = from == known + 1 && from > 0 && string.CompareOrdinal(period, "2025-12") >= 0 && now >= ModelCounty.EndOf(period)
            && !County.IsLocked(township, period) && (reports.Count == 1 || !County.Published.ContainsKey(period));

        var folder = new CountyFolder([], townships, branches,
            [.. reports.Select((r, i) => new SubmissionRow(i + 2, County.Programme, township, period, Number(r.Version), r.At.ToString("O", CultureInfo.InvariantCulture)) { Narrative = r.Report.Narrative, SignOff = r.Report.SignOff })],
            [.. reports.SelectMany(r => r.Report.Branches.Select(b => new StatesRow(2, County.Programme, township, period, Number(r.Version), b.Branch, States(b))))]);
        var imported = await store.WriteAsync((state, at) => HistoryImport.Decide(folder, state, at), CancellationToken.None);

        Assert.True(possible == !imported.IsRefused(out var refusal), $"Import of {township} {period} {from} after {known}: {refusal?.Message.English ?? "taken"}");
        if (refusal is not null)
        {
            Assert.Equal(RefusalReason.ImportInvalid, refusal.Reason);
            return;
        }
        foreach (var t in townships) County.Townships[t.Code] = t.Name;
        foreach (var b in branches) Take(StoreCalls.Branch(b.Code, b.Township, b.Kind, int.Parse(b.Star, CultureInfo.InvariantCulture), b.ActiveFrom, b.ActiveTo));
        // Positions are given in the order of versions, and the last is answered.
        for (var i = 0; i < reports.Count; i++)
        {
            var record = store.FindRecord(imported.Value.Position - reports.Count + 1 + i)!;
            County.Keep(new ModelReport(reports[i].Report, new Receipt(record.ToReceipt(reports[i].Version)), "", Imported: true));
            Assert.Equal(HubTime.ToMicroseconds(reports[i].At), record.ReceivedAtUs);
        }
    }

    /// <summary>History is taken as it was: some active branch may be missing.</summary>
    private Report Historic(string township, string period)
    {
        var report = Valid(township, period);
        if (report.Branches.Count > 1 && random.Next(4) == 0) report.Branches.RemoveAt(0);
        return report;
    }

    private static string States(BranchStates branch) => string.Concat(branch.States.Select(s => s == ItemState.Met ? '1' : s == ItemState.NotApplicable ? '-' : '0'));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
