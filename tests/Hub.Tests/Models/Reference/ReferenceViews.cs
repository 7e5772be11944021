using System.Globalization;
using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Every view of a county at an instant, computed from the rules one row after the other: slow and plain on purpose.</summary>
public static class ReferenceViews
{
    /// <summary>Columns by view, in the order of the rows given.</summary>
    public static readonly IReadOnlyDictionary<string, string> Columns = new Dictionary<string, string>
    {
        ["township_completion"] = $"programme,period,township,stale_months,{CompletionColumns},target_bp,pace,status",
        ["county_completion"] = $"programme,period,{CompletionColumns}",
        ["township_ranking"] = "programme,period,township,rank,previous_rank",
        ["milestone_status"] = "programme,period,township,milestone,due,base,complete,target_bp,met,met_on_time",
        ["report_status"] = "programme,period,township,status,days_late,versions,version_in_force",
        ["rectification_list"] = "programme,year,branch,township,position,tied,hardware_score,software_score,months_noncompliant",
        ["item_completion"] = "programme,period,kind,item,applicable,met",
        ["integrity_signals"] = "programme,period,township,signal,branch,kind,count",
        ["branch_completion"] = "programme,period,branch,township,kind,star,stale_months,listed,hardware_applicable,hardware_met,hardware_complete,"
            + "software_applicable,software_met,software_complete",
        ["township_trend"] = "programme,period,township,hardware_base,hardware_complete,forecast,forecast_share",
        ["area_trend"] = "programme,period,level,area,hardware_base,hardware_complete,hardware_share,forecast,forecast_share,forecast_period",
        ["county_trend"] = "programme,period,hardware_base,hardware_complete,hardware_share,forecast,forecast_share,forecast_period,target_bp,pace",
        ["group_completion"] = "programme,period,grouping,ordinal,kind,star_min,star_max,name,branches,hardware_base,hardware_complete,hardware_share,"
            + "software_base,software_complete,software_share,hardware_target_bp,kind_gloss",
        ["section_completion"] = "programme,period,township,kind,section,kind_name,section_title,track,applicable,met,met_share,ordinal,kind_gloss,section_gloss",
        ["weakest_items"] = "programme,period,kind,item,position,kind_name,section,section_title,track,title,gloss,applicable,met,met_share,kind_gloss,section_gloss",
        ["signal_counts"] = "programme,period,township,signal,branches,items",
        ["upcoming_dues"] = "programme,period,what,milestone,due_on,report_period,name,track,target_bp,months_ahead,gloss",
        ["area_completion"] = $"programme,period,level,area,{CompletionColumns}",
        ["reporting_rates"] = "programme,period,level,area,due,reported,on_time",
    };

    private const string CompletionColumns = "branches,hardware_base,hardware_complete,hardware_share,mean_hardware_score,"
        + "software_base,software_complete,software_share,mean_software_score,compliant";

    /// <summary>Rows as CSV fields: null is empty, booleans are true and false, dates YYYY-MM-DD.</summary>
    public static List<string[]> Rows(string view, ReferenceCounty county, DateTimeOffset asOf)
    {
        var rows = new List<string[]>();
        foreach (var programme in county.Programmes)
        {
            var facts = new ProgrammeFacts(county, programme, asOf);
            rows.AddRange(Rows(view, facts).Select(r => (string[])[programme.Id, .. r.Select(Text)]));
        }
        return rows;
    }

    private static IEnumerable<object?[]> Rows(string view, ProgrammeFacts facts) => view switch
    {
        "township_completion" => TownshipRows(facts, TownshipCompletion),
        "county_completion" => facts.Periods.Select(p => (object?[])[p, .. new Completion(facts.Branches(p)).Columns()]),
        "township_ranking" => Ranking.Rows(facts),
        "milestone_status" => MilestoneStatus(facts),
        "report_status" => TownshipRows(facts, Timeliness.Row),
        "rectification_list" => Rectification.Rows(facts),
        "item_completion" => facts.Periods.SelectMany(p => ItemCompletion(facts, p)),
        "integrity_signals" => IntegritySignals.Rows(facts),
        "branch_completion" => facts.Periods.SelectMany(p => facts.Branches(p).Select(b => BranchCompletion(facts, p, b))),
        "township_trend" => TownshipRows(facts, TownshipTrend),
        "area_trend" => Areas.Trend(facts),
        "county_trend" => Trend.County(facts),
        "group_completion" => Groups.Rows(facts),
        "section_completion" => Items.Sections(facts),
        "weakest_items" => Items.Weakest(facts),
        "signal_counts" => IntegritySignals.Counts(facts),
        "upcoming_dues" => facts.Periods.SelectMany(p => UpcomingDues(facts, p).Select(r => (object?[])[p, .. r])),
        "area_completion" => Areas.Completion(facts),
        "reporting_rates" => Areas.ReportingRates(facts),
        _ => throw new ArgumentException($"No reference for {view}", nameof(view)),
    };

