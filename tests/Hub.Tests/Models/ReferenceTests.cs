using Hub.Programmes;
using Hub.Tests.Models.Reference;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The reference itself against the worked county, with no database between.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [MemberData(nameof(WorkedExampleTests.Views), MemberType = typeof(WorkedExampleTests))]
    public void The_reference_computes_every_expected_row(string view)
    {
        var county = CountyFiles.Read(TemporaryStore.WorkedExample, ShippedTemplates.Read("party-branch"));
        var expected = File.ReadAllLines(Path.Combine(TemporaryStore.WorkedExample, "expected", view + ".csv"));
        // The expected rows end with the period of the last report, January 2026.
        var asOf = new DateTimeOffset(2026, 2, 15, 0, 0, 0, TimeSpan.FromHours(8));

        var rows = ReferenceViews.Rows(view, county, asOf);

        Assert.Equal(expected[0], ReferenceViews.Columns[view]);
        Assert.Empty(RowComparison.Differences(view, expected[0], [.. expected.Skip(1).Select(line => line.Split(','))], rows));
    }
}
