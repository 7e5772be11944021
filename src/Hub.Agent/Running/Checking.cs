using System.Security.Cryptography;
using Grpc.Core;
using Hub.Agent.Csv;
using Hub.Agent.Outbox;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;

namespace Hub.Agent.Running;

/// <summary>From a saved workbook or CSV file to the outbox: checked at once, its problems told in words, a valid report written down with the time at which it goes.</summary>
internal sealed class Checking(WatchedFolder folder, IWorkbooks workbooks, ReportOutbox outbox, TownshipCalls hubs, Schedule schedule, HubClock clock, ILogger log)
{
    // A year's folder must not hold up what is due.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromHours(1);

    // In order, but read while the hub's clock was not known, by which goes what month is due, or of a township that is not enrolled yet.
    private readonly Dictionary<string, Valid> undecided = new(StringComparer.Ordinal);
    // CSV files, which say nothing of standard and branches: these the hub is asked for.
    private readonly Dictionary<string, Unread> unread = new(StringComparer.Ordinal);
    // What could not be checked, and when it was tried last.
    private readonly Dictionary<string, PutOff> putOff = new(StringComparer.Ordinal);

    /// <param name="SavedAt">By this machine's clock.</param>
    private sealed record Valid(string File, CheckedReport Checked, DateTimeOffset SavedAt, long Bytes, bool IsToldNotEnrolled = false);

    /// <param name="AskedAt">By the process's own timestamps; 0 = not yet.</param>
    /// <param name="WhyNot">Why it could not be read so far, as it was told.</param>
    private sealed record Unread(string File, CsvFileName Name, DateTimeOffset SavedAt, long Bytes, long AskedAt = 0, Text? WhyNot = null);

    /// <param name="TriedAt">By the process's own timestamps.</param>
    /// <param name="Times">How often.</param>
    /// <param name="First">The pause after the first time; it doubles.</param>
    private sealed record PutOff(DateTimeOffset SavedAt, long Bytes, long TriedAt, int Times, Text Why, TimeSpan First)
    {
        public TimeSpan Pause => TimeSpan.FromTicks(Math.Min(First.Ticks << Math.Min(Times - 1, 12), LongestPause.Ticks));
    }

    public async Task StepAsync(CancellationToken cancellation)
    {
        var (began, settled, waiting) = (clock.GetTimestamp(), folder.Settled(), new List<FileInfo>());
        foreach (var gone in putOff.Keys.Except(settled, StringComparer.Ordinal).ToList()) putOff.Remove(gone);
        foreach (var file in settled.Select(path => new FileInfo(path)).Where(f => f.Exists))
        {
            if (putOff.TryGetValue(file.FullName, out var before) && before.SavedAt == SavedAt(file) && before.Bytes == file.Length)
            {
                if (clock.GetElapsedTime(before.TriedAt) >= before.Pause) waiting.Add(file);
                continue;
            }
            // Decided only once all that is new was looked at, so that what was saved later takes the place of what was saved before.
            if (clock.GetElapsedTime(began) > LongestLook) return;
            putOff.Remove(file.FullName);
            await LookAsync(file, cancellation);
        }
        await DecideAsync(cancellation);
        // One a round, after all that is new: it may be as long in failing as before.
        if (waiting.MinBy(f => putOff[f.FullName].TriedAt) is { } again) await LookAsync(again, cancellation);
    }

    private async Task LookAsync(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            await CheckAsync(file.FullName, SavedAt(file), file.Length, cancellation);
            folder.Done(file.FullName);
            putOff.Remove(file.FullName);
        }
        catch (WorkFailedException e)
        {
            Put(e.Why, Retry.Patience, toldFrom: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Mostly it is just being saved.
            Put(new($"打不开：{e.Message}", $"cannot be opened: {e.Message}"), FirstPause, toldFrom: 5);
        }

        void Put(Text why, TimeSpan first, int toldFrom)
        {
            var before = putOff.GetValueOrDefault(file.FullName);
            var next = putOff[file.FullName] = new(SavedAt(file), file.Length, clock.GetTimestamp(), (before?.Times ?? 0) + 1, why, first);
            outbox.NotChecked(file.FullName);
            List<Text> lines = [.. StillSent(file.FullName), new($"还没有校验成（{why.Chinese}），未上报，会再试", $"could not be checked yet ({why.English}) and is not sent; it is tried again")];
            if (next.Times == toldFrom || (next.Times > toldFrom && before?.Why != why)) Tell(file.FullName, lines, isWarning: true);
            else if (next.Times == 1) log.Warn(Named(file.FullName, lines[^1]));
        }
    }

