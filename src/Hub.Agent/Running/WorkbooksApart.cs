using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hub.Agent.Verbs;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>The work on a workbook did not come to an end.</summary>
internal sealed class WorkFailedException(Text why) : Exception(why.English)
{
    public Text Why { get; } = why;
}

/// <summary>Reads and writes each workbook in a process of its own (<c>hub-agent check-apart</c>, <c>write-apart</c>). What that takes is given back when it ends, so that the service, which rests
/// nearly always, rests with little memory; and whatever a file does to its reader, the service goes on.</summary>
/// <param name="program">Starts <c>hub-agent</c>.</param>
/// <param name="arguments">What comes before the verb.</param>
/// <param name="patience">How long it waits.</param>
internal sealed class WorkbooksApart(string program, IReadOnlyList<string> arguments, TimeSpan patience) : IWorkbooks
{
    /// <summary>Longer than the oldest computer takes for the largest report.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // What a process that was killed may take to end; where the system holds it longer, nobody waits.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10), Moment = TimeSpan.FromSeconds(1);

    // Far above the workbook of the largest report, in bytes, and above any words, in characters.
    private const int MostAnswered = 64 << 20, MostSaid = 2_000;

    /// <summary>By this very program, wherever it was started from.</summary>
    public static WorkbooksApart ByThisProgram()
    {
        var own = Environment.ProcessPath!;
        return new(own, Path.GetFileNameWithoutExtension(own) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "hub-agent.dll")] : [], Patience);
    }

    public async Task<CheckedReport> CheckAsync(Stream content, CancellationToken cancellation)
    {
        var answer = await RunAsync(ApartVerbs.Check, content, cancellation);
        try
        {
            return CheckedReport.ReadFrom(answer);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new WorkFailedException(new("校验程序的答复读不懂：hub-agent 若已更新，请重新启动服务", "the answer of the check cannot be read: if hub-agent was replaced, start the service anew"));
        }
    }

    public async Task WriteAsync(FrameAnswers answers, Stream output, CancellationToken cancellation)
    {
        using var frame = new MemoryStream();
        answers.WriteTo(frame);
        frame.Position = 0;
        await (await RunAsync(ApartVerbs.Write, frame, cancellation)).CopyToAsync(output, cancellation);
    }

    private async Task<MemoryStream> RunAsync(string verb, Stream input, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(patience);
        using var process = Start(verb);
        using var output = process.StandardOutput;
        using var error = process.StandardError;
        var (answer, said) = (ReadAsync(output.BaseStream), ReadAsync(error));
        // Without the token: on Windows a pipe that is being read does not heed one. A process that is killed closes its pipes.
        var work = Task.WhenAll(GiveAsync(input, process.StandardInput.BaseStream), answer, said, process.WaitForExitAsync(CancellationToken.None));
        try
        {
            await work.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new WorkFailedException(new($"超过 {patience.TotalMinutes:0.##} 分钟没有处理完", $"it took longer than {patience.TotalMinutes:0.##} minutes"));
        }
        finally
        {
            Kill(process);
            await work.WaitAsync(Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var (result, why) = (await answer, await said);
        // What is stopped together with the service, which may be told a moment later, has not failed.
        if (process.ExitCode != 0) await Task.Delay(Moment, TimeProvider.System, cancellation);
        if (process.ExitCode != 0) throw Failed(why.Trim() is { Length: > 0 } words ? words.ReplaceLineEndings(" ") : process.ExitCode.ToString(CultureInfo.InvariantCulture));
        return result.Length <= MostAnswered ? result : throw Failed($"> {MostAnswered >> 20} MB");
    }

    private Process Start(string verb)
    {
        var start = new ProcessStartInfo(program, [.. arguments, verb]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        if (verb == ApartVerbs.Check) start.Environment["DOTNET_GCHeapHardLimit"] = ReadingLimits.MemoryBytes.ToString("X", CultureInfo.InvariantCulture);
        // It reads files of strangers, and has nothing to do with the hub.
        start.Environment.Remove(HubCalls.TokenVariable);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new WorkFailedException(new($"{program} 启动不了：{e.Message}", $"{program} does not start: {e.Message}"));
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill();
        }
        catch (Win32Exception)
        {
            // It is ending by itself.
        }
    }

    private static async Task GiveAsync(Stream content, Stream input)
    {
        try
        {
            await using (input) await content.CopyToAsync(input);
        }
        catch (IOException)
        {
            // It has seen enough, or has ended: its answer or its end tells.
        }
    }

    // To the end, so that it can end, and no more than one chunk beyond what is wanted.
    private static async Task<MemoryStream> ReadAsync(Stream output)
    {
        var (all, chunk) = (new MemoryStream(), new byte[64 << 10]);
        while (await output.ReadAsync(chunk) is > 0 and var count)
            if (all.Length <= MostAnswered) all.Write(chunk, 0, count);
        all.Position = 0;
        return all;
    }

    private static async Task<string> ReadAsync(StreamReader error)
    {
        var (all, chunk) = (new StringBuilder(), new char[MostSaid]);
        while (await error.ReadAsync(chunk) is > 0 and var count)
            if (all.Length < MostSaid) all.Append(chunk, 0, count);
        return all.ToString();
    }

    private static WorkFailedException Failed(string why) => new(new($"处理程序出错（{why}）", $"the program failed on it ({why})"));
}
