using System.Diagnostics;
using DuckDB.NET.Data;

namespace Hub.Benchmarks.Nation;

/// <summary>The least that keeping a report durably costs: its bytes appended to a fresh DuckDB file, so many in a commit. As DuckDB comes, and with what makes appending
/// cheap: small row groups, seldom checkpoints, no search for compression.</summary>
internal static class BareAppend
{
    private const int RecordsPerCommit = 100;

    /// <param name="tuned">Whether with the settings that suit appending.</param>
    /// <returns>Seconds.</returns>
    public static double Measure(string file, IReadOnlyList<byte[]> records, IReadOnlyList<int> order, bool tuned)
    {
        using var connection = new DuckDBConnection(tuned ? "DataSource=:memory:;threads=1" : "DataSource=:memory:");
        connection.Open();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = $"attach '{file.Replace("'", "''", StringComparison.Ordinal)}' as bare{(tuned ? " (row_group_size 2048)" : "")}; use bare;"
                + (tuned ? "set checkpoint_threshold = '64MB'; set disabled_compression_methods = 'fsst,dict_fsst,dictionary,zstd';" : "")
                + "create table kept (position bigint not null, record blob not null)";
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
