using System.Globalization;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Period = Hub.Programmes.Period;

namespace Hub.Tests.Agent.Running;

/// <summary>Seeded months of a township whose line is bad, whose machine is switched off at any moment and whose hub may be put back to an older copy.
/// HUB_FULL=1 runs 10,000; each failure names its seed.</summary>
public sealed class FaultyNetworkTests : IDisposable
{
    private const string Township = "990101100";
    private static readonly Period October = Period.Parse("2026-10");
    private static readonly DateTimeOffset DueAt = At("2026-11-04T00:00:00");

    // Thousands of outboxes are about what is written, not about the disk.
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hub-simulation-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Every_report_arrives_exactly_once_in_order_and_on_time_where_the_line_allowed_it()
    {
        var seeds = FullRun.Times(250, 10_000);
        for (var seed = 1; seed <= seeds; seed++) await new Month(Path.Combine(folder, $"{seed}"), seed).RunAsync();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static DateTimeOffset At(string local) => DateTimeOffset.Parse(local + "+08:00", CultureInfo.InvariantCulture);

    private sealed class Month
    {
        private readonly Random chance;
        private readonly int seed;
        private readonly string directory;
        private readonly SimulatedTime hubTime, ownTime;
        private readonly ModelHub hub;
        private readonly FaultyLine line;
        private readonly List<OutboxEntry> made = [];
        private ReportOutbox outbox = null!;
        private HubClock clock = null!;
        private Delivery delivery = null!;
        private Reconciliation reconciliation = null!;
        private bool hasLost;

        public Month(string directory, int seed)
        {
            (this.directory, this.seed, chance) = (directory, seed, new Random(seed));
            hubTime = new SimulatedTime(At("2026-10-31T20:00:00"));
            // The office's clock is wrong by up to two days either way.
            ownTime = new SimulatedTime(hubTime.Now + TimeSpan.FromMinutes(chance.Next(-2880, 2880)));
            (hub, line) = (new ModelHub(hubTime), null!);
            line = new FaultyLine(hub, hubTime, chance);
        }

        public async Task RunAsync()
        {
            Start();
            var soundFrom = At("2026-11-01T00:00:00") + TimeSpan.FromHours(chance.Next(0, 120));
            var reports = chance.Next(1, 4);
            for (var step = 0; hubTime.Now < At("2026-11-08T00:00:00"); step++)
            {
                if (made.Count < reports && chance.Next(20) == 0) Make();
                if (chance.Next(15) == 0) Restart();
                if (hub.Log.Count > 0 && chance.Next(400) == 0) (hasLost, _) = (true, Lose());
                line.IsSound = hubTime.Now >= soundFrom;
                await delivery.StepAsync(CancellationToken.None);
                await reconciliation.StepAsync(CancellationToken.None);
                Advance(TimeSpan.FromSeconds(chance.Next(1, 3600)));
            }
            while (made.Count == 0) Make();
            await SettleAsync();
            Check(soundFrom);
        }

        private async Task SettleAsync()
        {
            line.IsSound = true;
            for (var round = 0; round < 50; round++)
            {
                await delivery.StepAsync(CancellationToken.None);
                Advance(TimeSpan.FromMinutes(61));
                await reconciliation.StepAsync(CancellationToken.None);
            }
        }

        private void Check(DateTimeOffset soundFrom)
        {
            var left = outbox.All();
            var parked = left.Where(e => e.State == DeliveryState.Parked).ToList();
            // Ten answers that nobody can explain park a report, and only those do.
            Assert.All(parked, e => Assert.True(e.Unexplained >= 10, Say($"parked: {e.Why?.English}")));
            if (parked.Count > 0) return;
            Assert.All(left, e => Assert.True(e.State == DeliveryState.Confirmed, Say($"{e.SubmissionId} is {e.State}: {e.Why?.English}")));
            Assert.Equal(hub.Log.Count, hub.Log.DistinctBy(k => k.SubmissionId).Count());
            // What was replaced before it was tried never left; everything else did, in order, unless the hub lost some of it.
            Assert.True(left.Select(e => e.SubmissionId).ToHashSet().SetEquals(hub.Log.Select(k => k.SubmissionId)), Say("the hub has other reports"));
            if (!hasLost) Assert.True(left.Select(e => e.SubmissionId).SequenceEqual(hub.Log.Select(k => k.SubmissionId)), Say("another order"));
            Assert.All(left, e => Assert.Equal(hub.Log.Single(k => k.SubmissionId == e.SubmissionId).Receipt, e.Receipt));
            Assert.True(hub.Log.Any(k => k.Report.Equals(made[^1].Report)), Say("the last content is not there"));
            if (!hasLost && soundFrom < At("2026-11-02T00:00:00") && firstMadeAt < At("2026-11-02T00:00:00"))
                Assert.True(hub.Log[0].Receipt.ReceivedAt.ToDateTimeOffset() < DueAt, Say("late, although the line was sound for a day"));
        }

        private DateTimeOffset firstMadeAt = DateTimeOffset.MaxValue;

        private void Make()
        {
            var report = new Report { Programme = "county-2025", Township = Township, Period = October.ToString(), Narrative = new() { Progress = $"{made.Count}" } };
            var sofar = outbox.All();
            var sendAt = Schedule.Parse(null).SendAt(clock.GetUtcNow(), October, new DateOnly(2026, 11, 3), Township);
            var entry = new OutboxEntry($"report-{made.Count}-{seed}", report, "none/2026-10.xlsx", ownTime.Now, sendAt, DueAt, sofar.Max(e => e.Receipt?.Version) ?? 0);
            outbox.Put(entry);
            made.Add(entry);
            if (made.Count == 1) firstMadeAt = hubTime.Now;
        }

        // As kill -9 would leave it: nothing but the file.
        private void Restart()
        {
            outbox.Dispose();
            Start();
        }

        private void Start()
        {
            outbox = ReportOutbox.Open(directory);
            clock = new HubClock(ownTime);
            var calls = new HubCalls(line, new Uri("http://hub.example"), "token", new Retry(ownTime, TimeSpan.Zero), ownTime) { OnHubTime = now => clock.Learn(now - ownTime.Now) };
            (delivery, reconciliation) = (new Delivery(outbox, calls, clock, NullLogger.Instance), new Reconciliation(outbox, calls, clock, NullLogger.Instance));
        }

        private int Lose()
        {
            var lost = chance.Next(1, 3);
            hub.Lose(lost);
            return lost;
        }

        private void Advance(TimeSpan by)
        {
            hubTime.Now += by;
            ownTime.Now += by;
        }

        private string Say(string what) => $"seed {seed}: {what}";
    }
}
