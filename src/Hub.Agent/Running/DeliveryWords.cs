using Hub.Agent.Outbox;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>How far a report has come, in words: the same beside the workbook and in <c>hub-agent status</c>.</summary>
internal static class DeliveryWords
{
    public static Text Of(OutboxEntry entry)
    {
        var (period, at) = (entry.Report.Period, HubTime.Instant(entry.SendAt));
        return entry.State switch
        {
            DeliveryState.Waiting when entry.Why is { } why => new($"{period} 尚未送达，会一直重试：{why.Chinese}", $"{period} has not arrived and is tried again and again: {why.English}"),
            DeliveryState.Waiting => new($"校验通过，{period} 自 {at} 起上报", $"in order: {period} is sent from {at} on"),
            DeliveryState.Parked => new($"{period} 未上报，需要处理：{entry.Why?.Chinese}", $"{period} is not sent and needs a person: {entry.Why?.English}"),
            _ => ReceiptFile.InWords(Sent(entry)),
        };
    }

    /// <summary>With whether the hub's chain was shown to hold it: for looking at all reports.</summary>
    public static Text WithReconciled(OutboxEntry entry)
    {
        var words = Of(entry);
        return entry.State == DeliveryState.Confirmed ? new(words.Chinese + "（已核对）", words.English + " (reconciled)") : words;
    }

    /// <summary>What became of a report that has a receipt.</summary>
    public static Sent Sent(OutboxEntry entry) => new(entry.SubmissionId, entry.Report, entry.Receipt!, AlreadyKept: false, entry.OnTime, []);
}
