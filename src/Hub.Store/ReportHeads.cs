using System.Collections.Concurrent;
using Hub.Programmes;

namespace Hub.Store;

/// <summary>The highest version of a township's report for one period.</summary>
public readonly record struct ReportHead(int Version, long Position);

/// <summary>The highest version of every report: per programme and township one array by month, 16 bytes a month. One writer, any readers.</summary>
internal sealed class ReportHeads
{
    private readonly ConcurrentDictionary<(string Programme, string Township), Head[]> heads = new();

    private readonly record struct Head(int Month, int Version, long Position);

    public ReportHead? Find(string programme, string township, Period period) => FindLast(programme, township, period, period);

    /// <summary>Of the latest period between two, both included, that has a report.</summary>
    public ReportHead? FindLast(string programme, string township, Period from, Period through)
    {
        var months = heads.GetValueOrDefault((programme, township)) ?? [];
        var at = Array.FindLastIndex(months, h => h.Month <= through.Index);
        return at >= 0 && months[at].Month >= from.Index ? new(months[at].Version, months[at].Position) : null;
    }

    public void Set(string programme, string township, Period period, ReportHead head)
    {
        var months = heads.GetValueOrDefault((programme, township)) ?? [];
        var (before, through) = (months.Count(h => h.Month < period.Index), months.Count(h => h.Month <= period.Index));
        // Made anew each time: readers hold the array that they found.
        heads[(programme, township)] = [.. months.AsSpan(0, before), new(period.Index, head.Version, head.Position), .. months.AsSpan(through)];
    }
}
