using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>Publishing a period's bulletin, which locks the period, and re-opening it for one township.</summary>
public static class LockPeriod
{
    /// <param name="dueAt">When the period's report is due, as the <c>periods</c> model has it; null when it has not ended.</param>
    /// <param name="texts">The words of its documents: they go on record with the number.</param>
    public static Outcome<Decision<PublishBulletinResponse>> Publish(
        string programme, Period period, DateTimeOffset? dueAt, IEnumerable<DocumentText> texts, HubState state, DateTimeOffset now)
    {
        if (state.FindPublication(programme, period) is { } known)
            return new Decision<PublishBulletinResponse>([], _ => Answer(known.Position, known.PublishedAt, true, known.FiguresPosition, known.Year, known.Number));
        if (dueAt is null || now < dueAt) return new Refusal(RefusalReason.BulletinNotDue, new(
            $"{period} 的报送截止时间未到，通报只能是草稿", $"the reports of {period} are not due yet; until then its bulletin is a draft"));
        var year = HubTime.LocalDay(now).Year;
        var published = new BulletinPublished
        {
            Programme = programme,
            Period = period.ToString(),
            // Everything before the publication itself, whatever else is in the same commit.
            FiguresPosition = state.Position,
            Year = year,
            Number = state.Publications.Count(p => p.Programme == programme && p.Year == year) + 1,
            Texts = { texts },
        };
        return new Decision<PublishBulletinResponse>([new Draft(new LogRecord { BulletinPublished = published }, now)],
            kept => Answer(kept[0].Position, kept[0].ReceivedAt, false, published.FiguresPosition, published.Year, published.Number));
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

    /// <summary>Puts the files and figures of a published bulletin on record, once.</summary>
    public static Outcome<Decision<bool>> Keep(BulletinKept kept, HubState state)
    {
        var publication = state.FindPublication(kept.Programme, Period.Parse(kept.Period)) ?? throw new InvalidOperationException($"{kept.Programme} {kept.Period} is not published");
        return publication.Kept is null
            ? new Decision<bool>([new Draft(new LogRecord { BulletinKept = kept })], _ => true)
            : new Decision<bool>([], _ => false);
    }

    private static PublishBulletinResponse Answer(long position, DateTimeOffset at, bool already, long figures, int year, int number) => new()
    {
        Year = year,
        Number = number,
        Position = position,
        FiguresPosition = figures,
        PublishedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(at),
        AlreadyPublished = already,
    };
}
