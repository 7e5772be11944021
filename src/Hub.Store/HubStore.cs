using System.Threading.Channels;
using DuckDB.NET.Data;
using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Store;

/// <summary>A record to be kept.</summary>
/// <param name="ReceivedAt">Null = the hub's clock when the writer takes it.</param>
public sealed record Draft(LogRecord Record, DateTimeOffset? ReceivedAt = null);

/// <summary>What the writer decided: records to keep (none where the answer is already known), and the answer once they are durable.</summary>
public sealed record Decision<T>(IReadOnlyList<Draft> Drafts, Func<IReadOnlyList<LoggedRecord>, T> Answer);

/// <summary>The data directory: the log, the star projected from it, and one writer. Log commit, star commit, acknowledgement.</summary>
public sealed class HubStore : IAsyncDisposable
{
    private const int MaxPending = 20_000;
    private const int MaxBatch = 512;

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
    private readonly LogFile log;
    private readonly StarFile star;
    private readonly Task writer;
    private volatile Exception? fault;

    private HubStore(string directory, LogFile log, StarFile star, HubState state, TimeProvider clock)
    {
        (Directory, this.log, this.star, State, Clock) = (directory, log, star, state, clock);
        writer = Task.Run(WriteLoopAsync);
    }

    public string Directory { get; }

    public HubState State { get; }

    /// <summary>The hub's clock: the machine's, or the demonstration clock that the log's first record names.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Why the store no longer writes; null while it does.</summary>
    public Exception? Fault => fault;

    /// <summary>Raised once, by the writer, when it stops writing.</summary>
    public event Action<Exception>? Faulted;

    public long HeadPosition => star.Position;

    /// <summary>Opens a data directory or creates one, proves the chain and brings the star up to the log.</summary>
    /// <param name="demonstrationClock">Where the clock of a new directory starts; refused on one created without.</param>
    /// <exception cref="StoreException">Locked, damaged, or not what was asked for.</exception>
    public static HubStore Open(string directory, TimeProvider time, DateTimeOffset? demonstrationClock = null, CancellationToken cancellation = default)
    {
        System.IO.Directory.CreateDirectory(directory);
        var log = LogFile.Open(directory);
        StarFile? star = null;
        try
        {
            star = StarFile.Open(directory);
            var state = Replay(log, star, cancellation);
            if (log.HeadPosition == 0) state = Create(log, star, time, demonstrationClock);
            else if (demonstrationClock is not null && state.DemonstrationClock is null) throw new StoreException(new(
                $"{directory} 不是以演示时钟创建的，不能使用 --clock", $"{directory} was not created with a demonstration clock: leave --clock out, or name a new directory"));
            TimeProvider clock = state.DemonstrationClock is null ? time : new DemonstrationClock(time, state.LatestInstant);
            return new HubStore(directory, log, star, state, clock);
        }
        catch
        {
            star?.Dispose();
            log.Dispose();
            throw;
        }
    }

    /// <summary>Lets the writer decide on the present state. What it keeps is durable, and projected, when the task completes.</summary>
    /// <param name="decide">Runs on the writer alone, with the state and the clock's instant; must be quick and must not throw.</param>
    public async Task<Outcome<T>> WriteAsync<T>(Func<HubState, DateTimeOffset, Outcome<Decision<T>>> decide, CancellationToken cancellation)
    {
        if (fault is not null) return Unavailable();
        var entry = new Pending<T>(decide);
        try
        {
            await pending.Writer.WriteAsync(entry, cancellation);
        }
        catch (ChannelClosedException)
        {
            return new Refusal(RefusalReason.Draining, new("中心正在停止，请稍后再报", "the hub is stopping; try again later"));
        }
        return await entry.Task;
    }

    /// <summary>Reads figures at a point of the log and of time.</summary>
    public Outcome<Reading> Read(long position = 0, DateTimeOffset? asOf = null)
    {
        try
        {
            return Reading.Open(star, position, asOf ?? Clock.GetUtcNow());
        }
        catch (DuckDBException)
        {
            // After a fault, a full disk among them, the engine may refuse even to read.
            return Unavailable();
        }
    }

    public LoggedRecord? FindRecord(long position) => log.Find(position);

