using Hub.EndToEnd.Importing;

namespace Hub.EndToEnd.CommandLine;

/// <summary>A data directory with a small county in it, made once by <c>hub import</c>; its path is longer than a socket's may be.</summary>
public sealed class ImportedCounty : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("hub-cli-").FullName;

    internal string Data => Path.Combine(root, new string('d', 60), new string('e', 60));
    internal string Folder => Path.Combine(root, "county");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        var files = SmallCounty.Files();
        files["townships.csv"] = "code,name\n990201100,\"=cmd(),1\"\n990201101,<script>\n";
        foreach (var (name, content) in files) await File.WriteAllTextAsync(Path.Combine(Folder, name), content);
        var imported = await HubCommand.RunAsync("import", Folder, "--data", Data);
        Assert.Equal((0, ""), (imported.Code, imported.Error));
        Assert.StartsWith("imported 1 programmes, 2 townships, 5 branches, 2 reports; log position ", imported.Output, StringComparison.Ordinal);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>The commands as a shell sees them: exit codes, one line on standard error, formats; with a hub serving and without.</summary>
public sealed class CommandTests(ImportedCounty shared) : IClassFixture<ImportedCounty>
{
    private const string Names = "select township, name from townships order by township";

    [Fact]
    public async Task Wrong_usage_ends_with_2()
    {
        string[][] wrong =
        [
            ["nonsense"], [], ["sql", "select 1"], ["sql", "--data", "x"], ["sql", "select 1", "--data", "x", "--format", "xml"], ["sql", "select 1", "--data", "x", "--at", "0"],
            ["sql", "select 1", "--data", "x", "--as-of", "2026-01-01T00:00:00"], ["serve", "--data", "x", "--clock", "tomorrow"], ["serve", "--data", "x", "--grpc", "8081"],
            ["token", "create", "--role", "king", "--data", "x"], ["token", "create", "--role", "township", "--data", "x"], ["token", "create", "--role", "analyst", "--expires", "soon", "--data", "x"],
            ["bulletin", "--programme", "p", "--data", "x", "--out", "y"], ["bulletin", "--programme", "p", "--period", "2026-01", "--data", "x", "--out", "y", "--publish", "--at", "3"], ["verify", "--data", "x", "--head", "3:abc"],
        ];

        foreach (var ran in await Task.WhenAll(wrong.Select(w => HubCommand.RunAsync(w)))) ran.FailedWith(2, "");

        Assert.False(Directory.Exists("x"));
    }

    [Fact]
    public async Task What_cannot_be_done_ends_with_1()
    {
        var nowhere = Path.Combine(shared.Folder, "nowhere");
        (await HubCommand.RunAsync("sql", "select 1", "--data", nowhere)).FailedWith(1, "holds no hub's data");
        (await HubCommand.RunAsync("import", nowhere, "--data", nowhere)).FailedWith(1, "there is no folder");
        (await HubCommand.RunAsync("import", shared.Folder, "--data", Path.Combine(shared.Folder, "states.csv"))).FailedWith(1, "states.csv");
        Assert.False(Directory.Exists(nowhere));
        (await HubCommand.RunAsync("serve", "--data", shared.Data, "--clock", "2026-11-02T09:00:00+08:00")).FailedWith(1, "was not created with a demonstration clock");
        using var serving = await HubCommand.ServeAsync(shared.Data);
        (await HubCommand.RunAsync("sql", "select * from read_text('/etc/passwd')", "--data", shared.Data)).FailedWith(1, "a query may not use the table function");
        (await HubCommand.RunAsync("sql", "select 1", "--data", shared.Data, "--at", "999999")).FailedWith(1, "log position 999999 does not exist");
        (await HubCommand.RunAsync("import", shared.Folder, "--data", shared.Data)).FailedWith(1, "submissions.csv line 2: version 1 is kept already (and 1 more)");
        (await HubCommand.RunAsync("bulletin", "--programme", "nowhere", "--period", "2025-12", "--data", shared.Data, "--out", nowhere)).FailedWith(1, "there is no programme “nowhere”");
        (await HubCommand.RunAsync("reopen", "--programme", "history-2025", "--period", "2025-12", "--township", "990201100", "--reason", "x", "--data", shared.Data)).FailedWith(1, "is not locked");
        (await HubCommand.RunAsync("token", "revoke", "nobody", "--data", shared.Data)).FailedWith(1, "there is no such credential");
        (await HubCommand.RunAsync("verify", "--data", shared.Data, "--head", $"1:{new string('0', 64)}")).FailedWith(1, "record 1 is missing or has another hash");
        serving.Kill();
        await serving.WaitForExitAsync();
    }

