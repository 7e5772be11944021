using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Log;

/// <summary><c>log.duckdb</c>: every record for ever, append-only. One process holds it at a time.</summary>
public sealed class LogFile : IDisposable
{
    public const string FileName = "log.duckdb";
    /// <summary>The write-ahead log is folded into the file when it is this large.</summary>
    public const int CheckpointMegabytes = 32;

    private const int RecordsPerRowGroup = 2048, BlockSize = 32_768;
    // What is appended stays in memory until a checkpoint writes it; forgetting takes what is on disk already, and must leave room for the rest.
    private const string LeftByForgetting = "48MB";
    private const long BytesBetweenForgetting = 16 << 20;

    // By default the engine reads a megabyte ahead, as it counts: blobs hardly count, and 300 MB of the registry came at once.
    private const string OneVectorAtATime = "set streaming_buffer_size = '64KB'";

    private readonly DuckDBConnection connection;
    private readonly string file;
    private readonly string memoryLimit;
    // Whoever reads finds the whole memory: it is taken away only between readings.
    private readonly ReaderWriterLockSlim memory = new();
    private long unforgotten;

    private LogFile(DuckDBConnection connection, string file, string memoryLimit) => (this.connection, this.file, this.memoryLimit) = (connection, file, memoryLimit);

    /// <summary>Position of the last record; 0 when empty.</summary>
    public long HeadPosition { get; private set; }

    public byte[] HeadHash { get; private set; } = LoggedRecord.GenesisHash;

    /// <summary>Opens or creates the file. <see cref="ReadAll"/> must follow before anything is appended.</summary>
    public static LogFile Open(string directory)
    {
        var file = Path.Combine(directory, FileName);
        // A checkpoint writes the last row group anew, so they are small. A record of more than 4 KB goes to blocks of its own, which it shares with
        // few: small ones, then, where the file is new. Read once and appended to, the log needs no threads.
        var blocks = File.Exists(file) ? "" : $", block_size {BlockSize}";
        var connection = DuckDb.Attach(file, "log", $"row_group_size {RecordsPerRowGroup}{blocks}");
        try
        {
            connection.Execute(OneVectorAtATime);
            // Closing must not rewrite a log that was refused: what a damaged file still holds is for whoever repairs it.
            connection.Execute("pragma disable_checkpoint_on_shutdown");
            // Checkpoints are seldom, and without looking for what hardly packs.
            connection.Execute($"set checkpoint_threshold = '{CheckpointMegabytes}MB'; set disabled_compression_methods = 'fsst,dict_fsst,dictionary,zstd'");
            connection.Execute("""
                create table if not exists log.log_record (
                  position bigint not null, received_at_us bigint not null, record blob not null, hash blob not null)
                """);
            return new LogFile(connection, file, (string)connection.Scalar("select current_setting('memory_limit')")!);
        }
        catch (DuckDBException e)
        {
            connection.Dispose();
            throw DuckDb.Translate(e, file);
        }
    }

    /// <summary>Reads every record in order and proves the chain while doing so.</summary>
    /// <exception cref="StoreDamagedException">A record is missing, out of order, altered or unreadable.</exception>
    public IEnumerable<LoggedRecord> ReadAll()
    {
        HeadPosition = 0;
        HeadHash = LoggedRecord.GenesisHash;
        foreach (var record in Read(connection))
        {
            ForgetAfter(record.Bytes.Length);
            if (record.WhyBroken(HeadPosition, HeadHash) is { } why) throw new StoreDamagedException(new(
                $"{file}:{why.Chinese}。请从备份恢复", $"{file}: {why.English}; restore it from a backup"));
            HeadPosition = record.Position;
            HeadHash = record.Hash;
            yield return record.Parse(file);
        }
    }

    /// <summary>Writes into the file itself what was replayed from its write-ahead log, once the chain is proven. After a failed fsync the
    /// operating system may still show a record that the disk never got: only what is written anew is durable.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public void Settle()
    {
        try
        {
            connection.Execute("checkpoint log");
            connection.Execute("pragma enable_checkpoint_on_shutdown");
            Forget();
        }
        catch (DuckDBException e)
        {
            throw new StoreException(new(
                $"无法写入 {file}（{DuckDb.FirstLine(e)}），请检查磁盘空间和权限", $"cannot write {file} ({DuckDb.FirstLine(e)}); see whether the disk has room and may be written"));
        }
    }

    /// <summary>Finds problems of the chain, on a connection of its own so that the writer goes on.</summary>
    /// <returns>The head that was read.</returns>
    public (long Position, byte[] Hash) FindProblems(List<Text> problems, int max, CancellationToken cancellation)
    {
        using var reader = Another();
        var (position, hash) = (0L, LoggedRecord.GenesisHash);
        foreach (var record in Read(reader))
        {
            cancellation.ThrowIfCancellationRequested();
            if (problems.Count < max && record.WhyBroken(position, hash) is { } why) problems.Add(why);
            (position, hash) = (record.Position, record.Hash);
        }
        return (position, hash);
    }

