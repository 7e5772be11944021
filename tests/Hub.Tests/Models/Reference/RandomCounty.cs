using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>A made-up county from a seed, in two parts: what is on record first, and all of it after the registry changed and more came in.</summary>
public sealed class RandomCounty
{
    private static readonly string[] Kinds = ["village", "agency", "community", "enterprise", "village", "agency", "veteran"];
    private static readonly int[] Lengths = [1, 2, 3, 4, 6, 8, 12, 13, 13, 14, 15, 18, 25, 26, 30];

    private readonly Random random;
    private readonly Template template;
    private readonly List<ReferenceProgramme> programmes = [];
    private readonly List<string> townships = [];
    private readonly List<ReferenceBranch> firstBranches = [];
    private readonly List<ReferenceBranch> branches = [];
    private readonly List<ReferenceReport> firstReports = [];
    private readonly List<ReferenceReport> reports = [];

    /// <param name="template">Of every programme.</param>
    /// <param name="isCareful">Whether each report lists exactly the active branches after the month's end, as the hub asks of a township.</param>
    public RandomCounty(int seed, Template template, bool isCareful = false)
    {
        random = new Random(seed);
        this.template = template;
        IsCareful = isCareful;
        var launchYear = 2018 + random.Next(7);
        First = Period.Of(launchYear, 12);
        Last = First.Plus(Lengths[random.Next(Lengths.Length)] - 1);
        Now = Moment(Last);
        AddProgrammes(launchYear);
        AddTownships();
        ChangeRegistry();
        foreach (var programme in programmes)
        foreach (var township in townships.Where(programme.Covers))
            new RandomReports(random, this, programme, township).AddTo(firstReports, reports);
    }

    public bool IsCareful { get; }
    public Period First { get; }
    public Period Last { get; }

    /// <summary>The clock at the end: in the month after the last period, often on a border.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>On record first.</summary>
    public ReferenceCounty Before => new(programmes, townships, firstBranches, firstReports);

    /// <summary>The registry changed, no report more.</summary>
    public ReferenceCounty Changed => new(programmes, townships, branches, firstReports);

    public ReferenceCounty After => new(programmes, townships, branches, reports);

    public Standard? StandardOf(string kind) => template.StandardOf(kind) is { Items.Count: > 0 } standard ? standard : null;

    public bool WasRegisteredFirst(string branch) => firstBranches.Any(b => b.Code == branch);

    /// <summary>An instant in the month after a period: its first, the due time to the microsecond, or any.</summary>
    public DateTimeOffset Moment(Period period)
    {
        var next = period.Plus(1);
        var month = new DateTimeOffset(next.Year, next.Month, 1, 0, 0, 0, TimeSpan.FromHours(8));
        return random.Next(6) switch
        {
            0 => month,
            1 => month.AddDays(3),
            2 => month.AddDays(3).AddMicroseconds(-1),
            3 => month.AddMonths(1).AddMicroseconds(-1),
            _ => month.AddSeconds(random.Next(27 * 86_400)),
        };
    }

    /// <summary>A moment in the middle of the history, or exactly when some report came in, or just before.</summary>
    public DateTimeOffset MomentBefore()
    {
        if (random.Next(2) == 0 || reports.Count == 0) return Moment(First.Plus(random.Next(Last.Index - First.Index + 1)));
        return reports[random.Next(reports.Count)].ReceivedAt.AddMicroseconds(-random.Next(2));
    }

    private void AddProgrammes(int year)
    {
        string[] areas = ["", "36", "3609", "360935"];
        var area = areas[random.Next(areas.Length)];
        programmes.Add(new("main", year, area, template));
        if (random.Next(3) == 0) programmes.Add(new("next-year", year + 1, areas[random.Next(areas.Length)], template));
        if (random.Next(4) == 0) programmes.Add(new("year-before", year - 1, "360936", template));
        if (random.Next(3) == 0 && area.Length > 0) programmes.Add(new("elsewhere", year, "45", template));
        if (random.Next(6) == 0) programmes.Add(new("nowhere", year + 2, "11", template));
    }

    private void AddTownships()
    {
        string[] prefixes = ["360935", "360935", "360936", "361001", "450102"];
        for (var count = 1 + random.Next(12); townships.Count < count;)
        {
            var code = prefixes[random.Next(prefixes.Length)] + (100 + townships.Count);
            townships.Add(code);
            int[] sizes = [0, 1, 2, 3, 5, 8, 11, 13];
            var size = sizes[random.Next(sizes.Length)];
            var only = random.Next(4) switch { 0 => "agency", 1 when size > 8 => Kinds[random.Next(4)], _ => null };
            for (var i = 0; i < size; i++) firstBranches.Add(Branch(code, i, only ?? Kinds[random.Next(Kinds.Length)]));
        }
    }

    private ReferenceBranch Branch(string township, int number, string kind)
    {
        var from = random.Next(5) == 0 ? BorderDay() : new DateOnly(2016, 7, 1);
        DateOnly? to = random.Next(5) == 0 ? BorderDay() : null;
        return new($"{township}{number:D5}", township, kind, random.Next(6), from, to < from ? null : to);
    }

    // The first, the last or any day of a month of the history.
    private DateOnly BorderDay()
    {
        var period = First.Plus(random.Next(-1, Last.Index - First.Index + 2));
        return random.Next(3) switch { 0 => period.FirstDay, 1 => period.LastDay, _ => period.FirstDay.AddDays(random.Next(28)) };
    }

    private void ChangeRegistry()
    {
        foreach (var b in firstBranches)
        {
            var changed = Branch(b.Township, 0, b.Kind);
            branches.Add(random.Next(6) > 0 ? b : random.Next(2) == 0 ? b with { Star = changed.Star } : b with { ActiveFrom = changed.ActiveFrom, ActiveTo = changed.ActiveTo });
        }
        for (var i = random.Next(4); i > 0; i--) branches.Add(Branch(townships[random.Next(townships.Count)], 100 + i, Kinds[random.Next(Kinds.Length)]));
    }
}
