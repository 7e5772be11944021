using System.Globalization;
using Hub.Protocol;
using Hub.Store.Decisions;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

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
    public static List<string> Differences(TemporaryStore hub, ReferenceCounty county, long position, DateTimeOffset asOf)
    {
        var differences = new List<string>();
        foreach (var (view, columns) in ReferenceViews.Columns)
        {
            var expected = ReferenceViews.Rows(view, county, asOf);
            var actual = hub.Rows($"select {columns} from {view}", position, asOf);
            differences.AddRange(RowComparison.Differences(view, columns, expected, actual).Select(d => $"at {position} as of {Instant(asOf)}: {d}"));
        }
        return differences;
    }
}
