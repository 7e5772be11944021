using System.CommandLine;
using Hub.Agent.Enrolling;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent status</c>: what the agent has to send and has sent.</summary>
internal static class StatusVerb
{
    // A year of corrections and more.
    private const int MostShown = 50;
    private const int MostMessages = 10;

    public static Command Make()
    {
        var data = AgentOptions.Data();
        var command = new Command("status", Verb.WithExample(Verb.Say("列出待报和已报的报告，以及最近的消息", "Lists what is to be sent and what has been, and the newest messages"), "hub-agent status --data ./agent")) { data };
        command.SetAction(parsed =>
        {
            var directory = parsed.GetRequiredValue(data);
            var enrolled = Enrolment.Read(directory).Townships.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
            foreach (var (township, credential) in enrolled) Console.WriteLine(Verb.Say(
                $"{township} {credential.Name}：已登记，凭证有效至 {HubTime.Instant(credential.ExpiresAt)}", $"{township} {credential.Name}: enrolled, credential valid until {HubTime.Instant(credential.ExpiresAt)}"));
            if (enrolled.Count > 0 && !File.Exists(Path.Combine(directory, ReportOutbox.FileName))) return 0;
            using var outbox = ReportOutbox.OpenToRead(directory);
            var entries = outbox.All();
            foreach (var entry in entries.TakeLast(MostShown).Reverse()) Console.WriteLine(Line(entry).In(Verb.Language));
            var messages = outbox.Inbox.Townships().SelectMany(outbox.Inbox.All).OrderBy(m => m.Message.Position).TakeLast(MostMessages).Reverse();
            if (entries.Count == 0) Console.WriteLine(Verb.Say("还没有校验通过的报告", "no valid report yet"));
            foreach (var message in messages) Console.WriteLine(Verb.Say(
                $"{message.Township} 消息（{HubTime.LocalDay(message.At):yyyy-MM-dd}）：{message.Words.Chinese}", $"{message.Township} message ({HubTime.LocalDay(message.At):yyyy-MM-dd}): {message.Words.English}"));
            return 0;
        });
        return command;
    }

    private static Text Line(OutboxEntry entry)
    {
        var words = DeliveryWords.WithReconciled(entry);
        var name = $"{entry.Report.Township} {Path.GetFileName(entry.File)}";
        return new($"{name}：{words.Chinese}", $"{name}: {words.English}");
    }
}
