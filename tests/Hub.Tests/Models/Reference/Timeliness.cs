using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 7: decided by version 1 alone.</summary>
public static class Timeliness
{
    /// <summary>status, days_late, versions, version_in_force.</summary>
    public static object?[] Row(ProgrammeFacts facts, string township, Period period)
    {
        var versions = facts.Versions[(township, period)].ToList();
        if (versions.SingleOrDefault(v => v.Version == 1) is { } first)
        {
            var isOnTime = first.ReceivedAt < DueAt(period);
            return [isOnTime ? "on_time" : "late", isOnTime ? null : DaysLate(first, period), versions.Count, versions.Max(v => v.Version)];
        }
        var isDue = facts.AsOf >= DueAt(period);
        var status = facts.Branches(township, period).Count == 0 ? "none_due" : isDue ? "missing" : "pending";
        return [status, null, 0, null];
    }

    /// <summary>00:00 on the 4th of the next month: on time is strictly before.</summary>
    private static DateTimeOffset DueAt(Period period)
    {
        var next = period.Plus(1);
        return new DateTimeOffset(next.Year, next.Month, 4, 0, 0, 0, TimeSpan.FromHours(8));
    }

    // 1 for any time on the 4th.
    private static int DaysLate(ReferenceReport report, Period period)
    {
        var day = DateOnly.FromDateTime(report.ReceivedAt.ToOffset(TimeSpan.FromHours(8)).DateTime);
        return day.DayNumber - new DateOnly(period.Plus(1).Year, period.Plus(1).Month, 3).DayNumber;
    }
}
