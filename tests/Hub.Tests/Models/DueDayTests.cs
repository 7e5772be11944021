using Hub.Programmes;

namespace Hub.Tests.Models;

/// <summary>The workbook names its due day without a connection; it must be the one that the hub's model has.</summary>
public sealed class DueDayTests(WorkedCounty county) : IClassFixture<WorkedCounty>
{
    [Fact]
    public void The_cadence_and_the_periods_model_name_the_same_day()
    {
        var cadence = ShippedTemplates.Read("party-branch").Cadence;
        var rows = county.Hub.Rows("select period, due_on from periods order by period");

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(row[1], HubTime.Day(cadence.DueOn(Period.Parse(row[0])))));
    }
}
