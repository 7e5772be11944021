using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>Publishing a period's bulletin, which locks the period, and re-opening it for one township.</summary>
public static class LockPeriod
{
    /// <param name="dueAt">When the period's report is due, as the <c>periods</c> model has it; null when it has not ended.</param>
    public static Outcome<Decision<PublishBulletinResponse>> Publish(string programme, Period period, DateTimeOffset? dueAt, HubState state, DateTimeOffset now)
    {
        if (state.FindPublication(programme, period) is { } known)
            return new Decision<PublishBulletinResponse>([], _ => Answer(known.Position, known.FiguresPosition, known.PublishedAt, true));
        if (dueAt is null || now < dueAt) return new Refusal(RefusalReason.BulletinNotDue, new(
            $"{period} 的报送截止时间未到，通报只能是草稿", $"the reports of {period} are not due yet; until then its bulletin is a draft"));
        // Everything before the publication itself, whatever else is in the same commit.
        var published = new BulletinPublished { Programme = programme, Period = period.ToString(), FiguresPosition = state.Position };
        return new Decision<PublishBulletinResponse>([new Draft(new LogRecord { BulletinPublished = published }, now)],
            kept => Answer(kept[0].Position, published.FiguresPosition, kept[0].ReceivedAt, false));
    }

    public static Outcome<Decision<long>> Reopen(string programme, Period period, string township, string reason, HubState state)
    {
        if (reason.Length == 0) return Refusal.OfField("reason", RefusalReason.FieldMissing, new("须写明重新开放的理由", "a reason must be given"));
        if (Forms.WhyUnfit(reason, Forms.MaxReasonLength) is { } why) return Refusal.OfField("reason", RefusalReason.TextUnfit, new($"理由{why.Chinese}", $"reason: {why.English}"));
        if (!state.IsLocked(programme, township, period)) return new Refusal(RefusalReason.PeriodNotLocked, new(
            $"{period} 对乡镇 {township} 并未锁定，可直接上报", $"{period} is not locked for township {township}; the report can just be sent"));
        var reopened = new PeriodReopened { Programme = programme, Period = period.ToString(), Township = township, Reason = reason };
        return new Decision<long>([new Draft(new LogRecord { PeriodReopened = reopened })], kept => kept[0].Position);
    }

    private static PublishBulletinResponse Answer(long position, long figures, DateTimeOffset at, bool already) => new()
    {
        Position = position,
        FiguresPosition = figures,
        PublishedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(at),
        AlreadyPublished = already,
    };
}
