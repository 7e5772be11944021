using Hub.Programmes;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.Server;

/// <summary>Puts each month's end on record when the hub's clock passes it.</summary>
public sealed class PeriodWatch(HubStore store, ILogger<PeriodWatch> logger) : BackgroundService
{
    // A demonstration clock may be anywhere: looking often is simpler than computing when, and costs nothing.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, store.Clock);
        do
        {
            var ended = await store.WriteAsync(EndPeriods.Decide, stopping);
            if (!ended.IsRefused(out _) && ended.Value) ServerLog.PeriodEnded(logger, Period.LastEnded(store.Clock.GetUtcNow()).ToString());
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
