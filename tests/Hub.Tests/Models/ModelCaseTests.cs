using System.Globalization;
using Hub.Protocol;
using Hub.Store.Queries;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The given/expect cases of the views that others hold on to.</summary>
public sealed class FixedViewCaseTests
{
    public static TheoryData<string, string> Cases => ModelCases.Of(ModelDocumentTests.IsFixed);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_case_gives_exactly_the_rows_expected(string model, string name) => ModelCases.RunAsync(model, name);
}

/// <summary>Those of the models beneath and beside them. A class of its own because classes run in parallel.</summary>
public sealed class OtherModelCaseTests
{
    public static TheoryData<string, string> Cases => ModelCases.Of(model => !ModelDocumentTests.IsFixed(model));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_case_gives_exactly_the_rows_expected(string model, string name) => ModelCases.RunAsync(model, name);
}

/// <summary>Runs a case of <c>analytics/models/*.yml</c> on a store of its own.</summary>
public static class ModelCases
{
    public static TheoryData<string, string> Of(Func<string, bool> isChosen)
    {
        var cases = new TheoryData<string, string>();
        foreach (var (model, document) in ModelDocument.All.Where(d => isChosen(d.Key)).OrderBy(d => d.Key, StringComparer.Ordinal))
            foreach (var one in document.Cases) cases.Add(model, one.Name);
        return cases;
    }

    public static async Task RunAsync(string model, string name)
    {
        var one = ModelDocument.All[model].Cases.Single(c => c.Name == name);
        var (hub, position, asOf) = await GivenCounty.OpenAsync(one.Given);
        await using var _ = hub;
        var columns = one.Expect.Count > 0 ? one.Expect[0].Keys.ToList() : ModelDocument.All[model].Grain;
        Assert.All(one.Expect, row => Assert.Equal(columns.Order(StringComparer.Ordinal), row.Keys.Order(StringComparer.Ordinal)));

        using var reading = hub.Store.Read(position, asOf).Value;
        var sql = $"select {string.Join(", ", columns)} from {ModelDocument.Source(model, one.Arguments)} where {one.Where}";
        var started = AdHocQuery.Start(reading, sql, TimeProvider.System, CancellationToken.None);
        Assert.Null(started.Refusal?.Message.English);
        using var query = started.Value;
        var actual = Sorted(query.Next(1000).Value.Select(row => Line(columns, row.Cells.Select(Text))));
        var expected = Sorted(one.Expect.Select(row => Line(columns, query.Columns.Select(c => Expected(row[c.Name], c)))));

        Assert.True(expected == actual, $"expected\n{expected}\nbut was\n{actual}");
    }

    private static string Line(List<string> columns, IEnumerable<string> values) => string.Join(", ", columns.Zip(values, (c, v) => $"{c}: {v}"));

    private static string Sorted(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    /// <summary>As <see cref="Text"/> writes it: a fraction such as 1/3 becomes the number nearest to it, a letter a township.</summary>
    private static string Expected(string? text, QueryColumn column)
    {
        if (text is null) return "null";
        if (column.Name == "township") return GivenCounty.Township(text);
        if (!column.Type.Equals("double", StringComparison.OrdinalIgnoreCase)) return text;
        var numbers = text.Split('/').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return Text(new QueryCell { Number = numbers is [var dividend, var divisor] ? dividend / divisor : numbers.Single() });
    }

    private static string Text(QueryCell cell) => cell.ValueCase switch
    {
        QueryCell.ValueOneofCase.None => "null",
        QueryCell.ValueOneofCase.Boolean => cell.Boolean ? "true" : "false",
        QueryCell.ValueOneofCase.Integer => cell.Integer.ToString(CultureInfo.InvariantCulture),
        QueryCell.ValueOneofCase.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        _ => cell.Text,
    };
}
