using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Data.Sqlite;

namespace Hub.Agent.Outbox;

/// <summary>The reports of a township on their way, in <c>DIR/outbox.db</c>: each is written here before it is first tried, and stays. What a method
/// has done is on disk when it returns.</summary>
internal sealed class ReportOutbox : IDisposable
{
    public const string FileName = "outbox.db";

    private const string SameMonth = "programme = $programme and township = $township and period = $period";

    private readonly SqliteConnection connection;

    private ReportOutbox(SqliteConnection connection) => (this.connection, Inbox) = (connection, new TownshipInbox(connection));

    /// <summary>What has come back, in the same file.</summary>
    public TownshipInbox Inbox { get; }

    /// <exception cref="CommandFailedException">The file cannot be opened.</exception>
    public static ReportOutbox Open(string directory)
    {
        Directory.CreateDirectory(directory);
        return Open(directory, connection =>
        {
            // FULL: a power cut takes nothing of what was committed.
            connection.Execute("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
            MakeTables(connection);
        });
    }

    // Also for looking only: an earlier release left fewer.
    private static void MakeTables(SqliteConnection connection)
    {
        using var schema = new StreamReader(typeof(ReportOutbox).Assembly.GetManifestResourceStream("outbox.sql")!);
        connection.Execute(schema.ReadToEnd());
    }

    /// <summary>For looking only, beside an agent that runs.</summary>
    public static ReportOutbox OpenToRead(string directory) => File.Exists(Path.Combine(directory, FileName))
        ? Open(directory, connection =>
        {
            connection.Execute("pragma busy_timeout = 5000");
            MakeTables(connection);
            connection.Execute("pragma query_only = on");
        })
        : throw new CommandFailedException(new(
            $"{directory} 中没有报送端的数据：hub-agent run 还没有在这里运行过", $"{directory} holds no agent's data: hub-agent run has not run there yet"));

    private static ReportOutbox Open(string directory, Action<SqliteConnection> prepare)
    {
        var file = Path.Combine(directory, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            prepare(connection);
            return new ReportOutbox(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new CommandFailedException(new($"无法打开 {file}：{e.Message}", $"cannot open {file}: {e.Message}"));
        }
    }

    /// <summary>In the order in which they were put here, as all that follow.</summary>
    public List<OutboxEntry> All() => Read("true");

    public List<OutboxEntry> Waiting() => Read("state = 'waiting'");

    /// <summary>What the hub has given receipts for.</summary>
    public List<OutboxEntry> Held() => Read("state in ('kept', 'confirmed')");

    /// <summary>What nothing, or something else, was said of beside its file.</summary>
    public List<OutboxEntry> Untold() => Read("told = 0");

    /// <summary>Those of a report's programme, township and month.</summary>
    public List<OutboxEntry> OfMonth(Report report) => Read(SameMonth, Month(report));

    public List<OutboxEntry> OfFile(string file) => Read("file = $file", ("$file", file));

    /// <summary>What was parked for a reason of the hub.</summary>
    public List<OutboxEntry> RefusedFor(string reason) => Read("state = 'parked' and refused_for = $reason", ("$reason", reason));

    public OutboxEntry? Find(string submissionId) => Read("submission_id = $id", ("$id", submissionId)).SingleOrDefault();

    /// <summary>Adds a report. One of the same township and month that was never tried is out of date, and goes.</summary>
    public void Put(OutboxEntry entry)
    {
        using var transaction = connection.BeginTransaction();
        Withdraw(entry.Report);
        Execute("""
            insert into submission (submission_id, place, programme, township, period, report, file, saved_at, notes, send_at, due_at, state, expected_version)
            values ($id, (select coalesce(max(place), 0) + 1 from submission), $programme, $township, $period, $report, $file, $saved, $notes, $send, $due, 'waiting', $follows)
            """,
            [("$id", entry.SubmissionId), .. Month(entry.Report), ("$report", entry.Report.ToByteArray()), ("$file", entry.File), ("$saved", HubTime.ToMicroseconds(entry.SavedAt)),
            ("$notes", entry.Notes), ("$send", HubTime.ToMicroseconds(entry.SendAt)), ("$due", HubTime.ToMicroseconds(entry.DueAt)), ("$follows", entry.ExpectedVersion)]);
        transaction.Commit();
    }

    /// <summary>Takes back what was never tried of a township and month.</summary>
    public void Withdraw(Report report) => Execute($"delete from submission where state = 'waiting' and attempts = 0 and {SameMonth}", Month(report));

    /// <summary>Before a try: from here on the hub may have it.</summary>
    public void Trying(string submissionId, int expectedVersion) =>
        Execute("update submission set attempts = attempts + 1, expected_version = $follows where submission_id = $id", ("$id", submissionId), ("$follows", expectedVersion));

    public void Follow(string submissionId, int expectedVersion) =>
        Execute("update submission set expected_version = $follows where submission_id = $id", ("$id", submissionId), ("$follows", expectedVersion));

    /// <summary>It need not wait longer than this.</summary>
    public void Hasten(string submissionId, DateTimeOffset sendAt) => Execute(
        "update submission set send_at = $send, told = 0 where submission_id = $id and state = 'waiting' and send_at > $send",
        ("$id", submissionId), ("$send", HubTime.ToMicroseconds(sendAt)));

    /// <param name="isUnexplained">Whether it ended in UNKNOWN or INTERNAL.</param>
    public void Failed(string submissionId, Text why, DateTimeOffset sendAt, bool isUnexplained) => Execute(
        // The words beside the file change with the reason, not with each attempt.
        "update submission set told = told and why_en is $en, why_zh = $zh, why_en = $en, send_at = $send, unexplained = unexplained + $unexplained where submission_id = $id",
        ("$id", submissionId), ("$zh", why.Chinese), ("$en", why.English), ("$send", HubTime.ToMicroseconds(sendAt)), ("$unexplained", isUnexplained ? 1 : 0));

    /// <param name="refusedFor">The hub's own reason; empty where the answer was not the hub's.</param>
    public void Parked(string submissionId, string refusedFor, Text why) => Execute(
        "update submission set state = 'parked', told = 0, refused_for = $reason, why_zh = $zh, why_en = $en where submission_id = $id",
        ("$id", submissionId), ("$reason", refusedFor), ("$zh", why.Chinese), ("$en", why.English));

    /// <summary>A parked one waits again, under its own id.</summary>
    /// <param name="savedAt">When its content was saved once more.</param>
    public void Revive(string submissionId, DateTimeOffset savedAt, DateTimeOffset sendAt) => Execute(
        "update submission set state = 'waiting', told = 0, unexplained = 0, saved_at = $saved, send_at = $send where submission_id = $id and state = 'parked'",
        ("$id", submissionId), ("$saved", HubTime.ToMicroseconds(savedAt)), ("$send", HubTime.ToMicroseconds(sendAt)));

    /// <summary>The same content was saved once more, perhaps under another name: beside that file it is told from here on.</summary>
    public void SavedAs(string submissionId, string file) => Execute("update submission set file = $file, told = 0 where submission_id = $id", ("$id", submissionId), ("$file", file));

    /// <summary>What was parked for a reason waits again, except where a later report of the month has arrived, or may have: old content must not come after new.</summary>
    public void ReviveAll(string refusedFor) => Execute("""
        update submission set state = 'waiting', told = 0, unexplained = 0 where state = 'parked' and refused_for = $reason and not exists (
          select 1 from submission l where l.programme = submission.programme and l.township = submission.township and l.period = submission.period
            and l.place > submission.place and (l.receipt is not null or l.attempts > 0))
        """, ("$reason", refusedFor));

    public void Kept(string submissionId, Receipt receipt, bool? onTime) => Execute(
        "update submission set state = 'kept', told = 0, why_zh = null, why_en = null, receipt = $receipt, on_time = $onTime where submission_id = $id",
        ("$id", submissionId), ("$receipt", receipt.ToByteArray()), ("$onTime", onTime is { } known ? known ? 1 : 0 : null));

    public void Confirmed(string submissionId) => Execute("update submission set state = 'confirmed' where submission_id = $id and state = 'kept'", ("$id", submissionId));

    /// <summary>The hub has lost it: it waits again, to be sent under its own id. Its receipt holds no more; and what waits behind it follows no version of which the
    /// hub may have given the number to another report.</summary>
    public void SendAgain(string submissionId, DateTimeOffset sendAt, Text why) => Execute("""
        update submission set state = 'waiting', told = 0, receipt = null, on_time = null, send_at = $send, why_zh = $zh, why_en = $en where submission_id = $id;
        update submission set expected_version = 0 from (select programme, township, period from submission where submission_id = $id) lost
          where submission.state = 'waiting' and submission.programme = lost.programme and submission.township = lost.township and submission.period = lost.period
        """,
        ("$id", submissionId), ("$send", HubTime.ToMicroseconds(sendAt)), ("$zh", why.Chinese), ("$en", why.English));

    /// <param name="isTold">Whether its words stand beside the file.</param>
    public void Told(string submissionId, bool isTold) => Execute("update submission set told = $told where submission_id = $id", ("$id", submissionId), ("$told", isTold ? 1 : 0));

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

    /// <summary>Whatever it was when it was checked, it is to be checked again.</summary>
    public void NotChecked(string file) => Execute("delete from checked where file = $file", ("$file", file));

    /// <summary>Keeps what is wrong with a file, a line each; empty where nothing is.</summary>
    public void Wrong(string file, IReadOnlyList<Text> lines)
    {
        if (lines.Count == 0) Execute("delete from wrong where file = $file", ("$file", file));
        else Execute("insert into wrong values ($file, $zh, $en) on conflict (file) do update set words_zh = excluded.words_zh, words_en = excluded.words_en",
            ("$file", file), ("$zh", string.Join('\n', lines.Select(l => l.Chinese))), ("$en", string.Join('\n', lines.Select(l => l.English))));
    }

    /// <summary>What is wrong with a file as it was last looked at, a line each.</summary>
    public IEnumerable<Text> WrongWith(string file) => AllWrong().Where(w => w.File == file).SelectMany(w => w.Lines.Chinese.Split('\n').Zip(w.Lines.English.Split('\n'), (zh, en) => new Text(zh, en)));

    /// <summary>What is wrong with the files that were looked at, a line each.</summary>
    public List<(string File, Text Lines)> AllWrong()
    {
        using var command = Command("select file, words_zh, words_en from wrong order by file");
        using var reader = command.ExecuteReader();
        var wrong = new List<(string, Text)>();
        while (reader.Read()) wrong.Add((reader.GetString(0), new(reader.GetString(1), reader.GetString(2))));
        return wrong;
    }

    public void Dispose() => connection.Dispose();

    private static (string Name, object? Value)[] Month(Report report) => [("$programme", report.Programme), ("$township", report.Township), ("$period", report.Period)];

    private List<OutboxEntry> Read(string condition, params (string Name, object? Value)[] parameters)
    {
        using var command = Command($"select * from submission where {condition} order by place", parameters);
        using var reader = command.ExecuteReader();
        var entries = new List<OutboxEntry>();
        while (reader.Read())
        {
            T? Value<T>(string column) => reader[column] is T value ? value : default;
            entries.Add(new OutboxEntry(
                Value<string>("submission_id")!, Report.Parser.ParseFrom(Value<byte[]>("report")), Value<string>("file")!, HubTime.FromMicroseconds(Value<long>("saved_at")), Value<string>("notes")!,
                HubTime.FromMicroseconds(Value<long>("send_at")), HubTime.FromMicroseconds(Value<long>("due_at")), (int)Value<long>("expected_version"), Enum.Parse<DeliveryState>(Value<string>("state")!, ignoreCase: true),
                (int)Value<long>("attempts"), (int)Value<long>("unexplained"), Value<string>("why_zh") is { } zh ? new Text(zh, Value<string>("why_en")!) : null,
                Value<byte[]>("receipt") is { } receipt ? Receipt.Parser.ParseFrom(receipt) : null, reader["on_time"] is long onTime ? onTime == 1 : null));
        }
        return entries;
    }

    private void Execute(string sql, params (string Name, object? Value)[] parameters) => connection.Execute(sql, parameters);

    private SqliteCommand Command(string sql, params (string Name, object? Value)[] parameters) => connection.Command(sql, parameters);
}
