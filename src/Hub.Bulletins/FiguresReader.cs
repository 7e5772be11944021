using Hub.Programmes;
using Hub.Store.Star;

namespace Hub.Bulletins;

/// <summary>Reads a bulletin's figures. Nothing is computed here: each line is a row of a model.</summary>
public static class FiguresReader
{
    private const int WeakestItems = 10;

    /// <summary>Null when the period has not ended at the reading's instant, or is before the launch.</summary>
    public static BulletinFigures? Read(Programme programme, Period period, Reading reading)
    {
        var rows = new Rows(reading, [("programme", programme.Id), ("period", period.ToString())]);
        var frames = rows.Of(
            """
            select t.target_bp, t.pace, p.due_on, g.defined_at
            from periods p
            join hardware_targets t on t.programme = p.programme and t.month = p.month
            join programmes g on g.programme = p.programme
            where p.programme = $programme and p.period = $period
            """, r => (TargetBp: r.Int("target_bp"), Pace: r.DoubleOrNull("pace"), DueOn: r.Day("due_on"), DefinedAt: r.Long("defined_at")));
        if (frames.Count == 0) return null;
        var frame = frames[0];
        return new BulletinFigures(period, County(rows), frame.TargetBp, frame.Pace, frame.DueOn,
            Trend(rows), Groups(rows, "kind"), Groups(rows, "star"), Townships(rows), Shares(rows), Plan(rows), Milestones(rows), Verdicts(rows), Rate(rows), Reports(rows),
            WeakItems(rows), Sections(rows), Signals(rows), Practices(rows), period.Month == 12 ? Rectification(rows, period) : [], HasEarlier(rows), Restatements(rows), Dues(rows),
            frame.DefinedAt, reading.Position, reading.AsOf);
    }

    private sealed record Rows(Reading Reading, (string, object?)[] Key)
    {
        public List<T> Of<T>(string sql, Func<Row, T> map, params (string, object?)[] more) => Reading.Query(sql, map, [.. Key.Where(k => sql.Contains("$" + k.Item1, StringComparison.Ordinal)), .. more]);
    }

    private static Text Named(Row row, string name, string gloss)
    {
        var (chinese, english) = (row.Text(name), row.Text(gloss));
        return new(chinese, english.Length > 0 ? english : chinese);
    }

    private static CountyLine County(Rows rows) => rows.Of(
        """
        select c.*, t.status
        from county_completion c
        join county_trend t on t.programme = c.programme and t.period = c.period
        where c.programme = $programme and c.period = $period
        """, r => new CountyLine(r.Int("branches"), r.Int("hardware_base"), r.Int("hardware_complete"), r.DoubleOrNull("hardware_share"), r.DoubleOrNull("mean_hardware_score"),
            r.Int("software_base"), r.Int("software_complete"), r.DoubleOrNull("software_share"), r.DoubleOrNull("mean_software_score"), r.Int("compliant"), r.TextOrNull("status")))[0];

    private static List<TrendLine> Trend(Rows rows) => rows.Of(
        """
        select period, hardware_share, target_bp, pace,
          case when forecast_period > period then forecast_share end as forecast_share, case when forecast_period > period then forecast_period end as forecast_period
        from county_trend
        where programme = $programme and period <= $period
        order by period
        """, r => new TrendLine(Period.Parse(r.Text("period")), r.DoubleOrNull("hardware_share"), r.Int("target_bp"), r.DoubleOrNull("pace"),
            r.DoubleOrNull("forecast_share"), r.TextOrNull("forecast_period") is { } last ? Period.Parse(last) : null));

    private static List<GroupLine> Groups(Rows rows, string grouping) => rows.Of(
        """
        select *
        from group_completion
        where programme = $programme and period = $period and grouping = $grouping
        order by ordinal
        """, r => new GroupLine(r.TextOrNull("name") is null ? null : Named(r, "name", "kind_gloss"), r.IntOrNull("star_min"), r.IntOrNull("star_max"), r.Int("branches"),
            r.Int("hardware_base"), r.Int("hardware_complete"), r.DoubleOrNull("hardware_share"), r.Int("software_base"), r.Int("software_complete"), r.DoubleOrNull("software_share"),
            r.Int("hardware_target_bp")), ("grouping", grouping));

