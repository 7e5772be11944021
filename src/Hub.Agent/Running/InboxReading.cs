using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>Asks the hub every hour, and after each receipt, what has come to pass for each township, keeps it and says it.</summary>
internal sealed class InboxReading(TownshipInbox inbox, TownshipCalls hubs, HubClock clock, ILogger log)
{
    // By township; its code is empty where only the hub knows it.
    private readonly Dictionary<string, Asked> asked = new(StringComparer.Ordinal);

    private sealed class Asked
    {
        // Null until the hub has said whose the credential is: by that the cursor is kept.
        public string? Township { get; set; }
        public long? At { get; set; }
        public TimeSpan Pause { get; set; }
        public Text? WhyNot { get; set; }
    }

    /// <summary>The next step asks.</summary>
    public void Hasten()
    {
        foreach (var township in asked.Values) township.At = null;
    }

    /// <returns>Whether the hub was asked and has answered.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var hasRead = false;
        foreach (var (township, hub) in hubs.All)
        {
            if (!asked.TryGetValue(township, out var state)) asked[township] = state = new Asked();
            if (state.At is not { } last || clock.GetElapsedTime(last) >= state.Pause) hasRead |= await ReadAsync(state, hub, cancellation);
        }
        foreach (var message in inbox.Untold())
        {
            log.Say(new($"消息：{message.Words.Chinese}", $"message: {message.Words.English}"));
            inbox.Told(message);
        }
        return hasRead;
    }

    private async Task<bool> ReadAsync(Asked state, HubCalls hub, CancellationToken cancellation)
    {
        state.At = clock.GetTimestamp();
        try
        {
            state.Township ??= await OwnAsync(hub, cancellation);
            var known = inbox.NewestRead(state.Township);
            while (await ReadPageAsync(state.Township, known, hub, cancellation)) known = null;
            (state.Pause, state.WhyNot) = (Reconciliation.Every, null);
            return true;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            state.Pause = Retry.Patience;
            var why = hub.WhyNot(e);
            // Said once, until it is another reason; of a hub that is away, the reminders say it.
            if (state.WhyNot != why && e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded)) log.Warn(new($"未能读取消息（{why.Chinese}），稍后再读", $"messages could not be read ({why.English}); later, then"));
            state.WhyNot = why;
            return false;
        }
    }

    private static async Task<string> OwnAsync(HubCalls hub, CancellationToken cancellation)
    {
        var request = new ReadInboxRequest { Limit = 1 };
        return (await hub.CallOnceAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).ReadInboxAsync(request, o), cancellation)).Township;
    }

    /// <param name="known">The newest message that was read, which is read again with what is new: where it is gone or another one, an older copy of the hub was put back,
    /// however long its log has grown since.</param>
    /// <returns>Whether more follow.</returns>
    private async Task<bool> ReadPageAsync(string township, KeptMessage? known, HubCalls hub, CancellationToken cancellation)
    {
        var request = new ReadInboxRequest { Township = township, After = known is null ? inbox.NextAfter(township) : known.Message.Position - 1 };
        try
        {
            var page = await hub.CallOnceAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).ReadInboxAsync(request, o), cancellation);
            if (known is not null && !page.Messages.Any(m => m.Position == known.Message.Position && TownshipInbox.IsSameFact(m, known.Message))) return Restart();
            inbox.Put(page, request.After, clock.GetUtcNow());
            return page.HasMore;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument && request.After > 0)
        {
            return Restart();
        }

        bool Restart()
        {
            log.Warn(new("中心的日志不是上次读的那份：消息从头读起", "the hub's log is not the one that was read before: messages are read from the beginning"));
            inbox.Restart(township);
            return true;
        }
    }
}
