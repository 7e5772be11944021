using System.CommandLine;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent check</c>: every check that needs no connection.</summary>
internal static class CheckVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = Verb.Say("填好的工作簿或 CSV", "the filled workbook, or CSV") };
        var csv = new CsvOptions();
        var command = new Command("check", Verb.WithExample(Verb.Say("校验填好的工作簿，不需要联网", "Checks the filled workbook, without a connection"), "hub-agent check 2026-10.xlsx")) { file };
        csv.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            using var content = ReportFile.Open(path);
            var reading = ReportFile.IsCsv(path) ? csv.ReadAlone(parsed, content) : WorkbookReader.Read(content);
            csv.RefuseOtherMonth(parsed, reading);
            ReportFile.RefuseProblems(reading);
            foreach (var warning in reading.Warnings(Verb.Language)) Console.WriteLine(Verb.Say("提示：", "note: ") + warning.Message);
            Console.WriteLine(Summary(reading).In(Verb.Language));
            return 0;
        });
        return command;
    }

    private static Text Summary(WorkbookReading reading)
    {
        var report = reading.Report!;
        var states = report.Branches.SelectMany(b => b.States).ToList();
        var notMet = states.Count(s => s == Protocol.ItemState.NotMet);
        var name = reading.Frame?.Township.Name is { Length: > 0 } known ? known : report.Township;
        return new(
            $"校验通过：{name} {report.Period}，{report.Branches.Count} 个支部，{states.Count} 项，其中未达标 {notMet} 项",
            $"in order: {name} {report.Period}, {report.Branches.Count} branches, {states.Count} items, {notMet} of them not met");
    }
}
