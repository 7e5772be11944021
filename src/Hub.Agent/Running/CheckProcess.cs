using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hub.Agent.Verbs;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>How the service has a workbook checked: <see cref="CheckProcess"/>, or <see cref="CheckedReport.OfWorkbookAsync"/> where it runs.</summary>
/// <exception cref="IOException">Not now: worth another try.</exception>
/// <exception cref="CheckFailedException">The check itself failed.</exception>
internal delegate Task<CheckedReport> WorkbookCheck(Stream content, CancellationToken cancellation);

/// <summary>The check itself did not come to an end.</summary>
internal sealed class CheckFailedException(Text why) : Exception(why.English)
{
    public Text Why { get; } = why;
}

/// <summary>Checks each workbook in a process of its own (<c>hub-agent check-apart</c>). What that takes is given back when it ends, so that the service, which rests nearly always, rests
/// with little memory; and whatever a file does to its reader, the service goes on.</summary>
/// <param name="program">Starts <c>hub-agent</c>.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="patience">Longer than the oldest computer takes for the largest report.</param>
internal sealed class CheckProcess(string program, IReadOnlyList<string> arguments, TimeSpan patience)
{
    private const int MostSaid = 2_000;

    // The machine, or the service with all its processes, is being stopped.
    private const int Interrupted = 128 + 2, Terminated = 128 + 15;

    /// <summary>By this very program, wherever it was started from.</summary>
    public static CheckProcess OfThisProgram()
    {
        var own = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(own) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "hub-agent.dll"), CheckApartVerb.Name] : [CheckApartVerb.Name];
        return new(own, arguments, TimeSpan.FromMinutes(2));
    }

    /// <inheritdoc cref="WorkbookCheck"/>
    public async Task<CheckedReport> CheckAsync(Stream content, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(patience);
        using var process = Start();
        try
        {
            var (answer, said) = (ReadAllAsync(process.StandardOutput.BaseStream, ending.Token), process.StandardError.ReadToEndAsync(ending.Token));
            await GiveAsync(content, process.StandardInput.BaseStream, ending.Token);
            var (output, why) = (await answer, await said);
            await process.WaitForExitAsync(ending.Token);
            if (process.ExitCode is Terminated or Interrupted) throw new IOException(new Text("校验被中断", "the check was interrupted").In(Verb.Language));
            if (process.ExitCode != 0) throw Failed(process.ExitCode, why);
            return CheckedReport.ReadFrom(output);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CheckFailedException(new($"校验超过 {patience.TotalMinutes:0.#} 分钟没有结束", $"the check did not end within {patience.TotalMinutes:0.#} minutes"));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new CheckFailedException(new("校验程序的答复读不懂：hub-agent 若已更新，请重新启动服务", "the answer of the check cannot be read: if hub-agent was replaced, start the service anew"));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = ReadingLimits.MemoryBytes.ToString("X", CultureInfo.InvariantCulture);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static async Task GiveAsync(Stream content, Stream input, CancellationToken cancellation)
    {
        var chunk = new byte[64 << 10];
        await using (input)
            while (await content.ReadAsync(chunk, cancellation) is > 0 and var count)
                try
                {
                    await input.WriteAsync(chunk.AsMemory(0, count), cancellation);
                }
                catch (IOException)
                {
                    // It has seen enough, or has ended: its answer or its end tells.
                    return;
                }
    }

    private static async Task<MemoryStream> ReadAllAsync(Stream output, CancellationToken cancellation)
    {
        var all = new MemoryStream();
        await output.CopyToAsync(all, cancellation);
        all.Position = 0;
        return all;
    }

    private static CheckFailedException Failed(int exitCode, string said)
    {
        var why = said.Trim() is { Length: > 0 } words ? words[..Math.Min(words.Length, MostSaid)].ReplaceLineEndings(" ") : exitCode.ToString(CultureInfo.InvariantCulture);
        return new(new($"校验程序出错（{why}）", $"the check failed ({why})"));
    }
}