    private static DateTimeOffset SavedAt(FileInfo file) => new(file.LastWriteTimeUtc, TimeSpan.Zero);

    private async Task DecideAsync(CancellationToken cancellation)
    {
        if (!clock.IsLearnt) return;
        foreach (var csv in unread.Values.OrderBy(u => u.SavedAt).ToList()) await ReadCsvAsync(csv, cancellation);
        foreach (var valid in undecided.Values.OrderBy(v => v.SavedAt).ToList())
        {
            var township = valid.Checked.Report!.Township;
            if (hubs.Of(township) is not null)
            {
                Decide(valid);
                undecided.Remove(valid.File);
            }
            else if (!valid.IsToldNotEnrolled)
            {
                var why = TownshipCalls.NotEnrolled(township);
                Tell(valid.File, [new($"校验通过，但未上报：{why.Chinese}；登记后自动上报", $"in order, but not sent: {why.English}; it then goes by itself")], isWarning: true);
                undecided[valid.File] = valid with { IsToldNotEnrolled = true };
            }
        }
    }

    private async Task CheckAsync(string file, DateTimeOffset savedAt, long bytes, CancellationToken cancellation)
    {
        undecided.Remove(file);
        unread.Remove(file);
        if (outbox.IsChecked(file, savedAt, bytes)) return;
        if (ReportFile.IsCsv(file))
        {
            CheckCsv(file, savedAt, bytes);
            return;
        }
        var isChecked = await workbooks.CheckAsync(await ReadAsync(file, cancellation), cancellation);
        if (isChecked.Report is not null)
        {
            undecided[file] = new(file, isChecked, savedAt, bytes);
            if (!clock.IsLearnt) Tell(file, [new("校验通过，连上中心后确定上报时间", "in order; when it is sent is settled once the hub is reached")], isWarning: false);
            return;
        }
        Tell(file, Refused(file, isChecked), isWarning: true);
        outbox.Checked(file, savedAt, bytes);
    }

