using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <param name="AllScope">Whether it binds every branch, and so is a point of the pace line when it is of the hardware.</param>
public sealed record ReferenceMilestone(string Id, Track Track, int StarMin, int StarMax, bool AllScope, DateOnly Due, int TargetBp)
{
    public Period JudgedFrom => Period.Of(Due.Year, Due.Month);
}

/// <summary>Section 5's table, written out: template party-branch for a launch year Y.</summary>
public static class Milestones
{
    // From the almanac, not from the calendar class that the hub computes with.
    private static readonly Dictionary<int, DateOnly> SpringFestivals = new()
    {
        [2018] = new(2018, 2, 16), [2019] = new(2019, 2, 5), [2020] = new(2020, 1, 25), [2021] = new(2021, 2, 12), [2022] = new(2022, 2, 1),
        [2023] = new(2023, 1, 22), [2024] = new(2024, 2, 10), [2025] = new(2025, 1, 29), [2026] = new(2026, 2, 17), [2027] = new(2027, 2, 6),
    };

    public static IReadOnlyList<ReferenceMilestone> Of(int y) =>
    [
        new("software", Track.Software, 0, 5, true, new DateOnly(y, 12, 31), 10_000),
        new("five-star", Track.Hardware, 5, 5, false, SpringFestivals[y + 1].AddDays(-1), 10_000),
        new("four-star", Track.Hardware, 4, 4, false, new DateOnly(y + 1, 4, 30), 10_000),
        new("hardware-40", Track.Hardware, 0, 5, true, new DateOnly(y + 1, 5, 31), 4_000),
        new("hardware-100", Track.Hardware, 0, 5, true, new DateOnly(y + 1, 11, 30), 10_000),
        new("other-stars", Track.Hardware, 0, 3, false, new DateOnly(y + 1, 11, 30), 10_000),
    ];

    /// <summary>Hardware target in force: the latest all-scope hardware milestone due on or before the period's last day, else 0.</summary>
    public static int TargetBp(int y, Period period) =>
        period.LastDay >= new DateOnly(y + 1, 11, 30) ? 10_000 : period.LastDay >= new DateOnly(y + 1, 5, 31) ? 4_000 : 0;

    /// <summary>The straight line by days from (Y-12-01, 0) over the 40% to the 100%.</summary>
    public static Fraction Pace(int y, Period period)
    {
        var (start, first, last) = (new DateOnly(y, 12, 1), new DateOnly(y + 1, 5, 31), new DateOnly(y + 1, 11, 30));
        var day = period.LastDay;
        if (day >= last) return Fraction.Of(1);
        if (day <= first) return new Fraction(4, 10) * new Fraction(day.DayNumber - start.DayNumber, first.DayNumber - start.DayNumber);
        return new Fraction(4, 10) + new Fraction(6, 10) * new Fraction(day.DayNumber - first.DayNumber, last.DayNumber - first.DayNumber);
    }

    public static bool? IsMet(int complete, int branches, int targetBp) => branches == 0 ? null : (long)complete * 10_000 >= (long)targetBp * branches;

    /// <summary>Hardware status, the first that holds; null without a base.</summary>
    public static string? Status(int complete, int branches, int targetBp, Fraction pace)
    {
        if (branches == 0) return null;
        if (IsMet(complete, branches, targetBp) == false) return "missed";
        if (complete == branches) return "achieved";
        return new Fraction(complete, branches) >= pace ? "on_track" : "behind";
    }
}
