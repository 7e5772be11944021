using DuckDB.NET.Data;
using Hub.Store.Star;

namespace Hub.Tests.Models;

/// <summary>The macro <c>item_counts_of</c>, which adds four items at a time, counts as one would one by one: with the most items that a standard has, and the most branches that a
/// report lists.</summary>
public sealed class ItemCountsTests
{
    private const int MostItems = 64, MostBranches = 10_000;

    [Fact]
    public void Every_item_of_the_largest_report_is_counted()
    {
        var random = new Random(20261129);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "create table judged (township varchar, items integer, met ubigint, not_applicable ubigint)");
        // All of one meet every item; another's are any; and a third's few states, as most have, of fewer items.
        var (all, any, few) = (new Counts(MostItems), new Counts(MostItems), new Counts(27));
        ulong[] states = [0, (1UL << 27) - 1, 0b101, 1UL << 26];
        using (var appender = connection.CreateAppender("judged"))
        {
            for (var i = 0; i < MostBranches; i++)
            {
                Add("all", all, ulong.MaxValue, 0);
                var drawn = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
                Add("any", any, drawn, ~drawn & (ulong)random.NextInt64(long.MinValue, long.MaxValue));
                Add("few", few, states[random.Next(4)], random.Next(9) == 0 ? 0b10UL : 0);
            }

            void Add(string township, Counts counts, ulong met, ulong notApplicable)
            {
                counts.Add(met, notApplicable);
                appender.CreateRow().AppendValue(township).AppendValue(counts.Items).AppendValue(met).AppendValue(notApplicable).EndRow();
            }
        }
        using (var text = new StreamReader(typeof(ModelCatalog).Assembly.GetManifestResourceStream("models/item_counts.of.sql")!)) Execute(connection, "create macro item_counts_of " + text.ReadToEnd());

        using var command = connection.CreateCommand();
        command.CommandText = "select township, branches, met, not_applicable from item_counts_of('judged') order by township";
        using var reader = command.ExecuteReader();
        foreach (var (township, expected) in new[] { ("all", all), ("any", any), ("few", few) })
        {
            Assert.True(reader.Read());
            Assert.Equal((township, (long)MostBranches), (reader.GetString(0), reader.GetInt64(1)));
            Assert.Equal(expected.Met, reader.GetFieldValue<List<int>>(2));
            Assert.Equal(expected.NotApplicable, reader.GetFieldValue<List<int>>(3));
        }
        Assert.False(reader.Read());
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Counts(int items)
    {
        public int Items => items;
        public int[] Met { get; } = new int[items];
        public int[] NotApplicable { get; } = new int[items];

        public void Add(ulong met, ulong notApplicable)
        {
            for (var i = 0; i < items; i++)
            {
                Met[i] += (int)(met >> i & 1);
                NotApplicable[i] += (int)(notApplicable >> i & 1);
            }
        }
    }
}
