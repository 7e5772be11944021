using System.Diagnostics;
using DuckDB.NET.Data;

namespace Hub.Benchmarks.Nation;

/// <summary>The least that keeping a report durably costs: its bytes appended to a fresh DuckDB file, so many in a commit.</summary>
internal static class BareAppend
{
    private const int RecordsPerCommit = 100;

    /// <returns>Seconds.</returns>
    public static double Measure(string file, IReadOnlyList<byte[]> records, IReadOnlyList<int> order)
    {
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = "create table kept (position bigint not null, record blob not null)";
            create.ExecuteNonQuery();
        }
        var started = Stopwatch.GetTimestamp();
        for (var from = 0; from < order.Count; from += RecordsPerCommit)
        {
            using var transaction = connection.BeginTransaction();
            using (var appender = connection.CreateAppender("kept"))
                for (var i = from; i < Math.Min(from + RecordsPerCommit, order.Count); i++)
                    appender.CreateRow().AppendValue((long)i).AppendValue(records[order[i]]).EndRow();
            transaction.Commit();
        }
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
