using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Grpc.Net.Client;
using Hub.Agent;
using Hub.Cli.Demo;
using Hub.Cli.Importing;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server;
using Hub.Store;
using Spectre.Console;

namespace Hub.Cli.Verbs;

/// <summary><c>hub demo</c>: the main job end to end on one machine, with a made-up county.</summary>
internal static class DemoVerb
{
    private const string ProgrammeId = "county-2025";
    private const int LaunchYear = 2025;
    private const int ImportedMonths = 10;
    private static readonly Period Submitted = Period.Of(2026, 10);
    private static readonly DateTimeOffset ClockStart = new(2026, 11, 2, 9, 0, 0, HubTime.ShanghaiOffset);

    public static Command Make()
    {
        var data = Verb.Optional<string>("--data", "新的数据目录，默认在临时文件夹中", "a fresh data directory, by default in the temporary folder", "DIR");
        var exit = new Option<bool>("--exit") { Description = Verb.Say("完成后退出，不保留网页", "stop when done instead of keeping the web page open") };
        var grpc = Verb.Optional<string>("--grpc", "gRPC 监听地址，默认 127.0.0.1:8081", "gRPC address, default 127.0.0.1:8081", "HOST:PORT");
        var http = Verb.Optional<string>("--http", "网页监听地址，默认 127.0.0.1:8080", "web address, default 127.0.0.1:8080", "HOST:PORT");
        var command = new Command("demo", Verb.WithExample(Verb.Say("在本机演示全过程：虚构一个县，导入历史，乡镇上报，生成通报", "Shows the whole job on this machine: a made-up county, its history, its townships' reports, the bulletin"),
            "hub demo --exit")) { data, exit, grpc, http };
        command.SetAction(async (parsed, cancellation) =>
        {
            var directory = Path.GetFullPath(parsed.GetValue(data) ?? Path.Combine(Path.GetTempPath(), $"hub-demo-{Guid.NewGuid():N}"[..17]));
            if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()) throw new CommandFailedException(new(
                $"{directory} 不是空目录，演示需要新的目录", $"{directory} is not empty; the demonstration needs a fresh directory"));
            var listeners = new Listeners(FreeAddress(parsed.GetValue(grpc), 8081), FreeAddress(parsed.GetValue(http), 8080), Reflection: true);
            await RunAsync(directory, listeners, parsed.GetValue(exit), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string directory, Listeners listeners, bool exit, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var county = MadeUpCounty.Make(ShippedTemplates.Read("party-branch"), ProgrammeId, LaunchYear);
        Step($"虚构的县：{county.Townships.Count} 个乡镇、{county.Branches.Count} 个支部（非真实数据）", $"a made-up county: {county.Townships.Count} townships, {county.Branches.Count} branches (no real data)");

        await using var server = await HubServer.StartAsync(directory, () => HubStore.Open(directory, TimeProvider.System, ClockStart, cancellation), listeners, cancellation);
        Step($"中心已启动，演示时钟 {HubTime.Instant(server.Store.Clock.GetUtcNow())[..16]}", $"the hub serves, its demonstration clock at {HubTime.Instant(server.Store.Clock.GetUtcNow())[..16]}");

        using var control = HubConnection.Connect(server.SocketPath);
        var history = Path.Combine(directory, "county");
        county.WriteHistory(history, ImportedMonths);
        var imported = await HistorySender.SendAsync(control.CreateCallInvoker(), HistorySender.FilesIn(history), validateOnly: false, cancellation);
        Step($"已导入 {ImportedMonths} 个月的历史：{imported.Reports} 份报告", $"{ImportedMonths} months of history imported: {imported.Reports} reports");

        var workbooks = Path.Combine(directory, "workbooks");
        var token = await ReportAllAsync(county, control, server.Grpc, workbooks, cancellation);

        var bulletins = new BulletinService.BulletinServiceClient(control);
        var bulletin = await bulletins.GetBulletinAsync(new GetBulletinRequest { Programme = ProgrammeId, Period = Submitted.ToString(), Draft = true }, cancellationToken: cancellation);
        var output = Path.Combine(directory, "bulletin");
        Step($"{Submitted} 的通报（草稿，截止时间未到）", $"the bulletin of {Submitted} (a draft: the due time has not passed)");
        await BulletinVerb.WriteAsync(bulletin, output, cancellation);

        var official = await new AdministrationService.AdministrationServiceClient(control).CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Official }, cancellationToken: cancellation);
        Console.WriteLine();
        Say("数据目录", "data directory", directory);
        Say("工作簿和回执", "workbooks and receipts", workbooks);
        Say("查询示例", "try a query", $"{Environment.ProcessPath} sql \"select * from township_ranking where period = '{Submitted}'\" --data {directory}");
        var done = Verb.Say($"用时 {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} 秒", $"done in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        if (exit)
        {
            Console.WriteLine(done);
            return;
        }
        Say("gRPC（含反射）", "gRPC (with reflection)", server.Grpc.ToString());
        Say("县级凭证", "an official's token", official.Token);
        Say($"乡镇凭证（{county.Townships[0].Name}）", $"a township's token ({county.Townships[0].Name})", token);
        Say("网页", "web page", $"http://{server.Http}/sign-in#{official.Token}");
        Console.WriteLine(done);
        Console.WriteLine(Verb.Say("按 Ctrl+C 结束", "Ctrl+C ends it"));
        await server.WaitForShutdownAsync(cancellation);
    }

    /// <summary>Each township reports with its own credential through its workbook, as many at a time as the machine has processors. Returns the
    /// first township's token.</summary>
    private static async Task<string> ReportAllAsync(MadeUpCounty county, GrpcChannel control, IPEndPoint grpc, string workbooks, CancellationToken cancellation)
    {
        var administration = new AdministrationService.AdministrationServiceClient(control);
        var hub = new Uri($"http://{grpc}");
        Directory.CreateDirectory(workbooks);
        var months = new ReportedMonth[county.Townships.Count];
        var tokens = new string[county.Townships.Count];
        await AnsiConsole.Progress().AutoClear(false).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask(
                Verb.Say($"乡镇填报 {Submitted}：下载、填写、校验、上报", $"townships report {Submitted}: workbook, filled, checked, sent"), maxValue: county.Townships.Count * TownshipMonth.Steps);
            await Parallel.ForAsync(0, county.Townships.Count, cancellation, async (i, token) =>
            {
                var township = county.Townships[i].Code;
                var credential = await administration.CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Township, Township = township }, cancellationToken: token);
                tokens[i] = credential.Token;
                var workbook = Path.Combine(workbooks, $"{township}-{Submitted}.xlsx");
                months[i] = await TownshipMonth.ReportAsync(hub, credential.Token, county.Report(township, Submitted), workbook, () => bar.Increment(1), token);
            });
        });
        var branches = months.Sum(m => m.Sent.Report.Branches.Count);
        Step($"{months.Length} 个乡镇用工作簿经 gRPC 上报了 {branches} 个支部：", $"{months.Length} townships reported {branches} branches over gRPC, each by its workbook:");
        for (var i = 0; i < months.Length; i++)
        {
            var (name, month) = (county.Townships[i].Name, months[i]);
            Console.WriteLine("  " + Verb.Say($"{name}：改动 {month.Changed} 格，提示 {month.Notes.Count} 条；{ReceiptFile.InBrief(month.Sent).Chinese}",
                $"{name}: cells changed {month.Changed}, notes {month.Notes.Count}; {ReceiptFile.InBrief(month.Sent).English}"));
        }
        return tokens[0];
    }

    private static void Step(string chinese, string english) => Console.WriteLine("• " + Verb.Say(chinese, english));

    private static void Say(string chinese, string english, string value) => Console.WriteLine($"{Verb.Say(chinese, english)}: {value}");

    // The demonstration should run beside a hub that has the usual ports.
    private static IPEndPoint FreeAddress(string? asked, int port)
    {
        if (asked is not null) return ServeVerb.Address(asked);
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port);
        return new IPEndPoint(IPAddress.Loopback, taken ? 0 : port);
    }
}
