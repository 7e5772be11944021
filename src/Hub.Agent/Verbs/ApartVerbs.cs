using System.CommandLine;
using Hub.Agent.Running;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;

namespace Hub.Agent.Verbs;

/// <summary>What <see cref="WorkbooksApart"/> starts: standard input is what the work is about, standard output what it comes to.</summary>
internal static class ApartVerbs
{
    public const string Check = "check-apart", Write = "write-apart";

    // Beyond the patience of the service.
    private static readonly TimeSpan Longest = WorkbooksApart.Patience + TimeSpan.FromMinutes(1);

    private static readonly WorkbooksHere Workbooks = new();

    public static Command MakeCheck() => Make(Check, "hub-agent check-apart < 2026-10.xlsx > result",
        Verb.Say("供 run 调用：从标准输入读工作簿，校验结果写到标准输出", "For run: reads a workbook from standard input, writes what it comes to to standard output"), async (input, output, cancellation) =>
        {
            // One byte beyond the limit is enough to be refused.
            var isChecked = await Workbooks.CheckAsync(await ReadAsync(input, ReadingLimits.FileBytes + 1, cancellation), cancellation);
            isChecked.WriteTo(output);
        });

    public static Command MakeWrite() => Make(Write, "hub-agent write-apart < answers > 2026-10.xlsx",
        Verb.Say("供 run 调用：从标准输入读中心的答复，工作簿写到标准输出", "For run: reads the hub's answers from standard input, writes the workbook to standard output"), async (input, output, cancellation) =>
        {
            using var workbook = new MemoryStream();
            await Workbooks.WriteAsync(FrameAnswers.ReadFrom(await ReadAsync(input, int.MaxValue, cancellation)), workbook, cancellation);
            workbook.WriteTo(output);
        });

    private static Command Make(string name, string example, string description, Func<Stream, Stream, CancellationToken, Task> work)
    {
        var command = new Command(name, Verb.WithExample(description, example)) { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            // Where the service was killed nobody else ends this.
            await using var end = TimeProvider.System.CreateTimer(_ => Environment.Exit(Verb.Failed), null, Longest, Timeout.InfiniteTimeSpan);
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            await work(input, output, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task<MemoryStream> ReadAsync(Stream input, int most, CancellationToken cancellation)
    {
        var (all, chunk) = (new MemoryStream(), new byte[64 << 10]);
        while (all.Length < most && await input.ReadAsync(chunk, cancellation) is > 0 and var count) all.Write(chunk, 0, count);
        all.Position = 0;
        return all;
    }
}
