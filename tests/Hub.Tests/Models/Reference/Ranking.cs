using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 6: a township's rank is one more than the number of ranked townships strictly above it.</summary>
public static class Ranking
{
    public static IEnumerable<object?[]> Rows(ProgrammeFacts facts)
    {
        foreach (var period in facts.Periods)
        {
            var ranks = Ranks(facts, period);
            var previous = period == facts.Programme.Launch ? [] : Ranks(facts, period.Plus(-1));
            foreach (var township in facts.Townships)
                yield return [period, township, ranks.TryGetValue(township, out var r) ? r : null, previous.TryGetValue(township, out var p) ? p : null];
        }
    }

    private static Dictionary<string, int> Ranks(ProgrammeFacts facts, Period period)
    {
        var ranked = facts.Townships.ToDictionary(t => t, t => new Completion(facts.Branches(t, period)))
            .Where(t => t.Value.Base(Track.Hardware) > 0)
            .ToDictionary(t => t.Key, t => (t.Value.Share(Track.Hardware)!.Value, t.Value.Share(Track.Software), t.Value.MeanScore(Track.Hardware)!.Value));
        return ranked.ToDictionary(t => t.Key, t => 1 + ranked.Values.Count(other => Compare(other, t.Value) > 0));
    }

    private static int Compare((Fraction Hardware, Fraction? Software, Fraction Mean) a, (Fraction Hardware, Fraction? Software, Fraction Mean) b)
    {
        if (a.Hardware.CompareTo(b.Hardware) is var hardware && hardware != 0) return hardware;
        // A null software share sorts below any number.
        var software = (a.Software, b.Software) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            _ => a.Software.Value.CompareTo(b.Software.Value),
        };
        return software != 0 ? software : a.Mean.CompareTo(b.Mean);
    }
}
