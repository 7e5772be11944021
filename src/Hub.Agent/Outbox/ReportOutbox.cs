using Google.Protobuf;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Data.Sqlite;

namespace Hub.Agent.Outbox;

/// <summary>The reports of a township on their way, in <c>DIR/outbox.db</c>: each is written here before it is first tried, and stays. What a method
/// has done is on disk when it returns.</summary>
internal sealed class ReportOutbox : IDisposable
{
    public const string FileName = "outbox.db";

    private readonly SqliteConnection connection;

    private ReportOutbox(SqliteConnection connection) => this.connection = connection;

    /// <exception cref="CommandFailedException">The file cannot be opened.</exception>
    public static ReportOutbox Open(string directory)
    {
        Directory.CreateDirectory(directory);
        return Open(directory, SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>For looking only, beside an agent that runs.</summary>
    public static ReportOutbox OpenToRead(string directory)
    {
        if (!File.Exists(Path.Combine(directory, FileName))) throw new CommandFailedException(new(
            $"{directory} 中没有报送端的数据：hub-agent run 还没有在这里运行过", $"{directory} holds no agent's data: hub-agent run has not run there yet"));
        return Open(directory, SqliteOpenMode.ReadWrite);
    }

    private static ReportOutbox Open(string directory, SqliteOpenMode mode)
    {
        var file = Path.Combine(directory, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // FULL: a power cut takes nothing of what was committed.
            Execute(connection, "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
            using var schema = new StreamReader(typeof(ReportOutbox).Assembly.GetManifestResourceStream("outbox.sql")!);
            Execute(connection, schema.ReadToEnd());
            return new ReportOutbox(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new CommandFailedException(new($"无法打开 {file}：{e.Message}", $"cannot open {file}: {e.Message}"));
        }
    }

    /// <summary>In the order in which they were put here.</summary>
    public List<OutboxEntry> All() => Read("select * from submission order by place");

    public OutboxEntry? Find(string submissionId) => Read("select * from submission where submission_id = $id", ("$id", submissionId)).SingleOrDefault();

    /// <summary>Adds a report. One of the same township and month that was never tried is out of date, and goes.</summary>
    public void Put(OutboxEntry entry)
    {
        using var transaction = connection.BeginTransaction();
        Execute("delete from submission where state = 'waiting' and attempts = 0 and programme = $programme and township = $township and period = $period",
            ("$programme", entry.Report.Programme), ("$township", entry.Report.Township), ("$period", entry.Report.Period));
        Execute("""
            insert into submission (submission_id, place, programme, township, period, report, file, saved_at, send_at, due_at, state, expected_version)
            values ($id, (select coalesce(max(place), 0) + 1 from submission), $programme, $township, $period, $report, $file, $saved, $send, $due, 'waiting', $follows)
            """,
            ("$id", entry.SubmissionId), ("$programme", entry.Report.Programme), ("$township", entry.Report.Township), ("$period", entry.Report.Period),
            ("$report", entry.Report.ToByteArray()), ("$file", entry.File), ("$saved", HubTime.ToMicroseconds(entry.SavedAt)), ("$send", HubTime.ToMicroseconds(entry.SendAt)),
            ("$due", HubTime.ToMicroseconds(entry.DueAt)), ("$follows", entry.ExpectedVersion));
        transaction.Commit();
    }

    /// <summary>Before a try: from here on the hub may have it.</summary>
    public void Trying(string submissionId, int expectedVersion) =>
        Execute("update submission set attempts = attempts + 1, expected_version = $follows where submission_id = $id", ("$id", submissionId), ("$follows", expectedVersion));

    /// <summary>What failed and waits to be tried again need not wait longer.</summary>
    public void TryNow(DateTimeOffset now) =>
        Execute("update submission set send_at = min(send_at, $now) where state = 'waiting' and attempts > 0", ("$now", HubTime.ToMicroseconds(now)));

    public void Follow(string submissionId, int expectedVersion) =>
        Execute("update submission set expected_version = $follows where submission_id = $id", ("$id", submissionId), ("$follows", expectedVersion));

    /// <param name="isUnexplained">Whether it ended in UNKNOWN or INTERNAL.</param>
    public void Failed(string submissionId, Text why, DateTimeOffset sendAt, bool isUnexplained) => Execute(
        "update submission set why_zh = $zh, why_en = $en, send_at = $send, unexplained = unexplained + $unexplained where submission_id = $id",
        ("$id", submissionId), ("$zh", why.Chinese), ("$en", why.English), ("$send", HubTime.ToMicroseconds(sendAt)), ("$unexplained", isUnexplained ? 1 : 0));

    public void Parked(string submissionId, StatusCode status, Text why) => Execute(
        "update submission set state = 'parked', parked_by = $status, why_zh = $zh, why_en = $en where submission_id = $id",
        ("$id", submissionId), ("$status", status.ToString()), ("$zh", why.Chinese), ("$en", why.English));

    /// <summary>What was parked with a status waits again.</summary>
    public void Unpark(StatusCode status) => Execute(
        "update submission set state = 'waiting', parked_by = null, unexplained = 0 where state = 'parked' and parked_by = $status", ("$status", status.ToString()));

    public void Kept(string submissionId, Receipt receipt, bool? onTime) => Execute(
        "update submission set state = 'kept', why_zh = null, why_en = null, receipt = $receipt, on_time = $onTime where submission_id = $id",
        ("$id", submissionId), ("$receipt", receipt.ToByteArray()), ("$onTime", onTime is { } known ? known ? 1 : 0 : null));

    public void Confirmed(string submissionId) => Execute("update submission set state = 'confirmed' where submission_id = $id and state = 'kept'", ("$id", submissionId));

    /// <summary>The hub has lost it: it waits again, to be sent under its own id.</summary>
    public void SendAgain(string submissionId, DateTimeOffset sendAt, Text why) => Execute(
        "update submission set state = 'waiting', send_at = $send, why_zh = $zh, why_en = $en where submission_id = $id",
        ("$id", submissionId), ("$send", HubTime.ToMicroseconds(sendAt)), ("$zh", why.Chinese), ("$en", why.English));

    /// <summary>Whether a file was checked as it now is.</summary>
    public bool IsChecked(string file, DateTimeOffset savedAt, long bytes)
    {
        using var command = Command("select 1 from checked where file = $file and saved_at = $saved and bytes = $bytes",
            ("$file", file), ("$saved", HubTime.ToMicroseconds(savedAt)), ("$bytes", bytes));
        return command.ExecuteScalar() is not null;
    }

    public void Checked(string file, DateTimeOffset savedAt, long bytes) => Execute(
        "insert into checked values ($file, $saved, $bytes) on conflict (file) do update set saved_at = excluded.saved_at, bytes = excluded.bytes",
        ("$file", file), ("$saved", HubTime.ToMicroseconds(savedAt)), ("$bytes", bytes));

    public long? Learnt(string name)
    {
        using var command = Command("select value from learnt where name = $name", ("$name", name));
        return (long?)command.ExecuteScalar();
    }

    public void Learn(string name, long value) =>
        Execute("insert into learnt values ($name, $value) on conflict (name) do update set value = excluded.value", ("$name", name), ("$value", value));

    public void Dispose() => connection.Dispose();

    private List<OutboxEntry> Read(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var entries = new List<OutboxEntry>();
        while (reader.Read())
        {
            T? Value<T>(string column) => reader[column] is T value ? value : default;
            entries.Add(new OutboxEntry(
                Value<string>("submission_id")!, Report.Parser.ParseFrom(Value<byte[]>("report")), Value<string>("file")!, HubTime.FromMicroseconds(Value<long>("saved_at")),
                HubTime.FromMicroseconds(Value<long>("send_at")), HubTime.FromMicroseconds(Value<long>("due_at")), (int)Value<long>("expected_version"), Enum.Parse<DeliveryState>(Value<string>("state")!, ignoreCase: true),
                (int)Value<long>("attempts"), (int)Value<long>("unexplained"), Value<string>("why_zh") is { } zh ? new Text(zh, Value<string>("why_en")!) : null,
                Value<byte[]>("receipt") is { } receipt ? Receipt.Parser.ParseFrom(receipt) : null, reader["on_time"] is long onTime ? onTime == 1 : null));
        }
        return entries;
    }

    private void Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