    private static List<TownshipLine> Townships(Rows rows) => rows.Of(
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
            r.DoubleOrNull("mean_hardware_score"), r.Int("compliant"), r.TextOrNull("status"), r.Text("report_status"), r.IntOrNull("days_late")));

    private static List<ShareLine> Shares(Rows rows) => rows.Of(
        """
        select township, period, hardware_share
        from township_completion
        where programme = $programme and period <= $period
        order by township, period
        """, r => new ShareLine(r.Text("township"), Period.Parse(r.Text("period")), r.DoubleOrNull("hardware_share")));

    private static List<PlanLine> Plan(Rows rows) => rows.Of(
        """
        select milestone, name, gloss, track, all_branches, due_on, target_bp
        from milestones
        where programme = $programme
        order by due_on, ordinal
        """, r => new PlanLine(r.Text("milestone"), Named(r, "name", "gloss"), r.Text("track"), r.Bool("all_branches"), r.Day("due_on"), r.Int("target_bp")));

    private static List<MilestoneLine> Milestones(Rows rows) => rows.Of(
        """
        select milestone, name, gloss, due, target_bp, townships_met, townships_missed, townships_without_base
        from milestone_townships
        where programme = $programme and period = $period
        order by due, ordinal
        """, r => new MilestoneLine(r.Text("milestone"), Named(r, "name", "gloss"), r.Day("due"), r.Int("target_bp"), r.Int("townships_met"), r.Int("townships_missed"), r.Int("townships_without_base")));

    private static List<VerdictLine> Verdicts(Rows rows) => rows.Of(
        """
        select township, milestone, base, complete, met, met_on_time
        from milestone_status
        where programme = $programme and period = $period
        order by township, milestone
        """, r => new VerdictLine(r.Text("township"), r.Text("milestone"), r.Int("base"), r.Int("complete"), r.BoolOrNull("met"), r.BoolOrNull("met_on_time")));

    private static RateLine Rate(Rows rows) => rows.Of(
        """
        select due, reported, on_time
        from reporting_rates
        where programme = $programme and period = $period and level = 'programme'
        """, r => new RateLine(r.Int("due"), r.Int("reported"), r.Int("on_time"))).FirstOrDefault() ?? new RateLine(0, 0, 0);

    private static List<ReportLine> Reports(Rows rows) => rows.Of(
        """
        select township, period, status, days_late
        from report_status
        where programme = $programme and period <= $period
        order by township, period
        """, r => new ReportLine(r.Text("township"), Period.Parse(r.Text("period")), r.Text("status"), r.IntOrNull("days_late")));

    private static List<WeakItemLine> WeakItems(Rows rows) => rows.Of(
        """
        select position, kind_name, kind_gloss, item, title, gloss, applicable, met, met_share
        from weakest_items
        where programme = $programme and period = $period and position <= $items
        order by position
        """, r => new WeakItemLine(r.Int("position"), Named(r, "kind_name", "kind_gloss"), r.Text("item"), Named(r, "title", "gloss"), r.Int("applicable"), r.Int("met"), r.DoubleOrNull("met_share")),
        ("items", WeakestItems));

    private static List<SectionLine> Sections(Rows rows) => rows.Of(
        """
        select township, kind_name, kind_gloss, section_title, section_gloss, met_share, ordinal
        from section_completion
        where programme = $programme and period = $period
        order by township, ordinal
        """, r => new SectionLine(r.Text("township"), Named(r, "kind_name", "kind_gloss"), Named(r, "section_title", "section_gloss"), r.DoubleOrNull("met_share"), r.Int("ordinal")));

    private static List<SignalLine> Signals(Rows rows) => rows.Of(
        """
        select t.name, s.signal, s.branches, s.items
        from signal_counts s
        join townships t on t.township = s.township
        where s.programme = $programme and s.period = $period
        order by s.township, s.signal
        """, r => new SignalLine(r.Text("name"), r.Text("signal"), r.Int("branches"), r.Int("items")));

    // White space alone says nothing.
    private static List<PracticeLine> Practices(Rows rows) => rows.Of(
        """
        select t.name, r.good_practices
        from report_status s
        join reports r on r.programme = s.programme and r.period = s.period and r.township = s.township and r.version = s.version_in_force
        join townships t on t.township = s.township
        where s.programme = $programme and s.period = $period and r.good_practices <> ''
        order by s.township
        """, r => new PracticeLine(r.Text("name"), r.Text("good_practices"))).FindAll(p => !string.IsNullOrWhiteSpace(p.Text));

    private static List<RectificationLine> Rectification(Rows rows, Period period) => rows.Of(
        """
        select l.*, b.name as branch_name, t.name as township_name
        from rectification_list l
        join branches b on b.branch = l.branch
        join townships t on t.township = l.township
        where l.programme = $programme and l.year = $year
        order by l.position, l.branch
        """, r => new RectificationLine(r.Text("branch"), r.Text("branch_name"), r.Text("township_name"), r.Int("position"), r.Bool("tied"),
            r.DoubleOrNull("hardware_score"), r.DoubleOrNull("software_score"), r.Int("months_noncompliant")), ("year", period.Year + 1));

    // What is not as it was told last. A difference that print does not show is none.
    private static List<RestatementLine> Restatements(Rows rows) => [.. rows.Of(
        """
        select s.period, t.name, s.figure, s.told, s.now, s.cause
        from restatements s
        left join townships t on t.township = s.township
        where s.programme = $programme and s.now is distinct from s.told
        order by s.period, s.township, s.figure
        """, r => new RestatementLine(Period.Parse(r.Text("period")), r.TextOrNull("name"), r.Text("figure"), r.TextOrNull("told"), r.TextOrNull("now"), r.Text("cause")))
        .Where(r => RestatementWords.Value(r.Told, r.Figure, Language.Chinese) != RestatementWords.Value(r.Now, r.Figure, Language.Chinese))];

    private static bool HasEarlier(Rows rows) => rows.Of("select 1 as one from bulletins where programme = $programme limit 1", r => r.Int("one")).Count > 0;

    private static List<DueLine> Dues(Rows rows) => rows.Of(
        """
        select what, due_on, report_period, coalesce(name, '') as name, coalesce(gloss, '') as gloss, target_bp, months_ahead
        from upcoming_dues
        where programme = $programme and period = $period and (what = 'report' or months_ahead <= 2
          or months_ahead = (select min(months_ahead) from upcoming_dues where programme = $programme and period = $period and what = 'milestone'))
        order by due_on, what, name
        """, r => new DueLine(r.Text("what"), r.Day("due_on"), r.TextOrNull("report_period") is { } next ? Period.Parse(next) : null, Named(r, "name", "gloss"), r.IntOrNull("target_bp"), r.Int("months_ahead")));
}
