using System.Globalization;
using DuckDB.NET.Data;

namespace Hub.Benchmarks.Nation;

/// <summary>The same figures as plain DuckDB tables: one finished row per period and township, and one compact row per branch of the last period.
/// What a question costs here is the least that it can cost.</summary>
internal sealed class BareTables : IDisposable
{
    private const string Schema = """
        create table township_month (
          programme varchar, period varchar, township varchar, name varchar, stale_months integer, branches bigint,
          hardware_base bigint, hardware_complete bigint, hardware_share double, mean_hardware_score double,
          software_base bigint, software_complete bigint, software_share double, mean_software_score double,
          compliant bigint, target_bp integer, pace double, status varchar);
        create table branch_fact (county integer, kind utinyint, met ubigint, not_applicable ubigint);
        create table item (kind utinyint, kind_name varchar, ordinal integer, item varchar);
        """;

    private const string Ranked = """
        create table ranked as
        select period, township, name, hardware_share, software_share, mean_hardware_score,
          rank() over (partition by period order by hardware_share desc, software_share desc, mean_hardware_score desc) as rank
        from township_month where hardware_base > 0;
        create table ranking as
        select r.period, r.township, r.name, r.rank, b.rank as previous_rank
        from ranked r left join ranked b on b.township = r.township and b.period = strftime(strptime(r.period || '-01', '%Y-%m-%d') - interval 1 month, '%Y-%m')
        order by r.period, r.rank, r.township;
        """;

    private readonly DuckDBConnection connection;

    private BareTables(DuckDBConnection connection) => this.connection = connection;

    public static BareTables Make(MadeUpNation nation, string file, int months, CancellationToken cancellation)
    {
        // Row groups as small as the hub's: what asks for one township reads no more than it does there.
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var tables = new BareTables(connection);
        tables.Execute($"attach '{file.Replace("'", "''", StringComparison.Ordinal)}' as bare (row_group_size 16384); use bare");
        tables.Execute(Schema);
        for (var month = 0; month < months; month++) tables.AppendMonth(nation, month, cancellation);
        tables.AppendBranches(nation, months - 1);
        tables.Execute(Ranked);
        tables.Execute("checkpoint bare");
        return tables;
    }

    /// <summary>Reads every cell of the answer.</summary>
    /// <returns>How many rows.</returns>
    public int Read(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var (rows, cells) = (0, new object[reader.FieldCount]);
        while (reader.Read())
        {
            reader.GetValues(cells);
            rows++;
        }
        return rows;
    }

    /// <summary>The first row as text, cell by cell.</summary>
    public string[] First(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        reader.Read();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)];
    }

    public void Dispose() => connection.Dispose();

    private void AppendMonth(MadeUpNation nation, int month, CancellationToken cancellation)
    {
        var figures = new NationFigures[nation.Townships.Count];
        Parallel.For(0, figures.Length, new ParallelOptions { CancellationToken = cancellation }, i => figures[i] = nation.FiguresOf(nation.Townships[i], month));
        var period = nation.First.Plus(month).ToString();
        var (hardware, software) = nation.Denominators;
        using var appender = connection.CreateAppender("township_month");
        for (var i = 0; i < figures.Length; i++)
        {
            var (t, f) = (nation.Townships[i], figures[i]);
            var row = appender.CreateRow().AppendValue(nation.Programme).AppendValue(period).AppendValue(t.Code).AppendValue(t.Name).AppendValue((int?)0).AppendValue((long)f.Branches)
                .AppendValue((long)f.HardwareBase).AppendValue((long)f.HardwareComplete);
            Share(f.HardwareComplete, f.HardwareBase);
            Share(f.HardwarePoints, f.HardwareBase * hardware);
            row.AppendValue((long)f.SoftwareBase).AppendValue((long)f.SoftwareComplete);
            Share(f.SoftwareComplete, f.SoftwareBase);
            Share(f.SoftwarePoints, f.SoftwareBase * software);
            row.AppendValue((long)f.Compliant).AppendValue((int?)(month < 5 ? 0 : month < 11 ? 4_000 : 10_000)).AppendValue((month + 1) / 12.0).AppendValue("behind").EndRow();

            void Share(long part, long whole) => row = whole > 0 ? row.AppendValue((double)part / whole) : row.AppendNullValue();
        }
    }

    private void AppendBranches(MadeUpNation nation, int month)
    {
        var ordinals = nation.Kinds.Index().ToDictionary(k => k.Item, k => (byte)k.Index);
        using (var items = connection.CreateAppender("item"))
            foreach (var (kind, ordinal) in ordinals)
                for (var i = 0; i < kind.Items; i++) items.CreateRow().AppendValue(ordinal).AppendValue(kind.Name).AppendValue((int?)i).AppendValue($"{kind.Name}-{i}").EndRow();
        using var appender = connection.CreateAppender("branch_fact");
        foreach (var township in nation.Townships)
        {
            var county = int.Parse(township.Code.AsSpan(0, 6), CultureInfo.InvariantCulture);
            foreach (var branch in nation.Branches(township).Where(b => b.IsActiveIn(month)))
            {
                var (met, notApplicable) = branch.StatesAt(month);
                appender.CreateRow().AppendValue(county).AppendValue(ordinals[branch.Kind]).AppendValue(met).AppendValue(notApplicable).EndRow();
            }
        }
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
