using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Log;

/// <summary><c>log.duckdb</c>: every record for ever, append-only. One process holds it at a time.</summary>
public sealed class LogFile : IDisposable
{
    public const string FileName = "log.duckdb";

    private readonly DuckDBConnection connection;
    private readonly string file;

    private LogFile(DuckDBConnection connection, string file) => (this.connection, this.file) = (connection, file);

    /// <summary>Position of the last record; 0 when empty.</summary>
    public long HeadPosition { get; private set; }

    public byte[] HeadHash { get; private set; } = LoggedRecord.GenesisHash;

    /// <summary>Opens or creates the file. <see cref="ReadAll"/> must follow before anything is appended.</summary>
    public static LogFile Open(string directory)
    {
        var file = Path.Combine(directory, FileName);
        // The log is read once and appended to: it needs no threads and little memory.
        var connection = DuckDb.Open(file, ";threads=1");
        try
        {
            connection.Execute("""
                create table if not exists log_record (
                  position bigint not null, received_at_us bigint not null, record blob not null, hash blob not null)
                """);
            return new LogFile(connection, file);
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
            if (record.WhyBroken(HeadPosition, HeadHash) is { } why) throw new StoreDamagedException(new(
                $"{file}:{why.Chinese}。请从备份恢复", $"{file}: {why.English}; restore it from a backup"));
            HeadPosition = record.Position;
            HeadHash = record.Hash;
            yield return record.Parse();
        }
    }

    /// <summary>Every problem of the chain, on a connection of its own so that the writer goes on.</summary>
    public IEnumerable<Text> FindProblems(CancellationToken cancellation)
    {
        using var reader = connection.Another();
        var (position, hash) = (0L, LoggedRecord.GenesisHash);
        foreach (var record in Read(reader))
        {
            cancellation.ThrowIfCancellationRequested();
            if (record.WhyBroken(position, hash) is { } why) yield return why;
            (position, hash) = (record.Position, record.Hash);
        }
    }

    /// <summary>Records 1 to <paramref name="position"/>, on a connection of its own.</summary>
    public IEnumerable<LoggedRecord> ReadThrough(long position)
    {
        using var reader = connection.Another();
        foreach (var record in Read(reader, $"where position <= {position}")) yield return record.Parse();
    }

    /// <summary>One record by position, or null.</summary>
    public LoggedRecord? Find(long position)
    {
        using var reader = connection.Another();
        return Read(reader, $"where position = {position}").Select(r => r.Parse()).FirstOrDefault();
    }

    public byte[]? FindHash(long position) => Find(position)?.Hash;

    /// <summary>Appends records in one commit; durable when it returns.</summary>
    public void Append(IReadOnlyList<LoggedRecord> records)
    {
        using var transaction = connection.BeginTransaction();
        using (var appender = connection.CreateAppender("log_record"))
        {
            foreach (var r in records)
                appender.CreateRow().AppendValue(r.Position).AppendValue(r.ReceivedAtUs).AppendValue(r.Bytes).AppendValue(r.Hash).EndRow();
        }
        transaction.Commit();
        HeadPosition = records[^1].Position;
        HeadHash = records[^1].Hash;
    }

    public void Dispose() => connection.Dispose();

    private readonly record struct RawRecord(long Position, long ReceivedAtUs, byte[] Bytes, byte[] Hash)
    {
        public LoggedRecord Parse() => new(Position, ReceivedAtUs, Bytes, Hash, LogRecord.Parser.ParseFrom(Bytes));

        public Text? WhyBroken(long previousPosition, byte[] previousHash)
        {
            if (Position != previousPosition + 1) return new(
                $"记录 {previousPosition} 之后是 {Position}，有缺失或乱序", $"record {previousPosition} is followed by {Position}: missing or out of order");
            if (!LoggedRecord.HashOf(previousHash, Position, ReceivedAtUs, Bytes).AsSpan().SequenceEqual(Hash)) return new(
                $"记录 {Position} 与其校验链不符，已被改动", $"record {Position} does not match its hash in the chain: it was altered");
            return null;
        }
    }

    private static IEnumerable<RawRecord> Read(DuckDBConnection connection, string where = "")
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select position, received_at_us, record, hash from log_record {where} order by position";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return new RawRecord(reader.GetInt64(0), reader.GetInt64(1), Blob(reader, 2), Blob(reader, 3));
    }

    private static byte[] Blob(DuckDBDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
