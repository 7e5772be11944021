using System.Threading.Channels;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Store;

/// <summary>The data directory: the log, the star projected from it, and one writer. Log commit, star commit, acknowledgement. When a commit
/// fails nothing is answered from memory any more: the files are closed, and opened again from what is durable as soon as that succeeds.</summary>
public sealed class HubStore : IAsyncDisposable
{
    private const int MaxPending = 20_000;
    private const int MaxBatch = 4096;
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly Task writer;
    private volatile OpenFiles files;
    private volatile Exception? fault;
    private string? told;

    private HubStore(string directory, OpenFiles files, TimeProvider clock)
    {
        (Directory, this.files, Clock) = (directory, files, clock);
        writer = Task.Run(WriteLoopAsync);
    }

    /// <summary>Raised by the writer when it stops writing, with the reason, and with null when it writes again.</summary>
    public event Action<Exception?>? FaultChanged;

    public string Directory { get; }

    public HubState State => files.State;

    /// <summary>The hub's clock: the machine's, or the demonstration clock that the log's first record names.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Why the store neither writes nor reads; null while it does.</summary>
    public Exception? Fault => fault;

    /// <summary>The refusal of everything while there is a fault, else null.</summary>
    public Refusal? WhyUnavailable => fault is null ? null : Unavailable();

    /// <summary>What was wrong with the star that was found at opening and made anew; null where it was sound.</summary>
    public Exception? WhyStarRebuilt => files.WhyRebuilt;

    public long HeadPosition => files.Star.Position;

