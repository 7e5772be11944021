using System.Diagnostics;

namespace Hub.EndToEnd.Agent;

/// <summary>The agent's scheduled service in a process of its own, which can be killed.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process process;

    private AgentProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public static AgentProcess Run(string url, string folder, string data, string token, params string[] more) =>
        Run(folder, data, token, ["--hub", url, .. more]);

    /// <summary>With what <c>hub-agent enroll</c> has left in the data directory.</summary>
    public static AgentProcess RunEnrolled(string folder, string data) => Run(folder, data, "", []);

    private static AgentProcess Run(string folder, string data, string token, string[] more)
    {
        var (program, called) = AgentCommand.Called(["run", "--folder", folder, "--data", data, .. more.Contains("--page") ? more : [.. more, "--page", "0"]]);
        var start = new ProcessStartInfo(program, called)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["HUB_LANG"] = "en";
        start.Environment["HUB_TOKEN"] = token;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return new AgentProcess(process);
    }

    /// <summary>Reads on until it says this.</summary>
    /// <returns>The line.</returns>
    public async Task<string> SaysAsync(string text)
    {
        // One that never says it must not hold everything up.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        throw new InvalidOperationException($"The agent ended without saying “{text}”");
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
