using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Querying;

/// <summary>A hub with one report, for queries that change nothing.</summary>
public sealed class QueriedHub : IAsyncLifetime
{
    internal TestHub Hub { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Hub = await TestHub.StartWithCountyAsync();
        var report = TestHub.Report();
        report.Branches[0].States[13] = ItemState.NotMet;
        report.Narrative = new Narrative { Progress = "写实" };
        await new ReportingService.ReportingServiceClient(Hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = "first-report", Report = report }, TestHub.Bearer(await Hub.TokenAsync(Role.Township, "990101100")));
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}

/// <summary>SQL that tries to leave the views: refused with a reason, telling nothing, changing nothing.</summary>
public sealed class QueryAttackTests(QueriedHub shared) : IClassFixture<QueriedHub>
{
    private const string NotOneSelect = "QUERY_NOT_ONE_SELECT", NotAllowed = "QUERY_NOT_ALLOWED", Invalid = "QUERY_INVALID";

    // {log}, {star} and {dir} stand for the hub's own files.
    private static readonly (string Reason, string[] Queries)[] Attacks =
    [
        (NotOneSelect,
        [
            "", " \n\t", "-- nothing", "/* nothing */", ";", "select 1; select 2", "select 1; drop table fact_report", "insert into fact_report select * from fact_report",
            "insert into townships values ('x', 'y')", "update dim_branch set star = 5", "delete from fact_branch_report", "drop view townships", "drop table star_head", "create table t (a int)",
            "create view v as select 1", "create macro m() as 1", "create temp table t as select 1", "create or replace view townships as select 1", "alter table dim_branch rename to x", "truncate fact_report",
            "copy fact_report to '{dir}/out.csv'", "copy (select 1) to '{star}'", "copy (select 1) to '{log}'", "copy fact_report from '/etc/passwd'", "copy (select * from townships) to '/dev/stdout'", "copy from database x to y",
            "attach '{log}' as l", "attach ':memory:' as m", "detach star", "use main", "pragma database_list", "pragma show_tables", "pragma enable_profiling", "set memory_limit = '1GB'",
            "set global enable_external_access = true", "set variable as_of = null", "reset memory_limit", "explain select 1", "explain analyze select 1",
            "call duckdb_settings()", "call enable_logging()", "load httpfs", "install httpfs", "force install httpfs from 'http://localhost'",
            "checkpoint", "force checkpoint", "vacuum", "analyze", "begin", "commit", "rollback", "prepare p as select 1", "execute p", "deallocate p", "create secret s (type s3)",
            "export database '{dir}'", "import database '{dir}'", "create sequence s", "create type t as enum ('a')", "comment on table fact_report is 'x'",
            "pivot townships on code using count(*)", "create schema s", "create index i on fact_report (position)", "with t as (select 1) insert into fact_report select * from t",
            "merge into fact_report using townships on true when matched then delete",
        ]),
        (NotAllowed,
        [
            // Files.
            "select * from read_csv('/etc/passwd')", "select * from read_csv_auto('/etc/passwd')", "select * from read_text('/etc/passwd')", "select * from read_blob('{log}')", "select * from glob('{dir}/*')", "select * from glob('/*')",
            "select * from parquet_scan('x.parquet')", "select * from read_parquet('x.parquet')", "select * from parquet_metadata('x')", "select * from parquet_schema('x')", "select * from parquet_kv_metadata('x')", "select * from parquet_file_metadata('x')",
            "select * from sniff_csv('/etc/passwd')", "select * from read_json('/etc/passwd')", "select * from read_json_auto('x')", "select * from read_json_objects('x')", "select * from read_ndjson('x')", "select * from read_ndjson_objects('x')", "select * from read_duckdb('{log}')",
            "select * from '/etc/passwd'", "from '{dir}/x.csv'", "select * from \"/etc/passwd\"", "select * from '{star}'", "from \"{log}\"", "select * from 'http://localhost/x.csv'", "select * from 's3://bucket/x.parquet'", "from '{log}.wal'",
            "select * from ReAd_TeXt('/etc/passwd')", "select * from \"read_text\"('/etc/passwd')", "select * from main.read_text('/etc/passwd')", "select * from system.main.read_text('/etc/passwd')",
            // SQL inside SQL.
            "select * from query('select 1')", "from query('copy (select 1) to ''x''')", "select * from query_table('fact_report')", "select * from query_table(['fact_report', 'fact_report'])", "select * from json_execute_serialized_sql('{}')",
            "select json_serialize_sql('select 1')", "select json_deserialize_sql('{}')", "select json_serialize_plan('select 1')", "select * from sql_auto_complete('sel')", "select * from check_peg_parser('select 1')", "select * from seq_scan('fact_report')",
            // Settings, secrets, the process and the session.
            "select * from duckdb_settings()", "select * from duckdb_secrets()", "select * from which_secret('x', 's3')", "select getenv('HOME')", "select current_setting('temp_directory')", "select * from pragma_database_list", "select * from pragma_database_list()",
            "select * from pragma_storage_info('fact_report')", "select * from pragma_table_info('fact_report')", "select * from pragma_show('fact_report')", "select * from pragma_metadata_info()", "select * from pragma_database_size()", "select * from pragma_version()", "select * from pragma_platform()", "select * from pragma_user_agent()",
            "select * from duckdb_databases()", "select * from duckdb_tables()", "select * from duckdb_views()", "select * from duckdb_columns()", "select * from duckdb_functions()", "select * from duckdb_extensions()", "select * from duckdb_memory()", "select * from duckdb_temporary_files()", "select * from duckdb_logs()",
            "select * from duckdb_log_contexts()", "select * from duckdb_variables()", "select * from duckdb_constraints()", "select * from duckdb_dependencies()", "select * from duckdb_optimizers()", "select * from duckdb_external_file_cache()", "select * from duckdb_prepared_statements()", "select * from duckdb_tables", "select * from duckdb_logs",
            "select * from enable_logging()", "from enable_logging(storage = 'file', storage_path = '{dir}')", "select * from disable_logging()", "select * from set_log_level('x')", "select * from truncate_duckdb_logs()", "select * from enable_profiling()", "select * from force_checkpoint()", "select * from checkpoint()",
            "select write_log('x')", "select version()", "select current_database()", "select current_catalog", "select current_schema", "select current_user", "select session_user", "select current_schemas(true)", "select current_query()", "select txid_current()", "select current_connection_id()",
            "select getvariable('as_of')", "select nextval('s')", "select currval('s')", "select in_search_path('a', 'b')", "select pg_get_viewdef(1)", "select has_table_privilege('a', 'b')", "select inet_server_addr()", "select sleep_ms(1000)", "select pg_sleep(1)", "select setseed(0.5)", "select random()",
            "select stats(township) from townships", "select vector_type(township) from townships", "select create_sort_key(township, 'asc') from townships", "select finalize(township::blob) from townships", "select format_type(1, 1)", "select get_block_size('x')", "select no_such_function(1)", "select * from no_such_function(1)",
            // The catalog and the base tables.
            "select * from information_schema.tables", "select * from information_schema.columns", "select * from pg_catalog.pg_class", "select * from pg_catalog.pg_settings", "select * from pg_tables", "select * from sqlite_master", "select * from sqlite_schema", "select * from sqlite_temp_master", "select * from main.sqlite_master",
            "select * from fact_report", "select * from fact_branch_report", "select * from dim_branch", "select * from dim_programme", "select * from star_head", "select * from FACT_report", "select * from \"Fact_Report\"", "select * from main.fact_report", "select * from memory.main.townships", "select * from temp.main.townships", "select * from star.main.townships", "select * from star.head.townships", "select * from star.star_head", "select * from star.townships", "select * from head.townships", "select * from system.main.duckdb_tables",
            "from fact_report", "table fact_report", "from fact_report select hash", "select * from log_record", "select * from no_such_view",
            "show tables", "show all tables", "describe townships", "describe select 1", "summarize townships", "show databases", "select * from (describe townships)", "select * from (summarize townships)", "select * from (show tables)", "from (show all tables)",
            // Hidden inside something that is allowed.
            "select (select count(*) from fact_report)", "select * from townships where exists (select 1 from fact_report)", "select * from townships where township in (select township from fact_report)", "with x as (select * from fact_report) select * from x", "with x as materialized (select * from read_text('/etc/passwd')) select 1",
            "select * from townships t, lateral (select * from fact_report) f", "select * from townships t, lateral read_text(t.name)", "select * from (select * from (select * from (from fact_report)))", "select 1 union all select position from fact_report", "select 1 except select position from star_head", "select 1 union by name select * from star_head",
            "select list_transform([1], lambda x: nextval('s'))", "select list_transform(['HOME'], lambda x: getenv(x))", "select [getenv(x) for x in ['HOME']]", "select case when true then getenv('HOME') end", "select coalesce(getenv('HOME'), '')", "select 1 order by getenv('HOME')", "select 1 limit (select count(*) from fact_report)", "select 1 offset (select 1 from star_head)",
            "select count(*) filter (getenv('HOME') is null) from townships", "select sum(1) over (partition by getenv('HOME')) from townships", "select rank() over (order by current_setting('temp_directory')) from townships", "select 1 from townships qualify getenv('HOME') is null", "select 1 from townships group by getenv('HOME')", "select 1 having getenv('HOME') is null",
            "select * from range((select count(*) from fact_report))", "select unnest((select list(hash) from star_head))", "select try(getenv('HOME'))", "select ('HOME').getenv()", "select name.getenv() from townships", "select main.getenv('HOME')", "select system.main.getenv('HOME')", "select \"GetEnv\"('HOME')", "select struct_pack(a := getenv('HOME'))", "select {'a': getenv('HOME')}", "select map {'a': getenv('HOME')}",
            "select columns(lambda c: getenv(c) is null) from townships", "select * replace (getenv('HOME') as name) from townships", "select array(select township from fact_report)", "values (getenv('HOME'))", "from (values ((select count(*) from fact_report)))", "select * from townships join fact_report f on f.township = townships.township", "select * from townships positional join fact_report", "select * from townships asof join fact_report f on townships.township >= f.township",
            "select * from (pivot fact_report on township in ('a') using count(*))", "select * from (unpivot star_head on position)", "select * from ranking_within((select hash::varchar from star_head))", "select * from ranking_within(getenv('HOME'))", "from repeat_row(getenv('HOME'), num_rows = 3)", "select * from townships at (version => (select 1 from star_head))",
            // A name that is a CTE elsewhere is still the table here.
            "select * from fact_report where exists (with fact_report as (select 1) select * from fact_report)", "select (with star_head as (select 1) select 1) from star_head", "with fact_report as (select * from fact_report) select * from fact_report",
            "with recursive star_head as (select position from star_head union all select position + 1 from star_head where position < 3) select * from star_head", "with recursive star_head as (select * from star_head) select * from star_head", "with a as (select * from star_head), star_head as (select 1) select * from a",
            "select * from (with star_head as (select 1) select * from star_head), star_head", "with \"/etc/passwd\" as (select * from '/etc/passwd') select 1",
        ]),
        (Invalid,
        [
            "select", "selec 1", "select * from", "select ((1)", "select no_such_column from townships", "select 'text'::int", "select $1", "select ?", "select $name", "select 1 +", "select error_here from (select 1)", "select township from townships group by name", "select * from ranking_within()", "select 'fact_report'::regclass", "select '\0'", "reset all", "select 'HOME'.getenv()",
            "with x as (insert into fact_report values (1) returning *) select * from x", "select 1 into x", "select 1 from townships for update of x",
        ]),
    ];

