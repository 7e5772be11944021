using System.Globalization;
using Hub.Protocol;
using Hub.Store.Decisions;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;
using SentReport = Hub.Programmes.SentReport;

namespace Hub.Tests.Models;

/// <summary>A reference county put into a hub, and the hub's views set against the reference.</summary>
internal static class CountyInHub
{
    public static string Instant(DateTimeOffset instant) => instant.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Imports registry and reports as a county folder; the log position afterwards.</summary>
    public static async Task<long> ImportAsync(TemporaryStore hub, ReferenceCounty county, IEnumerable<ReferenceReport> reports, Random? shuffle = null)
    {
        var folder = Directory.CreateTempSubdirectory("county-");
        try
        {
            CountyFiles.Write(folder.FullName, county, reports, shuffle);
            var imported = await hub.ImportAsync(folder.FullName);
            Assert.True(imported.Refusal is null, string.Join('\n', imported.Refusal?.Violations.Select(v => v.Message.English) ?? []));
            return hub.Store.HeadPosition;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Registers what the county changed after its first import; the log position afterwards.</summary>
    public static async Task<long> ChangeRegistryAsync(TemporaryStore hub, RandomCounty county)
    {
        var request = new ChangeRegistryRequest();
        foreach (var b in county.Changed.Branches.Except(county.Before.Branches))
            request.Branches.Add(new Branch
            {
                Code = b.Code, Name = b.Code, Township = b.Township, Kind = b.Kind, Star = b.Star,
                ActiveFrom = b.ActiveFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ActiveTo = b.ActiveTo?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            });
        if (request.Branches.Count == 0) return hub.Store.HeadPosition;
        var changed = await hub.Store.WriteAsync((state, _) => ChangeRegistry.Decide(request, state), CancellationToken.None);
        Assert.Null(changed.Refusal?.Message.English);
        return changed.Value;
    }

    /// <summary>What the hub's views show otherwise than the reference does, at a log position (0 = the head) and an instant.</summary>
    /// <param name="views">Which of them; by default all.</param>
    public static List<string> Differences(TemporaryStore hub, ReferenceCounty county, long position, DateTimeOffset asOf, IReadOnlyCollection<string>? views = null)
    {
        var differences = new List<string>();
        foreach (var (view, columns) in ReferenceViews.Columns.Where(v => views?.Contains(v.Key) ?? true))
        {
            var expected = ReferenceViews.Rows(view, county, asOf);
            var actual = hub.Rows($"select {columns} from {view}", position, asOf);
            differences.AddRange(RowComparison.Differences(view, columns, expected, actual).Select(d => $"at {position} as of {Instant(asOf)}: {d}"));
        }
        return differences;
    }

    /// <summary>Defines the county's programmes with a template text, before anything is imported.</summary>
    public static async Task DefineAsync(TemporaryStore hub, ReferenceCounty county, string templateText)
    {
        foreach (var p in county.Programmes)
        {
            var request = new DefineProgrammeRequest { Programme = p.Id, Template = "party-branch", LaunchYear = p.LaunchYear, Area = p.Area, TemplateText = templateText };
            var defined = await hub.Store.WriteAsync((state, _) => DefineProgramme.Decide(request, state), CancellationToken.None);
            Assert.Null(defined.Refusal?.Message.English);
        }
    }

    /// <summary>Sends the reports as townships do, those of different townships in any order, versions one after the other.</summary>
    public static async Task SubmitAsync(TemporaryStore hub, IEnumerable<ReferenceReport> reports, Random order)
    {
        var waiting = reports.GroupBy(r => (r.Programme, r.Township, r.Period)).Select(g => new Queue<ReferenceReport>(g.OrderBy(r => r.Version))).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting[order.Next(waiting.Count)];
            var r = next.Dequeue();
            if (next.Count == 0) waiting.Remove(next);
            var report = new Report { Programme = r.Programme, Township = r.Township, Period = r.Period.ToString() };
            var codes = r.States.Keys.ToArray();
            order.Shuffle(codes);
            foreach (var code in codes)
                report.Branches.Add(new BranchStates { Branch = code, States = { r.States[code].Select(s => s switch { '1' => ItemState.Met, '0' => ItemState.NotMet, _ => ItemState.NotApplicable }) } });
            using var sent = SentReport.Of(report);
            var submission = new SubmitReport(sent, $"{r.Programme}.{r.Period}.{r.Version}", r.Version - 1, r.ReceivedAt);
            var kept = await hub.Store.WriteAsync((state, _) => submission.Decide(state, null), CancellationToken.None);
            Assert.True(kept.Refusal is null, kept.Refusal?.Message.English);
        }
    }

    /// <summary>Every view as text, to the last digit.</summary>
    public static string Output(TemporaryStore hub) => string.Join('\n', ReferenceViews.Columns.SelectMany(v =>
        hub.Rows($"select {v.Value} from {v.Key} order by all").Select(r => $"{v.Key}: {string.Join(',', r)}")));
}
