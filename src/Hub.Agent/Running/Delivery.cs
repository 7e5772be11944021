using Google.Rpc;
using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;
using Period = Hub.Programmes.Period;

namespace Hub.Agent.Running;

/// <summary>From the outbox to the hub: each report under its own id until there is a receipt, or a person has to look. Nothing waits in memory.</summary>
internal sealed class Delivery(ReportOutbox outbox, TownshipCalls hubs, HubClock clock, ILogger log)
{
    private const string PeriodNotEnded = "PERIOD_NOT_ENDED", PeriodLocked = "PERIOD_LOCKED", CredentialInvalid = "CREDENTIAL_INVALID", NotPermitted = "NOT_PERMITTED", NotOfTheHub = "";

    private bool hasKept;

    /// <summary>A new start is a new chance for what was parked for a credential, or by an answer that was not the hub's.</summary>
    public void Begin()
    {
        ReviveRefused();
        outbox.ReviveAll(NotOfTheHub);
    }

    /// <summary>Whether a receipt has come since this was last asked.</summary>
    public bool HasKept()
    {
        var has = hasKept;
        hasKept = false;
        return has;
    }

    /// <summary>There are other credentials than those that were refused.</summary>
    public void ReviveRefused()
    {
        outbox.ReviveAll(CredentialInvalid);
        outbox.ReviveAll(NotPermitted);
    }

    /// <summary>What came to a locked month goes once the inbox tells that the county has re-opened it since.</summary>
    public void ReviveReopened()
    {
        foreach (var locked in outbox.RefusedFor(PeriodLocked))
        {
            var isReopened = outbox.Inbox.All(locked.Report.Township).Any(m => m.At > locked.SendAt && m.Message.ReopenedPeriod is { } reopened
                && reopened.Programme == locked.Report.Programme && reopened.Period == locked.Report.Period);
            // Old content must not come after new.
            if (isReopened && outbox.OfMonth(locked.Report).Last(e => e.Attempts > 0).SubmissionId == locked.SubmissionId) outbox.Revive(locked.SubmissionId, locked.SavedAt, clock.GetUtcNow());
        }
    }

