using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;
using Branch = Hub.Protocol.Branch;
using Period = Hub.Programmes.Period;

namespace Hub.Server.Grpc;

/// <summary>What the log says to one township. Nothing is kept for it: each row of the star carries its position, and a position is a message and the
/// cursor. A further kind of message is one more line of <see cref="Places"/> and its reader.</summary>
internal static class Inbox
{
    public const int MaxMessages = 100;
    private const int MaxBranches = 100;

    // Each line reads only what lies after the cursor, which the engine finds by the least and greatest position of each row group; figures and registry stand
    // in the order of townships besides.
    private const string Places = """
        with own as (select programme from programmes where starts_with($township, area))
        select position, min(kind) as kind from (
          select position, 'report' as kind from reports where township = $township and position > $after
          union all
          select position, 'due' from star.main.fact_period_end where position > $after
          union all
          select position, 'due' from star.main.dim_programme where position > $after and starts_with($township, area)
          union all
          select position, 'locked' from bulletins where position > $after and programme in (from own)
          union all
          select position, 'reopened' from star.main.fact_reopening where position > $after and township = $township
          union all
          select position, 'figures' from star.main.fact_published_figure where position > $after and township = $township and figure = 'branches'
          union all
          select position, 'registry' from star.main.dim_branch where position > $after and township = $township
          union all
          select position, 'registry' from star.main.dim_township where position > $after and township = $township)
        where position <= $head
        group by position order by position limit $limit + 1
        """;

    /// <summary>The messages after a position. A record that says nothing to a clerk, as when a branch is registered as it was, is no message.</summary>
    public static ReadInboxResponse Read(string township, long after, int limit, Reading reading)
    {
        var places = reading.Query(Places, r => (Position: r.Long("position"), Kind: r.Text("kind")), ("township", township), ("after", after), ("head", reading.Position), ("limit", limit));
        var (hasMore, page) = (places.Count > limit, places.Take(limit).ToList());
        var response = new ReadInboxResponse { Township = township, HasMore = hasMore, NextAfter = hasMore ? page[^1].Position : reading.Position };
        var messages = new List<InboxMessage>();
        foreach (var kind in page.GroupBy(p => p.Kind, StringComparer.Ordinal))
        {
            var within = new Within(township, kind.Min(p => p.Position), kind.Max(p => p.Position), reading);
            messages.AddRange(kind.Key switch
            {
                "report" => Reports(within),
                "due" => Dues(within),
                "locked" => Locks(within),
                "reopened" => Reopenings(within),
                "figures" => Figures(within),
                _ => Registry(within),
            });
        }
        foreach (var message in messages.OrderBy(m => m.Position))
        {
            var words = InboxWords.Of(message);
            (message.WordsZh, message.WordsEn) = (words.Chinese, words.English);
            response.Messages.Add(message);
        }
        return response;
    }

    /// <summary>The positions of one kind that a page holds: from the first to the last, as there are no others between.</summary>
    private sealed record Within(string Township, long First, long Last, Reading Reading)
    {
        public List<T> Query<T>(string sql, Func<Row, T> map) => Reading.Query(sql, map, ("township", Township), ("first", First), ("last", Last));
    }

    private static List<InboxMessage> Reports(Within within) => within.Query(
        """
        select r.position, r.programme, r.period, r.version, r.received_at, r.imported, r.hash, s.status, c.branches, c.hardware_base, c.hardware_complete, c.hardware_share,
          c.software_base, c.software_complete, c.software_share, c.compliant, s.version_in_force is not distinct from r.version as is_in_force
        from reports r
        left join (from report_status where township = $township) s on s.programme = r.programme and s.period = r.period
        left join (from township_completion where township = $township) c on c.programme = r.programme and c.period = r.period
        where r.township = $township and r.position between $first and $last
        """, r =>
        {
            var receipt = new Receipt { Position = r.Long("position"), Version = r.Int("version"), ReceivedAt = Timestamp.FromDateTimeOffset(r.Instant("received_at")), Hash = ByteString.CopyFrom(Convert.FromHexString(r.Text("hash"))) };
            var report = new ReceivedReport { Programme = r.Text("programme"), Period = r.Text("period"), Receipt = receipt, Status = r.TextOrNull("status") ?? "", Imported = r.Bool("imported") };
            if (r.Bool("is_in_force") && r.IntOrNull("branches") is not null) report.Figures = ToFigures(r);
            return new InboxMessage { Position = receipt.Position, At = receipt.ReceivedAt, ReceivedReport = report };
        });

    private static List<InboxMessage> Dues(Within within) =>
    [
        .. within.Query(
            """
            with told as (
              select e.position, e.month, d.programme
              from star.main.fact_period_end e join star.main.dim_programme d on d.position < e.position
              where e.position between $first and $last
              union
              -- A programme that is defined between two ends of a month: the month that had ended then.
              select d.position, max(e.month), d.programme
              from star.main.dim_programme d join star.main.fact_period_end e on e.position < d.position
              where d.position between $first and $last
              group by d.position, d.programme)
            select t.position, p.programme, p.title, p.gloss, c.period, c.due_on, c.due_at
            from told t
            join calendar c on c.month = t.month and c.programme = t.programme
            join programmes p on p.programme = c.programme and starts_with($township, p.area)
            order by t.position, p.programme
            """, r => (Position: r.Long("position"), Due: new DueReport
            {
                Programme = r.Text("programme"), Title = r.Text("title"), Gloss = r.Text("gloss"), Period = r.Text("period"), DueOn = HubTime.Day(r.Day("due_on")),
                DueAt = Timestamp.FromDateTimeOffset(r.Instant("due_at")),
            }))
            .GroupBy(d => d.Position).Select(g => new InboxMessage { Position = g.Key, DueReports = new DueReports { Reports = { g.Select(d => d.Due) } } }),
    ];

