using System.Globalization;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Agent.Workbooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.Tests.Agent.Running;

/// <summary>Seeded months of a township whose line is bad, whose clock is wrong and is set, whose machine is switched off at any moment, whose clerk goes from one
/// content to another and back, and whose hub may be put back to an older copy. HUB_FULL=1 runs 10,000; each failure names its seed.</summary>
public sealed class FaultyNetworkTests : IDisposable
{
    private static readonly DateTimeOffset Ends = At("2026-02-01T00:00:00"), DueAt = At("2026-02-04T00:00:00");

    // The same month of one township, three times with other words.
    private static readonly byte[][] Contents = [.. Enumerable.Range(0, 3).Select(Workbook)];

    // Thousands of outboxes are about what is written, not about the disk.
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hub-simulation-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Every_content_arrives_once_in_order_and_on_time_where_the_line_allowed_it()
    {
        var (seeds, kept, lost) = (FullRun.Times(250, 10_000), 0, 0);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var month = new Month(Path.Combine(folder, $"{seed}"), seed);
            await month.RunAsync();
            (kept, lost) = (kept + month.Kept, lost + (month.HasLost ? 1 : 0));
            Directory.Delete(Path.Combine(folder, $"{seed}"), recursive: true);
        }
        // A simulation in which little happens would prove nothing.
        Assert.True(kept > seeds * 2 && lost > seeds / 10, $"{kept} versions, {lost} hubs put back in {seeds} months");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static DateTimeOffset At(string local) => DateTimeOffset.Parse(local + "+08:00", CultureInfo.InvariantCulture);

    private static string Words(int content) => $"第 {content} 种内容。";

    private static byte[] Workbook(int content) => SampleWorkbook.Of(SampleWorkbook.Frame(perKind: 1)).Set(SheetWords.Written, "B3", Words(content)).Bytes;

    private sealed class Month
    {
        private readonly Random chance;
        private readonly int seed;
        private readonly string saving, data;
        private readonly SimulatedTime hubTime, ownTime;
        private readonly ModelHub hub;
        private readonly FaultyLine line;
        // What was saved and stayed for at least one look, one after the other.
        private readonly List<int> saved = [];
        private ReportOutbox outbox = null!;
        private TownshipAgent agent = null!;
        private DateTimeOffset firstSavedAt;

        public Month(string directory, int seed)
        {
            (this.seed, chance, saving, data) = (seed, new Random(seed), Path.Combine(directory, "saving"), Path.Combine(directory, "data"));
            Directory.CreateDirectory(saving);
            hubTime = new SimulatedTime(At("2026-01-31T20:00:00"));
            ownTime = new SimulatedTime(hubTime.Now + WrongBy());
            hub = new ModelHub(hubTime);
            line = new FaultyLine(hub, hubTime, chance);
        }

        public int Kept => hub.Log.Count;

        public bool HasLost { get; private set; }

        public async Task RunAsync()
        {
            Start();
            var soundFrom = Ends + TimeSpan.FromHours(chance.Next(0, 120));
            while (hubTime.Now < At("2026-02-08T00:00:00"))
            {
                if (saved.Count == 0 || (saved.Count < 6 && chance.Next(20) == 0)) Save();
                if (chance.Next(15) == 0) Restart();
                if (chance.Next(60) == 0) ownTime.Set(hubTime.Now + WrongBy());
                if (hub.Log.Count > 0 && chance.Next(300) == 0) Lose();
                line.IsSound = hubTime.Now >= soundFrom;
                for (var look = chance.Next(1, 4); look > 0; look--) await StepAsync();
                Pass(TimeSpan.FromSeconds(chance.Next(1, 7200)));
            }
            await SettleAsync();
            Check(soundFrom);
        }

        private async Task SettleAsync()
        {
            line.IsSound = true;
            Restart();
            for (var round = 0; round < 12; round++)
            {
                await StepAsync();
                Pass(TimeSpan.FromMinutes(round % 3 == 0 ? 61 : 2));
            }
        }

        private void Check(DateTimeOffset soundFrom)
        {
            foreach (var entry in outbox.All()) Assert.True(entry.State == DeliveryState.Confirmed, Say($"{entry.Report.Narrative.Progress} is {entry.State}: {entry.Why?.English}"));
            foreach (var entry in outbox.All()) Assert.True(hub.Log.Any(k => k.Receipt.Equals(entry.Receipt)), Say($"{entry.Report.Narrative.Progress} has a receipt that the hub does not know"));
            var arrived = hub.Log.Select(k => k.Report.Narrative.Progress).ToList();
            for (var i = 1; i < arrived.Count; i++) Assert.True(arrived[i] != arrived[i - 1], Say($"{arrived[i]} is there twice"));
            Assert.True(arrived[^1] == Words(saved[^1]), Say($"{arrived[^1]} is in force"));
            Assert.True(IsInOrder(arrived), Say("another order"));
            Assert.Equal(Words(saved[^1]), outbox.All()[^1].Report.Narrative.Progress);
            if (!HasLost && soundFrom < Ends + TimeSpan.FromDays(1) && firstSavedAt < Ends + TimeSpan.FromDays(1))
                Assert.True(hub.Log[0].Receipt.ReceivedAt.ToDateTimeOffset() < DueAt, Say("late, although the line was sound for a day"));
        }

        // Some that were saved may never have left; none may come before one that was saved earlier.
        private bool IsInOrder(List<string> arrived)
        {
            var next = 0;
            foreach (var content in saved)
                if (next < arrived.Count && arrived[next] == Words(content)) next++;
            return next == arrived.Count;
        }

        private void Save()
        {
            var content = chance.Next(Contents.Length);
            var part = Path.Combine(data, "part");
            File.WriteAllBytes(part, Contents[content]);
            File.SetLastWriteTimeUtc(part, ownTime.Now.UtcDateTime);
            File.Move(part, Path.Combine(saving, "2026-01.xlsx"), overwrite: true);
            if (saved.Count == 0) firstSavedAt = hubTime.Now;
            saved.Add(content);
        }

        // As kill -9 would leave it: nothing but the file.
        private void Restart()
        {
            agent.Dispose();
            outbox.Dispose();
            Start();
        }

        private void Start()
        {
            outbox = ReportOutbox.Open(data);
            var calls = new HubCalls(line, new Uri("http://hub.example"), "token", new Retry(ownTime, TimeSpan.Zero), ownTime);
            agent = new TownshipAgent(new WatchedFolder(saving), outbox, TownshipCalls.OfToken(calls), Schedule.Parse(null), new HubClock(ownTime), NullLogger<TownshipAgent>.Instance);
        }

        private void Lose()
        {
            HasLost = true;
            hub.Lose(chance.Next(1, 3));
        }

        private async Task StepAsync()
        {
            await agent.StepAsync(CancellationToken.None);
            Pass(TimeSpan.FromSeconds(6));
        }

        private void Pass(TimeSpan by)
        {
            hubTime.Pass(by);
            ownTime.Pass(by);
        }

        // Mostly by minutes or days, now and then by years.
        private TimeSpan WrongBy() => chance.Next(4) == 0 ? TimeSpan.FromDays(chance.Next(-2200, 2200)) : TimeSpan.FromMinutes(chance.Next(-2880, 2880));

        private string Say(string what) => $"seed {seed}: {what}; saved {string.Join(", ", saved)}; arrived {string.Join(", ", hub.Log.Select(k => k.Report.Narrative.Progress))}";
    }
}
