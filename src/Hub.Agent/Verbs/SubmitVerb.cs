using System.CommandLine;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent submit</c>: checked, sent, and the receipt kept beside the file.</summary>
internal static class SubmitVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = Verb.Say("填好的工作簿或 CSV", "the filled workbook, or CSV") };
        var hub = HubOptions.OfCommand();
        var csv = new CsvOptions();
        var command = new Command("submit", Verb.WithExample(Verb.Say("校验并上报，回执保存在文件旁边", "Checks and sends it; the receipt is kept beside the file"),
            "hub-agent submit 2026-10.xlsx --data ./agent\n  HUB_TOKEN=... hub-agent submit 2026-10.xlsx --hub http://127.0.0.1:8081")) { file };
        hub.AddTo(command);
        csv.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            hub.Require(parsed);
            var path = parsed.GetRequiredValue(file);
            var isCsv = ReportFile.IsCsv(path);
            var workbook = isCsv ? null : Read(path);
            // Whose report it is decides whose credential sends it.
            using var calls = hub.Open(parsed, isCsv ? csv.Township(parsed) : workbook!.Frame?.Township.Code);
            var reading = workbook ?? await ReadCsvAsync(path, parsed, csv, calls, cancellation);
            csv.RefuseOtherMonth(parsed, reading);
            ReportFile.RefuseProblems(reading);
            var (sent, receipt) = await SendAsync(path, reading, csv.Names(parsed), calls, note => Console.WriteLine(Verb.Say("提示：", "note: ") + note), cancellation);
            Console.WriteLine(ReceiptFile.InWords(sent).In(Verb.Language));
            Console.WriteLine(Verb.Say($"回执 {receipt}", $"receipt {receipt}"));
            await hub.RotateAsync(parsed, reading.Report!.Township, calls, cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>Sends a file without problems and keeps its receipt beside it.</summary>
    /// <param name="monthIsNamed">Whether its month was asked for by name.</param>
    /// <param name="onNote">Told what a person should look at, before anything is sent.</param>
    internal static async Task<(Sent Sent, string Receipt)> SendAsync(
        string path, WorkbookReading reading, bool monthIsNamed, HubCalls calls, Action<string> onNote, CancellationToken cancellation)
    {
        await RefuseFormerMonthAsync(reading, monthIsNamed, calls, onNote, cancellation);
        var sent = await new Submission(calls).SendAsync(reading, warnings =>
        {
            foreach (var warning in warnings) onNote(warning.Message);
        }, cancellation);
        return (sent, await ReceiptFile.WriteAsync(path, sent, cancellation));
    }

    private static WorkbookReading Read(string path)
    {
        using var content = ReportFile.Open(path);
        return WorkbookReader.Read(content);
    }

    private static async Task<WorkbookReading> ReadCsvAsync(string path, ParseResult parsed, CsvOptions csv, HubCalls calls, CancellationToken cancellation)
    {
        await using var content = ReportFile.Open(path);
        return await csv.ReadAsync(parsed, content, calls, cancellation);
    }

    /// <summary>A workbook of an earlier month is sent only when that month is named: usually it is last month's file, taken by mistake.</summary>
    private static async Task RefuseFormerMonthAsync(WorkbookReading reading, bool monthIsNamed, HubCalls calls, Action<string> onNote, CancellationToken cancellation)
    {
        var frame = reading.Frame!;
        var (programme, message) = await FrameFromHub.ProgrammeAsync(calls, frame.Programme.Id, cancellation);
        if (WorkbookFrame.VersionOf(programme.TemplateText) != frame.StandardVersion) onNote(Verb.Say(
            "工作簿下载之后，项目的标准文本有更新", "the programme's template has changed since the workbook was made"));
        if (monthIsNamed || !Period.TryParse(message.LastPeriod, out var due) || frame.Period >= due) return;
        throw new CommandFailedException(new(
            $"这是 {frame.Period} 的工作簿，现在应报 {due}：请用 hub-agent template 下载 {due} 的工作簿；确要补报或更正 {frame.Period}，请加 --period {frame.Period}",
            $"this is the workbook of {frame.Period}, and {due} is due now: make that month's with hub-agent template; to report or correct {frame.Period} add --period {frame.Period}"));
    }
}
