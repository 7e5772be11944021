using System.Diagnostics;
using System.Text.Json;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Examples;

/// <summary>What the README shows to other systems does what it says: its own lines are run, against a hub of that month.</summary>
public sealed class ReadmeExampleTests : IAsyncLifetime
{
    private static readonly string Root = FindRoot();

    private TestHub hub = null!;
    private string token = "";

    public async Task InitializeAsync()
    {
        hub = await TestHub.StartAsync("2026-11-02T10:00:00+08:00");
        await TestHub.RegisterCountyAsync(hub.Control);
        token = await hub.TokenAsync(Role.Township, "990101100");
    }

    public async Task DisposeAsync() => await hub.DisposeAsync();

    [ToolFact("curl", "--version")]
    public async Task Curl_sends_a_report_and_reads_the_receipt_and_the_ranking()
    {
        var answers = await RunAsync("curl ");

        Assert.Equal(4, answers.Count);
        Assert.Equal(1, answers[0].GetProperty("receipt").GetProperty("version").GetInt32());
        Assert.Equal(answers[0].GetProperty("receipt").GetRawText(), answers[1].GetProperty("receipt").GetRawText());
        Assert.Equal("990101100", answers[2].GetProperty("townships")[0].GetProperty("township").GetString());
        Assert.StartsWith("3.1", answers[3].GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [ToolFact("buf", "--version")]
    public async Task Buf_curl_calls_by_the_protocols_files()
    {
        var answers = await RunAsync("buf curl ");

        Assert.Equal(2, answers.Count);
        Assert.Equal("990101100", answers[0].GetProperty("townships")[0].GetProperty("township").GetString());
        Assert.NotEqual("", answers[1].GetProperty("rule").GetString());
    }

    [ToolFact("/usr/bin/python3", "-c", "from grpc_tools import protoc")]
    public async Task A_Python_program_sends_a_report_and_reads_its_receipt()
    {
        var command = Assert.Single(Commands("python3 "));

        var first = await RunOneAsync(command);
        var again = await RunOneAsync(command);

        Assert.StartsWith("kept: 2026-10 version 1, received 2026-11-02T02:00:00Z", first, StringComparison.Ordinal);
        Assert.Equal("already " + first, again);
        Assert.Equal("1", Assert.Single(await hub.SqlAsync("select count(*) from reports"))[0]);
    }

    /// <summary>The README's command lines that begin so, continued ones joined.</summary>
    private static List<string> Commands(string tool)
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md")).Replace("\\\n      ", "", StringComparison.Ordinal);
        return [.. readme.Split('\n').Where(line => line.StartsWith("    " + tool, StringComparison.Ordinal)).Select(line => line.Trim())];
    }

    private async Task<List<JsonElement>> RunAsync(string tool)
    {
        var answers = new List<JsonElement>();
        foreach (var command in Commands(tool)) answers.Add(JsonDocument.Parse(await RunOneAsync(command)).RootElement.Clone());
        return answers;
    }

    private async Task<string> RunOneAsync(string command)
    {
        var here = command.Replace("127.0.0.1:8080", hub.Server.Http.ToString(), StringComparison.Ordinal).Replace("127.0.0.1:8081", hub.Server.Grpc.ToString(), StringComparison.Ordinal)
            .Replace("python3", "/usr/bin/python3", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", here]) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HUB_TOKEN"] = token;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{here}\n{output}\n{await error}");
        return output.Trim();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hub.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
