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
        using var command = connection.Command("select next_after from inbox_read where township = $township", ("$township", township));
        return command.ExecuteScalar() is long after ? after : 0;
    }

    /// <summary>The newest message that was read; null where there is none. A hub whose log holds it no more is not as it was read.</summary>
    public KeptMessage? NewestRead(string township) =>
        Read("township = $township and position = (select max(position) from message where township = $township and position <= $after)", ("$township", township), ("$after", NextAfter(township))).SingleOrDefault();

    /// <summary>Townships that anything was read of.</summary>
    public List<string> Townships()
    {
        using var command = connection.Command("select township from inbox_read order by township");
        using var reader = command.ExecuteReader();
        var townships = new List<string>();
        while (reader.Read()) townships.Add(reader.GetString(0));
        return townships;
    }

    /// <summary>A page holds all that there is from the position that was asked for to its end. What lay before this agent first asked is not told, and no new workbook is made for
    /// it.</summary>
    /// <param name="after">The position that was asked for.</param>
    public void Put(ReadInboxResponse page, long after, DateTimeOffset readAt)
    {
        using var transaction = connection.BeginTransaction();
        var isHistory = IsHistory(page.Township);
        // Read from the beginning again, a hub that was put back to an older copy may have nothing there any more, or something else.
        var held = page.Messages.Select(m => m.Position).ToHashSet();
        foreach (var position in Positions(page.Township, after, page.HasMore ? page.NextAfter : long.MaxValue).Where(p => !held.Contains(p)))
            connection.Execute("delete from message where township = $township and position = $position", ("$township", page.Township), ("$position", position));
        foreach (var message in page.Messages)
            if (At(page.Township, message.Position) is { } known && IsSameFact(known, message)) connection.Execute(
                "update message set message = $message where township = $township and position = $position",
                ("$township", page.Township), ("$position", message.Position), ("$message", message.ToByteArray()));
            else connection.Execute("insert or replace into message (township, position, message, read_at, told, workbook_due) values ($township, $position, $message, $read, $told, $workbook)",
                ("$township", page.Township), ("$position", message.Position), ("$message", message.ToByteArray()), ("$read", HubTime.ToMicroseconds(readAt)), ("$told", isHistory ? 1 : 0),
                ("$workbook", !isHistory && message.KindCase == InboxMessage.KindOneofCase.ChangedRegistry ? 1 : 0));
        connection.Execute("insert into inbox_read values ($township, $after, $history) on conflict (township) do update set next_after = excluded.next_after, is_history = excluded.is_history",
            ("$township", page.Township), ("$after", page.NextAfter), ("$history", isHistory && page.HasMore ? 1 : 0));
        transaction.Commit();
    }

    /// <summary>The hub's log is not the one that was read: from the beginning again. Only what is not the same as before is new.</summary>
    public void Restart(string township) => connection.Execute("update inbox_read set next_after = 0 where township = $township", ("$township", township));

    public List<KeptMessage> Untold() => Read("told = 0");

    public void Told(KeptMessage kept) => Set("told = 1", kept);

    /// <summary>The newest message of each township for which new workbooks are still to be made.</summary>
    public List<KeptMessage> WorkbooksDue() => [.. Read("workbook_due = 1").GroupBy(m => m.Township, StringComparer.Ordinal).Select(g => g.Last())];

    /// <summary>New workbooks are there, for this message and those before it.</summary>
    public void WorkbooksMade(KeptMessage kept) => connection.Execute(
        "update message set workbook_due = 0 where township = $township and position <= $position", ("$township", kept.Township), ("$position", kept.Message.Position));

    /// <summary>By position.</summary>
    public List<KeptMessage> All(string township) => Read("township = $township", ("$township", township));

    /// <summary>Whether two messages tell of the same record. Words may be put better, and a report's figures are those of the time of reading: they move while the record stays.</summary>
    public static bool IsSameFact(InboxMessage one, InboxMessage other) => Fact(one).Equals(Fact(other));

    private static InboxMessage Fact(InboxMessage message)
    {
        var fact = message.Clone();
        (fact.WordsZh, fact.WordsEn) = ("", "");
        // The hash is chained over all that the report holds and all before it.
        if (fact.ReceivedReport is { } report) fact.ReceivedReport = new ReceivedReport { Receipt = new Receipt { Hash = report.Receipt?.Hash ?? ByteString.Empty } };
        if (fact.DueReports is { } due)
            foreach (var each in due.Reports) (each.Title, each.Gloss) = ("", "");
        return fact;
    }

    private InboxMessage? At(string township, long position) =>
        Read("township = $township and position = $position", ("$township", township), ("$position", position)).SingleOrDefault()?.Message;

    private bool IsHistory(string township)
    {
        using var command = connection.Command("select is_history from inbox_read where township = $township", ("$township", township));
        return command.ExecuteScalar() is not long isHistory || isHistory == 1;
    }

    private List<long> Positions(string township, long after, long to)
    {
        using var command = connection.Command(
            "select position from message where township = $township and position > $after and position <= $to", ("$township", township), ("$after", after), ("$to", to));
        using var reader = command.ExecuteReader();
        var positions = new List<long>();
        while (reader.Read()) positions.Add(reader.GetInt64(0));
        return positions;
    }

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
