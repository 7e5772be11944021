using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>The ranking over gRPC is that of the view at the moment it is asked for, page by page, whoever asked before.</summary>
public sealed class GetRankingTests
{
    [Fact]
    public async Task It_follows_every_report_and_the_end_of_the_month()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (first, second) = ("990101100", "990101101");

        await SubmitAsync(hub, first, notMet: 1);
        Assert.Equal([$"{first} 1", $"{second} 2"], await RankingAsync(hub, "2026-01"));
        Assert.Equal([$"{first} 1", $"{second} 2"], await RankingAsync(hub, "2026-01"));

        await SubmitAsync(hub, second, notMet: 0);
        Assert.Equal([$"{second} 1", $"{first} 2"], await RankingAsync(hub, "2026-01"));

        hub.Clock.Now = hub.Clock.Now.AddMonths(1);
        Assert.Equal([$"{second} 1", $"{first} 2"], await RankingAsync(hub, "2026-02"));
        Assert.Equal([$"{second} 1", $"{first} 2"], await RankingAsync(hub, ""));
    }

    [Fact]
    public async Task At_an_earlier_position_it_is_as_it_was()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        await SubmitAsync(hub, "990101100", notMet: 1);
        var before = hub.Server.Store.HeadPosition;
        await SubmitAsync(hub, "990101101", notMet: 0);
        Assert.Equal(["990101101 1", "990101100 2"], await RankingAsync(hub, "2026-01"));

        Assert.Equal(["990101100 1", "990101101 2"], await RankingAsync(hub, "2026-01", new ReadingPoint { Position = before }));
        Assert.Equal(["990101101 1", "990101100 2"], await RankingAsync(hub, "2026-01"));
    }

    private static async Task SubmitAsync(TestHub hub, string township, int notMet)
    {
        var report = TestHub.Report(township);
        for (var i = 0; i < notMet; i++) report.Branches[0].States[i] = ItemState.NotMet;
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = $"{township}-ranked", Report = report }, TestHub.Bearer(await hub.TokenAsync(Role.Township, township)));
    }

    // A township a page, and all on one, which says the same; past the last there are none.
    private static async Task<List<string>> RankingAsync(TestHub hub, string period, ReadingPoint? at = null)
    {
        var (analytics, token, rows) = (new AnalyticsService.AnalyticsServiceClient(hub.Calls), TestHub.Bearer(await hub.TokenAsync(Role.Official)), new List<string>());
        var next = "";
        do
        {
            var page = await analytics.GetRankingAsync(new GetRankingRequest { Programme = TestHub.Programme, Period = period, PageSize = 1, PageToken = next, At = at }, token);
            rows.Add($"{Assert.Single(page.Townships).Township} {page.Townships[0].Rank}");
            next = page.NextPageToken;
        }
        while (next.Length > 0);
        var whole = await analytics.GetRankingAsync(new GetRankingRequest { Programme = TestHub.Programme, Period = period, PageSize = rows.Count, At = at }, token);
        Assert.Equal(rows, whole.Townships.Select(t => $"{t.Township} {t.Rank}"));
        Assert.Equal("", whole.NextPageToken);
        Assert.Empty((await analytics.GetRankingAsync(new GetRankingRequest { Programme = TestHub.Programme, Period = period, PageSize = 1, PageToken = "99", At = at }, token)).Townships);
        return rows;
    }
}
