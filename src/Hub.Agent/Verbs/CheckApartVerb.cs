using System.CommandLine;
using Hub.Agent.Running;
using Hub.Agent.Workbooks.Reading;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent check-apart</c>: what <see cref="CheckProcess"/> starts. The workbook comes in on standard input, what it comes to goes out on standard output.</summary>
internal static class CheckApartVerb
{
    public const string Name = "check-apart";

    public static Command Make()
    {
        var command = new Command(Name, Verb.WithExample(Verb.Say("供 run 调用：从标准输入读工作簿，校验结果写到标准输出", "For run: reads a workbook from standard input, writes what it comes to to standard output"),
            $"hub-agent {Name} < 2026-10.xlsx > result")) { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            using var content = new MemoryStream();
            await ReadAsync(content, cancellation);
            var isChecked = await CheckedReport.OfWorkbookAsync(content, cancellation);
            await using var output = Console.OpenStandardOutput();
            isChecked.WriteTo(output);
            return 0;
        });
        return command;
    }

    /// <summary>One byte beyond the limit is enough to be refused.</summary>
    private static async Task ReadAsync(MemoryStream content, CancellationToken cancellation)
    {
        await using var input = Console.OpenStandardInput();
        var chunk = new byte[64 << 10];
        while (content.Length <= ReadingLimits.FileBytes && await input.ReadAsync(chunk, cancellation) is > 0 and var count) content.Write(chunk, 0, count);
        content.Position = 0;
    }
}