    /// <summary>Checks every record of the log, the star against a replay from zero, and the log against a head known from elsewhere.</summary>
    /// <param name="knownPosition">0 = none is known.</param>
    public Verification Verify(long knownPosition, byte[] knownHash, CancellationToken cancellation) =>
        Verification.Run(log, star, knownPosition, knownHash, cancellation);

    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await writer;
        star.Dispose();
        log.Dispose();
    }

    private static HubState Replay(LogFile log, StarFile star, CancellationToken cancellation)
    {
        var state = new HubState();
        var behind = new List<LoggedRecord>();
        foreach (var record in log.ReadAll())
        {
            cancellation.ThrowIfCancellationRequested();
            state.Apply(record);
            if (record.Position == star.Position && !record.Hash.AsSpan().SequenceEqual(star.Hash)) throw new StoreDamagedException(new(
                $"日志记录 {record.Position} 与投影所见不同，日志已被改动。请从备份恢复", $"log record {record.Position} is not the one that was projected: the log was altered; restore it from a backup"));
            if (record.Position <= star.Position) continue;
            behind.Add(record);
            if (behind.Count < 1000) continue;
            star.Project(behind, state);
            behind.Clear();
        }
        if (log.HeadPosition < star.Position) throw new StoreDamagedException(new(
            $"投影已到第 {star.Position} 条，日志只有 {log.HeadPosition} 条：日志丢失了记录。请从备份恢复",
            $"the star stands at record {star.Position}, the log ends at {log.HeadPosition}: the log lost records; restore it from a backup"));
        if (behind.Count > 0) star.Project(behind, state);
        return state;
    }

    private static HubState Create(LogFile log, StarFile star, TimeProvider time, DateTimeOffset? demonstrationClock)
    {
        var created = new HubCreated();
        if (demonstrationClock is { } start) created.DemonstrationClockUs = HubTime.ToMicroseconds(start);
        var state = new HubState();
        var record = Chain(log.HeadPosition, log.HeadHash, new LogRecord { HubCreated = created }, demonstrationClock ?? time.GetUtcNow());
        state.Apply(record);
        log.Append([record]);
        star.Project([record], state);
        return state;
    }

    private static LoggedRecord Chain(long position, byte[] hash, LogRecord content, DateTimeOffset receivedAt)
    {
        var bytes = content.ToByteArray();
        var receivedAtUs = HubTime.ToMicroseconds(receivedAt);
        return new LoggedRecord(position + 1, receivedAtUs, bytes, LoggedRecord.HashOf(hash, position + 1, receivedAtUs, bytes), content);
    }

    private async Task WriteLoopAsync()
    {
        var batch = new List<Pending>(MaxBatch);
        while (await pending.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && pending.Reader.TryRead(out var entry)) batch.Add(entry);
            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<Pending> batch)
    {
        var records = new List<LoggedRecord>();
        try
        {
            if (fault is null)
            {
                foreach (var entry in batch) entry.Decide(State, Clock.GetUtcNow(), draft => Keep(draft, records));
                if (records.Count > 0)
                {
                    log.Append(records);
                    star.Project(records, State);
                }
            }
        }
        catch (Exception e)
        {
            // The state has gone ahead of what is durable: nothing may be acknowledged from it any more.
            fault = e;
            Faulted?.Invoke(e);
        }
        foreach (var entry in batch) entry.Complete(fault is null ? null : Unavailable());
    }

    private LoggedRecord Keep(Draft draft, List<LoggedRecord> records)
    {
        var (position, hash) = records.Count > 0 ? (records[^1].Position, records[^1].Hash) : (log.HeadPosition, log.HeadHash);
        var record = Chain(position, hash, draft.Record, draft.ReceivedAt ?? Clock.GetUtcNow());
        State.Apply(record);
        records.Add(record);
        return record;
    }

    public static Refusal Unavailable() => new(RefusalReason.StoreUnavailable, new(
        "中心暂时无法读写数据（磁盘已满或故障），报告请保留，稍后再报", "the hub cannot read or write its data (disk full or faulty); keep the report and try again later"));

    private abstract class Pending
    {
        public abstract void Decide(HubState state, DateTimeOffset now, Func<Draft, LoggedRecord> keep);
        public abstract void Complete(Refusal? failure);
    }

    private sealed class Pending<T>(Func<HubState, DateTimeOffset, Outcome<Decision<T>>> decide) : Pending
    {
        private readonly TaskCompletionSource<Outcome<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Outcome<T> outcome;
        private Exception? error;

        public Task<Outcome<T>> Task => completion.Task;

        public override void Decide(HubState state, DateTimeOffset now, Func<Draft, LoggedRecord> keep)
        {
            Outcome<Decision<T>> decided;
            try
            {
                decided = decide(state, now);
            }
            catch (Exception e)
            {
                // A bug in one decision, before anything was kept: its caller gets it, the others go on.
                error = e;
                return;
            }
            outcome = decided.IsRefused(out var refusal) ? refusal : decided.Value.Answer([.. decided.Value.Drafts.Select(keep)]);
        }

        public override void Complete(Refusal? failure)
        {
            if (error is not null) completion.SetException(error);
            else completion.SetResult(failure ?? outcome);
        }
    }
}
