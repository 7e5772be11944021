using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>The scheduled service of a township: looks at the folder, sends what is due, holds receipts against the hub, again and again.</summary>
internal sealed class TownshipAgent : BackgroundService
{
    private const string AheadName = "hub_ahead_us";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ReportOutbox outbox;
    private readonly HubClock clock;
    private readonly ILogger log;
    private readonly Checking checking;
    private readonly Delivery delivery;
    private readonly Reconciliation reconciliation;
    private readonly Reminders reminders;

    public TownshipAgent(WatchedFolder folder, ReportOutbox outbox, HubCalls hub, Schedule schedule, HubClock clock, ILogger<TownshipAgent> log)
    {
        (this.outbox, this.clock, this.log) = (outbox, clock, log);
        if (outbox.Learnt(AheadName) is { } ahead) clock.Learn(TimeSpan.FromMicroseconds(ahead));
        hub.OnHubTime = Learn;
        // A credential that was refused may have been put right since.
        outbox.Unpark(StatusCode.Unauthenticated);
        outbox.TryNow(clock.GetUtcNow());
        (checking, delivery) = (new Checking(folder, outbox, schedule, clock, log), new Delivery(outbox, hub, clock, log));
        (reconciliation, reminders) = (new Reconciliation(outbox, hub, clock, log), new Reminders(outbox, hub, clock, log));
    }

    /// <summary>One round of everything.</summary>
    internal async Task StepAsync(CancellationToken cancellation)
    {
        // First, since it learns the hub's clock: all else goes by that.
        await reminders.StepAsync(cancellation);
        checking.Step();
        await delivery.StepAsync(cancellation);
        await reconciliation.StepAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stoppingToken);
                await Task.Delay(Pause, clock.Own, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
            {
                // The folder is a share that is away, or the disk is full: both come back.
                log.Warn(new($"文件夹或数据目录暂时读写不了：{e.Message}", $"the folder or the data directory cannot be read or written now: {e.Message}"));
                await Task.Delay(Retry.Patience, clock.Own, stoppingToken);
            }
        }
    }

    private void Learn(DateTimeOffset hubTime)
    {
        var ahead = hubTime - clock.Own.GetUtcNow();
        // Changes of less than a second are the way of the answer.
        if (clock.IsLearnt && (ahead - clock.Ahead).Duration() < TimeSpan.FromSeconds(1)) return;
        clock.Learn(ahead);
        outbox.Learn(AheadName, (long)ahead.TotalMicroseconds);
    }
}
