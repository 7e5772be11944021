using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The programme as a whole. <paramref name="Status"/> as for a township.</summary>
public sealed record CountyLine(
    int Branches, int HardwareBase, int HardwareComplete, double? HardwareShare, double? MeanHardwareScore,
    int SoftwareBase, int SoftwareComplete, double? SoftwareShare, double? MeanSoftwareScore, int Compliant, string? Status);

/// <summary>The whole programme in one month. <paramref name="ForecastShare"/> is where it is heading by <paramref name="ForecastPeriod"/>; both
/// are null from that month on.</summary>
public sealed record TrendLine(Period Period, double? HardwareShare, int TargetBp, double? Pace, double? ForecastShare, Period? ForecastPeriod);

/// <summary>A kind (<paramref name="Name"/> is its own) or a star tier (from <paramref name="StarMin"/> to <paramref name="StarMax"/>).</summary>
public sealed record GroupLine(
    Text? Name, int? StarMin, int? StarMax, int Branches, int HardwareBase, int HardwareComplete, double? HardwareShare,
    int SoftwareBase, int SoftwareComplete, double? SoftwareShare, int HardwareTargetBp);

public sealed record TownshipLine(
    string Township, string Name, int? Rank, int? PreviousRank, int? StaleMonths, int Branches, int HardwareBase, int HardwareComplete, double? HardwareShare,
    int SoftwareBase, int SoftwareComplete, double? SoftwareShare, double? MeanHardwareScore, int Compliant, string? Status, string ReportStatus, int? DaysLate);

/// <summary>A township's hardware share in one month.</summary>
public sealed record ShareLine(string Township, Period Period, double? HardwareShare);

/// <summary>A milestone of the programme, due or not.</summary>
public sealed record PlanLine(string Milestone, Text Name, string Track, bool AllBranches, DateOnly DueOn, int TargetBp);

/// <summary>A milestone judged by now, with the townships that met it.</summary>
public sealed record MilestoneLine(string Milestone, Text Name, DateOnly Due, int TargetBp, int Met, int Missed, int WithoutBase);

/// <summary>A township's verdict on a milestone judged by now.</summary>
public sealed record VerdictLine(string Township, string Milestone, int Base, int Complete, bool? Met, bool? MetOnTime);

/// <summary>Whether a township's report for one month was in time.</summary>
public sealed record ReportLine(string Township, Period Period, string Status, int? DaysLate);

public sealed record RateLine(int Due, int Reported, int OnTime);

public sealed record WeakItemLine(int Position, Text KindName, string Item, Text Title, int Applicable, int Met, double? MetShare);

/// <summary>A section of a kind's standard in one township; columns of the heat map in the order of <paramref name="Ordinal"/>.</summary>
public sealed record SectionLine(string Township, Text KindName, Text Title, double? MetShare, int Ordinal);

/// <summary>What a signal found in one township: branches and items concerned, 0 where the signal does not count them.</summary>
public sealed record SignalLine(string Name, string Signal, int Branches, int Items);

public sealed record PracticeLine(string Name, string Text);

public sealed record RectificationLine(
    string Branch, string BranchName, string TownshipName, int Position, bool Tied, double? HardwareScore, double? SoftwareScore, int MonthsNoncompliant);

/// <summary>A published figure that a later record changed. <paramref name="Name"/> is null for the whole programme.</summary>
/// <param name="Told">The last word in print on it; null where it had no value.</param>
public sealed record RestatementLine(Period Period, string? Name, string Figure, string? Told, string? Now, string Cause);

/// <summary>What falls due after the period: a report or a milestone.</summary>
public sealed record DueLine(string What, DateOnly DueOn, Period? ReportPeriod, Text Name, int? TargetBp, int MonthsAhead);

/// <summary>Every figure of a bulletin, read from the models at one point of the log and of time by <see cref="FiguresReader"/>.</summary>
/// <param name="Townships">In ranking order, those without a rank last; within a tie by code.</param>
/// <param name="Trend">From the launch to the period.</param>
/// <param name="Rectification">The list of the year that follows; only in December, when its figures are in.</param>
/// <param name="HasEarlier">Whether the programme has a published bulletin before this one.</param>
/// <param name="Restatements">Published figures that are not as they were told last.</param>
/// <param name="Dues">The next report; milestones due in the two months after the period, or else the next ones.</param>
/// <param name="TemplatePosition">Log position of the rules in force.</param>
public sealed record BulletinFigures(
    Period Period, CountyLine County, int TargetBp, double? Pace, DateOnly DueOn,
    IReadOnlyList<TrendLine> Trend, IReadOnlyList<GroupLine> Kinds, IReadOnlyList<GroupLine> Stars,
    IReadOnlyList<TownshipLine> Townships, IReadOnlyList<ShareLine> Shares,
    IReadOnlyList<PlanLine> Plan, IReadOnlyList<MilestoneLine> Milestones, IReadOnlyList<VerdictLine> Verdicts,
    RateLine Rate, IReadOnlyList<ReportLine> Reports,
    IReadOnlyList<WeakItemLine> WeakestItems, IReadOnlyList<SectionLine> Sections, IReadOnlyList<SignalLine> Signals,
    IReadOnlyList<PracticeLine> Practices, IReadOnlyList<RectificationLine> Rectification, bool HasEarlier, IReadOnlyList<RestatementLine> Restatements,
    IReadOnlyList<DueLine> Dues, long TemplatePosition, long Position, DateTimeOffset AsOf);
