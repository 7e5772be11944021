using Hub.Programmes;

namespace Hub.EndToEnd.Demo;

/// <summary>What the eleven months of the made-up county have to show, counted from its files by the rules.</summary>
public sealed class MadeUpCountyStoryTests(WrittenCounty written) : IClassFixture<WrittenCounty>
{
    private static readonly Period May = Period.Of(2026, 5);
    private static readonly Period October = Period.Of(2026, 10);

    [Fact]
    public void Software_comes_before_hardware()
    {
        foreach (var period in WrittenCounty.Periods)
            Assert.True(Share(Track.Software, period) > Share(Track.Hardware, period), period.ToString());
        Assert.InRange(Share(Track.Software, WrittenCounty.First), 0.4, 0.8);
        Assert.True(Share(Track.Software, October) > 0.9);
    }

    [Fact]
    public void Hardware_is_around_the_first_target_in_May_with_some_townships_below_it()
    {
        Assert.InRange(Share(Track.Hardware, May), 0.37, 0.46);
        Assert.InRange(Townships.Count(t => Share(Track.Hardware, May, t) < 0.4), 3, 8);
    }

    [Fact]
    public void By_October_most_townships_are_well_on_one_or_two_done_and_one_or_two_behind()
    {
        Assert.InRange(Share(Track.Hardware, October), 0.6, 0.9);
        Assert.InRange(Townships.Count(t => Share(Track.Hardware, October, t) > 0.93), 1, 2);
        Assert.InRange(Townships.Count(t => Share(Track.Hardware, October, t) < 0.55), 1, 2);
    }

    [Fact]
    public void More_stars_are_further_on()
    {
        double ShareOf(string star, Period period)
        {
            var judged = written.InForce.Where(r => r.Key.Period == period).SelectMany(r => r.Value)
                .Where(b => written.Branches[b.Key]["star"] == star)
                .Select(b => WrittenCounty.Of(Track.Hardware, written.StandardOf(b.Key), b.Value).ToArray())
                .Where(s => s.Any(c => c != '-')).ToArray();
            return (double)judged.Count(s => !s.Contains('0')) / judged.Length;
        }
        Assert.InRange(ShareOf("5", Period.Of(2026, 2)), 0.5, 0.99);
        Assert.InRange(ShareOf("4", Period.Of(2026, 4)), 0.5, 0.99);
        Assert.InRange(ShareOf("2", Period.Of(2026, 4)), 0.02, 0.4);
    }

    [Fact]
    public void A_few_items_are_lost_again()
    {
        Assert.Equal(5, Lost(Track.Hardware));
        Assert.Equal(2, Lost(Track.Software));

        int Lost(Track track) => Reports.Sum(r => written.Turned(track, r.Township, r.Period, '1', '0').Count(b => b.Went > 0));
    }

    [Fact]
    public void One_township_jumps_in_one_month()
    {
        var jumps = Reports.Where(r =>
        {
            var turned = written.Turned(Track.Hardware, r.Township, r.Period, '0', '1').ToArray();
            return turned.Sum(b => b.Went) >= 20 && turned.Sum(b => b.Went) * 2 >= turned.Sum(b => b.Had);
        });
        Assert.Single(jumps);
    }

    [Fact]
    public void One_township_has_a_dozen_branches_alike_for_some_months()
    {
        var alike = Reports.Where(r => written.InForce[r]
            .Where(b => b.Value.Contains('0'))
            .GroupBy(b => (written.StandardOf(b.Key).Kind, b.Value)).Any(g => g.Count() >= 10)).ToArray();
        Assert.Single(alike.Select(r => r.Township).Distinct());
        Assert.Equal(3, alike.Length);
    }

    [Fact]
    public void One_township_sends_the_same_report_three_times()
    {
        var unchanged = Reports.Where(r => IsSame(r, -1) && IsSame(r, -2) && written.InForce[r].Values.Any(s => s.Contains('0')));
        Assert.Single(unchanged);

        bool IsSame((string Township, Period Period) report, int months) =>
            written.InForce.TryGetValue((report.Township, report.Period.Plus(months)), out var earlier)
            && earlier.Count == written.InForce[report].Count
            && earlier.All(b => written.InForce[report].GetValueOrDefault(b.Key) == b.Value);
    }

    private IEnumerable<string> Townships => written.County.Townships.Select(t => t.Code);

    private IEnumerable<(string Township, Period Period)> Reports => written.InForce.Keys;

    private double Share(Track track, Period period, string? township = null)
    {
        var (complete, inBase) = written.Completion(track, period, township);
        return (double)complete / inBase;
    }
}
