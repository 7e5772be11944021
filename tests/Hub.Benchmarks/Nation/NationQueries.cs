using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation queries</c>: what an analyst asks of the serving hub, and the same question put to plain DuckDB tables.</summary>
internal static class NationQueries
{
    private const int WarmUps = 5, Rounds = 30, FewestRounds = 3;
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(20);

    private const string Sums = """
        select count(*), sum(stale_months), sum(branches), sum(hardware_base), sum(hardware_complete), sum(software_base), sum(software_complete), sum(compliant),
          sum(target_bp), sum(pace), sum(hardware_share), sum(mean_hardware_score), sum(software_share), sum(mean_software_score), count(status)
        """;

    // Of the sums: those of whole numbers that both have.
    private const int CountedCells = 8;

    private const string Items = """
        with patterns as (select kind, met, not_applicable, count(*) as branches from branch_fact {0} group by all)
        select i.kind_name, i.item,
          sum(p.branches) filter (where (p.not_applicable >> i.ordinal) & 1 = 0)::bigint as applicable,
          coalesce(sum(p.branches) filter (where (p.met >> i.ordinal) & 1 = 1), 0)::bigint as met
        from patterns p join item i on i.kind = p.kind group by all having applicable > 0
        """;

    private const string Ranking = """
        with keyed as (
          select period, township, name, rank() over (partition by period order by hardware_share desc, software_share desc, mean_hardware_score desc) as rank
          from township_month where period in ('{1}', '{2}') and township >= '{0}' and township < '{0}:' and hardware_base > 0)
        select r.township, r.name, r.rank, b.rank from keyed r left join keyed b on b.township = r.township and b.period = '{2}' where r.period = '{1}' order by r.rank, r.township
        """;

