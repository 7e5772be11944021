using Google.Protobuf;
using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Every hour all receipts are held against the hub's chain. What it has is confirmed; what it has lost, as when an older copy of its
/// store was put back, is sent again.</summary>
internal sealed class Reconciliation(ReportOutbox outbox, TownshipCalls hubs, HubClock clock, ILogger log)
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // As many as the hub takes in one call.
    private const int MostReceipts = 100;

    private long? askedAt;

    /// <summary>The next step asks.</summary>
    public void Hasten() => askedAt = null;

    public async Task StepAsync(CancellationToken cancellation)
    {
        if (askedAt is { } last && clock.GetElapsedTime(last) < Every) return;
        askedAt = clock.GetTimestamp();
        foreach (var township in outbox.Held().GroupBy(e => e.Report.Township, StringComparer.Ordinal))
            if (hubs.Of(township.Key) is { } hub && !await AskAsync(township.Key, hub, [.. township], cancellation)) return;
    }

    /// <returns>Whether it is worth while to ask for the next township.</returns>
    private async Task<bool> AskAsync(string township, HubCalls hub, OutboxEntry[] entries, CancellationToken cancellation)
    {
        try
        {
            foreach (var held in entries.Chunk(MostReceipts)) await AskOnceAsync(township, hub, held, cancellation);
            return true;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            var why = hub.WhyNot(e);
            log.Warn(new($"未能与中心核对 {township} 的回执（{why.Chinese}），下次再核", $"receipts of {township} could not be reconciled ({why.English}); the next time, then"));
            return e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded);
        }
    }

    private async Task AskOnceAsync(string township, HubCalls hub, OutboxEntry[] held, CancellationToken cancellation)
    {
        var request = new ReconcileRequest
        {
            Township = township,
            Receipts = { held.Select(e => new HeldReceipt { SubmissionId = e.SubmissionId, Position = e.Receipt!.Position, Hash = e.Receipt.Hash }) },
        };
        var answer = await hub.CallOnceAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).ReconcileAsync(request, o), cancellation);
        var missing = answer.Missing.ToHashSet(StringComparer.Ordinal);
        // An older copy was put back: what the hub has told since is told of another history.
        if (missing.Count > 0) outbox.Inbox.Restart(township);
        foreach (var entry in held)
        {
            if (!missing.Contains(entry.SubmissionId))
            {
                outbox.Confirmed(entry.SubmissionId);
                continue;
            }
            var why = new Text("中心的日志中没有这份回执：重新上报", "the hub's log does not have this receipt: sending it again");
            outbox.SendAgain(entry.SubmissionId, clock.GetUtcNow(), why);
            log.Warn(new($"{entry.Report.Period} 第 {entry.Receipt!.Version} 版：{why.Chinese}", $"{entry.Report.Period} version {entry.Receipt.Version}: {why.English}"));
        }
    }
}
