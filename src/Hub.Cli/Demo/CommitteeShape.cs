namespace Hub.Cli.Demo;

/// <summary>What a made-up committee is like: how it is called, its share of the county's branches and of which kinds they are.</summary>
/// <param name="Suffix">End of its name.</param>
/// <param name="FirstNumber">The last three digits of the first one's code.</param>
/// <param name="OfThirteen">How many of thirteen committees are like this.</param>
/// <param name="BranchWeight">Branches of one, relative to the others.</param>
/// <param name="Kinds">Kinds of its branches, by weight.</param>
internal sealed record CommitteeShape(
    string Suffix, int FirstNumber, int OfThirteen, int BranchWeight, IReadOnlyList<(string Kind, int Weight)> Kinds)
{
    /// <summary>By code: sub-districts from 001, towns from 100, townships from 200, the county's own committees from 400.</summary>
    public static readonly IReadOnlyList<CommitteeShape> All =
    [
        new("街道", 1, 2, 30, [("community", 68), ("enterprise", 18), ("agency", 14)]),
        new("镇", 100, 5, 37, [("village", 76), ("agency", 10), ("enterprise", 8), ("community", 6)]),
        new("乡", 200, 4, 28, [("village", 84), ("agency", 12), ("enterprise", 4)]),
        new("机关工委", 400, 1, 60, [("agency", 96), ("enterprise", 4)]),
        new("园区工委", 450, 1, 24, [("enterprise", 88), ("agency", 12)]),
    ];

    public bool IsTown => FirstNumber is >= 100 and < 400;
}