    public static TheoryData<string> Reasons => [.. Attacks.Select(a => a.Reason)];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Every_attack_is_refused_and_tells_and_changes_nothing(string reason)
    {
        var files = Files();
        var wrong = new List<string>();
        foreach (var attack in Attacks.Single(a => a.Reason == reason).Queries)
        {
            var refused = await TryAsync(attack.Replace("{dir}", shared.Hub.Directory, StringComparison.Ordinal)
                .Replace("{log}", $"{shared.Hub.Directory}/log.duckdb", StringComparison.Ordinal)
                .Replace("{star}", files.Single(f => f.EndsWith(".duckdb", StringComparison.Ordinal) && f.Contains("star-", StringComparison.Ordinal)), StringComparison.Ordinal));
            if ((refused?.Status, refused?.Domain, refused?.Reason) != (StatusCode.InvalidArgument, "hub.v1", reason)) wrong.Add($"{attack} → {refused?.Status} {refused?.Reason} {refused?.Message}");
            else if (Tells(attack, refused!.Message)) wrong.Add($"{attack} tells: {refused.Message}");
        }

        Assert.Equal("", string.Join('\n', wrong));
        Assert.Equal(files, Files());
        Assert.Equal(["4"], Assert.Single(await shared.Hub.SqlAsync("select branches from reports")));
        Assert.Empty((await new AdministrationService.AdministrationServiceClient(shared.Hub.Control).VerifyStoreAsync(new VerifyStoreRequest())).Problems);
    }

    private async Task<Refused?> TryAsync(string sql)
    {
        try
        {
            return await Refused.ByAsync(() => shared.Hub.SqlAsync(sql));
        }
        catch (Xunit.Sdk.XunitException)
        {
            return null;
        }
    }

    private List<string> Files() => [.. Directory.GetFiles(shared.Hub.Directory).Where(f => !f.EndsWith(".wal", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    // A refusal may repeat what was asked, and nothing else of the hub's files.
    private bool Tells(string attack, string message) =>
        message.Contains("root:", StringComparison.Ordinal) || message.Contains("写实", StringComparison.Ordinal)
        || (!attack.Contains('{', StringComparison.Ordinal) && new[] { shared.Hub.Directory, "star-", "log.duckdb" }.Any(t => message.Contains(t, StringComparison.Ordinal)));
}
