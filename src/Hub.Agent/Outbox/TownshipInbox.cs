using Google.Protobuf;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Data.Sqlite;

namespace Hub.Agent.Outbox;

/// <summary>A message of the hub as the agent keeps it.</summary>
/// <param name="ReadAt">When it was read, by the hub's clock.</param>
internal sealed record KeptMessage(string Township, InboxMessage Message, DateTimeOffset ReadAt)
{
    public Text Words => new(Message.WordsZh, Message.WordsEn);

    /// <summary>When it came to pass, or else was read.</summary>
    public DateTimeOffset At => Message.At?.ToDateTimeOffset() ?? ReadAt;
}

/// <summary>What the hub has told, beside the outbox: a page of messages and the cursor behind it are kept in one commit, so that whatever is killed when, each is
/// there once.</summary>
internal sealed class TownshipInbox(SqliteConnection connection)
{
    /// <summary>How far it was read; 0 = nothing yet.</summary>
    public long NextAfter(string township)
    {
        using var command = connection.Command("select next_after from inbox_cursor where township = $township", ("$township", township));
        return command.ExecuteScalar() is long after ? after : 0;
    }

    /// <summary>Townships that anything was read of.</summary>
    public List<string> Townships()
    {
        using var command = connection.Command("select township from inbox_cursor order by township");
        using var reader = command.ExecuteReader();
        var townships = new List<string>();
        while (reader.Read()) townships.Add(reader.GetString(0));
        return townships;
    }

    /// <param name="isHistory">Whether it was before this agent first asked: that is not told again, and no new workbook is made for it.</param>
    public void Put(ReadInboxResponse page, DateTimeOffset readAt, bool isHistory)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var message in page.Messages)
            // Read from the beginning again, a hub that was put back to an older copy may have another one there.
            connection.Execute("""
                insert into message (township, position, message, read_at, told, workbook_due) values ($township, $position, $message, $read, $told, $workbook)
                on conflict (township, position) do update set message = excluded.message, read_at = excluded.read_at, told = excluded.told, workbook_due = excluded.workbook_due
                where message <> excluded.message
                """,
                ("$township", page.Township), ("$position", message.Position), ("$message", message.ToByteArray()), ("$read", HubTime.ToMicroseconds(readAt)), ("$told", isHistory ? 1 : 0),
                ("$workbook", !isHistory && message.KindCase == InboxMessage.KindOneofCase.ChangedRegistry ? 1 : 0));
        connection.Execute("insert into inbox_cursor values ($township, $after) on conflict (township) do update set next_after = excluded.next_after",
            ("$township", page.Township), ("$after", page.NextAfter));
        transaction.Commit();
    }

    /// <summary>The hub's log ends before the cursor: from the beginning again, without what it has no more.</summary>
    public void Restart(string township)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute("delete from message where township = $township", ("$township", township));
        connection.Execute("delete from inbox_cursor where township = $township", ("$township", township));
        transaction.Commit();
    }

    public List<KeptMessage> Untold() => Read("told = 0");

    public void Told(KeptMessage kept) => Set("told = 1", kept);

    /// <summary>The newest message of each township for which new workbooks are still to be made.</summary>
    public List<KeptMessage> WorkbooksDue() => [.. Read("workbook_due = 1").GroupBy(m => m.Township, StringComparer.Ordinal).Select(g => g.Last())];

    /// <summary>New workbooks are there, for this message and those before it.</summary>
    public void WorkbooksMade(KeptMessage kept) => connection.Execute(
        "update message set workbook_due = 0 where township = $township and position <= $position", ("$township", kept.Township), ("$position", kept.Message.Position));

    /// <summary>By position.</summary>
    public List<KeptMessage> All(string township) => Read("township = $township", ("$township", township));

    private void Set(string change, KeptMessage kept) => connection.Execute(
        $"update message set {change} where township = $township and position = $position", ("$township", kept.Township), ("$position", kept.Message.Position));

    private List<KeptMessage> Read(string condition, params (string Name, object? Value)[] parameters)
    {
        using var command = connection.Command($"select township, message, read_at from message where {condition} order by township, position", parameters);
        using var reader = command.ExecuteReader();
        var messages = new List<KeptMessage>();
        while (reader.Read()) messages.Add(new(reader.GetString(0), InboxMessage.Parser.ParseFrom((byte[])reader[1]), HubTime.FromMicroseconds(reader.GetInt64(2))));
        return messages;
    }
}
