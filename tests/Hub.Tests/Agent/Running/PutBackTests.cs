using System.Globalization;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Agent.Workbooks;
using Hub.Protocol;

namespace Hub.Tests.Agent.Running;

/// <summary>What becomes of a township's reports once its hub was put back to an older copy and does not take them again as it did.</summary>
public sealed class PutBackTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-put-back-").FullName;
    private readonly SimulatedTime time = new(DateTimeOffset.Parse("2026-02-02T10:00:00+08:00", CultureInfo.InvariantCulture));
    private readonly ModelHub hub;
    private readonly ReportOutbox outbox;
    private readonly TownshipAgent agent;

    public PutBackTests()
    {
        hub = new ModelHub(time);
        outbox = ReportOutbox.Open(Path.Combine(folder, "data"));
        var calls = new HubCalls(new FaultyLine(hub, time, new Random(1)) { IsSound = true }, new Uri("http://hub.example"), "token", new Retry(time, TimeSpan.Zero), time);
        agent = new TownshipAgent(new WatchedFolder(Directory.CreateDirectory(Path.Combine(folder, "saving")).FullName), new WorkbooksHere(), outbox, TownshipCalls.OfToken(calls), Schedule.Parse(null), new HubClock(time), new SaidLog());
    }

    [Fact]
    public async Task A_new_report_arrives_although_the_lost_one_is_refused_now()
    {
        await SaveAsync("第一份。");
        hub.Lose(1);
        hub.Refuses = report => report.Narrative.Progress == "第一份。";
        await HourAsync();
        var parked = Assert.Single(outbox.All());

        await SaveAsync("第二份。");

        Assert.Equal((DeliveryState.Parked, null, null), (parked.State, parked.Receipt, parked.OnTime));
        Assert.Equal("第二份。", Assert.Single(hub.Log).Report.Narrative.Progress);
        Assert.Equal((1, true), (outbox.All()[1].Receipt?.Version, outbox.All()[1].OnTime));
    }

    [Fact]
    public async Task A_lost_report_does_not_come_after_one_that_was_saved_later_and_has_arrived()
    {
        await SaveAsync("第一份。");
        hub.Lose(1);
        hub.SubmitFromElsewhere("elsewhere", outbox.All()[0].Report);
        time.Pass(TimeSpan.FromMinutes(5));
        await SaveAsync("第二份。");
        await HourAsync();

        Assert.Equal(["elsewhere", outbox.All()[1].SubmissionId], hub.Log.Select(k => k.SubmissionId));
        Assert.Equal((DeliveryState.Parked, 2), (outbox.All()[0].State, outbox.All()[1].Receipt?.Version));
        Assert.Contains("what was saved after it is kept already (version 2)", outbox.All()[0].Why!.Value.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_colleague_sent_under_the_lost_number_is_not_written_over_unseen()
    {
        await SaveAsync("第一份。");
        var first = outbox.All()[0];
        // It follows the first, and waits for its hour.
        outbox.Put(first with { SubmissionId = "second", Report = Words("第二份。"), SavedAt = time.Now, SendAt = time.Now + 2 * Reconciliation.Every, ExpectedVersion = 1 });
        time.Pass(TimeSpan.FromMinutes(5));
        hub.Lose(1);
        hub.SubmitFromElsewhere("elsewhere", Words("别处。"));
        for (var hour = 0; hour < 3; hour++) await HourAsync();

        Assert.Equal("别处。", Assert.Single(hub.Log).Report.Narrative.Progress);
        Assert.All(outbox.All(), e => Assert.Equal((DeliveryState.Parked, true), (e.State, e.Why!.Value.English.Contains("sent from elsewhere", StringComparison.Ordinal))));

        Report Words(string progress)
        {
            var report = first.Report.Clone();
            report.Narrative = new() { Progress = progress };
            return report;
        }
    }

    public void Dispose()
    {
        agent.Dispose();
        outbox.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task SaveAsync(string words)
    {
        var workbook = Path.Combine(folder, "saving", "2026-01.xlsx");
        await File.WriteAllBytesAsync(workbook, SampleWorkbook.Of(SampleWorkbook.Frame(perKind: 1)).Set(SheetWords.Written, "B3", words).Bytes);
        File.SetLastWriteTimeUtc(workbook, time.Now.UtcDateTime);
        await StepAsync(4);
    }

    private async Task HourAsync()
    {
        time.Pass(Reconciliation.Every);
        await StepAsync(4);
    }

    private async Task StepAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await agent.StepAsync(CancellationToken.None);
            time.Pass(TimeSpan.FromMinutes(1));
        }
    }
}
