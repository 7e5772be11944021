using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>Puts the end of a month on record when the clock has passed it, so that whatever is kept per period follows from records.</summary>
public static class EndPeriods
{
    public static Outcome<Decision<bool>> Decide(HubState state, DateTimeOffset now)
    {
        var last = Period.LastEnded(now);
        if (state.EndedThrough is { } known && known >= last) return new Decision<bool>([], _ => false);
        return new Decision<bool>([new Draft(new LogRecord { PeriodEnded = new PeriodEnded { Period = last.ToString() } })], _ => true);
    }
}
