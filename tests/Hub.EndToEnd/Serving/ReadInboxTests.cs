using Grpc.Core;
using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>What comes back to a township: derived from the log, each record that concerns it told once, in the log's order.</summary>
public sealed class ReadInboxTests
{
    private const string Township = "990101100", Other = "990101101", Period = "2026-01";

    [Fact]
    public async Task A_month_is_told_from_its_due_day_by_receipt_rank_and_lock_to_the_reopening()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (own, other) = (await hub.TokenAsync(Role.Township, Township), await hub.TokenAsync(Role.Township, Other));
        var receipt = await SubmitAsync(hub, own, TestHub.Report());
        var weaker = TestHub.Report(Other);
        weaker.Branches[0].States[0] = ItemState.NotMet;
        await SubmitAsync(hub, other, weaker);
        hub.Clock.Now = new(2026, 2, 6, 9, 0, 0, TimeSpan.FromHours(8));
        await PublishAsync(hub);
        await ReopenAsync(hub, Other);
        await ReopenAsync(hub, Township);

        var messages = (await ReadAsync(hub, own)).Messages;

        Assert.Equal(
            [InboxMessage.KindOneofCase.DueReports, InboxMessage.KindOneofCase.ChangedRegistry, InboxMessage.KindOneofCase.ReceivedReport, InboxMessage.KindOneofCase.LockedPeriod,
             InboxMessage.KindOneofCase.OwnFigures, InboxMessage.KindOneofCase.ReopenedPeriod], messages.Select(m => m.KindCase));
        Assert.Equal(messages.Select(m => m.Position).Order(), messages.Select(m => m.Position));
        var due = Assert.Single(Of(InboxMessage.KindOneofCase.DueReports).DueReports.Reports);
        Assert.Equal((TestHub.Programme, Period, "2026-02-03"), (due.Programme, due.Period, due.DueOn));
        var received = Of(InboxMessage.KindOneofCase.ReceivedReport).ReceivedReport;
        Assert.Equal((receipt, "on_time", 4, false), (received.Receipt, received.Status, received.Figures.HardwareComplete, received.Figures.Rank > 0));
        var locked = Of(InboxMessage.KindOneofCase.LockedPeriod).LockedPeriod;
        Assert.Equal((Period, 2026, 1), (locked.Period, locked.Year, locked.Number));
        var figures = Of(InboxMessage.KindOneofCase.OwnFigures).OwnFigures;
        Assert.Equal((1, 2, 4, 4, 1.0), (figures.Rank, figures.Ranked, figures.HardwareBase, figures.HardwareComplete, figures.HardwareShare));
        Assert.Equal("数据更正", Of(InboxMessage.KindOneofCase.ReopenedPeriod).ReopenedPeriod.Reason);
        Assert.Contains("〔2026〕1号已发布，本期锁定；如需更正，请说明理由，向县里申请重新开放", Of(InboxMessage.KindOneofCase.LockedPeriod).WordsZh, StringComparison.Ordinal);
        Assert.Contains("排名第 1（共 2 个乡镇）；硬件达标 4/4 (100.0%)", Of(InboxMessage.KindOneofCase.OwnFigures).WordsZh, StringComparison.Ordinal);

