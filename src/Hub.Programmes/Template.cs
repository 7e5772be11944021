namespace Hub.Programmes;

/// <summary>Which half of a standard an item belongs to: <c>hardware</c> (premises) or <c>software</c> (paperwork, routines).</summary>
public enum Track { Hardware, Software }

/// <summary>How often something recurs. A cyclical item is judged on its last completed cycle, before the first has ended on the
/// arrangements made.</summary>
public enum Cycle { Monthly, Quarterly, HalfYearly, Yearly }

/// <summary>A programme's rules as data: standards, milestones, cadence, ranking, rectification, signals. Read from
/// <c>analytics/programmes/*.yml</c> by <see cref="TemplateReader"/>; the text in force for a programme is a log record.</summary>
public sealed record Template(
    string Name, string Title, string Gloss, Cadence Cadence, IReadOnlyList<Standard> Standards, IReadOnlyList<MilestoneRule> Milestones,
    PaceRule? Pace, IReadOnlyList<string> RankingKeys, RectificationRule? Rectification, SignalRules Signals)
{
    /// <summary>Launch years that a programme may have, for all of which a template's dates are checked when it is read.</summary>
    public const int FirstLaunchYear = 1950, LastLaunchYear = 2090;

    /// <summary>Bound of <see cref="Denominator"/>, so that a county's sum of scores stays far inside 64 bits.</summary>
    public const long MaxDenominator = 1_000_000_000;

    /// <summary>Title in both languages.</summary>
    public Text Named => new(Title, Gloss);

    /// <summary>The head of its documents.</summary>
    public Letterhead Letterhead { get; init; } = Letterhead.Plain;

    /// <summary>The words of the thresholds (subjects, units, what they are counted per) by their id.</summary>
    public IReadOnlyDictionary<string, Text> Terms { get; init; } = new Dictionary<string, Text>();

    /// <summary>The standard of a kind; null for a kind that the template does not name. A named kind may have no items yet.</summary>
    public Standard? StandardOf(string kind)
    {
        // Asked for every branch of every report.
        for (var i = 0; i < Standards.Count; i++)
            if (Standards[i].Kind == kind) return Standards[i];
        return null;
    }

    /// <summary>Least common multiple of every number of applicable items that a branch can have in the track, so that
    /// met × (denominator / applicable) is an integer for every branch: 60 and 68,400 for party-branch.</summary>
    public long Denominator(Track track) => Standards.Aggregate(1L, (lcm, s) => s.ApplicableCounts(track).Aggregate(lcm, Lcm));

    internal static long Lcm(long a, int b)
    {
        if (b == 0) return a;
        long x = a, y = b;
        while (y != 0) (x, y) = (y, x % y);
        return checked(a / x * b);
    }
}

/// <summary>What stands at the head and the foot of a programme's documents (GB/T 9704).</summary>
/// <param name="Issuer">发文机关: above the red rule, and as the signature.</param>
/// <param name="NumberWord">发文机关代字, before the year and the number: 组通〔2026〕3号.</param>
/// <param name="Recipients">主送机关.</param>
public sealed record Letterhead(Text Issuer, string NumberWord, Text Recipients)
{
    /// <summary>Of a template that names none.</summary>
    public static readonly Letterhead Plain = new(new("县委组织部", "County Organisation Department"), "通报", new("各乡镇党委", "All township committees"));
}

/// <summary>When reports are due. <see cref="CutOff"/> is counted from the start of the due day; 24 hours = the whole day counts.</summary>
/// <param name="FirstPeriod">The first period reported on, relative to the launch year.</param>
/// <param name="DueDay">Day of the month after the period.</param>
/// <param name="DueDayCounts">Whether that day itself is still on time.</param>
/// <param name="ShiftOverHolidays">Whether a due day among <paramref name="Holidays"/> moves to the next day that is not.</param>
public sealed record Cadence(
    RelativeMonth FirstPeriod, int DueDay, bool DueDayCounts, TimeSpan CutOff, bool ShiftOverHolidays, IReadOnlyList<DateOnly> Holidays)
{
    /// <summary>The last day on which the report for a period is on time.</summary>
    public DateOnly DueOn(Period period)
    {
        var day = period.Plus(1).FirstDay.AddDays((DueDayCounts ? DueDay : DueDay - 1) - 1);
        while (ShiftOverHolidays && Holidays.Contains(day)) day = day.AddDays(1);
        return day;
    }

    /// <summary>The first instant at which the report for a period is late.</summary>
    public DateTimeOffset DueAt(Period period) => new DateTimeOffset(DueOn(period), TimeOnly.MinValue, HubTime.ShanghaiOffset) + CutOff;
}

/// <summary>A month relative to the launch year Y: year Y + <paramref name="YearsAfterLaunch"/>.</summary>
public readonly record struct RelativeMonth(int YearsAfterLaunch, int Month)
{
    public Period In(int launchYear) => Period.Of(launchYear + YearsAfterLaunch, Month);
}

/// <summary>What the branches of one kind are judged by; without items where another office has yet to write it.</summary>
public sealed record Standard(string Kind, string Name, string Gloss, IReadOnlyList<Item> Items)
{
    public const int MaxItems = 64;
    private const int MaxStar = 5;

    private readonly ulong hardware = MaskOf(Items, i => i.Track == Track.Hardware);
    private readonly ulong software = MaskOf(Items, i => i.Track == Track.Software);
    private readonly ulong[] moreStars = [.. Enumerable.Range(0, MaxStar + 1).Select(star => MaskOf(Items, i => i.MinimumStar > star))];

