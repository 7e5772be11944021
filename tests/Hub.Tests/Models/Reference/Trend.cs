using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 5's pace and forecast for any launch year and template, over any set of branches.</summary>
public static class Trend
{
    /// <summary>complete(P) + months left × (complete(P) − complete(P−3)) / 3, between 0 and the base; null in the first three periods
    /// and where no hardware milestone binds every branch.</summary>
    public static Fraction? Forecast(ProgrammeFacts facts, Period period, Func<Period, IReadOnlyCollection<BranchFacts>> branches)
    {
        if (period < facts.Programme.Launch.Plus(3) || LastMilestone(facts) is not { } last) return null;
        var now = new Completion(branches(period));
        var (complete, before) = (now.Complete(Track.Hardware), new Completion(branches(period.Plus(-3))).Complete(Track.Hardware));
        var straight = Fraction.Of(complete) + Fraction.Of(Math.Max(0, last.Index - period.Index)) * new Fraction(complete - before, 3);
        var most = Fraction.Of(now.Base(Track.Hardware));
        return straight < Fraction.Of(0) ? Fraction.Of(0) : straight > most ? most : straight;
    }

    /// <summary>hardware_base, hardware_complete, hardware_share, forecast, forecast_share, forecast_period.</summary>
    public static object?[] Columns(ProgrammeFacts facts, Period period, Func<Period, IReadOnlyCollection<BranchFacts>> branches)
    {
        var now = new Completion(branches(period));
        var forecast = Forecast(facts, period, branches);
        var hardware = now.Base(Track.Hardware);
        return
        [
            hardware, now.Complete(Track.Hardware), now.Share(Track.Hardware),
            forecast, hardware == 0 ? null : forecast * new Fraction(1, hardware), LastMilestone(facts),
        ];
    }

    public static IEnumerable<object?[]> County(ProgrammeFacts facts) =>
        facts.Periods.Select(p => (object?[])[p, .. Columns(facts, p, facts.Branches), Groups.TargetBp(facts, p), Pace(facts, p)]);

    private static Period? LastMilestone(ProgrammeFacts facts)
    {
        var points = Points(facts);
        return points.Count == 0 ? null : Period.Of(points[^1].Due.Year, points[^1].Due.Month);
    }

    // Between two points the share of days gone by of the way from one target to the next.
    private static Fraction? Pace(ProgrammeFacts facts, Period period)
    {
        if (facts.Programme.Template.Pace is not { } pace) return null;
        var (from, fromBp) = (pace.Starts.In(facts.Programme.LaunchYear), 0);
        if (period.LastDay < from) return Fraction.Of(0);
        foreach (var (due, bp) in Points(facts))
        {
            if (period.LastDay < due)
                return new Fraction(fromBp, 10_000)
                    + new Fraction(bp - fromBp, 10_000) * new Fraction(period.LastDay.DayNumber - from.DayNumber, due.DayNumber - from.DayNumber);
            (from, fromBp) = (due, bp);
        }
        return Fraction.Of(1);
    }

    private static List<(DateOnly Due, int Bp)> Points(ProgrammeFacts facts) =>
        [.. facts.Programme.Template.Milestones.Where(m => m.Track == Track.Hardware && m.AllBranches)
            .Select(m => (Due: m.Due.In(facts.Programme.LaunchYear), m.TargetBp)).OrderBy(m => m.Due)];
}
