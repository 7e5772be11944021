using Hub.Programmes;
using Hub.Store.Star;

namespace Hub.Bulletins;

public sealed record CountyLine(int Branches, int HardwareBase, int HardwareComplete, double? HardwareShare, int SoftwareBase, int SoftwareComplete, double? SoftwareShare, int Compliant);

public sealed record TownshipLine(
    string Township, string Name, int? Rank, int? PreviousRank, int? StaleMonths, int Branches, int HardwareBase, int HardwareComplete, double? HardwareShare,
    int SoftwareBase, int SoftwareComplete, double? SoftwareShare, double? MeanHardwareScore, int Compliant, string? Status, string ReportStatus, int? DaysLate);

public sealed record MilestoneLine(string Milestone, string Name, DateOnly Due, int TargetBp, int Met, int Missed, int WithoutBase);

public sealed record PracticeLine(string Name, string Text);

/// <summary>Every figure of a bulletin, read from the models at one point of the log and of time.</summary>
public sealed record BulletinFigures(
    Period Period, CountyLine County, IReadOnlyList<TownshipLine> Townships, IReadOnlyList<MilestoneLine> Milestones, IReadOnlyList<PracticeLine> Practices,
    int TargetBp, double? Pace, DateOnly DueOn, long TemplatePosition, long Position, DateTimeOffset AsOf)
{
    /// <summary>Null when the period has not ended at the reading's instant, or is before the launch.</summary>
    public static BulletinFigures? Read(Programme programme, Period period, Reading reading)
    {
        var key = new (string, object?)[] { ("programme", programme.Id), ("period", period.ToString()) };
        var frames = reading.Query(
            """
            select t.target_bp, t.pace, p.due_on, g.defined_at
            from periods p
            join hardware_targets t on t.programme = p.programme and t.month = p.month
            join programmes g on g.programme = p.programme
            where p.programme = $programme and p.period = $period
            """, r => (TargetBp: r.Int("target_bp"), Pace: r.DoubleOrNull("pace"), DueOn: r.Day("due_on"), DefinedAt: r.Long("defined_at")), key);
        if (frames.Count == 0) return null;
        var frame = frames[0];
        return new BulletinFigures(period, ReadCounty(reading, key), ReadTownships(reading, key), ReadMilestones(reading, key), ReadPractices(reading, key),
            frame.TargetBp, frame.Pace, frame.DueOn, frame.DefinedAt, reading.Position, reading.AsOf);
    }

    private static CountyLine ReadCounty(Reading reading, (string, object?)[] key) => reading.Query(
        """
        select branches, hardware_base, hardware_complete, hardware_share, software_base, software_complete, software_share, compliant
        from county_completion where programme = $programme and period = $period
        """, r => new CountyLine(r.Int("branches"), r.Int("hardware_base"), r.Int("hardware_complete"), r.DoubleOrNull("hardware_share"),
            r.Int("software_base"), r.Int("software_complete"), r.DoubleOrNull("software_share"), r.Int("compliant")), key)[0];

    // In ranking order, those without a rank last; within a tie by code.
    private static List<TownshipLine> ReadTownships(Reading reading, (string, object?)[] key) => reading.Query(
        """
        select c.*, t.name, k.rank, k.previous_rank, s.status as report_status, s.days_late
        from township_completion c
        join township_ranking k on k.programme = c.programme and k.period = c.period and k.township = c.township
        join report_status s on s.programme = c.programme and s.period = c.period and s.township = c.township
        join townships t on t.township = c.township
        where c.programme = $programme and c.period = $period
        order by k.rank nulls last, c.township
        """, r => new TownshipLine(r.Text("township"), r.Text("name"), r.IntOrNull("rank"), r.IntOrNull("previous_rank"), r.IntOrNull("stale_months"), r.Int("branches"),
            r.Int("hardware_base"), r.Int("hardware_complete"), r.DoubleOrNull("hardware_share"), r.Int("software_base"), r.Int("software_complete"), r.DoubleOrNull("software_share"),
            r.DoubleOrNull("mean_hardware_score"), r.Int("compliant"), r.TextOrNull("status"), r.Text("report_status"), r.IntOrNull("days_late")), key);

    private static List<MilestoneLine> ReadMilestones(Reading reading, (string, object?)[] key) => reading.Query(
        """
        select milestone, name, due, target_bp, townships_met, townships_missed, townships_without_base
        from milestone_townships
        where programme = $programme and period = $period
        order by due, ordinal
        """, r => new MilestoneLine(r.Text("milestone"), r.Text("name"), r.Day("due"), r.Int("target_bp"), r.Int("townships_met"), r.Int("townships_missed"), r.Int("townships_without_base")), key);

    private static List<PracticeLine> ReadPractices(Reading reading, (string, object?)[] key) => reading.Query(
        """
        select t.name, r.good_practices
        from report_status s
        join reports r on r.programme = s.programme and r.period = s.period and r.township = s.township and r.version = s.version_in_force
        join townships t on t.township = s.township
        where s.programme = $programme and s.period = $period and r.good_practices <> ''
        order by s.township
        """, r => new PracticeLine(r.Text("name"), r.Text("good_practices")), key);
}
