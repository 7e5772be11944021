using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>The scheduled service of a township, or of several: looks at the folder, sends what is due, holds receipts against the hub, again and again.</summary>
internal sealed class TownshipAgent : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ReportOutbox outbox;
    private readonly TownshipCalls hubs;
    private readonly Schedule schedule;
    private readonly HubClock clock;
    private readonly ILogger log;
    private readonly Checking checking;
    private readonly Delivery delivery;
    private readonly Reconciliation reconciliation;
    private readonly Reminders reminders;
    private readonly Rotating rotating;
    private readonly Telling telling;
    private readonly InboxReading inbox;
    private readonly NewWorkbooks newWorkbooks;
    private readonly WatchedFolder folder;
    private Text? toldNotRefreshed;
    // Since the folder could not be read.
    private long? awayAt;
    private string? toldAway;

    public TownshipAgent(WatchedFolder folder, IWorkbooks workbooks, ReportOutbox outbox, TownshipCalls hubs, Schedule schedule, HubClock clock, ILogger<TownshipAgent> log)
    {
        (this.folder, this.outbox, this.hubs, this.schedule, this.clock, this.log) = (folder, outbox, hubs, schedule, clock, log);
        Connection = new Connection(clock);
        Connection.Keep(Townships());
        hubs.Follow(Learn, Connection.Ended, news => log.Say(news));
        (checking, delivery, telling) = (new Checking(folder, workbooks, outbox, hubs, schedule, clock, log), new Delivery(outbox, hubs, clock, log), new Telling(outbox, log));
        (reconciliation, reminders, rotating) = (new Reconciliation(outbox, hubs, clock, log), new Reminders(outbox, hubs, clock, log), new Rotating(hubs, clock, log));
        (inbox, newWorkbooks) = (new InboxReading(outbox.Inbox, hubs, clock, log), new NewWorkbooks(folder, workbooks, outbox.Inbox, hubs, log));
        delivery.Begin();
    }

    public Connection Connection { get; }

    /// <summary>One round of everything.</summary>
    internal async Task StepAsync(CancellationToken cancellation)
    {
        if (hubs.Refresh())
        {
            Connection.Keep(Townships());
            delivery.ReviveRefused();
            reminders.Hasten();
        }
        if (hubs.WhyNotRefreshed is { } why && why != toldNotRefreshed) log.Warn(new($"登记有变动但读不了（{why.Chinese}），先用原来的凭证", $"the enrolment has changed and cannot be read ({why.English}): going on with the former credentials"));
        toldNotRefreshed = hubs.WhyNotRefreshed;
        if (clock.WasSet()) reminders.Hasten();
        // First, since it learns the hub's clock: all else goes by that.
        await reminders.StepAsync(cancellation);
        await rotating.StepAsync(cancellation);
        await LookAsync(cancellation);
        if (clock.IsLearnt && await delivery.StepAsync(cancellation)) reconciliation.Hasten();
        await telling.StepAsync(cancellation);
        await reconciliation.StepAsync(cancellation);
        if (delivery.HasKept()) inbox.Hasten();
        if (!await inbox.StepAsync(cancellation)) return;
        delivery.ReviveReopened();
        await newWorkbooks.StepAsync(cancellation);
    }

    /// <summary>At the folder, which may be a share that is away: what was checked before goes all the same, and once a minute it is looked for again.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        if (awayAt is { } away && clock.GetElapsedTime(away) < Retry.Patience) return;
        try
        {
            await checking.StepAsync(cancellation);
            (awayAt, toldAway) = (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            awayAt = clock.GetTimestamp();
            // Said once, until it is another reason.
            if (toldAway != e.Message) log.Warn(new($"文件夹 {folder.Path} 现在读不了（{e.Message}）：等它恢复；若是写错了，请改 --folder", $"the folder {folder.Path} cannot be read now ({e.Message}): waiting for it; if it is mistyped, correct --folder"));
            toldAway = e.Message;
        }
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
            catch (Exception e) when (stoppingToken.IsCancellationRequested && e is (OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled }))
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
            {
                // The disk is full, or the data directory is away: both come back.
                log.Warn(new($"数据目录暂时读写不了：{e.Message}", $"the data directory cannot be read or written now: {e.Message}"));
                await Task.Delay(Retry.Patience, clock.Own, stoppingToken);
            }
        }
    }

    private HashSet<string> Townships() => hubs.All.Select(t => t.Key).ToHashSet(StringComparer.Ordinal);

    private void Learn(DateTimeOffset hubTime)
    {
        if (!clock.Learn(hubTime)) return;
        // What was reckoned by another clock may lie years ahead.
        var now = clock.GetUtcNow();
        foreach (var entry in outbox.Waiting())
            outbox.Hasten(entry.SubmissionId, entry.IsUntried ? schedule.SendAt(now, Programmes.Period.Parse(entry.Report.Period), entry.DueOn, entry.Report.Township) : now);
    }
}