    public static async Task RunAsync(NationRun run)
    {
        var hub = await run.ServeWithMonthAsync();
        NationRun.SayStep("查询：对正在服务的中心", "queries: of the serving hub");
        var (nation, file) = (run.Nation, run.Folder.In("bare.duckdb"));
        File.Delete(file);
        using var bare = BareTables.Make(nation, file, NationRun.History + 1, run.Cancellation);
        using var channel = GrpcChannel.ForAddress(hub.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 64 << 20 });
        var questions = new Questions(run, hub, bare, new AnalyticsService.AnalyticsServiceClient(channel), GrpcLoad.Bearer(run.Folder.ReadTokens().Analyst));
        await questions.CompareAsync();
        await questions.AskAllAsync();
        run.Figures.Add(new(Verb.Say("查询后中心内存峰值", "peak memory of the hub after the queries"), ProcessFigures.PeakMb(hub.Id), "MB", Max: NationRun.MostMb));
        File.Delete(file);
    }

    private sealed class Questions(NationRun run, ServingHub hub, BareTables bare, AnalyticsService.AnalyticsServiceClient analytics, Metadata analyst)
    {
        private readonly AdministrationService.AdministrationServiceClient administration = new(hub.Control);
        private readonly string last = run.Nation.First.Plus(NationRun.History).ToString(), previous = run.Nation.First.Plus(NationRun.History - 1).ToString();
        private readonly NationTownship middle = run.Nation.Townships[run.Nation.Townships.Count / 2];

        /// <summary>Both must say the same before it counts how fast.</summary>
        public async Task CompareAsync()
        {
            var where = $"where programme = '{run.Nation.Programme}'";
            var told = (await FirstAsync($"{Sums} from township_completion {where}"))[..CountedCells];
            var sent = bare.First($"{Sums} from township_month {where}")[..CountedCells];
            NationRun.Say($"  十二个月合计：{string.Join(' ', told)}", $"  sums of twelve months: {string.Join(' ', told)}");
            if (!told.SequenceEqual(sent)) NationRun.Say($"  应为：{string.Join(' ', sent)}", $"  they should be: {string.Join(' ', sent)}");
            run.Figures.Add(new(Verb.Say("与所报不同的合计", "sums that differ from what was sent"), told.Zip(sent).Count(p => p.First != p.Second), "", Max: 0));
        }

        public async Task AskAllAsync()
        {
            var (county, programme) = (middle.Code[..6], run.Nation.Programme);
            string one = $"where programme = '{programme}' and period = '{last}'", all = $"where programme = '{programme}'", single = $"{all} and township = '{middle.Code}'";
            await RankingAsync(Verb.Say("排名，全部乡镇", "ranking, all townships"), "", 50_000, $"select township, name, rank, previous_rank from ranking where period = '{last}' order by rank, township", 100);
            await RankingAsync(Verb.Say("排名，前 100", "ranking, the first 100"), "", 100, $"select township, name, rank, previous_rank from ranking where period = '{last}' order by rank, township limit 100", 20);
            await RankingAsync(Verb.Say($"排名，一个县（{county}）", $"ranking, one county ({county})"), county, 1000, string.Format(null, Ranking, county, last, previous), 10);
            // A ranking is made once for a head of the log and then at hand: a record before each question makes it anew.
            await RankingAsync(Verb.Say("排名，全部乡镇，有新记录之后", "ranking, all townships, after a new record"), "", 50_000, $"select township, name, rank, previous_rank from ranking where period = '{last}' order by rank, township", 100, RecordAsync);
            await RankingAsync(Verb.Say("排名，前 100，有新记录之后", "ranking, the first 100, after a new record"), "", 100, $"select township, name, rank, previous_rank from ranking where period = '{last}' order by rank, township limit 100", 20, RecordAsync);
            await RankingAsync(Verb.Say($"排名，一个县（{county}），有新记录之后", $"ranking, one county ({county}), after a new record"), county, 1000, string.Format(null, Ranking, county, last, previous), 10, RecordAsync);
            await SqlAsync(Verb.Say("township_completion 一个月，合计", "township_completion, one period, summed"), $"{Sums} from township_completion {one}", $"{Sums} from township_month {one}", 50);
            await SqlAsync(Verb.Say("township_completion 一个月，全部行", "township_completion, one period, every row"), $"select * from township_completion {one}", $"select * exclude (name) from township_month {one}", 50);
            await SqlAsync(Verb.Say("township_completion 十二个月，合计", "township_completion, twelve periods, summed"), $"{Sums} from township_completion {all}", $"{Sums} from township_month {all}", 500);
            await SqlAsync(Verb.Say("township_completion 一个乡镇十二个月", "township_completion, one township's twelve periods"), $"select * from township_completion {single}", $"select * exclude (name) from township_month {single}", 10);
            await SqlAsync(Verb.Say($"item_completion 一个县（{county}）一个月", $"item_completion, one county ({county}), one period"),
                $"select * from item_completion_within('{county}') {one}", string.Format(null, Items, $"where county = {county}"), 10);
            await SqlAsync(Verb.Say("item_completion 全国一个月", "item_completion of the country, one period"), $"select * from item_completion {one}", string.Format(null, Items, ""), 1000);
        }

        private async Task RecordAsync() =>
            await administration.CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Analyst, Area = middle.Code[..6] }, cancellationToken: run.Cancellation);

        private Task RankingAsync(string name, string area, int size, string sql, double? bar, Func<Task>? before = null) => AskAsync(name, async () =>
            (await analytics.GetRankingAsync(new GetRankingRequest { Programme = run.Nation.Programme, Period = last, Area = area, PageSize = size }, analyst, cancellationToken: run.Cancellation)).Townships.Count,
            sql, bar, before);

        private Task SqlAsync(string name, string sql, string plain, double? bar) => AskAsync(name, async () =>
        {
            var rows = 0;
            using var call = administration.RunQuery(new RunQueryRequest { Sql = sql }, cancellationToken: run.Cancellation);
            await foreach (var response in call.ResponseStream.ReadAllAsync(run.Cancellation)) rows += response.Rows.Count;
            return rows;
        }, plain, bar);

        private async Task<string[]> FirstAsync(string sql)
        {
            using var call = administration.RunQuery(new RunQueryRequest { Sql = sql }, cancellationToken: run.Cancellation);
            string[]? first = null;
            await foreach (var response in call.ResponseStream.ReadAllAsync(run.Cancellation))
                if (response.Rows.Count > 0) first ??= [.. response.Rows[0].Cells.Select(c => c.ValueCase == QueryCell.ValueOneofCase.Integer ? $"{c.Integer}" : c.Text)];
            return first!;
        }

        // In turns, so that a busy machine slows both alike.
        private async Task AskAsync(string name, Func<Task<int>> ask, string plain, double? bar, Func<Task>? before = null)
        {
            var (hubMs, bareMs, rows) = (new List<double>(), new List<double>(), (Hub: 0, Bare: 0));
            var started = Stopwatch.GetTimestamp();
            try
            {
                for (var round = -WarmUps; round < Rounds; round++)
                {
                    var late = Stopwatch.GetElapsedTime(started) > LongestQuestion;
                    if (late && round < 0) round = 0;
                    if (late && round >= FewestRounds) break;
                    if (before is not null) await before();
                    var at = Stopwatch.GetTimestamp();
                    rows.Hub = await ask();
                    if (round >= 0) hubMs.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    at = Stopwatch.GetTimestamp();
                    rows.Bare = bare.Read(plain);
                    if (round >= 0) bareMs.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                }
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.InvalidArgument or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted)
            {
                var why = ReportParser.Short(e.Status.Detail, 120);
                NationRun.Say($"  {name}：没有回答（{why}）", $"  {name}: no answer ({why})");
                run.Figures.Add(new(name + " p95", double.PositiveInfinity, "ms", Max: bar));
                return;
            }
            var (told, least) = (new Times(hubMs), new Times(bareMs));
            NationRun.Say($"  {name}：{rows.Hub} 行，{told}；DuckDB {rows.Bare} 行，{least}", $"  {name}: {rows.Hub} rows, {told}; DuckDB {rows.Bare} rows, {least}");
            run.Figures.Add(new(name + " p50", told.P50, "ms", least.P50));
            run.Figures.Add(new(name + " p95", told.P95, "ms", least.P95, bar));
        }
    }
}
