using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Asks the hub every hour, and after each receipt, what has come to pass, keeps it and says it.</summary>
internal sealed class InboxReading(TownshipInbox inbox, HubCalls hub, HubClock clock, ILogger log)
{
    private readonly ReportingService.ReportingServiceClient reporting = new(hub.Invoker);
    private string? township;
    private long? askedAt;
    private TimeSpan pause;
    private Text? whyNot;
    private bool isHistory;

    /// <summary>The next step asks.</summary>
    public void Hasten() => askedAt = null;

    /// <returns>Whether the hub was asked and has answered.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var hasRead = false;
        if (askedAt is not { } last || clock.GetElapsedTime(last) >= pause) hasRead = await ReadAsync(cancellation);
        foreach (var message in inbox.Untold())
        {
            log.Say(new($"消息：{message.Words.Chinese}", $"message: {message.Words.English}"));
            inbox.Told(message);
        }
        return hasRead;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        askedAt = clock.GetTimestamp();
        try
        {
            township ??= await OwnAsync(cancellation);
            while (await ReadPageAsync(township, cancellation))
            {
            }
            (pause, whyNot) = (Reconciliation.Every, null);
            return true;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            pause = Retry.Patience;
            var why = hub.WhyNot(e);
            // Said once, until it is another reason; of a hub that is away, the reminders say it.
            if (whyNot != why && e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded)) log.Warn(new($"未能读取消息（{why.Chinese}），稍后再读", $"messages could not be read ({why.English}); later, then"));
            whyNot = why;
            return false;
        }
    }

    private async Task<string> OwnAsync(CancellationToken cancellation)
    {
        // The answer says whose the credential is: by that the cursor is kept.
        var request = new ReadInboxRequest { Limit = 1 };
        return (await hub.CallOnceAsync(o => reporting.ReadInboxAsync(request, o), cancellation)).Township;
    }

    /// <returns>Whether more follow.</returns>
    private async Task<bool> ReadPageAsync(string township, CancellationToken cancellation)
    {
        var request = new ReadInboxRequest { Township = township, After = inbox.NextAfter(township) };
        try
        {
            var page = await hub.CallOnceAsync(o => reporting.ReadInboxAsync(request, o), cancellation);
            // From the beginning to what was the head: nothing of it is new.
            isHistory |= request.After == 0;
            inbox.Put(page, clock.GetUtcNow(), isHistory);
            isHistory &= page.HasMore;
            return page.HasMore;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument && request.After > 0)
        {
            log.Warn(new("中心的日志比上次短：消息从头读起", "the hub's log is shorter than it was: messages are read from the beginning"));
            inbox.Restart(township);
            return true;
        }
    }
}
