using Hub.Programmes;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Store;

/// <summary>The log, the star and the state folded from them, as one opening of the directory made them. The writer and every reader hold
/// them; after a fault the last holder closes them, and only then can they be opened again.</summary>
internal sealed class OpenFiles
{
    // A star that is further behind is caught up with in steps of so many bytes of records, some 5,000 reports, its kept tables once at the end.
    private const long BytesProjectedAtOnce = 8 << 20;

    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int holders = 1;
    private int abandoned;

    private OpenFiles(LogFile log, StarFile star, HubState state, Exception? whyRebuilt) => (Log, Star, State, WhyRebuilt) = (log, star, state, whyRebuilt);

    public LogFile Log { get; }

    public StarFile Star { get; }

    public HubState State { get; }

    /// <summary>What was wrong with the star that was found and replaced; null where it was sound.</summary>
    public Exception? WhyRebuilt { get; }

    /// <summary>Completes when nobody holds the files any more and they are closed.</summary>
    public Task Closed => closed.Task;

    /// <summary>Opens the files, proves the chain and brings the star up to the log. A star that is damaged is made anew from the log; one that
    /// has seen what the log does not have means that the log lost records, and is refused.</summary>
    /// <param name="acknowledged">A head that was durable before: the log must still have it.</param>
    public static OpenFiles Open(string directory, KnownHead acknowledged, CancellationToken cancellation)
    {
        var log = LogFile.Open(directory);
        StarFile? star = null;
        var projected = KnownHead.None;
        try
        {
            try
            {
                star = StarFile.Open(directory);
                projected = new(star.Position, star.Hash);
                star.ReadWhole();
                return Settle(log, star, Replay(log, star, [acknowledged, projected], cancellation), null);
            }
            catch (StarDamagedException e)
            {
                star?.Dispose();
                StarFile.Delete(directory);
                star = StarFile.Open(directory);
                return Settle(log, star, Replay(log, star, [acknowledged, projected], cancellation), e);
            }
        }
        catch
        {
            star?.Dispose();
            log.Dispose();
            throw;
        }
    }

    /// <summary>False where the files are closed already.</summary>
    public bool TryHold()
    {
        var held = Volatile.Read(ref holders);
        while (held > 0)
        {
            var seen = Interlocked.CompareExchange(ref holders, held + 1, held);
            if (seen == held) return true;
            held = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref holders) > 0) return;
        Close();
        closed.TrySetResult();
    }

    /// <summary>The writer lets go after a fault; readers finish what they have begun.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref abandoned, 1) == 0) Release();
    }

    /// <summary>Closes the files whoever holds them.</summary>
    public void Close()
    {
        Star.Dispose();
        Log.Dispose();
    }

    private static OpenFiles Settle(LogFile log, StarFile star, HubState state, Exception? whyRebuilt)
    {
        log.Settle();
        // What reading the log left behind would stay for as long as the hub rests.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new OpenFiles(log, star, state, whyRebuilt);
    }

    private static HubState Replay(LogFile log, StarFile star, IReadOnlyList<KnownHead> known, CancellationToken cancellation)
    {
        var (state, projected, projecting) = (new HubState(), star.Position, Task.CompletedTask);
        var (behind, bytes) = (new List<LoggedRecord>(), 0L);
        try
        {
            foreach (var record in log.ReadAll())
            {
                cancellation.ThrowIfCancellationRequested();
                Apply(record, state);
                foreach (var head in known)
                    if (record.Position == head.Position && !record.Hash.AsSpan().SequenceEqual(head.Hash)) throw new StoreDamagedException(new(
                        $"日志记录 {record.Position} 与投影所见不同，日志已被改动。请从备份恢复", $"log record {record.Position} is not the one that was projected: the log was altered; restore it from a backup"));
                if (record.Position <= projected) continue;
                behind.Add(record);
                if ((bytes += record.Bytes.Length) < BytesProjectedAtOnce) continue;
                // While these are written the next ones are read.
                projecting.GetAwaiter().GetResult();
                var batch = behind;
                projecting = Task.Run(() => star.ProjectFacts(batch, state), CancellationToken.None);
                (behind, bytes) = ([], 0);
            }
        }
        finally
        {
            Task.WaitAny([projecting], CancellationToken.None);
        }
        projecting.GetAwaiter().GetResult();
        foreach (var head in known)
            if (log.HeadPosition < head.Position) throw new StoreDamagedException(new(
                $"投影已到第 {head.Position} 条，日志只有 {log.HeadPosition} 条：日志丢失了记录。请从备份恢复",
                $"the star stands at record {head.Position}, the log ends at {log.HeadPosition}: the log lost records; restore it from a backup"));
        if (star.IsKept && behind.Count > 0) star.Project(behind, state);
        else if (behind.Count > 0) star.ProjectFacts(behind, state);
        if (!star.IsKept) star.CatchUp(state, cancellation);
        return state;
    }

    private static void Apply(LoggedRecord record, HubState state)
    {
        try
        {
            state.Apply(record);
        }
        // No record that the hub wrote fails here: one that does was put there by something else, its hash made to fit.
        catch (Exception e) when (e is not StoreException)
        {
            throw new StoreDamagedException(new(
                $"日志记录 {record.Position} 与之前的记录不相容，日志已被改动。请从备份恢复", $"log record {record.Position} does not follow from those before it: the log was altered; restore it from a backup"));
        }
    }
}

/// <summary>A position of the log with its hash, as seen before.</summary>
internal readonly record struct KnownHead(long Position, byte[] Hash)
{
    public static readonly KnownHead None = new(0, LoggedRecord.GenesisHash);
}