    /// <summary>Records 1 to <paramref name="position"/>, on a connection of its own.</summary>
    public IEnumerable<LoggedRecord> ReadThrough(long position)
    {
        using var reader = Another();
        foreach (var record in Read(reader, $"where position <= {position}")) yield return record.Parse(file);
    }

    /// <summary>One record by position, or null.</summary>
    public LoggedRecord? Find(long position)
    {
        using var reader = Another();
        return Read(reader, $"where position = {position}").Select(r => r.Parse(file)).FirstOrDefault();
    }

    public byte[]? FindHash(long position) => Find(position)?.Hash;

    /// <summary>Appends records in one commit; durable when it returns.</summary>
    public void Append(IReadOnlyList<LoggedRecord> records)
    {
        connection.Commit(() =>
        {
            using var appender = connection.CreateAppender("log", "main", "log_record");
            foreach (var r in records)
                appender.CreateRow().AppendValue(r.Position).AppendValue(r.ReceivedAtUs).AppendValue(r.Bytes).AppendValue(r.Hash).EndRow();
        });
        HeadPosition = records[^1].Position;
        HeadHash = records[^1].Hash;
        ForgetAfter(records.Sum(r => (long)r.Bytes.Length));
    }

    public void Dispose() => connection.Dispose();

    private DuckDBConnection Another()
    {
        var another = connection.Another();
        another.Execute(OneVectorAtATime);
        return another;
    }

    private void ForgetAfter(long bytes)
    {
        if ((unforgotten += bytes) < BytesBetweenForgetting) return;
        unforgotten = 0;
        Forget();
    }

    // What was read or written is not read again: it leaves the memory. A limit that stays could not be kept, since a checkpoint holds a whole row group, and
    // those of older registries have records of 80 KB.
    private void Forget()
    {
        using var another = Another();
        memory.EnterWriteLock();
        try
        {
            Lower(another);
            // Not by RESET: that changes what the setting says and not what holds.
            another.Execute($"set memory_limit = {DuckDb.Quote(memoryLimit)}");
        }
        finally
        {
            memory.ExitWriteLock();
        }
    }

    private static void Lower(DuckDBConnection connection)
    {
        try
        {
            connection.Execute($"set memory_limit = '{LeftByForgetting}'");
        }
        catch (DuckDBException)
        {
            // More than that is in use: it stays.
        }
    }

    private readonly record struct RawRecord(long Position, long ReceivedAtUs, byte[] Bytes, byte[] Hash)
    {
        public LoggedRecord Parse(string file)
        {
            try
            {
                return new(Position, ReceivedAtUs, Bytes, Hash, LogRecord.Parser.ParseFrom(Bytes));
            }
            // Not written by the hub, though its hash was made to fit.
            catch (Google.Protobuf.InvalidProtocolBufferException)
            {
                throw new StoreDamagedException(new($"{file}：记录 {Position} 无法解读，已被改动。请从备份恢复", $"{file}: record {Position} cannot be parsed: it was altered; restore it from a backup"));
            }
        }

        public Text? WhyBroken(long previousPosition, byte[] previousHash)
        {
            if (Position != previousPosition + 1) return new(
                $"记录 {previousPosition} 之后是 {Position}，有缺失或乱序", $"record {previousPosition} is followed by {Position}: missing or out of order");
            if (!LoggedRecord.HashOf(previousHash, Position, ReceivedAtUs, Bytes).AsSpan().SequenceEqual(Hash)) return new(
                $"记录 {Position} 与其校验链不符，已被改动", $"record {Position} does not match its hash in the chain: it was altered");
            return null;
        }
    }

    private IEnumerable<RawRecord> Read(DuckDBConnection connection, string where = "")
    {
        using var command = connection.CreateCommand();
        // As they were appended, which is by position, and the chain shows where it is not: to sort them would take the whole log into memory.
        command.CommandText = $"select position, received_at_us, record, hash from log.log_record {where}";
        command.UseStreamingMode = true;
        using var reader = Guard(command.ExecuteReader);
        while (Guard(() => reader.Read() ? new RawRecord(reader.GetInt64(0), reader.GetInt64(1), Blob(reader, 2), Blob(reader, 3)) : (RawRecord?)null) is { } record)
            yield return record;
    }

    /// <summary>Blocks are read as they are needed: damage may show at any row.</summary>
    private T Guard<T>(Func<T> read)
    {
        memory.EnterReadLock();
        try
        {
            return read();
        }
        catch (DuckDBException e)
        {
            throw DuckDb.Translate(e, file);
        }
        catch (InvalidCastException e)
        {
            throw new StoreDamagedException(new($"{file}：log_record 的内容类型不对（{e.Message}）。请从备份恢复", $"{file}: log_record holds values of another type ({e.Message}); restore it from a backup"));
        }
        finally
        {
            memory.ExitReadLock();
        }
    }

    private static byte[] Blob(DuckDBDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
