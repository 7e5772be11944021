using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Store;

/// <summary>The due time is exact, to the microsecond, by the hub's own clock: around month ends and the 4th, 00:00 in Asia/Shanghai, through leap
/// years and year ends. A request has no field for a time of the client's. HUB_FULL=1 tries 5,000 instants.</summary>
public sealed class DueTimeTests
{
    private const int CasesPerStore = 25;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private static readonly TimeSpan[] Nearby = [.. new long[] { 1, 10, 10_000, 10_000_000 }.SelectMany(t => new[] { TimeSpan.FromTicks(t), TimeSpan.FromTicks(-t) }), TimeSpan.Zero];

    [Fact]
    public Task Month_ends_and_due_times_are_exact_whatever_the_year_and_the_zone_of_the_clock() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        for (var done = 0; done < FullRun.Times(100, 5000); done += CasesPerStore) await TryOneProgrammeAsync(random);
    });

    private static async Task TryOneProgrammeAsync(Random random)
    {
        // Among them the leap years 2000, 2024, 2096 (reached from 2090), and 2100, which is none.
        var launchYear = random.Next(3) == 0 ? new[] { 1999, 2023, 2027, 2090 }[random.Next(4)] : random.Next(2000, 2091);
        await using var opened = TemporaryStore.Open("1999-06-01T00:00:00+08:00");
        await opened.Store.DefineAsync("p", launchYear, "");
        for (var i = 0; i < CasesPerStore; i++)
        {
            var township = $"{990101100 + i}";
            await opened.Store.RegisterAsync([new Protocol.Township { Code = township, Name = $"第{i}镇" }], [StoreCalls.Branch($"b{i}", township, "enterprise", from: "1990-01-01")]);
            var (year, month) = (launchYear, 12);
            for (var later = random.Next(random.Next(4) == 0 ? 120 : 15); later > 0; later--) (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
            await TryAsync(opened, random, township, $"b{i}", year, month, Draw(random, year, month));
        }
    }

    /// <summary>An instant at, just before or just after a midnight that matters.</summary>
    private static DateTimeOffset Draw(Random random, int year, int month)
    {
        var next = MonthAfter(year, month);
        var midnight = random.Next(4) switch { 0 => next, 1 or 2 => next.AddDays(3), _ => next.AddDays(random.Next(0, 70)) };
        var instant = midnight + Nearby[random.Next(Nearby.Length)];
        return instant.ToOffset(TimeSpan.FromMinutes(15 * random.Next(-48, 57)));
    }

    private static async Task TryAsync(TemporaryStore opened, Random random, string township, string branch, int year, int month, DateTimeOffset instant)
    {
        opened.Clock.Now = instant;
        var period = $"{year:D4}-{month:D2}";
        var ended = MonthAfter(year, month);
        var due = ended.AddDays(3);
        var told = $"{period} at {instant:O}";
        Assert.True((Status(opened, township, period, instant) ?? "not ended") == (instant < ended ? "not ended" : instant < due ? "pending," : "missing,"), told);

        var report = new Report { Programme = "p", Township = township, Period = period, Branches = { StoreCalls.States(branch, "enterprise", random, 10) } };
        var sent = await opened.Store.SubmitAsync(report, $"first-{township}", 0, opened.Store.Clock.GetUtcNow());

        Assert.True((instant < ended) == (sent.Refusal?.Reason == RefusalReason.PeriodNotEnded), $"{told}: {sent.Refusal?.Reason}");
        if (sent.IsRefused(out _)) return;
        // Kept to the microsecond, cut off and never rounded up past midnight.
        Assert.Equal(instant.AddTicks(-(instant.UtcTicks % 10)), sent.Value.Receipt.ReceivedAt.ToDateTimeOffset());
        var expected = instant < due ? "on_time," : $"late,{(instant - due).Days + 1}";
        Assert.True(Status(opened, township, period, instant) == expected, $"{told}: {Status(opened, township, period, instant)}, not {expected}");

        // A correction, much later, neither repairs nor spoils it.
        opened.Clock.Now = instant.AddDays(random.Next(1, 60));
        Assert.False((await opened.Store.SubmitAsync(report, $"second-{township}", 1, opened.Store.Clock.GetUtcNow())).IsRefused(out _));
        Assert.True(Status(opened, township, period, opened.Clock.Now) == expected, told);
    }

    private static DateTimeOffset MonthAfter(int year, int month) => month == 12 ? new(year + 1, 1, 1, 0, 0, 0, China) : new(year, month + 1, 1, 0, 0, 0, China);

    private static string? Status(TemporaryStore opened, string township, string period, DateTimeOffset asOf)
    {
        using var reading = opened.Store.Read(0, asOf).Value;
        return reading.Query("select status, days_late from report_status where programme = 'p' and township = $township and period = $period",
            r => $"{r.Text("status")},{r.IntOrNull("days_late")}", ("township", township), ("period", period)).SingleOrDefault();
    }
}
