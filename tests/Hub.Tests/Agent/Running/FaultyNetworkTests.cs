using System.Globalization;
using Grpc.Core;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Agent.Workbooks;
using Hub.CommandLine;
using Hub.Protocol;
using Xunit.Abstractions;

namespace Hub.Tests.Agent.Running;

/// <summary>Seeded months of a township whose line is bad, whose clock is wrong and is set, whose machine is switched off at any moment, whose clerk goes from one
/// content to another and back, by a cron text or without, where a colleague may report too, and whose hub may break, or be put back to an older copy with its registry. HUB_FULL=1 runs 10,000; each failure names its seed.</summary>
public sealed class FaultyNetworkTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DateTimeOffset Ends = At("2026-02-01T00:00:00"), DueAt = At("2026-02-04T00:00:00");

    // The same month of one township, three times with other words.
    private static readonly byte[][] Contents = [.. Enumerable.Range(0, 3).Select(Workbook)];

    private static readonly Report FromElsewhere = SampleWorkbook.Of(SampleWorkbook.Frame(perKind: 1)).Read().Report!;

    // Thousands of outboxes are about what is written, not about the disk.
    private readonly string folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"hub-simulation-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Every_content_arrives_once_in_order_and_on_time_where_the_line_allowed_it()
    {
        var (seeds, kept, lost, met) = (FullRun.Times(250, 10_000), 0, 0, new Dictionary<string, int>(StringComparer.Ordinal));
        for (var seed = 1; seed <= seeds; seed++)
        {
            var month = new Month(Path.Combine(folder, $"{seed}"), seed);
            await month.RunAsync();
            (kept, lost) = (kept + month.Kept, lost + (month.HasLost ? 1 : 0));
            foreach (var (what, times) in month.Met()) met[what] = met.GetValueOrDefault(what) + times;
            Directory.Delete(Path.Combine(folder, $"{seed}"), recursive: true);
        }
        // A simulation in which little happens would prove nothing.
        var told = $"{kept} versions, {lost} hubs put back in {seeds} months; {string.Join(", ", met.Select(m => $"{m.Key}: {m.Value}"))}";
        output.WriteLine(told);
        Assert.True(kept > seeds * 2 && lost > seeds / 10, told);
        Assert.True(met.Values.All(times => times > 0), told);
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
        private readonly SaidLog said = new();
        private readonly Schedule schedule;
        private readonly bool hasColleague;
        private int elsewhere, brokenFor;
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
            (schedule, hasColleague) = (Schedule.Parse(chance.Next(4) == 0 ? "0 9 1,2 * *" : null), chance.Next(2) == 0);
        }

        public int Kept => hub.Log.Count;

        public bool HasLost { get; private set; }

        /// <summary>How often each of the rarer ways was gone.</summary>
        public IEnumerable<(string What, int Times)> Met() =>
        [
            ("another version in force", line.Refusals.GetValueOrDefault(StatusCode.Aborted)),
            ("no version in force", line.Refusals.GetValueOrDefault(StatusCode.NotFound)),
            ("superseded", Said("之后保存的内容已上报", "what was saved after it is kept already")),
            ("unseen", Said("由别处上报", "sent from elsewhere")),
            ("ten times unknown", said.Count(FaultyLine.BrokenWords, Parked)),
            ("refused", said.Count(ModelHub.RefusedWords, Parked)),
            ("another log", Said("中心的日志不是上次读的那份", "the hub's log is not the one")),
        ];

        private static string Parked => Verb.Say("需要处理", "needs a person");

        private int Said(string chinese, string english) => said.Count(Verb.Say(chinese, english));

        public async Task RunAsync()
        {
            Start();
            var soundFrom = Ends + TimeSpan.FromHours(chance.Next(0, 120));
            while (hubTime.Now < At("2026-02-08T00:00:00"))
            {
                if (saved.Count == 0 || (saved.Count < 6 && chance.Next(20) == 0)) Save();
                if (chance.Next(15) == 0) Restart();
                if (chance.Next(60) == 0) ownTime.Set(hubTime.Now + WrongBy());
                if (hasColleague && hubTime.Now >= Ends && chance.Next(60) == 0) SendFromElsewhere();
                if (--brokenFor < 0 && chance.Next(60) == 0) brokenFor = 15;
                if (line.IsSound != (hubTime.Now >= soundFrom))
                {
                    // What the hub's failure has parked is for a person, who starts the agent anew.
                    line.IsSound = true;
                    Restart();
                }
                line.IsHubBroken = !line.IsSound && brokenFor > 0;
                for (var look = chance.Next(1, 4); look > 0; look--) await StepAsync();
                if (hub.Log.Count > 0 && chance.Next(hasColleague ? 120 : 200) == 0) await LoseAsync();
                Pass(TimeSpan.FromSeconds(chance.Next(1, 7200)));
            }
            await SettleAsync();
            Check(soundFrom);
            // What a person has to look at counts when it is saved again, or other words where the registry knows nothing of these.
            if (InForce == Words(saved[^1])) return;
            Save(Enumerable.Range(0, Contents.Length).Select(i => (saved[^1] + i) % Contents.Length).First(c => !IsRefused(Words(c))));
            await SettleAsync();
            Check(soundFrom);
            Assert.True(InForce == Words(saved[^1]), Say($"{InForce} is in force although the last was saved again"));
        }

        private string? InForce => hub.Log.LastOrDefault()?.Report.Narrative.Progress;

        private bool IsRefused(string words) => hub.Refuses(new Report { Narrative = new() { Progress = words } });

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
            var all = outbox.All();
            foreach (var (i, entry) in all.Index()) Assert.True(entry.State == DeliveryState.Confirmed || (entry.State == DeliveryState.Parked && (i < all.Count - 1 || NeedsPerson(entry))),
                Say($"{entry.Report.Narrative.Progress} is {entry.State}: {entry.Why?.English}"));
            foreach (var entry in all.Where(e => e.State == DeliveryState.Confirmed)) Assert.True(hub.Log.Any(k => k.Receipt.Equals(entry.Receipt)), Say($"{entry.Report.Narrative.Progress} has a receipt that the hub does not know"));
            var arrived = hub.Log.Select(k => k.Report.Narrative.Progress).ToList();
            for (var i = 1; i < arrived.Count; i++) Assert.True(arrived[i] != arrived[i - 1] || MayFollowItself(all, hub.Log[i - 1], hub.Log[i]), Say($"{arrived[i]} is there twice"));
            Assert.True(all[^1].State == DeliveryState.Parked || InForce == Words(saved[^1]) || IsFromElsewhere(InForce!), Say($"{InForce} is in force"));
            Assert.True(IsInOrder([.. arrived.Where(words => !IsFromElsewhere(words))]), Say("another order"));
            Assert.Equal(Words(saved[^1]), all[^1].Report.Narrative.Progress);
            // A hub that was put back may have given a number again, which the agent learns only by asking.
            foreach (var (before, after) in hub.Log.Zip(hub.Log.Skip(1)))
                if (!HasLost && IsFromElsewhere(before.Report.Narrative.Progress) && outbox.Find(after.SubmissionId) is { } own)
                    Assert.True(own.SavedAt >= before.Receipt.ReceivedAt.ToDateTimeOffset(), Say($"{own.Report.Narrative.Progress} went over what its author had not seen"));
            if (!HasLost && soundFrom < Ends + TimeSpan.FromDays(1) && firstSavedAt < Ends + TimeSpan.FromDays(1))
                Assert.True(hub.Log[0].Receipt.ReceivedAt.ToDateTimeOffset() < DueAt, Say("late, although the line was sound for a day"));
        }

        // Where nobody knew whether what was saved between would arrive, or a colleague's between was lost.
        private bool MayFollowItself(List<OutboxEntry> all, ModelHub.Kept one, ModelHub.Kept other) =>
            (HasLost && elsewhere > 0) || all.SkipWhile(e => e.SubmissionId != one.SubmissionId).TakeWhile(e => e.SubmissionId != other.SubmissionId).Any(e => e.State == DeliveryState.Parked);

        private static bool NeedsPerson(OutboxEntry entry) => entry.Why!.Value.English is var why && (why == ModelHub.RefusedWords || why.Contains("sent from elsewhere", StringComparison.Ordinal));

        private static bool IsFromElsewhere(string words) => words.StartsWith("别处", StringComparison.Ordinal);

        // Some that were saved may never have left; none may come before one that was saved earlier.
        private bool IsInOrder(List<string> arrived)
        {
            var next = 0;
            foreach (var content in saved)
                if (next < arrived.Count && arrived[next] == Words(content)) next++;
            return next == arrived.Count;
        }

        private void Save(int? again = null)
        {
            var content = again ?? chance.Next(Contents.Length);
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
            agent = new TownshipAgent(new WatchedFolder(saving), new WorkbooksHere(), outbox, TownshipCalls.OfToken(calls), schedule, new HubClock(ownTime), said);
        }

        private async Task LoseAsync()
        {
            HasLost = true;
            hub.Lose(chance.Next(3) > 0 ? 1 : chance.Next(2, 6));
            if (hasColleague && hubTime.Now >= Ends && chance.Next(3) > 0) SendFromElsewhere();
            // With its registry, which no longer knows a branch of one of the workbooks.
            if (chance.Next(3) == 0)
            {
                var unknown = Words(chance.Next(Contents.Length));
                hub.Refuses = report => report.Narrative.Progress == unknown;
            }
            // Sent before the agent has asked what the hub still holds.
            if (chance.Next(4) == 0) return;
            Save();
            for (var look = 0; look < 4; look++) await StepAsync();
        }

        private void SendFromElsewhere()
        {
            var report = FromElsewhere.Clone();
            report.Narrative = new() { Progress = $"别处第 {++elsewhere} 次。" };
            hub.SubmitFromElsewhere($"elsewhere-{elsewhere}", report);
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
