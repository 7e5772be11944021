using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Queries;

namespace Hub.EndToEnd.Querying;

/// <summary>SQL as analysts write it, and SQL that asks too much.</summary>
public sealed class QueryTests(QueriedHub shared) : IClassFixture<QueriedHub>
{
    [Theory]
    [InlineData("select count(*) from branches", "5")]
    [InlineData("select count(*) from branches;", "5")]
    [InlineData("SELECT COUNT(*) FROM main.Branches -- ends here", "5")]
    [InlineData("from townships select name order by township limit 1", "青禾镇")]
    [InlineData("table townships limit 1", "990101100|青禾镇|4")]
    [InlineData("values (1, 'a')", "1|a")]
    [InlineData("select string_agg(kind, ',' order by kind) from branches where township = '990101100'", "agency,community,enterprise,village")]
    [InlineData("with t as (select township, count(*) n from branches group by all), u as (from t where n > 1) select township, n from u", "990101100|4")]
    [InlineData("with recursive r as (select 1 i union all select i + 1 from r where i < 10) select sum(i)::bigint from r", "55")]
    [InlineData("with townships as (select 1 as one) select one from townships", "1")]
    [InlineData("select b.branch from branches b join townships t on t.township = b.township qualify row_number() over (partition by t.township order by b.branch desc) = 1 order by 1 limit 1", "99010110000004")]
    [InlineData("select rank, township from ranking_within('990101') where period = '2026-01' order by rank limit 1", "1|990101100")]
    [InlineData("select kind, count(*) from branches group by grouping sets ((kind), ()) having grouping(kind) = 1", "|5")]
    [InlineData("select strftime(date '2026-01-31', '%Y年%m月'), last_day(date '2026-02-01'), date_diff('day', date '2026-01-01', date '2026-03-01')", "2026年01月|2026-02-28|59")]
    [InlineData("select date_trunc('month', received_at)::date, extract(year from received_at) from reports", "2026-02-01|2026")]
    [InlineData("select regexp_matches(name, '^青'), regexp_extract(township, '(\\d{6})(\\d{3})', 2), regexp_replace(name, '镇$', '') from townships order by township limit 1", "true|100|青禾")]
    [InlineData("select list_sum(list_transform([1, 2, 3], lambda x: x * 2))::bigint, [x + 1 for x in [1, 2] if x > 1][1], array_length([1, 2])", "12|3|2")]
    [InlineData("select {'a': 1, 'b': 'x'}.b, struct_pack(a := 2).a, map {'k': 7}['k']", "x|2|7")]
    [InlineData("select upper('ab') || lower('CD'), substring('abc' from 2 for 1), trim('  x '), split_part('a-b', '-', 2), concat_ws('/', 'a', 'b'), lpad('7', 3, '0'), 'abc' like 'a%', ('x').upper()", "ABcd|b|x|b|a/b|007|true|X")]
    [InlineData("select round(1.256, 2)::double, greatest(1, 3), coalesce(null, 2), nullif(1, 1), 7 // 2, 7 % 2, abs(-1), 2 ** 3", "1.26|3|2||3|1|1|8")]
    [InlineData("select count(distinct kind), max_by(branch, star), median(star), quantile_cont(star, 0.5), percentile_cont(0.5) within group (order by star) from branches where kind = 'agency'", "1|99010110000002|3|3|3")]
    [InlineData("select sum(x) over (order by x rows between 1 preceding and current row)::bigint as s, lag(x) over w, first_value(x) over w from range(3) r(x) window w as (order by x) order by x desc limit 1", "3|1|0")]
    [InlineData("select u from (select unnest(['b', 'a']) as u) order by all limit 1", "a")]
    [InlineData("select township from branches union select township from townships order by 1 limit 1", "990101100")]
    [InlineData("select * from (pivot (select kind, township from branches) on kind in ('village') using count(*)) order by township limit 1", "990101100|1")]
    [InlineData("select * exclude (name) from townships where township = (select min(township) from townships)", "990101100|4")]
    [InlineData("select columns('^town') from townships order by 1 limit 1", "990101100")]
    [InlineData("select json_extract_string('{\"a\": \"x\"}', '$.a'), to_json([1])::varchar, '{\"a\": 1}'::json ->> 'a'", "x|[1]|1")]
    [InlineData("select name from townships order by name collate zh limit 1", "青禾镇")]
    [InlineData("select t.name, l.n from townships t, lateral (select count(*) n from branches b where b.township = t.township) l order by 2 desc limit 1", "青禾镇|4")]
    [InlineData("select case kind when 'village' then '村' else '其他' end as k, count(*) from branches group by k order by k limit 1", "其他|3")]
    [InlineData("select try_cast('x' as int), try('x'::int), typeof(1), md5('a')[1:4]", "||INTEGER|0cc1")]
    [InlineData("select count(*) from reports where progress = '写实'", "1")]
    public async Task A_query_that_stays_inside_is_answered(string sql, string expected)
    {
        Assert.Equal(expected, string.Join('|', Assert.Single(await shared.Hub.SqlAsync(sql))));
    }

    [Fact]
    public async Task Every_view_can_be_read_whole()
    {
        foreach (var view in Store.Star.ModelCatalog.Views) await shared.Hub.SqlAsync($"select * from {view}");
    }

