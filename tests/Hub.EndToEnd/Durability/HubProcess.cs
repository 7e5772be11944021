using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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
    private readonly Errors errors;
    private readonly GrpcChannel? channel;
    private readonly GrpcChannel? control;

    private HubProcess(Process process, Errors errors, GrpcChannel? channel = null, GrpcChannel? control = null) =>
        (this.process, this.errors, this.channel, this.control) = (process, errors, channel, control);

    public int Id => process.Id;

    public CallInvoker Calls => channel!.CreateCallInvoker();

    /// <summary>An administrator of everything.</summary>
    public CallInvoker Control => control!.CreateCallInvoker();

    /// <summary>What <c>HUB_RELEASED</c> names, as in the gate; else what a build of this configuration makes.</summary>
    public static string Executable { get; } = Environment.GetEnvironmentVariable("HUB_RELEASED") is { Length: > 0 } released ? released : FindExecutable();

    /// <summary>Serves a directory and waits for the line that names the ports.</summary>
    public static Task<HubProcess> ServeAsync(string directory, params string[] more) => ServeAtAsync("127.0.0.1:0", directory, more);

    /// <summary>An address that nobody has at this moment.</summary>
    public static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }

    /// <summary>Serves at an address that stays the same from one process to the next.</summary>
    public static async Task<HubProcess> ServeAtAsync(string address, string directory, params string[] more)
    {
        var (process, errors) = Start(["serve", "--data", directory, "--grpc", address, "--http", "127.0.0.1:0", .. more]);
        return await ServingAsync(process, errors, directory);
    }

    /// <summary>Serves as the child of a shell command, in whose text <c>"$@"</c> stands for the hub's own command.</summary>
    public static async Task<HubProcess> ServeUnderAsync(string shell, string directory, params string[] more)
    {
        var (process, errors) = Start("/bin/sh", ["-c", shell, "sh", Executable, "serve", "--data", directory, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", .. more]);
        return await ServingAsync(process, errors, directory);
    }

    private static async Task<HubProcess> ServingAsync(Process process, Errors errors, string directory)
    {
        var line = await process.StandardOutput.ReadLineAsync();
        if (line is null)
        {
            await process.WaitForExitAsync();
            Assert.Fail($"The hub does not serve; it ended with {process.ExitCode}: {errors}");
        }
        var address = line.Split(' ')[1];
        return new(process, errors, GrpcChannel.ForAddress($"http://{address}"), HubConnection.Connect(Path.Combine(directory, ControlSocket.FileName)));
    }

    /// <summary>Completes when the hub has written this to its log.</summary>
    public Task SaysAsync(string text) => errors.WhenAsync(text);

    /// <summary>Starts to serve and does not wait.</summary>
    public static HubProcess Begin(string directory) => BeginAt("127.0.0.1:0", directory);

    /// <inheritdoc cref="Begin"/>
    public static HubProcess BeginAt(string address, string directory)
    {
        var (process, errors) = Start(["serve", "--data", directory, "--grpc", address, "--http", "127.0.0.1:0"]);
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

    private static (Process Process, Errors Errors) Start(string[] arguments) => Start(Executable, arguments);

    private static (Process Process, Errors Errors) Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["HUB_LANG"] = "en";
        var process = Process.Start(start)!;
        var errors = new Errors();
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data);
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

    /// <summary>What a process writes to its standard error.</summary>
    private sealed class Errors
    {
        private readonly Lock gate = new();
        private readonly StringBuilder text = new();
        private readonly List<(string Text, TaskCompletionSource Seen)> awaited = [];

        public void Add(string? line)
        {
            if (line is null) return;
            lock (gate)
            {
                text.AppendLine(line);
                foreach (var (wanted, seen) in awaited)
                    if (line.Contains(wanted, StringComparison.Ordinal)) seen.TrySetResult();
            }
        }

        /// <summary>Completes with the next line that has the text.</summary>
        public Task WhenAsync(string wanted)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (gate) awaited.Add((wanted, seen));
            return seen.Task;
        }

        public override string ToString()
        {
            lock (gate) return text.ToString();
        }
    }
}
