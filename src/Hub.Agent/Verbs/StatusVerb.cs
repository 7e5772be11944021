using System.CommandLine;
using Hub.Agent.Outbox;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent status</c>: what the agent has to send and has sent.</summary>
internal static class StatusVerb
{
    // A year of corrections and more.
    private const int MostShown = 50;

    public static Command Make()
    {
        var data = AgentOptions.Data();
        var command = new Command("status", Verb.WithExample(Verb.Say("列出待报和已报的报告", "Lists what is to be sent and what has been"), "hub-agent status --data ./agent")) { data };
        command.SetAction(parsed =>
        {
            using var outbox = ReportOutbox.OpenToRead(parsed.GetRequiredValue(data));
            var entries = outbox.All();
            foreach (var entry in entries.TakeLast(MostShown).Reverse()) Console.WriteLine(Line(entry).In(Verb.Language));
            if (entries.Count == 0) Console.WriteLine(Verb.Say("还没有校验通过的报告", "no valid report yet"));
            return 0;
        });
        return command;
    }

    private static Text Line(OutboxEntry entry)
    {
        var report = entry.Report;
        var state = entry.State switch
        {
            DeliveryState.Waiting when entry.Why is { } why => new($"待再报（{HubTime.Instant(entry.SendAt)}）：{why.Chinese}", $"to be tried again at {HubTime.Instant(entry.SendAt)}: {why.English}"),
            DeliveryState.Waiting => new($"将于 {HubTime.Instant(entry.SendAt)} 上报", $"to be sent at {HubTime.Instant(entry.SendAt)}"),
            DeliveryState.Parked => new Text($"需要处理：{entry.Why?.Chinese}", $"needs a person: {entry.Why?.English}"),
            _ => ReceiptFile.InWords(new Sent(entry.SubmissionId, report, entry.Receipt!, false, entry.OnTime, [])),
        };
        var confirmed = entry.State == DeliveryState.Confirmed ? new Text("（已核对）", " (reconciled)") : new Text("", "");
        return new($"{report.Period} {report.Township} {Path.GetFileName(entry.File)}：{state.Chinese}{confirmed.Chinese}",
            $"{report.Period} {report.Township} {Path.GetFileName(entry.File)}: {state.English}{confirmed.English}");
    }
}