    private static List<InboxMessage> Locks(Within within) => within.Query(
        """
        select b.position, b.programme, b.period, b.year, b.number, b.published_at
        from bulletins b join programmes p on p.programme = b.programme
        where b.position between $first and $last and starts_with($township, p.area)
        """, r => new InboxMessage
        {
            Position = r.Long("position"), At = Timestamp.FromDateTimeOffset(r.Instant("published_at")),
            LockedPeriod = new LockedPeriod { Programme = r.Text("programme"), Period = r.Text("period"), Year = r.Int("year"), Number = r.Int("number") },
        });

    private static List<InboxMessage> Reopenings(Within within) => within.Query(
        """
        select position, programme, month, reopened_at, reason from star.main.fact_reopening
        where township = $township and position between $first and $last
        """, r => new InboxMessage
        {
            Position = r.Long("position"), At = Timestamp.FromDateTimeOffset(r.Instant("reopened_at")),
            ReopenedPeriod = new ReopenedPeriod { Programme = r.Text("programme"), Period = new Period(r.Int("month")).ToString(), Reason = r.Text("reason") },
        });

    // As they were printed: a value's text is its number to the last digit.
    private static List<InboxMessage> Figures(Within within) => within.Query(
        """
        with own as (
          select f.position, f.programme, f.month,
            max(value) filter (figure = 'branches')::integer as branches,
            max(value) filter (figure = 'hardware_base')::integer as hardware_base, max(value) filter (figure = 'hardware_complete')::integer as hardware_complete,
            max(value) filter (figure = 'hardware_share')::double as hardware_share,
            max(value) filter (figure = 'software_base')::integer as software_base, max(value) filter (figure = 'software_complete')::integer as software_complete,
            max(value) filter (figure = 'software_share')::double as software_share,
            max(value) filter (figure = 'compliant')::integer as compliant, max(value) filter (figure = 'rank')::integer as rank
          from star.main.fact_published_figure f
          where township = $township and position between $first and $last
          group by f.position, f.programme, f.month
        ),
        ranked as (
          select position, count(value) as ranked from star.main.fact_published_figure
          where position between $first and $last and figure = 'rank'
          group by position
        )
        select o.*, b.period, r.ranked
        from own o
        join bulletins b on b.programme = o.programme and b.month = o.month
        join ranked r on r.position = o.position
        """, r =>
        {
            var figures = ToFigures(r);
            if (r.IntOrNull("rank") is { } rank) figures.Rank = rank;
            figures.Ranked = r.Int("ranked");
            return new InboxMessage { Position = r.Long("position"), OwnFigures = figures };
        });

    private static IEnumerable<InboxMessage> Registry(Within within)
    {
        var names = within.Query(
            """
            select position, name from (
              select position, name, lag(name) over (order by position) as before from star.main.dim_township where township = $township and position <= $last)
            where position >= $first and name is distinct from before
            """, r => (Position: r.Long("position"), Name: r.Text("name"))).ToDictionary(n => n.Position, n => n.Name);
        var branches = within.Query(
            """
            select *, lag(name) over earlier as name_before, lag(star) over earlier as star_before, lag(active_from) over earlier as from_before, lag(active_to) over earlier as to_before
            from star.main.dim_branch
            where township = $township and position <= $last
            window earlier as (partition by branch order by position)
            qualify position >= $first
            order by position, branch
            """, r => (Position: r.Long("position"), Branch: ToChange(r))).Where(b => b.Branch.Changes.Count > 0).ToLookup(b => b.Position, b => b.Branch);
        foreach (var position in names.Keys.Union(branches.Select(b => b.Key)))
            yield return new InboxMessage
            {
                Position = position,
                ChangedRegistry = new ChangedRegistry { Name = names.GetValueOrDefault(position, ""), Branches = { branches[position].Take(MaxBranches) }, BranchCount = branches[position].Count() },
            };
    }

    private static ChangedBranch ToChange(Row r)
    {
        var (closedOn, closedBefore) = (r.DayOrNull("active_to"), r.DayOrNull("to_before"));
        var changed = new ChangedBranch
        {
            Branch = new Branch
            {
                Code = r.Text("branch"), Name = r.Text("name"), Township = r.Text("township"), Kind = r.Text("kind"), Star = r.Int("star"),
                ActiveFrom = HubTime.Day(r.Day("active_from")), ActiveTo = closedOn is { } day ? HubTime.Day(day) : "",
            },
        };
        if (r.TextOrNull("name_before") is not { } name)
        {
            changed.Changes.Add(BranchChange.Added);
            return changed;
        }
        if (closedOn != closedBefore) changed.Changes.Add(closedOn is null ? BranchChange.Opened : BranchChange.Closed);
        if (name != changed.Branch.Name) changed.Changes.Add(BranchChange.Renamed);
        if (r.Int("star_before") != changed.Branch.Star) changed.Changes.Add(BranchChange.Star);
        if (r.Day("from_before") != r.Day("active_from")) changed.Changes.Add(BranchChange.Starts);
        return changed;
    }

    private static OwnFigures ToFigures(Row r)
    {
        var figures = new OwnFigures
        {
            Programme = r.Text("programme"), Period = r.Text("period"), Branches = r.Int("branches"), HardwareBase = r.Int("hardware_base"), HardwareComplete = r.Int("hardware_complete"),
            SoftwareBase = r.Int("software_base"), SoftwareComplete = r.Int("software_complete"), Compliant = r.Int("compliant"),
        };
        if (r.DoubleOrNull("hardware_share") is { } hardware) figures.HardwareShare = hardware;
        if (r.DoubleOrNull("software_share") is { } software) figures.SoftwareShare = software;
        return figures;
    }
}
