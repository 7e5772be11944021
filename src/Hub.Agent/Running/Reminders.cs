using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>On the days before a report is due: a warning, once a day, while nothing valid is there.</summary>
internal sealed class Reminders(ReportOutbox outbox, TownshipCalls hubs, HubClock clock, ILogger log)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Township, string Programme), DateOnly> reminded = [];
    // By township; its code is empty where only the hub knows it.
    private readonly Dictionary<string, IReadOnlyList<Protocol.Programme>> programmes = new(StringComparer.Ordinal);
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private long? askedAt;
    private bool isAway;

    /// <summary>The next step asks.</summary>
    public void Hasten() => askedAt = null;

    public async Task StepAsync(CancellationToken cancellation)
    {
        // Until the first answer nothing goes by the right clock: ask more often.
        if (askedAt is not { } last || (!clock.IsLearnt && clock.GetElapsedTime(last) >= AskAgain) || clock.GetElapsedTime(last) >= Reconciliation.Every) await AskAsync(cancellation);
        foreach (var (township, _) in hubs.All)
            foreach (var programme in programmes.GetValueOrDefault(township, [])) Remind(township, programme);
    }

    private void Remind(string township, Protocol.Programme programme)
    {
        if (!HubTime.TryParseDay(programme.DueOn, out var dueOn) || Schedule.ReminderOn(clock.GetUtcNow(), dueOn) is not { } day) return;
        if (reminded.TryGetValue((township, programme.Id), out var said) && said == day) return;
        reminded[(township, programme.Id)] = day;
        if (outbox.All().Any(e => e.Report.Programme == programme.Id && e.Report.Period == programme.LastPeriod && e.State != DeliveryState.Parked && (township.Length == 0 || e.Report.Township == township))) return;
        var whose = township.Length > 0 ? $"{programme.Id} {township}" : programme.Id;
        log.Warn(new($"{whose}：{programme.LastPeriod} 的报告 {programme.DueOn} 前应报，文件夹里还没有校验通过的工作簿",
            $"{whose}: the report of {programme.LastPeriod} is due by {programme.DueOn}, and there is no valid workbook in the folder yet"));
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        askedAt = clock.GetTimestamp();
        foreach (var (township, hub) in hubs.All)
            if (!await AskAsync(township, hub, cancellation)) return;
    }

    /// <returns>Whether the hub was reached.</returns>
    private async Task<bool> AskAsync(string township, HubCalls hub, CancellationToken cancellation)
    {
        try
        {
            programmes[township] = (await hub.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), cancellation)).Programmes;
            isAway = false;
            refused.Remove(township);
            return true;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            // Each said once, until it is over.
            var why = hub.WhyNot(e);
            if (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                if (!isAway) log.Warn(new($"暂时连不上中心（{why.Chinese}）；已校验的报告会留在本机，连上后上报", $"the hub cannot be reached now ({why.English}); checked reports stay here and go when it can"));
                isAway = true;
                return false;
            }
            isAway = false;
            var whose = township.Length > 0 ? township + " " : "";
            if (refused.Add(township)) log.Warn(new($"{whose}中心拒绝了请求：{why.Chinese}", $"{whose}the hub refuses: {why.English}"));
            return true;
        }
    }
}
