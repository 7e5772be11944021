using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Demo;

/// <summary>A county that does not exist, for demonstrations: committees, branches and what they report month by month. Everything follows
/// from the seed, so the history as files and the reports as sent tell one story.</summary>
public sealed class MadeUpCounty
{
    /// <summary>No province has the number 99, so that no code here can be mistaken for a real one.</summary>
    public const string Code = "990101";

    /// <summary>Says of itself that it is made up.</summary>
    public const string Name = "霁川县（虚构）";

    public const int MaxBranches = 1000;

    private readonly int seed;
    private readonly Cadence cadence;
    private readonly Period first;
    private readonly CountyRegistry registry;
    private readonly CountyProgress progress;

    private MadeUpCounty(Template template, string programme, int launchYear, int townships, int branches, int seed)
    {
        (TemplateName, Programme, LaunchYear, cadence, this.seed) = (template.Name, programme, launchYear, template.Cadence, seed);
        first = cadence.FirstPeriod.In(launchYear);
        registry = new(template, launchYear, townships, branches, seed);
        progress = new(template, registry, first, seed);
        Townships = [.. registry.Townships.Select(t => (t.Code, t.Name))];
    }

    public string TemplateName { get; }

    /// <summary>The programme that the townships report on, e.g. <c>county-2025</c>.</summary>
    public string Programme { get; }

    public int LaunchYear { get; }

    /// <summary>By code.</summary>
    public IReadOnlyList<(string Code, string Name)> Townships { get; }

    /// <summary>By code.</summary>
    public IReadOnlyList<MadeUpBranch> Branches => registry.Branches;

    /// <summary>Makes a county of a template that has standards for party branches.</summary>
    /// <param name="template">Gives the kinds, their items and which of them may be not applicable.</param>
    /// <param name="programme">The programme's id.</param>
    /// <param name="launchYear">The year Y that the template's dates are relative to.</param>
    /// <param name="townships">1 to 26.</param>
    /// <param name="branches">From the number of townships to <see cref="MaxBranches"/>, those without a standard included.</param>
    /// <param name="seed">The same seed gives the same county, byte for byte.</param>
    public static MadeUpCounty Make(
        Template template, string programme, int launchYear, int townships = 13, int branches = 430, int seed = 20251201)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(townships, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(townships, PlaceNames.MaxTownships);
        ArgumentOutOfRangeException.ThrowIfLessThan(branches, townships);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(branches, MaxBranches);
        return new(template, programme, launchYear, townships, branches, seed);
    }

    /// <summary>Writes a county folder: programmes, townships, branches, submissions and states of the first periods.</summary>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="months">How many periods, from the first one on.</param>
    public void WriteHistory(string folder, int months) =>
        HistoryFolder.Write(this, folder, Enumerable.Range(0, months).Select(first.Plus));

    /// <summary>The report of one township for one period as its agent sends it.</summary>
    public Report Report(string township, Period period)
    {
        var committee = TownshipOf(township);
        var report = new Report { Programme = Programme, Township = township, Period = period.ToString() };
        foreach (var (branch, states) in States(township, period))
            report.Branches.Add(new BranchStates { Branch = branch, States = { states.Select(StateOf) } });
        report.Narrative = ReportWords.Narrative(FiguresOf(committee, period), Chance.Of(seed, $"words {township} {period}"));
        report.SignOff = ReportWords.SignOff(committee.Shape, period, Chance.Of(seed, $"sign-off {township} {period}"));
        return report;
    }

    /// <summary>Branch code and states of every branch that a report of the period lists, by code.</summary>
    internal IEnumerable<(string Branch, string States)> States(string township, Period period)
    {
        var month = TownshipOf(township).Course.FactsOf(MonthOf(period));
        return Listed(township, period).Select(b => (b.Code, progress.Of(b.Code)!.StatesAt(month)));
    }

    /// <summary>The versions received for the period; none where the township missed the month. A first version that
    /// <c>ClaimsTooMuch</c> was taken back by the second.</summary>
    internal IEnumerable<(int Version, DateTimeOffset ReceivedAt, bool ClaimsTooMuch)> Submissions(string township, Period period)
    {
        var (course, month) = (TownshipOf(township).Course, MonthOf(period));
        if (course.MissedMonth == month) yield break;
        var chance = Chance.Of(seed, $"received {township} {period}");
        var lastDay = cadence.DueDayCounts ? cadence.DueDay : cadence.DueDay - 1;
        var day = course.LateMonth == month ? lastDay + course.LateDays : chance.Next(1, lastDay + 1);
        var isCorrected = course.CorrectedMonth == month;
        yield return (1, Instant(day), isCorrected);
        if (isCorrected) yield return (2, Instant(lastDay + 2), false);

        DateTimeOffset Instant(int dayOfNextMonth)
        {
            var time = new TimeOnly(chance.Next(7, 23), chance.Next(60), chance.Next(60));
            return new(period.LastDay.AddDays(dayOfNextMonth).ToDateTime(time), HubTime.ShanghaiOffset);
        }
    }

    private MadeUpTownship TownshipOf(string code) => registry.Townships.First(t => t.Code == code);

    private int MonthOf(Period period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, first);
        return period.Index - first.Index;
    }

    private IEnumerable<MadeUpBranch> Listed(string township, Period period) =>
        registry.Branches.Where(b => b.Township == township && progress.Of(b.Code) is not null && b.IsActiveIn(period));

    private HardwareFigures FiguresOf(MadeUpTownship township, Period period)
    {
        var month = township.Course.FactsOf(MonthOf(period));
        var before = township.Course.FactsOf(MonthOf(period) - 1);
        BranchProgress[] inBase =
            [.. Listed(township.Code, period).Select(b => progress.Of(b.Code)!).Where(b => b.IsInBase(Track.Hardware))];
        return new(
            inBase.Length,
            inBase.Count(b => b.IsComplete(Track.Hardware, month)),
            inBase.Count(b => b.IsComplete(Track.Hardware, month) && !b.IsComplete(Track.Hardware, before)),
            inBase.Sum(b => b.Unmet(Track.Hardware, month)));
    }

    private static ItemState StateOf(char state) => state switch
    {
        '1' => ItemState.Met,
        '0' => ItemState.NotMet,
        _ => ItemState.NotApplicable,
    };
}
