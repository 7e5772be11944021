using CsCheck;
using Hub.Agent.Running;
using Hub.CommandLine;
using Hub.Programmes;

namespace Hub.Tests.Agent.Running;

public sealed class ScheduleTests
{
    private const string Township = "990101100";
    private static readonly Period October = Period.Parse("2026-10");
    private static readonly DateOnly DueOn = new(2026, 11, 3);
    private static readonly TimeSpan Spread = Schedule.SpreadOf(Township);

    [Fact]
    public void A_valid_report_goes_at_once_when_its_month_has_ended() => Assert.Equal(At("2026-11-01T10:00:00"), Schedule.Parse(null).SendAt(At("2026-11-01T10:00:00"), October, DueOn, Township));

    [Fact]
    public void A_report_made_before_the_month_has_ended_goes_after_it_spread_by_township() =>
        Assert.Equal(At("2026-11-01T00:00:00") + Spread, Schedule.Parse("").SendAt(At("2026-10-28T10:00:00"), October, DueOn, Township));

    [Theory]
    [InlineData("2026-10-30T10:00:00", "0 9 1,2 * *", "2026-11-01T09:00:00")]
    [InlineData("2026-11-01T12:00:00", "0 9 1,2 * *", "2026-11-02T09:00:00")]
    [InlineData("2026-11-02T12:00:00", "0 9 1,2 * *", "2026-11-02T17:00:00")]
    [InlineData("2026-11-01T12:00:00", "0 9 15 * *", "2026-11-02T17:00:00")]
    public void A_cron_text_is_of_Shanghai_and_the_latest_is_the_2nd_at_17(string validAt, string cron, string sentAt) =>
        Assert.Equal(At(sentAt) + Spread, Schedule.Parse(cron).SendAt(At(validAt), October, DueOn, Township));

    [Theory]
    [InlineData("2026-11-03T12:00:00")]
    [InlineData("2026-11-20T12:00:00")]
    public void After_the_latest_hour_a_report_goes_at_once_whatever_the_cron_text(string validAt)
    {
        foreach (var cron in new[] { "0 9 * * *", "0 9 1,2 * *" }) Assert.Equal(At(validAt), Schedule.Parse(cron).SendAt(At(validAt), October, DueOn, Township));
    }

    [Fact]
    public void No_report_goes_before_its_month_has_ended_or_before_it_is_valid_and_with_time_left_all_go_by_the_latest_hour_or_else_in_time()
    {
        string?[] crons = [null, "0 9 1,2 * *", "*/7 * * * *", "0 0 31 * *", "30 16 2 * *"];
        var dueAt = At("2026-11-04T00:00:00");
        Gen.Select(Gen.Int[0, 9 * 24 * 3600], Gen.Int[0, crons.Length - 1], Gen.Int[100_000_000, 999_999_999]).Sample((second, cron, township) =>
        {
            var validAt = At("2026-10-26T00:00:00") + TimeSpan.FromSeconds(second);
            var code = township.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var sendAt = Schedule.Parse(crons[cron]).SendAt(validAt, October, DueOn, code);
            Assert.True(sendAt >= validAt && sendAt >= October.EndsAt, $"{validAt:o} {crons[cron]}: {sendAt:o}");
            if (validAt <= Schedule.LatestAt(DueOn, code)) Assert.True(sendAt <= Schedule.LatestAt(DueOn, code), $"{validAt:o} {crons[cron]}: {sendAt:o}");
            if (validAt < dueAt) Assert.True(sendAt < dueAt, $"{validAt:o} {crons[cron]}: {sendAt:o}");
        });
    }

    [Fact]
    public void Townships_of_a_county_are_spread_over_half_an_hour()
    {
        var spreads = Enumerable.Range(0, 1_000).Select(i => Schedule.SpreadOf($"{990101000 + i}").TotalMinutes).ToList();

        Assert.All(spreads, s => Assert.InRange(s, 0, 30));
        for (var minute = 0; minute < 30; minute += 5) Assert.InRange(spreads.Count(s => s >= minute && s < minute + 5), 100, 235);
    }

    [Theory]
    [InlineData("2026-10-30T12:00:00", null)]
    [InlineData("2026-10-31T08:59:59", null)]
    [InlineData("2026-10-31T09:00:00", "2026-10-31")]
    [InlineData("2026-11-03T23:00:00", "2026-11-03")]
    [InlineData("2026-11-04T09:00:00", null)]
    public void A_reminder_is_due_from_nine_on_each_of_the_last_days(string now, string? day) =>
        Assert.Equal(day, Schedule.ReminderOn(At(now), DueOn) is { } on ? HubTime.Day(on) : null);

    [Theory]
    [InlineData("soon")]
    [InlineData("0 9 * *")]
    [InlineData("0 25 * * *")]
    public void What_is_no_cron_text_is_wrong_usage(string text) => Assert.Throws<UsageException>(() => Schedule.Parse(text));

    private static DateTimeOffset At(string local) => DateTimeOffset.Parse(local + "+08:00", System.Globalization.CultureInfo.InvariantCulture);
}