        InboxMessage Of(InboxMessage.KindOneofCase kind) => messages.Single(m => m.KindCase == kind);
    }

    [Fact]
    public async Task Pages_by_any_limit_give_the_same_messages_once_each_and_the_cursor_waits_for_what_is_new()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var own = await hub.TokenAsync(Role.Township, Township);
        for (var version = 0; version < 5; version++)
        {
            var report = TestHub.Report();
            report.Branches[0].States[version] = ItemState.NotMet;
            await SubmitAsync(hub, own, report, version);
        }
        var whole = await ReadAsync(hub, own);
        for (var limit = 1; limit <= whole.Messages.Count; limit++)
        {
            var (paged, after, hasMore) = (new List<InboxMessage>(), 0L, true);
            while (hasMore)
            {
                var page = await ReadAsync(hub, own, after, limit);
                Assert.InRange(page.Messages.Count, 0, limit);
                paged.AddRange(page.Messages);
                (after, hasMore) = (page.NextAfter, page.HasMore);
            }
            Assert.Equal(whole.Messages, paged);
        }
        Assert.Empty((await ReadAsync(hub, own, whole.NextAfter)).Messages);
        var receipt = await SubmitAsync(hub, own, TestHub.Report(), 5);

        Assert.Equal(receipt, Assert.Single((await ReadAsync(hub, own, whole.NextAfter)).Messages).ReceivedReport.Receipt);
        // The one in force carries figures, those before it no longer.
        Assert.Equal([false, false, false, false, false, true], (await ReadAsync(hub, own)).Messages.Where(m => m.ReceivedReport is not null).Select(m => m.ReceivedReport.Figures is not null));
    }

    [Fact]
    public async Task Changes_of_the_registry_are_told_to_their_own_township_and_a_row_that_stays_as_it_was_is_none()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (own, other) = (await hub.TokenAsync(Role.Township, Township), await hub.TokenAsync(Role.Township, Other));
        var (before, before2) = ((await ReadAsync(hub, own)).NextAfter, (await ReadAsync(hub, other)).NextAfter);
        var (closed, starred) = (TestHub.Branch("99010110000001", Township, "village"), TestHub.Branch("99010110000002", Township, "agency", star: 4));
        closed.ActiveTo = "2026-02-01";
        await RegisterAsync(hub, closed, starred, TestHub.Branch("99010110000003", Township, "community"), TestHub.Branch("99010110000009", Township, "village"));
        await RegisterAsync(hub, TestHub.Branch("99010110000003", Township, "community"));

        var message = Assert.Single((await ReadAsync(hub, own, before)).Messages);

        Assert.Equal(
            [("99010110000001", BranchChange.Closed), ("99010110000002", BranchChange.Star), ("99010110000009", BranchChange.Added)],
            message.ChangedRegistry.Branches.Select(b => (b.Branch.Code, Assert.Single(b.Changes))));
        Assert.Equal(3, message.ChangedRegistry.BranchCount);
        Assert.Equal("登记有变化，3 个支部：01号党支部（2026-02-01 撤销）、02号党支部（改为 4 星）、09号党支部（新增）。请改用新工作簿填报", message.WordsZh);
        Assert.Empty((await ReadAsync(hub, other, before2)).Messages);
    }

    [Fact]
    public async Task A_cursor_beyond_the_log_and_a_limit_out_of_bounds_are_refused_by_field()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var own = await hub.TokenAsync(Role.Township, Township);

        foreach (var (after, limit) in new[] { (1_000_000L, 0), (-1L, 0), (0L, -1), (0L, 101) })
        {
            var refused = await Refused.ByAsync(() => ReadAsync(hub, own, after, limit));
            Assert.Equal((StatusCode.InvalidArgument, "FIELD_MALFORMED"), (refused.Status, refused.Reason));
        }
    }

    private static async Task<ReadInboxResponse> ReadAsync(TestHub hub, string token, long after = 0, int limit = 0) =>
        await new ReportingService.ReportingServiceClient(hub.Calls).ReadInboxAsync(new ReadInboxRequest { After = after, Limit = limit }, TestHub.Bearer(token));

    private static async Task<Receipt> SubmitAsync(TestHub hub, string token, Report report, int follows = 0) => (await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
        new SubmitReportRequest { SubmissionId = $"report-{report.Township}-{follows}", ExpectedVersion = follows, Report = report }, TestHub.Bearer(token))).Receipt;

    private static async Task<PublishBulletinResponse> PublishAsync(TestHub hub) =>
        await new BulletinService.BulletinServiceClient(hub.Control).PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = Period });

    private static async Task ReopenAsync(TestHub hub, string township) => await new BulletinService.BulletinServiceClient(hub.Control).ReopenPeriodAsync(
        new ReopenPeriodRequest { Programme = TestHub.Programme, Period = Period, Township = township, Reason = "数据更正" });

    private static async Task RegisterAsync(TestHub hub, params Branch[] branches) =>
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest { Branches = { branches } });
}