    [Fact]
    public async Task Every_verb_has_help_with_an_example()
    {
        string[] verbs = ["sql", "import", "serve", "certs", "bulletin", "verify", "reopen", "demo", "token create", "token revoke"];

        foreach (var (verb, help) in verbs.Zip(await Task.WhenAll(verbs.Select(v => HubCommand.RunAsync([.. v.Split(' '), "--help"])))))
        {
            Assert.Equal((0, ""), (help.Code, help.Error));
            Assert.Contains("Example:", help.Output, StringComparison.Ordinal);
            Assert.Contains($"  hub {verb}", help.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_formats_carry_names_safely()
    {
        using var serving = await HubCommand.ServeAsync(shared.Data);
        Assert.Equal("township,name\n990201100,\"'=cmd(),1\"\n990201101,<script>\n", await SqlAsync(Names, "csv"));
        Assert.Equal("[\n {\"township\": \"990201100\", \"name\": \"=cmd(),1\"},\n {\"township\": \"990201101\", \"name\": \"\\u003Cscript\\u003E\"}\n]\n", await SqlAsync(Names, "json"));
        Assert.Equal("township  | name\n----------+---------\n990201100 | =cmd(),1\n990201101 | <script>\n(2 rows)\n", await SqlAsync(Names, "table"));
        Assert.Equal("a,b,c,d,e\n,true,-1,0.5,'-1\n", await SqlAsync("select null as a, true as b, -1 as c, 0.5::double as d, '-1' as e", "csv"));
        Assert.Equal("[]\n", await SqlAsync("select 1 as a where false", "json"));
        serving.Kill();
        await serving.WaitForExitAsync();
    }

    [Fact]
    public async Task Commands_work_through_a_serving_hub_and_after_it_was_killed()
    {
        using (var serving = await HubCommand.ServeAsync(shared.Data))
        {
            Assert.Equal("n\n5\n", await SqlAsync("select count(*) as n from branches", "csv"));
            // A second hub finds the log locked.
            (await HubCommand.RunAsync("serve", "--data", shared.Data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0")).FailedWith(1, "is in use by another process");
            serving.Kill();
            await serving.WaitForExitAsync();
        }
        Assert.True(File.Exists(Path.Combine(shared.Data, "hub.sock")), "a killed hub leaves its socket behind");

        var both = await Task.WhenAll(InTurnAsync("sql", Names, "--data", shared.Data, "--format", "csv"), InTurnAsync("verify", "--data", shared.Data));

        Assert.All(both, ran => Assert.Equal((0, ""), (ran.Code, ran.Error)));
        Assert.Contains("records hold; head ", both[1].Output, StringComparison.Ordinal);
        using var again = await HubCommand.ServeAsync(shared.Data);
        Assert.Equal("n\n5\n", await SqlAsync("select count(*) as n from branches", "csv"));
        again.Kill();
        await again.WaitForExitAsync();
    }

    // One waits ten seconds for the other, which may have the files for longer where the machine is busy: it then says so, and is run again.
    private static async Task<Ran> InTurnAsync(params string[] args)
    {
        var ran = await HubCommand.RunAsync(args);
        return ran.Code == 1 && ran.Error.Contains("is in use by another process", StringComparison.Ordinal) ? await HubCommand.RunAsync(args) : ran;
    }

    private async Task<string> SqlAsync(string sql, string format)
    {
        var ran = await HubCommand.RunAsync("sql", sql, "--data", shared.Data, "--format", format);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        return ran.Output;
    }
}