    /// <summary>Tries what is due: of one township and month the first, since the next follows it.</summary>
    /// <returns>Whether the hub seems to have lost what it gave receipts for.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var hasLost = false;
        foreach (var entry in outbox.Waiting().DistinctBy(e => (e.Report.Programme, e.Report.Township, e.Report.Period)).Where(e => e.SendAt <= clock.GetUtcNow()))
            hasLost |= hubs.Of(entry.Report.Township) is { } hub ? await TryAsync(entry, hub, cancellation) : Wait(entry);
        return hasLost;
    }

    /// <summary>The highest version that the hub is thought to have of what was put into the outbox before this: were later ones to count, it would go over them.</summary>
    private int LastVersion(OutboxEntry entry) => outbox.OfMonth(entry.Report).TakeWhile(e => e.SubmissionId != entry.SubmissionId)
        .Where(e => e.State is DeliveryState.Kept or DeliveryState.Confirmed).Max(e => e.Receipt?.Version) ?? 0;

    /// <summary>Its township was enrolled when it was checked, and will be again.</summary>
    private bool Wait(OutboxEntry entry)
    {
        outbox.Failed(entry.SubmissionId, TownshipCalls.NotEnrolled(entry.Report.Township), clock.GetUtcNow() + Retry.Patience, isUnexplained: false);
        return false;
    }

    private async Task<bool> TryAsync(OutboxEntry entry, HubCalls hub, CancellationToken cancellation)
    {
        var follows = Math.Max(entry.ExpectedVersion, LastVersion(entry));
        outbox.Trying(entry.SubmissionId, follows);
        var request = new SubmitReportRequest { SubmissionId = entry.SubmissionId, ExpectedVersion = follows, Report = entry.Report };
        try
        {
            Keep(entry, (await hub.CallOnceAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).SubmitReportAsync(request, o), cancellation)).Receipt);
            return false;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Aborted)
        {
            return await FollowAsync(entry, hub, cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            Answer(entry, hub, e);
            return false;
        }
    }

    private void Keep(OutboxEntry entry, Receipt receipt)
    {
        outbox.Kept(entry.SubmissionId, receipt, OnTime(entry, receipt));
        hasKept = true;
        log.Say(DeliveryWords.Of(outbox.Find(entry.SubmissionId)!));
    }

    /// <summary>Decided by the month's first version; null where that came from elsewhere.</summary>
    private bool? OnTime(OutboxEntry entry, Receipt receipt)
    {
        var first = receipt.Version == 1 ? receipt : outbox.OfMonth(entry.Report).FirstOrDefault(e => e.Receipt?.Version == 1)?.Receipt;
        return first is null ? null : first.ReceivedAt.ToDateTimeOffset() < entry.DueAt;
    }

    private void Answer(OutboxEntry entry, HubCalls hub, RpcException e)
    {
        var isUnexplained = e.StatusCode is StatusCode.Unknown or StatusCode.Internal;
        var (reason, words) = (e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? NotOfTheHub, hub.WhyNot(e));
        if (reason == PeriodNotEnded)
        {
            // A clock that was wrong until this answer: it heals by waiting.
            var (ends, soonest) = (Period.Parse(entry.Report.Period).EndsAt + Schedule.SpreadOf(entry.Report.Township), clock.GetUtcNow() + Retry.Patience);
            outbox.Failed(entry.SubmissionId, words, ends > soonest ? ends : soonest, isUnexplained: false);
        }
        else if (Retry.Pause(e, entry.Attempts, entry.Unexplained + (isUnexplained ? 1 : 0)) is { } pause)
        {
            outbox.Failed(entry.SubmissionId, words, clock.GetUtcNow() + pause, isUnexplained);
            if (entry.Why != words) log.Warn(new($"{entry.Report.Period} 未送达（{words.Chinese}），会一直重试", $"{entry.Report.Period} did not arrive ({words.English}); it is tried again and again"));
        }
        else
        {
            Park(entry, reason, reason switch
            {
                PeriodLocked => new($"{words.Chinese}；县里重新开放后自动上报", $"{words.English}; after the county has re-opened it, it is sent by itself"),
                NotPermitted => new($"{words.Chinese}；换上 {entry.Report.Township} 自己的凭证（hub-agent enroll，或 HUB_TOKEN 后重新启动）后自动上报",
                    $"{words.English}; with the credential of {entry.Report.Township} (hub-agent enroll, or HUB_TOKEN and a new start) it is sent by itself"),
                _ => words,
            });
        }
    }

    /// <summary>Another version is in force than the one that it follows: perhaps it is this report, or one before it whose receipt never came. One from elsewhere it
    /// may follow when the file was saved after it; else its author has not seen it.</summary>
    /// <returns>Whether the hub has lost some.</returns>
    private async Task<bool> FollowAsync(OutboxEntry entry, HubCalls hub, CancellationToken cancellation)
    {
        try
        {
            var inForce = await InForceAsync(entry.Report, hub, cancellation);
            if ((inForce?.Receipt.Version ?? 0) < LastVersion(entry))
            {
                outbox.Failed(entry.SubmissionId, new("中心缺少已给过回执的报告，先补报", "the hub lacks reports that it gave receipts for: these come first"), clock.GetUtcNow() + Retry.Patience, isUnexplained: false);
                return true;
            }
            if (inForce is null) outbox.Follow(entry.SubmissionId, 0);
            else if (ReportDigest.Of(inForce.Report).AsSpan().SequenceEqual(ReportDigest.Of(entry.Report))) Keep(entry, inForce.Receipt);
            else if (outbox.Find(inForce.SubmissionId) is { } own)
            {
                Keep(own, inForce.Receipt);
                // In the order of the outbox: what was saved before must not come into force after.
                if (outbox.OfMonth(entry.Report).SkipWhile(e => e.SubmissionId != entry.SubmissionId).Any(e => e.SubmissionId == own.SubmissionId))
                    Park(entry, "SUPERSEDED", new($"之后保存的内容已上报（第 {inForce.Receipt.Version} 版）", $"what was saved after it is kept already (version {inForce.Receipt.Version})"));
                else outbox.Follow(entry.SubmissionId, inForce.Receipt.Version);
            }
            else if (inForce.Receipt.ReceivedAt.ToDateTimeOffset() <= entry.SavedAt) outbox.Follow(entry.SubmissionId, inForce.Receipt.Version);
            else ParkAsUnseen(entry, inForce.Receipt);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            outbox.Failed(entry.SubmissionId, hub.WhyNot(e), clock.GetUtcNow() + (Retry.Pause(e, entry.Attempts, 1) ?? Retry.Patience), isUnexplained: false);
        }
        return false;
    }

    /// <summary>The month's highest version, or null.</summary>
    private async Task<GetReportResponse?> InForceAsync(Report report, HubCalls hub, CancellationToken cancellation)
    {
        var asked = new GetReportRequest { Programme = report.Programme, Township = report.Township, Period = report.Period };
        try
        {
            return await hub.CallOnceAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).GetReportAsync(asked, o), cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private void ParkAsUnseen(OutboxEntry entry, Receipt inForce)
    {
        var at = HubTime.Instant(inForce.ReceivedAt.ToDateTimeOffset());
        Park(entry, "VERSION_STALE", new(
            $"中心已有 {entry.Report.Period} 第 {inForce.Version} 版（{at} 由别处上报），晚于本文件的保存时间：请核对后重新保存再报",
            $"the hub has version {inForce.Version} of {entry.Report.Period}, sent from elsewhere at {at}, after this file was saved: compare, then save it again"));
    }

    private void Park(OutboxEntry entry, string reason, Text why)
    {
        outbox.Parked(entry.SubmissionId, reason, why);
        log.Warn(DeliveryWords.Of(outbox.Find(entry.SubmissionId)!));
    }
}
