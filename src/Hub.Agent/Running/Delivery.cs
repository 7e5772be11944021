using Google.Rpc;
using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;
using Period = Hub.Programmes.Period;

namespace Hub.Agent.Running;

/// <summary>From the outbox to the hub: each report under its own id until there is a receipt, or a person has to look. Nothing waits in memory.</summary>
internal sealed class Delivery(ReportOutbox outbox, HubCalls hub, HubClock clock, ILogger log)
{
    private const string PeriodNotEnded = "PERIOD_NOT_ENDED";

    private readonly ReportingService.ReportingServiceClient reporting = new(hub.Invoker);

    /// <summary>Tries what is due: of one township and month the first, since the next follows it.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        var waiting = outbox.All().Where(e => e.State == DeliveryState.Waiting);
        foreach (var entry in waiting.DistinctBy(e => (e.Report.Programme, e.Report.Township, e.Report.Period)).Where(e => e.SendAt <= clock.GetUtcNow()))
            await TryAsync(entry, Math.Max(entry.ExpectedVersion, LastVersion(entry)), cancellation);
    }

    private int LastVersion(OutboxEntry entry) => outbox.All().Where(e => e.IsOf(entry.Report) && e.State != DeliveryState.Waiting).Max(e => e.Receipt?.Version) ?? 0;

    private async Task TryAsync(OutboxEntry entry, int follows, CancellationToken cancellation)
    {
        outbox.Trying(entry.SubmissionId, follows);
        var request = new SubmitReportRequest { SubmissionId = entry.SubmissionId, ExpectedVersion = follows, Report = entry.Report };
        try
        {
            var kept = await hub.CallOnceAsync(o => reporting.SubmitReportAsync(request, o), cancellation);
            await KeepAsync(entry, kept, cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            await AnswerAsync(entry, e, cancellation);
        }
    }

    private async Task KeepAsync(OutboxEntry entry, SubmitReportResponse kept, CancellationToken cancellation)
    {
        var onTime = OnTime(entry, kept.Receipt);
        outbox.Kept(entry.SubmissionId, kept.Receipt, onTime);
        var sent = new Sent(entry.SubmissionId, entry.Report, kept.Receipt, kept.AlreadyKept, onTime, kept.Warnings);
        log.Say(ReceiptFile.InWords(sent));
        await TellAsync(entry, async () =>
        {
            await ReceiptFile.WriteAsync(entry.File, sent, cancellation);
            ResultFile.Write(entry.File, [ReceiptFile.InWords(sent)]);
        });
    }

    /// <summary>Decided by the month's first version; null where that came from elsewhere.</summary>
    private bool? OnTime(OutboxEntry entry, Receipt receipt)
    {
        var first = receipt.Version == 1 ? receipt : outbox.All().FirstOrDefault(e => e.IsOf(entry.Report) && e.Receipt?.Version == 1)?.Receipt;
        return first is null ? null : first.ReceivedAt.ToDateTimeOffset() < entry.DueAt;
    }

    private async Task AnswerAsync(OutboxEntry entry, RpcException e, CancellationToken cancellation)
    {
        var unexplained = e.StatusCode is StatusCode.Unknown or StatusCode.Internal;
        var words = hub.WhyNot(e);
        if (e.StatusCode == StatusCode.Aborted)
        {
            await FollowAsync(entry, cancellation);
        }
        else if (e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == PeriodNotEnded)
        {
            // A clock that was wrong until this answer: it heals by waiting.
            var (ends, soonest) = (Period.Parse(entry.Report.Period).EndsAt + Schedule.SpreadOf(entry.Report.Township), clock.GetUtcNow() + Retry.Patience);
            outbox.Failed(entry.SubmissionId, words, ends > soonest ? ends : soonest, unexplained);
        }
        else if (Retry.Pause(e, entry.Attempts, entry.Unexplained + (unexplained ? 1 : 0)) is { } pause)
        {
            outbox.Failed(entry.SubmissionId, words, clock.GetUtcNow() + pause, unexplained);
            log.Warn(new($"{entry.Report.Period} 未送达（{words.Chinese}），{pause.TotalSeconds:0} 秒后再试", $"{entry.Report.Period} did not arrive ({words.English}); trying again in {pause.TotalSeconds:0} s"));
        }
        else
        {
            await ParkAsync(entry, e.StatusCode, words);
        }
    }

    /// <summary>Another version is in force than the one that it follows. One that came before the file was saved it may follow; a later one its author has not seen.</summary>
    private async Task FollowAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        try
        {
            var asked = new ListReportsRequest { Programme = entry.Report.Programme, Township = entry.Report.Township, Period = entry.Report.Period, PageSize = 1 };
            var inForce = (await hub.CallOnceAsync(o => reporting.ListReportsAsync(asked, o), cancellation)).Reports.FirstOrDefault();
            if (inForce is null || inForce.ReceivedAt.ToDateTimeOffset() <= entry.SavedAt + clock.Ahead)
            {
                outbox.Follow(entry.SubmissionId, inForce?.Version ?? 0);
                return;
            }
            var at = HubTime.Instant(inForce.ReceivedAt.ToDateTimeOffset());
            await ParkAsync(entry, StatusCode.Aborted, new(
                $"中心已有 {entry.Report.Period} 第 {inForce.Version} 版（{at} 由别处上报），晚于本文件的保存时间：请核对后重新保存再报",
                $"the hub has version {inForce.Version} of {entry.Report.Period}, sent from elsewhere at {at}, after this file was saved: compare, then save it again"));
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            outbox.Failed(entry.SubmissionId, hub.WhyNot(e), clock.GetUtcNow() + (Retry.Pause(e, entry.Attempts, 1) ?? Retry.Patience), isUnexplained: false);
        }
    }

    private Task ParkAsync(OutboxEntry entry, StatusCode status, Text why)
    {
        outbox.Parked(entry.SubmissionId, status, why);
        var told = new Text($"{entry.Report.Period} 未上报，需要处理：{why.Chinese}", $"{entry.Report.Period} is not sent and needs a person: {why.English}");
        log.Warn(told);
        return TellAsync(entry, () =>
        {
            ResultFile.Write(entry.File, [told]);
            return Task.CompletedTask;
        });
    }

    /// <summary>Beside the file. That it cannot be said there, when the folder is away or full, changes nothing of what is so.</summary>
    private async Task TellAsync(OutboxEntry entry, Func<Task> write)
    {
        try
        {
            if (Directory.Exists(Path.GetDirectoryName(entry.File))) await write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warn(new($"结果写不到 {entry.File} 旁边：{e.Message}", $"the result cannot be written beside {entry.File}: {e.Message}"));
        }
    }
}
