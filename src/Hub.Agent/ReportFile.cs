using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Agent;

/// <summary>A file with a report, workbook or CSV, and what is printed about it.</summary>
internal static class ReportFile
{
    public static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    public static FileStream Open(string path) => File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
        : throw new CommandFailedException(new($"没有文件 {path}", $"there is no file {path}"));

    /// <summary>Prints every problem and ends the command; returns where there are none.</summary>
    public static void RefuseProblems(WorkbookReading reading)
    {
        if (reading.Report is not null) return;
        // A single problem is the one clear line itself.
        if (reading is { ProblemCount: 1, Problems: [var only] }) throw new CommandFailedException(new(only.In(Language.Chinese), only.In(Language.English)));
        foreach (var problem in reading.Problems) Console.WriteLine(problem.In(Verb.Language));
        if (reading.ProblemCount > reading.Problems.Count) Console.WriteLine(Verb.Say(
            $"……另有 {reading.ProblemCount - reading.Problems.Count} 处未列出", $"… and {reading.ProblemCount - reading.Problems.Count} more"));
        throw new CommandFailedException(new($"有 {reading.ProblemCount} 处问题，请改正后再试", $"{reading.ProblemCount} problems: correct them and try again"));
    }
}
