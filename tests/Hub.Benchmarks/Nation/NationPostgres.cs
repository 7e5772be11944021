using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation postgres</c>: the same rows and the same question given to PostgreSQL, raw and from a materialised view of its own.</summary>
internal static class NationPostgres
{
    private const int Rounds = 5, RawRounds = 3;
    private static readonly TimeSpan CopyingAtMost = TimeSpan.FromSeconds(30);

    private const string Schema = """
        create table kind (kind smallint primary key, hardware bigint not null, software bigint not null);
        create table branch (branch_id integer primary key, township integer not null, kind smallint not null);
        create table report (report_id integer primary key, month integer not null, township integer not null, unique (month, township));
        create table branch_report (report_id integer not null, branch_id integer not null, met bigint not null, not_applicable bigint not null);
        create index on branch_report (report_id);
        """;

    // The question of township_completion: bases, complete ones, means and compliant ones of each township.
    private const string Question = """
        with counted as (
          select r.month, r.township,
            bit_count((k.hardware & ~f.not_applicable)::bit(64)) as ha, bit_count((k.hardware & f.met)::bit(64)) as hm,
            bit_count((k.software & ~f.not_applicable)::bit(64)) as sa, bit_count((k.software & f.met)::bit(64)) as sm
          from report r join branch_report f using (report_id) join branch b using (branch_id) join kind k using (kind)
          {0})
        select month, township, count(*) as branches,
          count(*) filter (where ha > 0) as hardware_base, count(*) filter (where ha > 0 and hm = ha) as hardware_complete,
          sum(hm * {1} / ha) filter (where ha > 0) as hardware_points,
          count(*) filter (where sa > 0) as software_base, count(*) filter (where sa > 0 and sm = sa) as software_complete,
          sum(sm * {2} / sa) filter (where sa > 0) as software_points,
          count(*) filter (where hm = ha and sm = sa and ha + sa > 0) as compliant
        from counted group by month, township
        """;

    public static async Task RunAsync(NationRun run)
    {
        NationRun.SayStep("对照：PostgreSQL", "postgres: the same with PostgreSQL");
        if (PostgresServer.FindPrograms() is not { } programs)
        {
            NationRun.Say("  没有安装 PostgreSQL，略去", "  PostgreSQL is not installed: left out");
            return;
        }
        await run.StopHubAsync();
        await using var server = await PostgresServer.StartAsync(programs, run.Cancellation);
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(run.Cancellation);
        NationRun.Say($"  PostgreSQL {connection.PostgreSqlVersion}", $"  PostgreSQL {connection.PostgreSqlVersion}");
        await ExecuteAsync(connection, Schema, run.Cancellation);
        await CopyRegistryAsync(run.Nation, connection, run.Cancellation);
        var months = await CopyMonthsAsync(run, connection);
        await AskAsync(run, connection, months);
    }

