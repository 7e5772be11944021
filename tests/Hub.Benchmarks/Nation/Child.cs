using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Hub.Benchmarks.Nation;

/// <summary>A process started for a measurement. It is ended with its owner, however that ends.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> errors = new();
    private bool disposed;

    private Child(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HUB_LANG"] = "en";
        StartedAt = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text) errors.Enqueue(text);
            if (errors.Count > LinesKept) errors.TryDequeue(out string? _);
        };
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public long StartedAt { get; }

    public StreamWriter Input => process.StandardInput;

    public StreamReader Output => process.StandardOutput;

    /// <summary>What it last said on standard error.</summary>
    public string Errors => string.Join(" | ", errors);

    public static Child Start(string program, params IEnumerable<string> arguments) => new(program, arguments);

    /// <summary>This executable again, with other arguments.</summary>
    public static Child StartSelf(params IEnumerable<string> arguments) => new(Environment.ProcessPath!, arguments);

    /// <summary>Its next line; a process that ended instead is told with what it said.</summary>
    public async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        if (await process.StandardOutput.ReadLineAsync(cancellation) is { } line) return line;
        await process.WaitForExitAsync(cancellation);
        throw new CommandFailedException(new($"进程 {process.StartInfo.FileName} 提前结束（{process.ExitCode}）：{Errors}", $"{process.StartInfo.FileName} ended early with {process.ExitCode}: {Errors}"));
    }

    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>SIGTERM, and its own end.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(cancellation);
        await process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