    [Theory]
    [InlineData("(", "1", ")", 5_000)]
    [InlineData("(select ", "1", ")", 2_000)]
    [InlineData("1 + ", "1", "", 20_000)]
    [InlineData("not ", "true", "", 20_000)]
    [InlineData("[", "1", "]", 5_000)]
    [InlineData("abs(", "1", ")", 5_000)]
    [InlineData("case when true then ", "1", " end", 3_000)]
    [InlineData("1 union all select ", "1", "", 1_000)]
    [InlineData("* from (select ", "1", ")", 3_000)]
    public async Task Nesting_without_end_is_refused_or_answered_and_the_hub_goes_on(string open, string middle, string close, int depth)
    {
        var sql = "select " + string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));
        try
        {
            await shared.Hub.SqlAsync(sql);
        }
        catch (RpcException e)
        {
            Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
        }

        Assert.Equal(["2"], Assert.Single(await shared.Hub.SqlAsync("select count(*) from townships")));
    }

    [Fact]
    public async Task A_very_long_error_is_cut_and_a_very_long_query_refused()
    {
        var cut = await shared.Hub.RefusedAsync(() => shared.Hub.SqlAsync($"select \"{new string('列', 20_000)}\" from townships"));
        var tooLong = await shared.Hub.RefusedAsync(() => shared.Hub.SqlAsync("select 1 --" + new string('x', 100_000)));

        cut.Is(StatusCode.InvalidArgument, "QUERY_INVALID");
        Assert.InRange(cut.Message.Length, 1, 500);
        tooLong.Is(StatusCode.ResourceExhausted, "QUERY_TOO_LARGE");
    }

    [Theory]
    [InlineData("with recursive r as (select 1 i union all select i + 1 from r) select count(*) from r")]
    [InlineData("select count(*) from range(1000000000) a, range(1000000000) b where (a.range * 7 + b.range) % 11 = 3")]
    public async Task A_query_past_its_time_is_stopped(string sql)
    {
        using var reading = shared.Hub.Server.Store.Read().Value;

        var started = AdHocQuery.Start(reading, sql, new HurriedTime(), CancellationToken.None);
        var refusal = started.Refusal ?? started.Value.Next(1).Refusal;

        Assert.Equal(RefusalReason.QueryTooSlow, refusal?.Reason);
        Assert.Equal(["2"], Assert.Single(await shared.Hub.SqlAsync("select count(*) from townships")));
    }

    [Fact]
    public async Task A_caller_who_leaves_stops_the_query()
    {
        using var leaving = new CancellationTokenSource();
        using var call = new AdministrationService.AdministrationServiceClient(shared.Hub.Control)
            .RunQuery(new RunQueryRequest { Sql = "select i from range(4000000) t(i)" }, cancellationToken: leaving.Token);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await leaving.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(CancellationToken.None)) { } })).StatusCode);
        Assert.Equal(["2"], Assert.Single(await shared.Hub.SqlAsync("select count(*) from townships")));
    }

    [Fact]
    public void Too_many_rows_are_refused()
    {
        using var reading = shared.Hub.Server.Store.Read().Value;
        using var query = AdHocQuery.Start(reading, $"select 1 from range({AdHocQuery.MaxRows + 1})", TimeProvider.System, CancellationToken.None).Value;

        Refusal? refusal = null;
        for (var read = 0; read <= AdHocQuery.MaxRows && refusal is null; read += 10_000) refusal = query.Next(10_000).Refusal;

        Assert.Equal(RefusalReason.QueryTooLarge, refusal?.Reason);
    }

    [Theory]
    [InlineData(999, 1, 0, "POSITION_UNKNOWN", "at.position")]
    [InlineData(-1, 1, 0, "POSITION_UNKNOWN", "at.position")]
    [InlineData(0, long.MaxValue, 0, "FIELD_MALFORMED", "at.as_of")]
    [InlineData(0, 253402300799, 999_999_999, "FIELD_MALFORMED", "at.as_of")]
    [InlineData(0, -62135596800, 0, "FIELD_MALFORMED", "at.as_of")]
    [InlineData(0, 1, -5, "FIELD_MALFORMED", "at.as_of")]
    public async Task A_point_that_is_none_is_refused(long position, long seconds, int nanos, string reason, string field)
    {
        var at = new ReadingPoint { Position = position, AsOf = new Timestamp { Seconds = seconds, Nanos = nanos } };

        var refused = await shared.Hub.RefusedAsync(() => shared.Hub.SqlAsync("select count(*) from township_completion", at));

        refused.Is(StatusCode.InvalidArgument, reason);
        Assert.Equal(field, Assert.Single(refused.Violations).Field);
    }

    [Fact]
    public async Task A_township_an_official_and_an_administrator_of_an_area_may_not_query()
    {
        foreach (var token in new[] { await shared.Hub.TokenAsync(Role.Township, "990101100"), await shared.Hub.TokenAsync(Role.Official), await shared.Hub.TokenAsync(Role.Administrator, area: "990101") })
        {
            var refused = await shared.Hub.RefusedAsync(() => new AdministrationService.AdministrationServiceClient(shared.Hub.Calls).RunQuery(new RunQueryRequest { Sql = "select 1" }, TestHub.Bearer(token)).ResponseStream.MoveNext(CancellationToken.None));
            refused.Is(StatusCode.PermissionDenied, "NOT_PERMITTED");
        }
    }

    /// <summary>Whose minute is a quarter of a second.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 240, period);
    }
}
