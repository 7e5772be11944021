using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

public sealed record ReferenceProgramme(string Id, int LaunchYear, string Area, Template Template)
{
    public Period Launch => Period.Of(LaunchYear, 12);

    public bool Covers(string township) => township.StartsWith(Area, StringComparison.Ordinal);
}

/// <param name="ActiveTo">The first day on which the branch is closed; null = open.</param>
public sealed record ReferenceBranch(string Code, string Township, string Kind, int Star, DateOnly ActiveFrom, DateOnly? ActiveTo)
{
    public bool IsActiveIn(Period period)
    {
        var lastDay = new DateOnly(period.Year, period.Month, DateTime.DaysInMonth(period.Year, period.Month));
        return ActiveFrom <= lastDay && (ActiveTo is null || ActiveTo > lastDay);
    }
}

/// <param name="States">One character per item of the branch's kind, by branch code: <c>1</c> met, <c>0</c> not met, <c>-</c> not applicable.</param>
public sealed record ReferenceReport(
    string Programme, string Township, Period Period, int Version, DateTimeOffset ReceivedAt, IReadOnlyDictionary<string, string> States);

/// <summary>What a county has on record at one log position. Townships are codes.</summary>
public sealed record ReferenceCounty(
    IReadOnlyList<ReferenceProgramme> Programmes, IReadOnlyList<string> Townships, IReadOnlyList<ReferenceBranch> Branches,
    IReadOnlyList<ReferenceReport> Reports);
