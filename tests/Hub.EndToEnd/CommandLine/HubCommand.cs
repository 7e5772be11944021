using System.Diagnostics;
using System.Text;

namespace Hub.EndToEnd.CommandLine;

/// <summary>What a run of the built executable left behind.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    /// <summary>Failed as promised: its code, one clear line, no stack trace, nothing on standard output.</summary>
    public void FailedWith(int code, string words)
    {
        Assert.Equal((code, ""), (Code, Output));
        Assert.Contains(words, Error, StringComparison.Ordinal);
        Assert.Equal(1, Error.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}

/// <summary>The <c>hub</c> executable in a process of its own.</summary>
internal static class HubCommand
{
    public static async Task<Ran> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "hub.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["HUB_LANG"] = "en";
        return Process.Start(start)!;
    }

    /// <summary>A hub that serves until it is killed; its first line has been read.</summary>
    public static async Task<Process> ServeAsync(string directory, params string[] more)
    {
        var process = Start(["serve", "--data", directory, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", .. more]);
        _ = process.StandardError.ReadToEndAsync();
        Assert.StartsWith("gRPC 127.0.0.1:", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        return process;
    }
}
