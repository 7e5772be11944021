using System.CommandLine;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation</c>: a made-up country's month on one machine, a subcommand per step; by itself all of them, with one table at the end.</summary>
internal static class NationVerb
{
    private const string Example = "dotnet run -c Release --project tests/Hub.Benchmarks -- nation";

    private static readonly Option<int?> Townships = new("--townships") { Description = Verb.Say("乡镇数，默认 38745（或数据目录已有的）", "how many townships; default 38,745, or as the folder has it"), HelpName = "N", Recursive = true };
    private static readonly Option<string?> Data = new("--data") { Description = Verb.Say("保留数据的文件夹，默认用后即删的临时文件夹", "folder that is kept; default a temporary one"), HelpName = "DIR", Recursive = true };
    private static readonly Option<string?> Executable = new("--hub") { Description = Verb.Say("中心的可执行文件，默认本仓库的构建", "the hub's executable; default this repository's build"), HelpName = "FILE", Recursive = true };
    private static readonly Option<int> Connections = new("--connections") { Description = Verb.Say("HTTP/2 连接数", "HTTP/2 connections"), DefaultValueFactory = _ => 64, HelpName = "N" };
    private static readonly Option<int> InFlight = new("--in-flight") { Description = Verb.Say("同时进行的调用数", "calls in flight"), DefaultValueFactory = _ => 2048, HelpName = "N" };

    private static readonly Option<int?> Agents = new("--connections") { Description = Verb.Say("连接数，默认 40000 或本机所限", "connections; default 40,000, or what the machine allows"), HelpName = "N" };
    private static readonly Option<int> Kills = new("--rounds") { Description = Verb.Say("次数", "how many times"), DefaultValueFactory = _ => NationKills.Rounds, HelpName = "N" };

    // Within all the steps: a part of the rounds suits the quarter of an hour.
    private const int KillsAmongAll = 20;

    public static Command Make()
    {
        var command = new Command("nation", Verb.WithExample(Verb.Say("全国一个月：建库、收报、查询、重建……逐项测量，最后一张表", "A country's month: made, taken in, asked, rebuilt ...; every step and one table"),
            $"{Example} --townships 1300"))
        {
            Townships, Data, Executable,
            Step("make", "建库：登记、凭证和十一个月的历史", "registry, credentials and eleven months of history", NationMaking.RunAsync),
            Step("intake", "收报：第十二个月经 gRPC 上报", "the twelfth month over gRPC",
                (run, parsed) => NationIntake.RunAsync(run, new(parsed.GetValue(Connections), parsed.GetValue(InFlight))), Connections, InFlight),
            Step("queries", "查询：对正在服务的中心，与直接用 DuckDB 相比", "what analysts ask of the serving hub, beside plain DuckDB", NationQueries.RunAsync),
            Step("rebuild", "重建投影，文件大小", "the star made anew from the log, and file sizes", NationRebuild.RunAsync),
            Step("start", "县：启动时间和常驻内存", "a county's hub: time to serve, resting memory", NationStart.RunAsync),
            Step("connections", "截止日：每个乡镇一条连接，一分钟内全部上报", "one connection for every agent, all sending within a minute", (run, parsed) => NationConnections.RunAsync(run, parsed.GetValue(Agents)), Agents),
            Step("kills", "断电：收报时反复 kill -9", "kill -9 while reports come in, again and again", (run, parsed) => NationKills.RunAsync(run, parsed.GetValue(Kills)), Kills),
            Step("postgres", "同样的数据和问题交给 PostgreSQL", "the same rows and questions given to PostgreSQL", NationPostgres.RunAsync),
            EchoServer.Make(), AgentCrowd.Make(),
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, AllAsync, cancellation));
        return command;
    }

    private static async Task AllAsync(NationRun run)
    {
        await run.EnsureMadeAsync();
        await NationIntake.RunAsync(run);
        await NationQueries.RunAsync(run);
        await NationRebuild.RunAsync(run);
        await NationConnections.RunAsync(run);
        await NationStart.RunAsync(run);
        await NationPostgres.RunAsync(run);
        await NationKills.RunAsync(run, KillsAmongAll);
    }

    private static Command Step(string name, string chinese, string english, Func<NationRun, Task> step) => Step(name, chinese, english, (run, _) => step(run));

    private static Command Step(string name, string chinese, string english, Func<NationRun, ParseResult, Task> step, params IEnumerable<Option> options)
    {
        var command = new Command(name, Verb.WithExample(Verb.Say(chinese, english), $"{Example} {name} --data ./nation"));
        foreach (var option in options) command.Add(option);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, run => step(run, parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<NationRun, Task> steps, CancellationToken cancellation)
    {
        var kept = parsed.GetValue(Data);
        var directory = kept ?? Directory.CreateTempSubdirectory("hub-nation-").FullName;
        Directory.CreateDirectory(directory);
        var figures = new FigureTable();
        try
        {
            var folder = new NationFolder(directory);
            await using var run = new NationRun(new MadeUpNation(HowMany(parsed.GetValue(Townships), folder)), folder, FindHub(parsed.GetValue(Executable)), figures, cancellation);
            NationRun.Say($"{run.Nation.Townships.Count} 个乡镇，{run.Nation.BranchCount} 个支部，{Environment.ProcessorCount} 个处理器核", $"{run.Nation.Townships.Count} townships, {run.Nation.BranchCount} branches, {Environment.ProcessorCount} cores");
            try
            {
                await steps(run);
            }
            catch (Exception) when (run.Serving is { Errors.Length: > 0 } hub)
            {
                await Console.Error.WriteLineAsync(hub.Errors);
                throw;
            }
            finally
            {
                figures.Print();
            }
            return 0;
        }
        finally
        {
            if (kept is null) Directory.Delete(directory, recursive: true);
        }
    }

    private static int HowMany(int? asked, NationFolder folder)
    {
        var made = folder.ReadMaking()?.Townships;
        if (asked is < 1 or > MadeUpNation.AllTownships) throw new UsageException(new($"--townships 为 1 至 {MadeUpNation.AllTownships}", $"--townships is between 1 and {MadeUpNation.AllTownships}"));
        if (asked is not null && made is not null && asked != made) throw new UsageException(new($"该文件夹中是 {made} 个乡镇", $"the folder holds {made} townships"));
        return asked ?? made ?? MadeUpNation.AllTownships;
    }

    private static string FindHub(string? given)
    {
        var file = given ?? Path.Combine(Root().FullName, "src", "Hub.Cli", "bin", "Release", "net10.0", "hub");
        return File.Exists(file) ? file : throw new CommandFailedException(new($"没有 {file}，请先构建 Hub.sln", $"there is no {file}; build Hub.sln first"));
    }

    private static DirectoryInfo Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            folder = folder.Parent ?? throw new CommandFailedException(new("找不到 Hub.sln，请用 --hub 指明", "Hub.sln is not above this program; name the hub with --hub"));
        return folder;
    }
}
