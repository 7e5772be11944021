using System.Globalization;

namespace Hub.Tests.Models;

/// <summary>What every document says of all rows, on the worked county with bulletins out.</summary>
public sealed class ModelCheckTests(PublishedCounty county) : IClassFixture<PublishedCounty>
{
    private const int ShownRows = 5;

    public static TheoryData<string> Documents => [.. ModelDocument.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void No_row_breaks_a_check(string model)
    {
        var document = ModelDocument.All[model];
        var source = ModelDocument.Source(model, document.Parameters.Select(p => p.Example));
        using var reading = county.Hub.Store.Read().Value;
        var rows = reading.Query($"select count(*) as rows from {source}", row => row.Long("rows")).Single();
        Assert.True(rows > 0, "no rows, so that nothing was checked");

        var broken = new List<string>();
        foreach (var (check, sql) in BreakingRows(document, source))
            broken.AddRange(reading.Query($"select to_json(b)::varchar as broken from ({sql}) b limit {ShownRows}", row => $"{check}: {row.Text("broken")}"));

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    /// <summary>Per check a query for the rows that break it.</summary>
    private static IEnumerable<(string Check, string Sql)> BreakingRows(ModelDocument document, string source)
    {
        var grain = string.Join(", ", document.Grain);
        yield return ($"one row per {grain}", $"select {grain}, count(*) as rows from {source} group by all having rows > 1");
        foreach (var column in document.Columns.Where(c => !c.Nullable))
            yield return ($"{column.Name} is not null", $"from {source} where \"{column.Name}\" is null");
        foreach (var (column, values) in document.Checks.AcceptedValues)
            yield return ($"{column} is one of {string.Join(", ", values)}",
                $"from {source} where \"{column}\" not in ({string.Join(", ", values.Select(v => $"'{v}'"))})");
        foreach (var (column, range) in document.Checks.Ranges)
            yield return ($"{column} is in {range}", $"from {source} where {OutOf(range, column)}");
        foreach (var condition in document.Checks.Holds)
            yield return (condition, $"from {source} where not ({condition})");
        foreach (var (columns, other) in document.Checks.Relations)
            yield return ($"{columns} is in {other}",
                $"from (from {source} where {string.Join(" and ", columns.Split(", ").Select(c => $"{c} is not null"))}) anti join {other} using ({columns})");
    }

    private static string OutOf(string range, string column)
    {
        if (range.Split("..") is not [var least, var most] || least.Length + most.Length == 0) throw new FormatException($"Not a range: {range}");
        var conditions = new List<string>();
        if (least.Length > 0) conditions.Add($"\"{column}\" < {Number(least)}");
        if (most.Length > 0) conditions.Add($"\"{column}\" > {Number(most)}");
        return string.Join(" or ", conditions);
    }

    private static string Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
