using System.Globalization;
using Hub.Agent.Outbox;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;
using Period = Hub.Programmes.Period;

namespace Hub.Agent.Running;

/// <summary>From a saved workbook to the outbox: checked at once, its problems told in words, a valid report written down with the time at which it goes.</summary>
internal sealed class Checking(WatchedFolder folder, ReportOutbox outbox, Schedule schedule, HubClock clock, ILogger log)
{
    // Files that are in order, found before the hub was ever reached.
    private readonly HashSet<string> waiting = new(StringComparer.Ordinal);

    public void Step()
    {
        foreach (var file in folder.Settled())
        {
            try
            {
                Check(file);
            }
            catch (IOException e)
            {
                log.Warn(new($"{Path.GetFileName(file)} 暂时打不开（{e.Message}），稍后再试", $"{Path.GetFileName(file)} cannot be opened now ({e.Message}); trying again"));
                folder.Again(file);
            }
        }
    }

    private void Check(string file)
    {
        WorkbookReading reading;
        // The time first: what is saved while it is read is then newer, and looked at again.
        var savedAt = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero);
        long bytes;
        using (var content = ReportFile.Open(file))
        {
            bytes = content.Length;
            if (outbox.IsChecked(file, savedAt, bytes)) return;
            reading = WorkbookReader.Read(content);
        }
        if (reading.Report is not { } report) Tell(file, Refused(reading), isWarning: true);
        else if (!clock.IsLearnt)
        {
            WaitForTheHub(file);
            return;
        }
        else if (Period.Parse(report.Period) is var period && period < Period.LastEnded(clock.GetUtcNow())) Tell(file, Former(period), isWarning: true);
        else Take(file, report, reading.Frame!, savedAt, reading.Warnings(Verb.Language));
        outbox.Checked(file, savedAt, bytes);
    }

    // Which month is due goes by the hub's clock, and this machine's may be anything.
    private void WaitForTheHub(string file)
    {
        if (waiting.Add(file)) Tell(file, [new("校验通过，等待首次连上中心后确定上报时间", "in order; it will be scheduled once the hub has been reached for the first time")], isWarning: false);
        folder.Again(file);
    }

    private void Take(string file, Report report, WorkbookFrame frame, DateTimeOffset savedAt, IReadOnlyList<Warning> warnings)
    {
        var sofar = outbox.All().Where(e => e.IsOf(report)).ToList();
        var digest = Convert.ToHexStringLower(ReportDigest.Of(report))[..48];
        // Saved again after it was parked means: try it once more.
        if (sofar.LastOrDefault() is { } last && last.SubmissionId.StartsWith(digest, StringComparison.Ordinal) && (last.State != DeliveryState.Parked || last.SavedAt >= savedAt)) return;
        var now = clock.GetUtcNow();
        var entry = new OutboxEntry(
            string.Create(CultureInfo.InvariantCulture, $"{digest}-{sofar.Count(e => e.Attempts > 0)}"), report, file, savedAt,
            schedule.SendAt(now, frame.Period, frame.DueOn, report.Township), frame.Programme.Template.Cadence.DueAt(frame.Period), sofar.Max(e => e.Receipt?.Version) ?? 0);
        outbox.Put(entry);
        var at = HubTime.Instant(entry.SendAt);
        Tell(file, [
            .. warnings.Select(w => new Text("提示：" + w.Message, "note: " + w.Message)),
            entry.SendAt <= now ? new($"校验通过，正在上报 {report.Period}", $"in order: {report.Period} is being sent")
                : new($"校验通过，{report.Period} 将于 {at} 上报", $"in order: {report.Period} will be sent at {at}"),
        ], isWarning: false);
    }

    private static List<Text> Refused(WorkbookReading reading) =>
    [
        .. reading.Problems.Select(p => new Text(p.In(Language.Chinese), p.In(Language.English))),
        new($"有 {reading.ProblemCount} 处问题，未上报：请改正后保存", $"{reading.ProblemCount} problems, nothing is sent: correct them and save"),
    ];

    private static List<Text> Former(Period period) =>
    [
        new($"这是 {period} 的工作簿，不会自动上报；确要补报或更正，请用 hub-agent submit --period {period}",
            $"this is the workbook of {period} and is not sent by itself; to report or correct that month use hub-agent submit --period {period}"),
    ];

    private void Tell(string file, IReadOnlyList<Text> lines, bool isWarning)
    {
        ResultFile.Write(file, lines);
        var name = Path.GetFileName(file);
        var brief = new Text($"{name}：{lines[^1].Chinese}", $"{name}: {lines[^1].English}");
        if (isWarning) log.Warn(brief);
        else log.Say(brief);
    }
}
