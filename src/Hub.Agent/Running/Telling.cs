using Hub.Agent.Outbox;
using Hub.Programmes;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Writes beside each workbook how far its report has come, and its receipt, again and again until it stands there: a folder that is away or full
/// changes nothing of what is so.</summary>
internal sealed class Telling(ReportOutbox outbox, ILogger log)
{
    private readonly HashSet<string> failing = new(StringComparer.Ordinal);

    public async Task StepAsync(CancellationToken cancellation)
    {
        foreach (var entry in outbox.Untold())
        {
            try
            {
                if (!Directory.Exists(Path.GetDirectoryName(entry.File))) continue;
                if (entry.Receipt is not null && entry.State != DeliveryState.Waiting) await ReceiptFile.WriteAsync(entry.File, DeliveryWords.Sent(entry), cancellation);
                // What a file says is that of its last report, after what is wrong with what was saved since.
                if (outbox.OfFile(entry.File)[^1].SubmissionId == entry.SubmissionId) ResultFile.Write(entry.File, [.. outbox.WrongWith(entry.File), .. Lines(entry)]);
                outbox.Told(entry.SubmissionId, isTold: true);
                failing.Remove(entry.File);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (failing.Add(entry.File)) log.Warn(new($"结果写不到 {entry.File} 旁边，稍后再写：{e.Message}", $"the result cannot be written beside {entry.File} and will be later: {e.Message}"));
            }
        }
    }

    private static List<Text> Lines(OutboxEntry entry) =>
        [.. entry.Notes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(note => new Text("提示：" + note, "note: " + note)), DeliveryWords.Of(entry)];
}