    private static IEnumerable<object?[]> TownshipRows(ProgrammeFacts facts, Func<ProgrammeFacts, string, Period, object?[]> row) =>
        from period in facts.Periods
        from township in facts.Townships
        select (object?[])[period, township, .. row(facts, township, period)];

    private static object?[] TownshipCompletion(ProgrammeFacts facts, string township, Period period)
    {
        var completion = new Completion(facts.Branches(township, period));
        var target = Milestones.TargetBp(facts.Programme.LaunchYear, period);
        var pace = Milestones.Pace(facts.Programme.LaunchYear, period);
        var status = Milestones.Status(completion.Complete(Track.Hardware), completion.Base(Track.Hardware), target, pace);
        return [facts.StaleMonths(township, period), .. completion.Columns(), target, pace, status];
    }

    private static IEnumerable<object?[]> MilestoneStatus(ProgrammeFacts facts)
    {
        foreach (var milestone in Milestones.Of(facts.Programme.LaunchYear))
        foreach (var period in facts.Periods.Where(p => p >= milestone.JudgedFrom))
        foreach (var township in facts.Townships)
        {
            var (branches, complete) = Judge(period);
            var (branchesThen, completeThen) = Judge(milestone.JudgedFrom);
            yield return
            [
                period, township, milestone.Id, milestone.Due, branches, complete, milestone.TargetBp,
                Milestones.IsMet(complete, branches, milestone.TargetBp), Milestones.IsMet(completeThen, branchesThen, milestone.TargetBp),
            ];

            (int Base, int Complete) Judge(Period at)
            {
                var scope = facts.Branches(township, at).Where(b => b.Branch.Star >= milestone.StarMin && b.Branch.Star <= milestone.StarMax).ToList();
                return (scope.Count(b => b.IsInBase(milestone.Track)), scope.Count(b => b.IsComplete(milestone.Track)));
            }
        }
    }

    private static IEnumerable<object?[]> ItemCompletion(ProgrammeFacts facts, Period period)
    {
        foreach (var standard in facts.Programme.Template.Standards)
        foreach (var item in standard.Items)
        {
            var states = facts.Branches(period).Where(b => b.Branch.Kind == standard.Kind).Select(b => b.States[item.Ordinal]).Where(s => s != '-').ToList();
            if (states.Count > 0) yield return [period, standard.Kind, item.Id, states.Count, states.Count(s => s == '1')];
        }
    }

    // A branch outside a track's base is neither complete nor incomplete in it.
    private static object?[] BranchCompletion(ProgrammeFacts facts, Period period, BranchFacts b) =>
    [
        period, b.Branch.Code, b.Branch.Township, b.Branch.Kind, b.Branch.Star, facts.StaleMonths(b.Branch.Township, period), b.Listed,
        b.Applicable(Track.Hardware), b.Met(Track.Hardware), b.IsInBase(Track.Hardware) ? b.IsComplete(Track.Hardware) : null,
        b.Applicable(Track.Software), b.Met(Track.Software), b.IsInBase(Track.Software) ? b.IsComplete(Track.Software) : null,
    ];

    private static object?[] TownshipTrend(ProgrammeFacts facts, string township, Period period) =>
        Trend.Columns(facts, period, p => facts.Branches(township, p)) is [var hardware, var complete, _, var forecast, var share, _]
            ? [hardware, complete, forecast, share] : throw new InvalidOperationException();

    // Without holidays: no made-up county shifts its due day.
    private static IEnumerable<object?[]> UpcomingDues(ProgrammeFacts facts, Period period)
    {
        var next = period.Plus(1);
        yield return ["report", null, next.Plus(1).FirstDay.AddDays(2), next, null, null, null, 1, null];
        foreach (var m in facts.Programme.Template.Milestones)
        {
            var due = m.Due.In(facts.Programme.LaunchYear);
            if (due > period.LastDay)
                yield return ["milestone", m.Id, due, null, m.Name, m.Track == Track.Hardware ? "hardware" : "software", m.TargetBp, (due.Year - period.Year) * 12 + due.Month - period.Month, m.Gloss];
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