    /// <summary>At once, and closed again, so that whoever saves it is not in the way; no more than shows that it is too large.</summary>
    private static async Task<MemoryStream> ReadAsync(string file, CancellationToken cancellation)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(content.Length, ReadingLimits.FileBytes + 1)];
        return new MemoryStream(bytes, 0, await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation));
    }

    private void CheckCsv(string file, DateTimeOffset savedAt, long bytes)
    {
        if (CsvFileName.Parse(Path.GetFileName(file)) is { } name)
        {
            unread[file] = new(file, name, savedAt, bytes);
            if (!clock.IsLearnt) Tell(file, [new("连上中心后校验：CSV 要对照中心登记的支部", "checked once the hub is reached, which knows the branches")], isWarning: false);
            return;
        }
        Tell(file, [new("文件名应为“乡镇编码 项目编号 月份.csv”，如“990101100 county-2025 2026-10.csv”，未上报：请改名", "its name should be TOWNSHIP PROGRAMME PERIOD.csv, such as 990101100 county-2025 2026-10.csv; not sent: rename it")], isWarning: true);
        outbox.Checked(file, savedAt, bytes);
    }

    private async Task ReadCsvAsync(Unread csv, CancellationToken cancellation)
    {
        if (csv.AskedAt != 0 && clock.GetElapsedTime(csv.AskedAt) < Retry.Patience) return;
        if (hubs.Of(csv.Name.Township) is not { } hub)
        {
            Put(TownshipCalls.NotEnrolled(csv.Name.Township));
            return;
        }
        try
        {
            var frame = await FrameFromHub.ReadAsync(hub.WithoutPatience(), csv.Name.Programme, csv.Name.Period, csv.Name.Township, cancellation);
            using var content = new FileStream(csv.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Saved again meanwhile: it is given once more.
            if (content.Length != csv.Bytes || File.GetLastWriteTimeUtc(csv.File) != csv.SavedAt.UtcDateTime) return;
            var isChecked = CheckedReport.Of(CsvReport.Read(content, frame, knowsBranches: true));
            unread.Remove(csv.File);
            if (isChecked.Report is not null)
            {
                undecided[csv.File] = new(csv.File, isChecked, csv.SavedAt, csv.Bytes);
                return;
            }
            Tell(csv.File, Refused(csv.File, isChecked), isWarning: true);
            outbox.Checked(csv.File, csv.SavedAt, csv.Bytes);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            Put(hub.WhyNot(e));
        }
        catch (CommandFailedException e)
        {
            Put(e.Text);
        }
        catch (FileNotFoundException)
        {
            unread.Remove(csv.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Put(new(e.Message, e.Message));
        }

        // Tried again after a while; said once, until it is another reason.
        void Put(Text why)
        {
            if (csv.WhyNot != why) Tell(csv.File, [new($"还没有校验，未上报：{why.Chinese}", $"not checked yet and not sent: {why.English}")], isWarning: true);
            unread[csv.File] = csv with { AskedAt = clock.GetTimestamp(), WhyNot = why };
        }
    }

    private void Decide(Valid valid)
    {
        outbox.Wrong(valid.File, []);
        var (report, period) = (valid.Checked.Report!, valid.Checked.Period);
        if (period < Programmes.Period.LastEnded(clock.GetUtcNow())) Tell(valid.File, [new(
            $"这是 {period} 的工作簿，不会自动上报；确要补报或更正，请用 hub-agent submit --period {period}",
            $"this is the workbook of {period} and is not sent by itself; to report or correct that month use hub-agent submit --period {period}")], isWarning: true);
        else Take(valid, report);
        outbox.Checked(valid.File, valid.SavedAt, valid.Bytes);
    }

    private void Take(Valid valid, Report report)
    {
        var (file, now) = (valid.File, clock.GetUtcNow());
        // A file cannot have been saved after now, whatever the clock said that stamped it.
        var savedAt = clock.ByHub(valid.SavedAt) is var stamped && stamped < now ? stamped : now;
        var month = outbox.OfMonth(report);
        if (month.LastOrDefault() is { } newer && newer.File != file && newer.SavedAt > savedAt)
        {
            Tell(file, [new($"比已校验的 {Path.GetFileName(newer.File)} 旧，不上报：要以它为准，请重新保存", $"older than {Path.GetFileName(newer.File)}, which was taken already, and not sent: save it again if it is to count")], isWarning: true);
            return;
        }
        var digest = Convert.ToHexStringLower(ReportDigest.Of(report))[..48];
        if (month.LastOrDefault(e => !e.IsUntried) is { } last && last.HasContent(digest) && !IsReplaced(last, savedAt))
        {
            // Back to what the hub was last given: nothing new to send, or once more what was parked, under its own id.
            outbox.Withdraw(report);
            outbox.Revive(last.SubmissionId, savedAt, now);
            outbox.SavedAs(last.SubmissionId, file);
            return;
        }
        var entry = new OutboxEntry($"{digest}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", report, file, savedAt,
            string.Join('\n', valid.Checked.Warnings), now, valid.Checked.DueAt, month.Max(e => e.Receipt?.Version) ?? 0);
        entry = entry with { SendAt = schedule.SendAt(now, valid.Checked.Period, entry.DueOn, report.Township) };
        outbox.Put(entry);
        log.Say(Named(file, DeliveryWords.Of(entry)));
    }

    /// <summary>Whether another version has come into force since, which the file was saved after: it is to count again.</summary>
    private bool IsReplaced(OutboxEntry kept, DateTimeOffset savedAt) => kept.Receipt is { } receipt && outbox.Inbox.All(kept.Report.Township).Any(m => m.Message.ReceivedReport is { } received
        && received.Programme == kept.Report.Programme && received.Period == kept.Report.Period && received.Receipt.Version > receipt.Version && received.Receipt.ReceivedAt.ToDateTimeOffset() <= savedAt);

    private List<Text> Refused(string file, CheckedReport refused)
    {
        return
        [
            .. refused.Problems, .. StillSent(file),
            new($"有 {refused.ProblemCount} 处问题，未上报：请改正后保存", $"{refused.ProblemCount} problems, not sent: correct them and save"),
        ];
    }

    /// <summary>Of what was saved in the same file before.</summary>
    private IEnumerable<Text> StillSent(string file) => outbox.OfFile(file).LastOrDefault() is { State: DeliveryState.Waiting } before
        ? [new($"此前校验通过的内容仍会上报（{before.Report.Period}）", $"what was in order before is still sent ({before.Report.Period})")] : [];

    private void Tell(string file, IReadOnlyList<Text> lines, bool isWarning)
    {
        if (isWarning)
        {
            outbox.Wrong(file, lines);
            log.Warn(Named(file, lines[^1]));
        }
        else log.Say(Named(file, lines[^1]));
        try
        {
            ResultFile.Write(file, lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warn(Named(file, new($"结果写不到旁边：{e.Message}", $"the result cannot be written beside it: {e.Message}")));
        }
    }

    private static Text Named(string file, Text words) => new($"{Path.GetFileName(file)}：{words.Chinese}", $"{Path.GetFileName(file)}: {words.English}");
}