    /// <summary>Opens a data directory or creates one, proves the chain and brings the star up to the log.</summary>
    /// <param name="demonstrationClock">Where the clock of a new directory starts; refused on one created without.</param>
    /// <exception cref="StoreException">Locked, damaged, or not what was asked for.</exception>
    public static HubStore Open(string directory, TimeProvider time, DateTimeOffset? demonstrationClock = null, CancellationToken cancellation = default)
    {
        System.IO.Directory.CreateDirectory(directory);
        var files = OpenFiles.Open(directory, KnownHead.None, cancellation);
        try
        {
            if (files.Log.HeadPosition == 0) Create(files, time, demonstrationClock);
            else if (demonstrationClock is not null && files.State.DemonstrationClock is null) throw new StoreException(new(
                $"{directory} 不是以演示时钟创建的，不能使用 --clock", $"{directory} was not created with a demonstration clock: leave --clock out, or name a new directory"));
            TimeProvider clock = files.State.DemonstrationClock is null ? time : new DemonstrationClock(time, files.State.LatestInstant);
            return new HubStore(directory, files, clock);
        }
        catch
        {
            files.Close();
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
    /// <param name="asOf">Null = now, or where a record was received since, or the clock was set back, the head's instant.</param>
    public Outcome<Reading> Read(long position = 0, DateTimeOffset? asOf = null)
    {
        var held = files;
        if (fault is not null || !held.TryHold()) return Unavailable();
        try
        {
            return Reading.Open(held, position, asOf, Clock.GetUtcNow());
        }
        catch (DuckDBException e) when (e.ErrorType is not (DuckDBErrorType.Binder or DuckDBErrorType.Catalog or DuckDBErrorType.Parser))
        {
            // A disk that has just run full: the engine may refuse even to read.
            return Unavailable();
        }
    }

    /// <summary>The states that a report is compared with before it is kept: those of the report in force in its period.</summary>
    /// <exception cref="ObjectDisposedException">There is a fault.</exception>
    public ReportedStates StatesBefore(ValidReport report)
    {
        var (state, township) = (State, report.Township);
        if (state.FindReportInForce(report.Programme, township.Code, report.Period) is not { } inForce) return ReportedStates.None;
        if (state.FindStates(report.Programme, township, inForce.Position) is { } states) return states;
        // A period before the latest that was reported: seldom, so that the log is asked. What is on its way there counts as not there yet.
        return FindRecord(inForce.Position) is { } record ? LatestStates.Placed(state.StatesOf(record), township) : ReportedStates.None;
    }

    /// <exception cref="ObjectDisposedException">There is a fault.</exception>
    public LoggedRecord? FindRecord(long position) => Hold(held => held.Log.Find(position));

    /// <summary>Checks every record of the log, the star against a replay from zero, and the log against a head known from elsewhere.</summary>
    /// <param name="knownPosition">0 = none is known.</param>
    /// <exception cref="ObjectDisposedException">There is a fault.</exception>
    public Verification Verify(long knownPosition, byte[] knownHash, CancellationToken cancellation) =>
        Hold(held => Verification.Run(held.Log, held.Star, knownPosition, knownHash, cancellation));

    public async ValueTask DisposeAsync()
    {
        pending.Writer.TryComplete();
        await stopping.CancelAsync();
        await writer;
        files.Close();
    }

    private static void Create(OpenFiles files, TimeProvider time, DateTimeOffset? demonstrationClock)
    {
        var created = new HubCreated();
        if (demonstrationClock is { } start) created.DemonstrationClockUs = HubTime.ToMicroseconds(start);
        var record = Chain(0, LoggedRecord.GenesisHash, new Draft(new LogRecord { HubCreated = created }), demonstrationClock ?? time.GetUtcNow());
        files.State.Apply(record);
        files.Log.Append([record]);
        files.Star.Project([record], files.State);
    }

    private static LoggedRecord Chain(long position, byte[] hash, Draft draft, DateTimeOffset receivedAt)
    {
        var bytes = draft.Bytes ?? draft.Record.ToByteArray();
        var receivedAtUs = HubTime.ToMicroseconds(receivedAt);
        return new LoggedRecord(position + 1, receivedAtUs, bytes, LoggedRecord.HashOf(hash, position + 1, receivedAtUs, bytes), draft.Record) { States = draft.States };
    }

    private T Hold<T>(Func<OpenFiles, T> read)
    {
        var held = files;
        ObjectDisposedException.ThrowIf(fault is not null || !held.TryHold(), this);
        try
        {
            return read(held);
        }
        finally
        {
            held.Release();
        }
    }

    private async Task WriteLoopAsync()
    {
        var batch = new List<Pending>(MaxBatch);
        while (await pending.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && pending.Reader.TryRead(out var entry)) batch.Add(entry);
            Commit(batch);
            batch.Clear();
            if (fault is not null) await RecoverAsync();
        }
    }

    private void Commit(List<Pending> batch)
    {
        try
        {
            if (fault is null) Write(batch);
        }
        catch (Exception e)
        {
            // The state has gone ahead of what is durable: nothing may be answered from it any more.
            fault = e;
            FaultChanged?.Invoke(e);
        }
        foreach (var entry in batch) entry.Complete(WhyUnavailable);
    }

    private void Write(List<Pending> batch)
    {
        var records = new List<LoggedRecord>();
        foreach (var entry in batch) entry.Decide(State, Clock.GetUtcNow(), draft => Keep(draft, records));
        if (records.Count == 0) return;
        files.Log.Append(records);
        files.Star.Project(records, State);
    }

    /// <summary>Refuses everything until the files are closed by their last reader, there is room, and what is durable has been read again. A
    /// record whose commit failed may be found there: then it is settled on disk before it counts.</summary>
    private async Task RecoverAsync()
    {
        // The last head that was acknowledged: the log sets it only when a commit has succeeded.
        var acknowledged = new KnownHead(files.Log.HeadPosition, files.Log.HeadHash);
        files.Abandon();
        while (fault is not null && !stopping.IsCancellationRequested)
        {
            while (pending.Reader.TryRead(out var entry)) entry.Complete(Unavailable());
            if (files.Closed.IsCompleted) TryReopen(acknowledged);
            if (fault is not null) await Task.Delay(ReopenInterval, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void TryReopen(KnownHead acknowledged)
    {
        try
        {
            DiskRoom.Prove(Directory);
            files = OpenFiles.Open(Directory, acknowledged, stopping.Token);
            (fault, told) = (null, null);
            FaultChanged?.Invoke(null);
        }
        catch (StoreDamagedException e)
        {
            fault = e;
            FaultChanged?.Invoke(e);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The hub stops: what is durable is read when it starts again.
        }
        catch (Exception e)
        {
            // Still no room, or the files still cannot be written: the first fault stays the reason given, and each other one is told once. A bug is, too:
            // the writer must live to answer, and to close the files.
            if (e.Message != told) FaultChanged?.Invoke(e);
            told = e.Message;
        }
    }

    private LoggedRecord Keep(Draft draft, List<LoggedRecord> records)
    {
        var (position, hash) = records.Count > 0 ? (records[^1].Position, records[^1].Hash) : (files.Log.HeadPosition, files.Log.HeadHash);
        var record = Chain(position, hash, draft, draft.ReceivedAt ?? Clock.GetUtcNow());
        State.Apply(record);
        records.Add(record);
        return record;
    }

    public static Refusal Unavailable() => new(RefusalReason.StoreUnavailable, new(
        "中心暂时无法读写（磁盘已满或故障），报告请保留，稍后再报", "the hub can neither write nor read for now (disk full or faulty); keep the report and try again later"));
}
