using System.Globalization;
using Grpc.Core;
using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>What stands in the way of a report whose fields are right (period, lock, version, submission id), and which of several reasons
/// is given: submission id, fields, period, lock, expected version.</summary>
public sealed class ReportOrderTests : IAsyncLifetime
{
    private TestHub hub = null!;
    private string token = "";

    public async Task InitializeAsync()
    {
        hub = await TestHub.StartWithCountyAsync();
        token = await hub.TokenAsync(Role.Township, "990101100");
    }

    public async Task DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task A_period_before_the_launch_is_refused()
    {
        var refused = await RefusedAsync("first-report", TestHub.Report(period: "2025-11"));

        refused.Is(StatusCode.FailedPrecondition, "PERIOD_BEFORE_LAUNCH");
        Assert.Contains("2025-12", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await SubmitAsync("first-report", TestHub.Report(period: "2025-12"))).Receipt.Version);
    }

    [Fact]
    public async Task A_month_ends_at_midnight_in_Shanghai_to_the_millisecond()
    {
        var report = TestHub.Report(period: "2026-02");
        hub.Clock.Now = At("2026-02-28T23:59:59.999+08:00");
        (await RefusedAsync("first-report", report)).Is(StatusCode.FailedPrecondition, "PERIOD_NOT_ENDED");

        hub.Clock.Now = At("2026-03-01T00:00:00.000+08:00");
        var kept = await SubmitAsync("first-report", report);

        Assert.Equal(hub.Clock.Now, kept.Receipt.ReceivedAt.ToDateTimeOffset());
    }

    [Fact]
    public async Task Known_content_gets_the_first_receipt_though_branches_come_in_another_order_and_the_period_is_locked()
    {
        var report = TestHub.Report();
        var first = await SubmitAsync("first-report", report);
        await PublishAsync("2026-01");
        var turned = report.Clone();
        turned.Branches.Clear();
        turned.Branches.Add(report.Branches.Reverse());

        var again = await SubmitAsync("first-report", turned, expected: 7);

        Assert.True(again.AlreadyKept);
        Assert.Equal(first.Receipt, again.Receipt);
        Assert.Single(await hub.SqlAsync("select 1 from reports"));
    }

    [Fact]
    public async Task A_known_id_with_other_content_comes_before_every_other_reason()
    {
        await SubmitAsync("first-report", TestHub.Report());
        await PublishAsync("2026-01");
        var garbage = new Report { Programme = "nowhere", Township = "990101100", Period = "garbage", Branches = { new BranchStates { Branch = "?" } } };

        (await RefusedAsync("first-report", garbage, expected: -5)).Is(StatusCode.AlreadyExists, "SUBMISSION_ID_USED");
        var almost = TestHub.Report();
        almost.Branches[0].States[0] = (ItemState)257;
        (await RefusedAsync("first-report", almost)).Is(StatusCode.AlreadyExists, "SUBMISSION_ID_USED");
    }

    [Fact]
    public async Task Fields_come_before_the_lock_and_the_lock_before_the_version()
    {
        await SubmitAsync("first-report", TestHub.Report());
        await PublishAsync("2026-01");
        var wrong = TestHub.Report();
        wrong.Branches.RemoveAt(0);

        (await RefusedAsync("second-report", wrong, expected: 9)).Is(StatusCode.InvalidArgument, "BRANCH_LEFT_OUT");
        (await RefusedAsync("second-report", TestHub.Report(), expected: 9)).Is(StatusCode.FailedPrecondition, "PERIOD_LOCKED");
        (await RefusedAsync("second-report", TestHub.Report(period: "2025-11"), expected: 9)).Is(StatusCode.FailedPrecondition, "PERIOD_BEFORE_LAUNCH");
    }

    [Fact]
    public async Task A_reopening_admits_exactly_one_version_of_exactly_that_township()
    {
        var other = await hub.TokenAsync(Role.Township, "990101101");
        await SubmitAsync("first-report", TestHub.Report());
        await PublishAsync("2026-01");
        await new BulletinService.BulletinServiceClient(hub.Control).ReopenPeriodAsync(
            new ReopenPeriodRequest { Programme = TestHub.Programme, Period = "2026-01", Township = "990101100", Reason = "数据更正" });

        (await RefusedAsync("second-report", TestHub.Report())).Is(StatusCode.Aborted, "VERSION_STALE");
        (await hub.RefusedAsync(() => SubmitAsync("first-report", TestHub.Report("990101101"), 0, other))).Is(StatusCode.FailedPrecondition, "PERIOD_LOCKED");
        Assert.Equal(2, (await SubmitAsync("second-report", TestHub.Report(), expected: 1)).Receipt.Version);
        (await RefusedAsync("third-report", TestHub.Report(), expected: 2)).Is(StatusCode.FailedPrecondition, "PERIOD_LOCKED");
        (await RefusedAsync("third-report", TestHub.Report(), expected: 2)).Is(StatusCode.FailedPrecondition, "PERIOD_LOCKED");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public async Task A_stale_or_imagined_version_is_aborted(int expected)
    {
        await SubmitAsync("first-report", TestHub.Report());

        var refused = await RefusedAsync("second-report", TestHub.Report(), expected);

        refused.Is(StatusCode.Aborted, "VERSION_STALE");
        Assert.Contains("version 1 of 2026-01 is in force", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await SubmitAsync("second-report", TestHub.Report(), expected: 1)).Receipt.Version);
    }

    [Fact]
    public async Task The_same_id_in_two_townships_stands_for_two_submissions()
    {
        var other = await hub.TokenAsync(Role.Township, "990101101");

        await SubmitAsync("first-report", TestHub.Report());

        Assert.False((await SubmitAsync("first-report", TestHub.Report("990101101"), 0, other)).AlreadyKept);
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private Task<SubmitReportResponse> SubmitAsync(string id, Report report, int expected = 0, string? by = null) =>
        new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = id, ExpectedVersion = expected, Report = report }, TestHub.Bearer(by ?? token)).ResponseAsync;

    private Task<Refused> RefusedAsync(string id, Report report, int expected = 0) => hub.RefusedAsync(() => SubmitAsync(id, report, expected));

    private async Task PublishAsync(string period)
    {
        hub.Clock.Now = At("2026-02-04T00:00:00+08:00");
        await new BulletinService.BulletinServiceClient(hub.Control).PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = period });
    }
}
