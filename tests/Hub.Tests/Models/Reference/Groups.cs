using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>The programme's branches by kind and by stars, with what is asked of each group's hardware. Tiers are read star by star.</summary>
public static class Groups
{
    private sealed record Tier(int Min, int Max)
    {
        public bool Has(int star) => star >= Min && star <= Max;
    }

    /// <summary>period, grouping, ordinal, kind, star_min, star_max, name, branches, both tracks' base, complete and share, target, gloss.</summary>
    public static IEnumerable<object?[]> Rows(ProgrammeFacts facts)
    {
        foreach (var period in facts.Periods)
        {
            var branches = facts.Branches(period);
            var ordinal = 0;
            foreach (var standard in facts.Standards)
                yield return [period, "kind", ordinal++, standard.Kind, null, null, standard.Name, .. Figures(branches.Where(b => b.Standard == standard)), TargetBp(facts, period), standard.Gloss];
            ordinal = 0;
            foreach (var tier in Tiers(facts))
                yield return [period, "star", ordinal++, null, tier.Min, tier.Max, null, .. Figures(branches.Where(b => tier.Has(b.Branch.Star))), TargetBp(facts, tier, period), null];
        }
    }

    /// <summary>The target of the latest hardware milestone of every branch that is due by the period's last day, else 0.</summary>
    public static int TargetBp(ProgrammeFacts facts, Period period) =>
        DueHardware(facts, period).Where(m => m.AllBranches).MaxBy(m => m.Due.In(facts.Programme.LaunchYear))?.TargetBp ?? 0;

    // Or more, where another milestone by then binds each star of the tier.
    private static int TargetBp(ProgrammeFacts facts, Tier tier, Period period)
    {
        var stars = Enumerable.Range(0, 6).Where(tier.Has).ToList();
        var own = DueHardware(facts, period).Where(m => stars.All(Scope(m).Has)).Select(m => m.TargetBp);
        return own.Append(TargetBp(facts, period)).Max();
    }

    private static IEnumerable<MilestoneRule> DueHardware(ProgrammeFacts facts, Period period) =>
        facts.Programme.Template.Milestones.Where(m => m.Track == Track.Hardware && m.Due.In(facts.Programme.LaunchYear) <= period.LastDay);

    private static Tier Scope(MilestoneRule milestone) => new(milestone.StarMin ?? 0, milestone.StarMax ?? 5);

    private static IEnumerable<Tier> Tiers(ProgrammeFacts facts)
    {
        var tiers = facts.Programme.Template.Milestones.Where(m => m.Track == Track.Hardware && !m.AllBranches).Select(Scope).ToHashSet();
        var covered = tiers.ToList();
        for (var star = 0; star <= 5; star++)
            if (!covered.Any(t => t.Has(star))) tiers.Add(new(star, star));
        return tiers.OrderByDescending(t => t.Max).ThenByDescending(t => t.Min);
    }

    private static object?[] Figures(IEnumerable<BranchFacts> branches)
    {
        var group = new Completion([.. branches]);
        return
        [
            group.Branches,
            group.Base(Track.Hardware), group.Complete(Track.Hardware), group.Share(Track.Hardware),
            group.Base(Track.Software), group.Complete(Track.Software), group.Share(Track.Software),
        ];
    }
}
