using Hub.EndToEnd.Agent;
using Hub.EndToEnd.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Importing;

/// <summary>Workbooks that one hub made and clerks filled, to be imported into another: of 990101100 two versions of 2025-12 and one of 2026-01, of
/// 990101101 one of 2026-01.</summary>
public sealed class LastYearsWorkbooks : IAsyncLifetime
{
    internal const string First = "青禾镇 2025-12.xlsx", Corrected = "青禾镇 2025-12 更正.xlsx", Second = "青禾镇 2026-01.xlsx", Other = "云溪乡 2026-01.xlsx";
    internal const string Progress = "本月完成三个活动室，\n“两会一课”按期；见\"附件\"。";

    internal const string Lines = $"""
        file,version,received_at
        {First},1,2026-01-02T09:00:00+08:00
        {Corrected},2,2026-01-08T17:30:00+08:00
        {Second},1,2026-02-01T10:00:00+08:00
        {Other},1,2026-02-02T09:59:59+08:00

        """;

    private readonly string root = Directory.CreateTempSubdirectory("hub-workbooks-").FullName;
    private int folders;

    public async Task InitializeAsync()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        await MakeAsync(hub, "990101100", "2025-12", First);
        await MakeAsync(hub, "990101100", "2026-01", Second);
        await MakeAsync(hub, "990101101", "2026-01", Other);
        File.Copy(Made(First), Made(Corrected));
        FilledWorkbook.Set(Made(First), "村党支部", "Q4", "×");
        FilledWorkbook.Set(Made(Second), "文字材料", "B3", Progress);
        FilledWorkbook.Set(Made(Second), "文字材料", "B8", "组织委员");
        FilledWorkbook.Set(Made(Second), "文字材料", "D8", "2026-01-31");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A folder of a test's own with the four workbooks.</summary>
    /// <param name="lines">Its submissions.csv.</param>
    internal string Folder(string lines = Lines)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, $"folder-{Interlocked.Increment(ref folders)}")).FullName;
        foreach (var name in new[] { First, Corrected, Second, Other }) File.Copy(Made(name), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "submissions.csv"), lines);
        return folder;
    }

    internal static Task<Ran> ImportAsync(string folder, TestHub hub, params string[] more) => HubCommand.RunAsync(["import", folder, "--data", hub.Directory, .. more]);

    private string Made(string name) => Path.Combine(root, name);

    private async Task MakeAsync(TestHub hub, string township, string period, string name)
    {
        var made = await AgentCommand.TemplateAsync(hub, await hub.TokenAsync(Role.Township, township), period, Made(name));
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        FilledWorkbook.FillBlanks(Made(name), "达标");
    }
}
