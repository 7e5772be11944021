using Hub.Programmes;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Store;

/// <summary>What a check of the whole store found.</summary>
/// <param name="Problems">Empty when all is well.</param>
public sealed record Verification(long Records, byte[] HeadHash, IReadOnlyList<Text> Problems)
{
    private const int MaxProblems = 100;

    internal static Verification Run(LogFile log, StarFile star, long knownPosition, byte[] knownHash, CancellationToken cancellation)
    {
        var problems = new List<Text>();
        var (records, hash) = (0L, LoggedRecord.GenesisHash);
        try
        {
            (records, hash) = log.FindProblems(problems, MaxProblems, cancellation);
        }
        // A block that cannot be read any more, while serving.
        catch (StoreDamagedException e)
        {
            problems.Add(e.Text);
        }
        if (knownPosition > 0 && !(log.FindHash(knownPosition) ?? []).AsSpan().SequenceEqual(knownHash)) problems.Add(new(
            $"第 {knownPosition} 条记录不存在或与所给校验值不同：日志被截短或整体改写", $"record {knownPosition} is missing or has another hash than the one given: the log was cut or rewritten"));
        try
        {
            if (problems.Count == 0) problems.AddRange(CompareWithReplay(log, star, cancellation));
        }
        // The chain holds, and yet a record says what none of the hub's does.
        catch (StoreDamagedException e)
        {
            problems.Add(e.Text);
        }
        return new(records, hash, problems);
    }

    private static IEnumerable<Text> CompareWithReplay(LogFile log, StarFile star, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"hub-verify-{Guid.NewGuid():N}.duckdb");
        try
        {
            using var replayed = StarFile.OpenFile(file);
            var (position, running) = star.Fingerprint();
            var state = new HubState();
            var batch = new List<LoggedRecord>();
            foreach (var record in log.ReadThrough(position))
            {
                cancellation.ThrowIfCancellationRequested();
                state.Apply(record);
                batch.Add(record);
                if (batch.Count < 1000) continue;
                replayed.Project(batch, state);
                batch.Clear();
            }
            if (batch.Count > 0) replayed.Project(batch, state);
            foreach (var (table, fingerprint) in replayed.Fingerprint().Tables)
                if (running[table] != fingerprint) yield return new(
                    $"投影表 {table} 与日志重放的结果不同，请停止中心、删除 {StarFile.FileName} 后重新启动",
                    $"the star's table {table} differs from a replay of the log; stop the hub, delete {StarFile.FileName} and start again");
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".wal");
        }
    }
}
