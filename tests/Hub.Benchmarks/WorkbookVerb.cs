using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Agent.Workbooks.Writing;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Benchmarks;

/// <summary><c>workbook</c>: reading a filled workbook, the first time in a fresh process as a clerk meets it.</summary>
internal static class WorkbookVerb
{
    private const string Code = "990101100";

    public static Command Make()
    {
        var branches = new Option<int>("--branches") { Description = Verb.Say("支部数", "how many branches"), DefaultValueFactory = _ => 5000, HelpName = "N" };
        var command = new Command("workbook", Verb.WithExample(Verb.Say("读取一个填好的工作簿", "Reads a filled workbook"),
            "dotnet run -c Release --project tests/Hub.Benchmarks -- workbook --branches 5000")) { branches };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(branches) is < 1 or > Forms.MaxBranchesPerReport)
                throw new UsageException(new($"--branches 为 1 至 {Forms.MaxBranchesPerReport}", $"--branches is between 1 and {Forms.MaxBranchesPerReport}"));
            Measure(parsed.GetValue(branches));
        });
        return command;
    }

    private static void Measure(int branches)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var output = new FileStream(file, FileMode.Create, FileAccess.ReadWrite)) WorkbookWriter.Write(Frame(branches), output);
            Console.WriteLine("| reading | ms |");
            Console.WriteLine("|---|---:|");
            foreach (var which in new[] { "the first time", "the second time", "the third time" })
            {
                var started = Stopwatch.GetTimestamp();
                using var input = File.OpenRead(file);
                var read = WorkbookReader.Read(input);
                var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (read.Report is not { } report || report.Branches.Count != branches) throw new InvalidOperationException("The workbook was not read whole");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {which}: {branches} branches, {new FileInfo(file).Length / 1024} KB | {ms:0} |"));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory of the process, writing included: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static WorkbookFrame Frame(int count)
    {
        var template = ShippedTemplates.Read("party-branch");
        string[] kinds = ["village", "agency", "community", "enterprise"];
        var branches = Enumerable.Range(0, count).Select(i =>
            new Branch(i, string.Create(CultureInfo.InvariantCulture, $"{Code}{i + 1:D5}"), $"{i + 1}号党支部", Code, kinds[i % kinds.Length], 3, new DateOnly(2020, 1, 1), null)).ToList();
        var states = branches.ToDictionary(b => b.Code, b => (IReadOnlyList<ItemState>)[.. template.StandardOf(b.Kind)!.Items.Select(_ => ItemState.Met)]);
        return new WorkbookFrame(new Programme("county-2025", template, ShippedTemplates.Text("party-branch")!, 2025, "990101", 0),
            new Township(Code, "青禾镇", [.. branches]), Period.Of(2026, 1), new DateOnly(2026, 2, 3), new LastReport(Period.Of(2025, 12), 1, states));
    }
}
