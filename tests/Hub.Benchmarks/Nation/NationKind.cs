using Hub.Programmes;

namespace Hub.Benchmarks.Nation;

/// <summary>A kind of branch with what its standard says, as bits.</summary>
internal sealed class NationKind(Standard standard, Template template)
{
    public string Name { get; } = standard.Kind;
    public int Items { get; } = standard.Items.Count;
    public ulong Hardware { get; } = standard.Mask(Track.Hardware);
    public ulong Software { get; } = standard.Mask(Track.Software);
    public int AskedStar { get; } = standard.Items.Max(i => i.MinimumStar) ?? 0;

    /// <summary>Items that are not applicable together, or alone.</summary>
    public ulong[] Conditional { get; } =
        [.. standard.Items.Where(i => i.Condition is not null).GroupBy(i => i.ConditionGroup ?? i.Id).Select(g => g.Aggregate(0UL, (mask, i) => mask | 1UL << i.Ordinal))];

    public long HardwareDenominator { get; } = template.Denominator(Track.Hardware);
    public long SoftwareDenominator { get; } = template.Denominator(Track.Software);
}

/// <summary>What a committee is called, how many of a county's it makes up, and the kinds of its branches by weight.</summary>
/// <param name="FirstNumber">The last three digits of the first one's code.</param>
internal sealed record NationShape(string Suffix, int FirstNumber, double Share, bool IsTown, IReadOnlyList<(string Kind, int Weight)> Kinds)
{
    // Weights that make 25 items the mean of a branch: 114 million states of 4.55 million.
    public static readonly IReadOnlyList<NationShape> All =
    [
        new("街道", 1, 0.25, false, [("community", 45), ("agency", 30), ("enterprise", 25)]),
        new("镇", 100, 0.45, true, [("village", 45), ("agency", 28), ("enterprise", 20), ("community", 7)]),
        new("乡", 200, 0.30, true, [("village", 53), ("agency", 30), ("enterprise", 15), ("community", 2)]),
    ];

    public string KindOf(double unit)
    {
        var left = unit * 100;
        foreach (var (kind, weight) in Kinds)
            if ((left -= weight) < 0) return kind;
        return Kinds[^1].Kind;
    }
}
