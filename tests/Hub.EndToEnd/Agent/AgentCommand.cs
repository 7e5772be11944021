using System.Diagnostics;
using Hub.EndToEnd.Serving;

namespace Hub.EndToEnd.Agent;

/// <summary>The agent as its own process, as a township starts it.</summary>
internal sealed record AgentCommand(int ExitCode, string Output, string Error)
{
    // From where it is built: this project's own folder lacks what the shared framework of its tests brings.
    internal static readonly string Built = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/Hub.Agent/bin", Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!, "net10.0/hub-agent.dll"));

    /// <summary>What starts it: the released one beside the hub that <c>HUB_RELEASED</c> names, as in the gate; else what a build of this configuration makes.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Called(params string[] arguments) => Environment.GetEnvironmentVariable("HUB_RELEASED") is { Length: > 0 } hub
        ? (Path.Combine(Path.GetDirectoryName(hub)!, OperatingSystem.IsWindows() ? "hub-agent.exe" : "hub-agent"), arguments) : ("dotnet", [Built, .. arguments]);

    /// <param name="token">Becomes HUB_TOKEN.</param>
    /// <param name="heapBytes">Ends the process when its heap would grow beyond; 0 = no limit.</param>
    public static async Task<AgentCommand> RunAsync(string[] arguments, string token = "", string language = "en", long heapBytes = 0, (string Name, string Value)? environment = null)
    {
        var (program, called) = Called(arguments);
        var start = new ProcessStartInfo(program, called)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["HUB_LANG"] = language;
        start.Environment["HUB_TOKEN"] = token;
        if (environment is { } more) start.Environment[more.Name] = more.Value;
        if (heapBytes > 0) start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new AgentCommand(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }

    public static Task<AgentCommand> TemplateAsync(TestHub hub, string token, string period, string file) =>
        RunAsync(["template", "--hub", $"http://{hub.Server.Grpc}", "--programme", TestHub.Programme, "--period", period, "--out", file], token);

    public static Task<AgentCommand> SubmitAsync(TestHub hub, string token, string file, params string[] more) =>
        RunAsync(["submit", file, "--hub", $"http://{hub.Server.Grpc}", .. more], token);
}
