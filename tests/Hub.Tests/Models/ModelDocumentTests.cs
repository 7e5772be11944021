namespace Hub.Tests.Models;

/// <summary>Models and their documents say the same.</summary>
public sealed class ModelDocumentTests(WorkedCounty county) : IClassFixture<WorkedCounty>
{
    public static TheoryData<string> Documents => [.. ModelDocument.All.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The columns that scripts, saved queries and BI models hold on to.</summary>
    public static TheoryData<string, string> FixedViews => new()
    {
        {
            "township_completion",
            """
            programme, period, township, stale_months, branches, hardware_base, hardware_complete, hardware_share, mean_hardware_score,
            software_base, software_complete, software_share, mean_software_score, compliant, target_bp, pace, status
            """
        },
        {
            "county_completion",
            """
            programme, period, branches, hardware_base, hardware_complete, hardware_share, mean_hardware_score,
            software_base, software_complete, software_share, mean_software_score, compliant
            """
        },
        { "township_ranking", "programme, period, township, rank, previous_rank" },
        { "milestone_status", "programme, period, township, milestone, due, base, complete, target_bp, met, met_on_time" },
        { "report_status", "programme, period, township, status, days_late, versions, version_in_force" },
        { "rectification_list", "programme, year, branch, township, position, tied, hardware_score, software_score, months_noncompliant" },
        { "item_completion", "programme, period, kind, item, applicable, met" },
        { "integrity_signals", "programme, period, township, signal, branch, kind, count" },
    };

    public static bool IsFixed(string model) => FixedViews.Any(view => model.Equals(view[0]));

    [Fact]
    public void Every_model_has_a_document_and_every_document_a_model() =>
        Assert.Equal(ModelDocument.Models, ModelDocument.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Columns_are_those_of_the_model_in_name_order_and_type(string model)
    {
        var document = ModelDocument.All[model];
        var source = ModelDocument.Source(model, document.Parameters.Select(p => p.Example));
        using var reading = county.Hub.Store.Read().Value;
        var actual = reading.Query($"describe from {source}", row => $"{row.Text("column_name")} {row.Text("column_type")}".ToLowerInvariant());

        Assert.Equal(string.Join('\n', actual), string.Join('\n', document.Columns.Select(c => $"{c.Name} {c.Type}")));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_text_is_complete(string model)
    {
        var document = ModelDocument.All[model];
        Assert.NotEmpty(document.Description.Trim());
        Assert.NotEmpty(document.Grain);
        Assert.All(document.Columns, column => Assert.False(string.IsNullOrWhiteSpace(column.Means), column.Name));
        Assert.Equal(document.Cases.Count, document.Cases.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(FixedViews))]
    public void Views_that_others_hold_on_to_keep_their_columns(string view, string columns)
    {
        using var reading = county.Hub.Store.Read().Value;
        var actual = reading.Query($"describe from {view}", row => row.Text("column_name"));

        Assert.Equal(columns.ReplaceLineEndings(" "), string.Join(", ", actual));
    }

    [Theory]
    [InlineData("grian: [programme]")]
    [InlineData("cases: [{ name: a, given: { branch: { a1: } }, expect: [] }]")]
    [InlineData("checks: { range: { count: 1.. } }")]
    [InlineData("cases: [{ name: a, expect: [] }]")]
    public void A_key_that_is_unknown_or_missing_fails(string text)
    {
        const string sound = "description: a\ngrain: [a]\ncolumns: [{ name: a, type: integer, means: a }]\n";
        Assert.Equal("a", ModelDocument.Read(sound, "a.yml").Description);

        Assert.Throws<InvalidDataException>(() => ModelDocument.Read(sound + text, "a.yml"));
    }
}
