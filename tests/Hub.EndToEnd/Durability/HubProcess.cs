using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Cli;
using Hub.Server;

namespace Hub.EndToEnd.Durability;

/// <summary>The hub as it is released, in a process of its own that can be killed.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors;
    private readonly GrpcChannel? channel;
    private readonly GrpcChannel? control;

    private HubProcess(Process process, StringBuilder errors, GrpcChannel? channel = null, GrpcChannel? control = null) =>
        (this.process, this.errors, this.channel, this.control) = (process, errors, channel, control);

    public int Id => process.Id;

    public CallInvoker Calls => channel!.CreateCallInvoker();

    /// <summary>An administrator of everything.</summary>
    public CallInvoker Control => control!.CreateCallInvoker();

    /// <summary>The executable that a build of this configuration makes.</summary>
    public static string Executable { get; } = FindExecutable();

    /// <summary>Serves a directory and waits for the line that names the ports.</summary>
    public static async Task<HubProcess> ServeAsync(string directory, params string[] more)
    {
        var (process, errors) = Start(["serve", "--data", directory, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", .. more]);
        var line = await process.StandardOutput.ReadLineAsync();
        if (line is null)
        {
            await process.WaitForExitAsync();
            Assert.Fail($"The hub does not serve; it ended with {process.ExitCode}: {errors}");
        }
        var address = line.Split(' ')[1];
        return new(process, errors, GrpcChannel.ForAddress($"http://{address}"), HubConnection.Connect(Path.Combine(directory, ControlSocket.FileName)));
    }

    /// <summary>Starts to serve and does not wait.</summary>
    public static HubProcess Begin(string directory)
    {
        var (process, errors) = Start(["serve", "--data", directory, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
        return new(process, errors);
    }

    /// <summary>Runs one command to its end. A code over 128 is a signal: the process crashed.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (process, errors) = Start(arguments);
        using (process)
        {
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output, errors.ToString());
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the process's own end.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        control?.Dispose();
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private static (Process Process, StringBuilder Errors) Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HUB_LANG"] = "en";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        return (process, errors);
    }

    private static string FindExecutable()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "Hub.sln"))) root = root.Parent!;
        return Path.Combine(root.FullName, "src", "Hub.Cli", "bin", output.Parent!.Name, output.Name, "hub");
    }
}