    private static async Task<int> CopyMonthsAsync(NationRun run, NpgsqlConnection connection)
    {
        // The twelfth month first: its time is the one to hold beside an intake.
        var (started, months) = (Stopwatch.GetTimestamp(), 0);
        for (var month = NationRun.History; month >= 0 && Stopwatch.GetElapsedTime(started) < CopyingAtMost; month--, months++)
        {
            var at = Stopwatch.GetTimestamp();
            await CopyMonthAsync(run.Nation, connection, month, run.Cancellation);
            if (month == NationRun.History) run.Figures.Add(new(Verb.Say("PostgreSQL：COPY 一个月", "PostgreSQL: COPY of a month"), Stopwatch.GetElapsedTime(at).TotalSeconds, "s"));
        }
        NationRun.Say($"  {months} 个月，{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s", $"  {months} months in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        var analysing = Stopwatch.GetTimestamp();
        await ExecuteAsync(connection, "vacuum analyze", run.Cancellation);
        NationRun.Say($"  vacuum analyze {Stopwatch.GetElapsedTime(analysing).TotalSeconds:0} s", $"  vacuum analyze in {Stopwatch.GetElapsedTime(analysing).TotalSeconds:0} s");
        return months;
    }

    private static async Task AskAsync(NationRun run, NpgsqlConnection connection, int months)
    {
        var (hardware, software) = run.Nation.Denominators;
        string Raw(string where) => string.Format(null, Question, where, hardware, software);
        var last = run.Nation.First.Plus(NationRun.History).Index;
        var township = run.Nation.Townships[run.Nation.Townships.Count / 2].Code;
        await TimeAsync(Verb.Say("PostgreSQL：一个月，原始数据", "PostgreSQL: one period, raw"), Raw($"where r.month = {last}"), RawRounds);
        await TimeAsync(Verb.Say("PostgreSQL：一个乡镇，原始数据", "PostgreSQL: one township's periods, raw"), Raw($"where r.township = {township}"), RawRounds);
        // To refresh it is to ask all periods raw.
        await ExecuteAsync(connection, $"create materialized view township_month as {Raw("")} with no data; create index on township_month (month, township); create index on township_month (township)", run.Cancellation);
        var at = Stopwatch.GetTimestamp();
        await ExecuteAsync(connection, "refresh materialized view township_month", run.Cancellation);
        run.Figures.Add(new(Verb.Say($"PostgreSQL：刷新物化视图（{months} 个月）", $"PostgreSQL: materialised view of {months} periods refreshed"), Stopwatch.GetElapsedTime(at).TotalSeconds, "s"));
        await ExecuteAsync(connection, "analyze township_month", run.Cancellation);
        await TimeAsync(Verb.Say("PostgreSQL：一个月，物化视图", "PostgreSQL: one period, materialised view"), $"select * from township_month where month = {last}", Rounds);
        await TimeAsync(Verb.Say($"PostgreSQL：{months} 个月合计，物化视图", $"PostgreSQL: {months} periods summed, materialised view"),
            "select count(*), sum(branches), sum(hardware_base), sum(hardware_complete), sum(software_base), sum(software_complete), sum(compliant) from township_month", Rounds);
        await TimeAsync(Verb.Say("PostgreSQL：一个乡镇，物化视图", "PostgreSQL: one township's periods, materialised view"), $"select * from township_month where township = {township}", Rounds);

        async Task TimeAsync(string name, string sql, int rounds)
        {
            var (ms, rows) = (new List<double>(), 0);
            for (var round = 0; round < rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                rows = await ReadAsync(connection, sql, run.Cancellation);
                ms.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            NationRun.Say($"  {name}：{rows} 行", $"  {name}: {rows} rows");
            run.Figures.Add(new(name, new Times(ms).P50, "ms"));
        }
    }

    private static async Task CopyRegistryAsync(MadeUpNation nation, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var kinds = nation.Kinds.Index().ToDictionary(k => k.Item, k => (short)k.Index);
        foreach (var (kind, id) in kinds) await ExecuteAsync(connection, $"insert into kind values ({id}, {kind.Hardware}, {kind.Software})", cancellation);
        await using var writer = await connection.BeginBinaryImportAsync("copy branch (branch_id, township, kind) from stdin (format binary)", cancellation);
        var number = 0;
        foreach (var township in nation.Townships)
            foreach (var branch in nation.Branches(township))
            {
                await writer.StartRowAsync(cancellation);
                await writer.WriteAsync(number++, NpgsqlDbType.Integer, cancellation);
                await writer.WriteAsync(int.Parse(township.Code, null), NpgsqlDbType.Integer, cancellation);
                await writer.WriteAsync(kinds[branch.Kind], NpgsqlDbType.Smallint, cancellation);
            }
        await writer.CompleteAsync(cancellation);
    }

    private static async Task CopyMonthAsync(MadeUpNation nation, NpgsqlConnection connection, int month, CancellationToken cancellation)
    {
        var (firstReport, index) = (month * nation.Townships.Count, nation.First.Plus(month).Index);
        await using (var reports = await connection.BeginBinaryImportAsync("copy report (report_id, month, township) from stdin (format binary)", cancellation))
        {
            foreach (var (place, township) in nation.Townships.Index())
            {
                await reports.StartRowAsync(cancellation);
                await reports.WriteAsync(firstReport + place, NpgsqlDbType.Integer, cancellation);
                await reports.WriteAsync(index, NpgsqlDbType.Integer, cancellation);
                await reports.WriteAsync(int.Parse(township.Code, null), NpgsqlDbType.Integer, cancellation);
            }
            await reports.CompleteAsync(cancellation);
        }
        await using var writer = await connection.BeginBinaryImportAsync("copy branch_report (report_id, branch_id, met, not_applicable) from stdin (format binary)", cancellation);
        var number = -1;
        foreach (var (place, township) in nation.Townships.Index())
            foreach (var branch in nation.Branches(township))
            {
                number++;
                if (!branch.IsActiveIn(month)) continue;
                var (met, notApplicable) = branch.StatesAt(month);
                writer.StartRow();
                writer.Write(firstReport + place, NpgsqlDbType.Integer);
                writer.Write(number, NpgsqlDbType.Integer);
                writer.Write((long)met, NpgsqlDbType.Bigint);
                writer.Write((long)notApplicable, NpgsqlDbType.Bigint);
            }
        await writer.CompleteAsync(cancellation);
    }

    private static async Task<int> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (rows, cells) = (0, new object[reader.FieldCount]);
        while (await reader.ReadAsync(cancellation))
        {
            reader.GetValues(cells);
            rows++;
        }
        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
