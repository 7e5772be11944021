using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>One branch in one period, by the report in force. Not listed = everything applicable and nothing met.</summary>
public sealed record BranchFacts(ReferenceBranch Branch, Standard Standard, bool Listed, string States)
{
    public int Applicable(Track track) => Standard.Items.Count(i => i.Track == track && States[i.Ordinal] != '-');
    public int Met(Track track) => Standard.Items.Count(i => i.Track == track && States[i.Ordinal] == '1');
    public bool IsInBase(Track track) => Applicable(track) > 0;
    public bool IsComplete(Track track) => IsInBase(track) && Met(track) == Applicable(track);
    public Fraction? Score(Track track) => Fraction.Share(Met(track), Applicable(track));

    public bool IsCompliant =>
        (IsInBase(Track.Hardware) || IsInBase(Track.Software))
        && (!IsInBase(Track.Hardware) || IsComplete(Track.Hardware))
        && (!IsInBase(Track.Software) || IsComplete(Track.Software));
}

/// <summary>One programme of a county at an instant: its periods, the reports in force and the branches they judge (rules, sections 2 and 3).</summary>
public sealed class ProgrammeFacts
{
    private readonly ReferenceCounty county;
    private readonly Dictionary<(string, Period), ReferenceReport> own;
    private readonly Dictionary<(string, Period), IReadOnlyList<BranchFacts>> branches = [];

    public ProgrammeFacts(ReferenceCounty county, ReferenceProgramme programme, DateTimeOffset asOf)
    {
        (this.county, Programme, AsOf) = (county, programme, asOf);
        var localDay = DateOnly.FromDateTime(asOf.ToOffset(TimeSpan.FromHours(8)).DateTime);
        Periods = [];
        for (var p = programme.Launch; p < Period.Of(localDay.Year, localDay.Month); p = p.Plus(1)) Periods.Add(p);
        Townships = [.. county.Townships.Where(programme.Covers).Order(StringComparer.Ordinal)];
        Versions = county.Reports.Where(r => r.Programme == programme.Id && r.ReceivedAt <= asOf).ToLookup(r => (r.Township, r.Period));
        own = Versions.ToDictionary(v => v.Key, v => v.MaxBy(r => r.Version)!);
    }

    public ReferenceProgramme Programme { get; }
    public DateTimeOffset AsOf { get; }
    public List<Period> Periods { get; }
    public List<string> Townships { get; }

    /// <summary>Every version received by the instant.</summary>
    public ILookup<(string Township, Period Period), ReferenceReport> Versions { get; }

    /// <summary>The highest version of that very period.</summary>
    public ReferenceReport? Own(string township, Period period) => own.GetValueOrDefault((township, period));

    /// <summary>The report in force: the period's own, or the latest earlier one carried forward.</summary>
    public ReferenceReport? InForce(string township, Period period)
    {
        for (var p = period; p >= Programme.Launch; p = p.Plus(-1))
            if (Own(township, p) is { } report) return report;
        return null;
    }

    public int? StaleMonths(string township, Period period) =>
        InForce(township, period) is { } report ? period.Index - report.Period.Index : null;

    public Standard? StandardOf(ReferenceBranch branch) =>
        Programme.Template.StandardOf(branch.Kind) is { Items.Count: > 0 } standard ? standard : null;

    /// <summary>Of the kinds that have items, in the template's order.</summary>
    public IEnumerable<Standard> Standards => Programme.Template.Standards.Where(s => s.Items.Count > 0);

    public ReferenceBranch Branch(string code) => county.Branches.Single(b => b.Code == code);

    /// <summary>The active branches of the township that have a standard, in code order.</summary>
    public IReadOnlyList<BranchFacts> Branches(string township, Period period)
    {
        if (branches.TryGetValue((township, period), out var known)) return known;
        var report = InForce(township, period);
        var facts = new List<BranchFacts>();
        foreach (var branch in county.Branches.Where(b => b.Township == township && b.IsActiveIn(period)).OrderBy(b => b.Code, StringComparer.Ordinal))
        {
            if (StandardOf(branch) is not { } standard) continue;
            var states = report?.States.GetValueOrDefault(branch.Code);
            facts.Add(new BranchFacts(branch, standard, states is not null, states ?? new string('0', standard.Items.Count)));
        }
        return branches[(township, period)] = facts;
    }

    /// <summary>The branches of every township that the programme covers.</summary>
    public List<BranchFacts> Branches(Period period) => [.. Townships.SelectMany(t => Branches(t, period))];
}
