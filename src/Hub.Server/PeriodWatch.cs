using Hub.Programmes;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.Server;

/// <summary>Puts each month's end on record when the hub's clock passes it.</summary>
public sealed class PeriodWatch(HubStore store, ILogger<PeriodWatch> logger) : BackgroundService
{
    // The machine's clock may be set, and then the end is not where it was: besides at the instant, it looks often.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20), Shortest = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var ended = await store.WriteAsync(EndPeriods.Decide, stopping);
            var now = store.Clock.GetUtcNow();
            if (!ended.IsRefused(out _) && ended.Value) ServerLog.PeriodEnded(logger, Period.LastEnded(now).ToString());
            // Until the end is on record every question is computed from the facts.
            var wait = Period.LastEnded(now).Plus(1).EndsAt - now;
            await Task.Delay(wait > Longest ? Longest : wait < Shortest ? Shortest : wait, store.Clock, stopping);
        }
    }
}
