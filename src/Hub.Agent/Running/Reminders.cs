using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>On the days before a report is due: a warning, once a day, while nothing valid is there.</summary>
internal sealed class Reminders(ReportOutbox outbox, HubCalls hub, HubClock clock, ILogger log)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateOnly> reminded = new(StringComparer.Ordinal);
    private IReadOnlyList<Protocol.Programme> programmes = [];
    private long? askedAt;
    private bool isAway;

    /// <summary>The next step asks.</summary>
    public void Hasten() => askedAt = null;

    public async Task StepAsync(CancellationToken cancellation)
    {
        // Until the first answer nothing goes by the right clock: ask more often.
        if (askedAt is not { } last || (!clock.IsLearnt && clock.GetElapsedTime(last) >= AskAgain) || clock.GetElapsedTime(last) >= Reconciliation.Every) await AskAsync(cancellation);
        foreach (var programme in programmes)
        {
            if (!HubTime.TryParseDay(programme.DueOn, out var dueOn) || Schedule.ReminderOn(clock.GetUtcNow(), dueOn) is not { } day) continue;
            if (reminded.TryGetValue(programme.Id, out var said) && said == day) continue;
            reminded[programme.Id] = day;
            if (outbox.All().Any(e => e.Report.Programme == programme.Id && e.Report.Period == programme.LastPeriod && e.State != DeliveryState.Parked)) continue;
            log.Warn(new($"{programme.Id}：{programme.LastPeriod} 的报告 {programme.DueOn} 前应报，文件夹里还没有校验通过的工作簿",
                $"{programme.Id}: the report of {programme.LastPeriod} is due by {programme.DueOn}, and there is no valid workbook in the folder yet"));
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        askedAt = clock.GetTimestamp();
        try
        {
            programmes = (await hub.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), cancellation)).Programmes;
            isAway = false;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            // Said once, until it is back.
            if (isAway) return;
            isAway = true;
            var why = hub.WhyNot(e);
            log.Warn(e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded
                ? new($"暂时连不上中心（{why.Chinese}）；已校验的报告会留在本机，连上后上报", $"the hub cannot be reached now ({why.English}); checked reports stay here and go when it can")
                : new($"中心拒绝了请求：{why.Chinese}", $"the hub refuses: {why.English}"));
        }
    }
}
