using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 8: each year's list, as at December of the year before.</summary>
public static class Rectification
{
    private sealed record Candidate(BranchFacts Facts, Fraction Hardware, Fraction? Software, int Months);

    public static IEnumerable<object?[]> Rows(ProgrammeFacts facts)
    {
        foreach (var december in facts.Periods.Where(p => p.Month == 12 && p.Year > facts.Programme.LaunchYear))
        {
            var all = facts.Branches(december);
            var hardwareBase = all.Count(b => b.IsInBase(Track.Hardware));
            var pool = all.Where(b => b.IsInBase(Track.Hardware) && !b.IsComplete(Track.Hardware))
                .Select(b => new Candidate(b, b.Score(Track.Hardware)!.Value, b.Score(Track.Software), MonthsNoncompliant(facts, b.Branch, december))).ToList();
            var n = Math.Min(pool.Count, (hardwareBase + 9) / 10);
            if (n == 0) continue;
            pool.Sort(Compare);
            foreach (var candidate in pool.Where(c => Compare(c, pool[n - 1]) <= 0))
            {
                var position = 1 + pool.Count(other => Compare(other, candidate) < 0);
                var isTied = pool.Count(other => Compare(other, candidate) == 0) > 1;
                yield return
                [
                    december.Year + 1, candidate.Facts.Branch.Code, candidate.Facts.Branch.Township, position, isTied,
                    candidate.Hardware, candidate.Software, candidate.Months,
                ];
            }
        }
    }

    /// <summary>Consecutive periods ending at the December, back to the launch, in which the branch was active, in the base and not complete.</summary>
    private static int MonthsNoncompliant(ProgrammeFacts facts, ReferenceBranch branch, Period december)
    {
        var months = 0;
        for (var p = december; p >= facts.Programme.Launch; p = p.Plus(-1), months++)
        {
            var then = facts.Branches(branch.Township, p).SingleOrDefault(b => b.Branch.Code == branch.Code);
            if (then is null || !then.IsInBase(Track.Hardware) || then.IsComplete(Track.Hardware)) break;
        }
        return months;
    }

    /// <summary>Hardware score ascending, software score ascending with null last, months descending.</summary>
    private static int Compare(Candidate a, Candidate b)
    {
        if (a.Hardware.CompareTo(b.Hardware) is var hardware && hardware != 0) return hardware;
        var software = (a.Software, b.Software) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => a.Software.Value.CompareTo(b.Software.Value),
        };
        return software != 0 ? software : b.Months.CompareTo(a.Months);
    }
}
