namespace Hub.Cli.Demo;

/// <summary>How one township goes about the programme, so that a bulletin has something to say: pace, and what it does out of line.
/// Months count from 0, the first period.</summary>
internal sealed record TownshipCourse(double Pace)
{
    /// <summary>Share of branches complete by month at pace 1. Software is paperwork and comes first; hardware is building.</summary>
    private static readonly double[] HardwareShares = [0.04, 0.08, 0.14, 0.22, 0.31, 0.43, 0.50, 0.56, 0.63, 0.70, 0.78, 0.90, 0.96];
    private static readonly double[] SoftwareShares = [0.62, 0.74, 0.82, 0.88, 0.92, 0.95, 0.97, 0.975, 0.98, 0.985, 0.99, 1];

    /// <summary>A month in which most of what was missing is suddenly said to be met.</summary>
    public int? JumpMonth { get; init; }

    /// <summary>First of three months in which a dozen branches have the same states.</summary>
    public int? AlikeFrom { get; init; }

    /// <summary>First of three months with one and the same report.</summary>
    public int? FrozenFrom { get; init; }

    /// <summary>A month without a report.</summary>
    public int? MissedMonth { get; init; }

    /// <summary>A month whose report comes <see cref="LateDays"/> late.</summary>
    public int? LateMonth { get; init; }

    public int LateDays { get; init; }

    /// <summary>A month with a second version, which takes back what the first claimed too much.</summary>
    public int? CorrectedMonth { get; init; }

    /// <summary>No branch opens or closes where that would blur what the township does out of line.</summary>
    public bool IsRegistrySteady => JumpMonth is not null || AlikeFrom is not null || FrozenFrom is not null;

    /// <summary>Dealt in this order, the first two to towns, which have enough branches of one kind.</summary>
    private static readonly TownshipCourse[] Courses =
    [
        new(0.95) { AlikeFrom = 3 },
        new(0.55) { JumpMonth = 5 },
        new(0.90) { FrozenFrom = 6 },
        new(1.30),
        new(0.50),
        new(1.00) { MissedMonth = 7 },
        new(1.05) { LateMonth = 2, LateDays = 1 },
        new(0.84) { LateMonth = 6, LateDays = 3 },
        new(1.10) { CorrectedMonth = 4 },
        new(1.22),
        new(0.62),
        new(1.00),
        new(0.92),
    ];

    public static TownshipCourse Of(int place) => place < Courses.Length ? Courses[place] : new(0.85 + place % 5 * 0.06);

    /// <summary>The month whose facts the report of <paramref name="month"/> tells.</summary>
    public int FactsOf(int month) => FrozenFrom is { } from && month > from && month < from + 3 ? from : month;

    /// <summary>The month in which the branch at this place of the township's queue (0 to 1) completes its hardware.</summary>
    public int HardwareMonth(double place) => MonthReaching(place / Pace, HardwareShares);

    public int SoftwareMonth(double place) => MonthReaching(place / (0.7 + 0.3 * Pace), SoftwareShares);

    private static int MonthReaching(double share, double[] shares)
    {
        var month = Array.FindIndex(shares, s => s >= share);
        return month < 0 ? BranchProgress.Never : month;
    }
}