    /// <summary>Bit i is set where the i-th item is of the track.</summary>
    public ulong Mask(Track track) => track == Track.Hardware ? hardware : software;

    public ulong ConditionalMask { get; } = MaskOf(Items, i => i.Condition is not null);

    /// <summary>Masks of items that are not applicable only all together.</summary>
    public IReadOnlyList<ulong> GroupMasks { get; } =
        [.. Items.Where(i => i.ConditionGroup is not null).GroupBy(i => i.ConditionGroup).Select(g => MaskOf(g, _ => true))];

    /// <summary>Items that ask for more stars than a branch has.</summary>
    public ulong MaskAbove(int star) => moreStars[Math.Clamp(star, 0, MaxStar)];

    /// <summary>Every number of applicable items a branch of this kind can have in the track, with conditional items or groups in or out.</summary>
    public IReadOnlySet<int> ApplicableCounts(Track track)
    {
        var counts = new HashSet<int> { Items.Count(i => i.Track == track && i.Condition is null) };
        var groups = Items.Where(i => i.Condition is not null).GroupBy(i => i.ConditionGroup ?? i.Id);
        foreach (var size in groups.Select(g => g.Count(i => i.Track == track)))
            counts.UnionWith([.. counts.Select(c => c + size)]);
        return counts;
    }

    private static ulong MaskOf(IEnumerable<Item> items, Func<Item, bool> has) => items.Where(has).Aggregate(0UL, (mask, i) => mask | 1UL << i.Ordinal);
}

/// <summary>One line of a standard.</summary>
/// <param name="Ordinal">Place in the standard's order, from 0: the bit and the character of its state.</param>
/// <param name="Condition">When it may be not applicable; null = it always applies.</param>
/// <param name="ConditionGroup">Items of one group are not applicable only together.</param>
/// <param name="MinimumStar">Stars that the item asks for; met with fewer draws a warning.</param>
public sealed record Item(
    string Id, int Ordinal, int Section, string SectionTitle, Track Track, string Title, string Gloss, string? Condition, string? ConditionGroup,
    int? MinimumStar, IReadOnlyList<Threshold> Thresholds, IReadOnlyList<string> Checkpoints)
{
    public string SectionGloss { get; init; } = "";

    /// <summary>The item's longest cycle; null where nothing recurs.</summary>
    public Cycle? Cycle { get; init; }

    /// <summary>Advice that is shown but not judged.</summary>
    public Text? Note { get; init; }
}

/// <summary>A threshold as a fact of an item, e.g. about 300 m² (soft). Nothing is judged by it: a township reports states.</summary>
/// <param name="Subject">What is counted; like <paramref name="Unit"/> and <paramref name="Per"/> a key of <see cref="Template.Terms"/>.</param>
/// <param name="Comparison">One of <see cref="Comparisons"/>; <c>exactly</c> = the number is named without a bound.</param>
/// <param name="Soft">Whether the document says 左右， 一般， 原则上 or allows a shift.</param>
public sealed record Threshold(string Subject, string Comparison, decimal Value, string Unit, bool Soft, string? Per)
{
    public static readonly IReadOnlyList<string> Comparisons = ["at_least", "at_most", "exactly", "about", "between"];

    /// <summary>The upper end where the comparison is <c>between</c> (both ends count), else null.</summary>
    public decimal? To { get; init; }
}

/// <summary>A target share of a track within a star range, with its due date.</summary>
public sealed record MilestoneRule(string Id, string Name, Track Track, int? StarMin, int? StarMax, DueRule Due, int TargetBp)
{
    /// <summary>The name in English.</summary>
    public string Gloss { get; init; } = "";

    public bool AllBranches => StarMin is null && StarMax is null;
}

/// <summary>A day relative to the launch year: a fixed month and day, or days before Spring Festival of that year.</summary>
public sealed record DueRule(int YearsAfterLaunch, int Month, int Day, int? DaysBeforeSpringFestival)
{
    public DateOnly In(int launchYear)
    {
        var year = launchYear + YearsAfterLaunch;
        return DaysBeforeSpringFestival is { } days ? SpringFestival.Of(year).AddDays(-days) : new DateOnly(year, Month, Day);
    }
}

/// <summary>Where the straight line towards the phased hardware targets starts, at 0.</summary>
public sealed record PaceRule(DueRule Starts);

/// <summary>The yearly list: which share of the base, from which year, in which order.</summary>
/// <param name="ShareBp">Share of the base in basis points; the number is rounded up.</param>
/// <param name="FirstYearsAfterLaunch">First list year relative to the launch year.</param>
/// <param name="Keys">Order: <c>hardware_score</c>, <c>software_score</c>, <c>months_noncompliant</c>, each with its direction.</param>
public sealed record RectificationRule(int ShareBp, int FirstYearsAfterLaunch, IReadOnlyList<SortKey> Keys);

public sealed record SortKey(string Name, bool Descending);

/// <summary>Thresholds of the integrity signals.</summary>
/// <param name="BulkFlipShareBp">Share of formerly unmet hardware items that turned, basis points.</param>
/// <param name="UnchangedPeriods">Consecutive identical own reports.</param>
public sealed record SignalRules(int BulkFlipShareBp, int BulkFlipItems, int UniformBranches, int UnchangedPeriods);
