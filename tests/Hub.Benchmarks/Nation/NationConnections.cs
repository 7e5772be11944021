using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation connections</c>: deadline day. Every agent keeps a connection of its own, all send within a minute, analysts ask meanwhile;
/// nothing is lost and nobody is late because of the hub's queue.</summary>
internal static class NationConnections
{
    public const int Wanted = 40_000;

    private const int HubsOwnFiles = 500, AgentsPerProcess = 10_000, WindowSeconds = 60, Analysts = 4, BranchesPerTownship = 12;

    // What the scheduling of a busy machine may add to a report's way.
    private const double LateMs = 1_000;

    public static async Task RunAsync(NationRun run, int? asked = null)
    {
        NationRun.SayStep("截止日：每个乡镇一条连接", "connections: one for every agent");
        var limit = ProcessFigures.OpenFilesLimit();
        var count = Math.Min(asked ?? Wanted, limit - HubsOwnFiles);
        NationRun.Say($"  {count} 条连接（本机每进程可开 {limit} 个文件）", $"  {count} connections (a process may open {limit} files here)");
        var isCountry = Directory.Exists(run.Folder.Hub) && run.Nation.Townships.Count >= count;
        if (!isCountry) await run.StopHubAsync();
        await using var crowd = isCountry ? null : await MakeCrowdAsync(run, count);
        await AttendAsync(run, crowd ?? run, count);
        await (crowd ?? run).StopHubAsync();
    }

    // A hub without history does where the folder's country has too few townships or is not there.
    private static async Task<NationRun> MakeCrowdAsync(NationRun run, int townships)
    {
        var folder = new NationFolder(run.Folder.In("crowd"));
        if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true);
        Directory.CreateDirectory(folder.Path);
        var nation = new MadeUpNation(townships, townships * BranchesPerTownship);
        var (tokens, _, _, _) = await NationMaking.MakeAsync(nation, folder.Hub, 0, run.Cancellation);
        folder.WriteTokens(tokens);
        folder.Write(new(townships, nation.BranchCount, nation.Seed, 0));
        return new(nation, folder, run.Executable, run.Figures, run.Cancellation);
    }

    private static async Task AttendAsync(NationRun run, NationRun crowd, int count)
    {
        var hub = await crowd.ServeAsync();
        crowd.Folder.WriteVersions(await VersionsAsync(crowd, hub));
        var processes = new List<Child>();
        try
        {
            var opening = Stopwatch.GetTimestamp();
            for (var from = 0; from < count; from += AgentsPerProcess)
                processes.Add(Child.StartSelf("nation", "agents", "--address", hub.Address, "--folder", crowd.Folder.Path, "--from", $"{from}", "--count", $"{Math.Min(AgentsPerProcess, count - from)}",
                    "--window", $"{WindowSeconds}"));
            foreach (var process in processes) await process.ReadLineAsync(run.Cancellation);
            var open = Directory.GetFiles($"/proc/{hub.Id}/fd").Length;
            NationRun.Say($"  {Stopwatch.GetElapsedTime(opening).TotalSeconds:0} s 后全部接通；中心打开 {open} 个文件，内存 {ProcessFigures.RestingMb(hub.Id):0} MB",
                $"  all connected after {Stopwatch.GetElapsedTime(opening).TotalSeconds:0} s; the hub has {open} files open, {ProcessFigures.RestingMb(hub.Id):0} MB");
            run.Figures.Add(new(Verb.Say("打开的连接", "connections open"), count, "", Max: Wanted, AtLeast: true));
            run.Figures.Add(new(Verb.Say("接通后中心内存", "memory of the hub with all connected"), ProcessFigures.RestingMb(hub.Id), "MB"));

            using var sent = new CancellationTokenSource();
            var asking = await StartAnalystsAsync(crowd, hub, sent.Token);
            foreach (var process in processes) await process.Input.WriteLineAsync("go");
            var lines = await Task.WhenAll(processes.Select(p => p.Output.ReadToEndAsync(run.Cancellation)));
            await sent.CancelAsync();
            var answers = (await Task.WhenAll(asking)).SelectMany(a => a).ToList();
            foreach (var process in processes)
                if (await process.WaitAsync(run.Cancellation) != 0 || process.Errors.Length > 0) NationRun.Say($"  上报进程：{process.Errors}", $"  agents: {process.Errors}");
            Report(run, hub, [.. lines.SelectMany(l => l.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(AgentCrowd.Sent.Parse)], new Times(answers), count);
        }
        finally
        {
            foreach (var process in processes) await process.DisposeAsync();
        }
    }

    // The hub's clock is its own: the fastest report of all shows how it stands to the machine's.
    private static void Report(NationRun run, ServingHub hub, IReadOnlyList<AgentCrowd.Sent> sent, Times asking, int count)
    {
        var offset = sent.Count > 0 ? sent.Min(s => s.ReceivedUs - s.SentUs) : 0;
        var behind = new Times(sent.Select(s => (s.ReceivedUs - s.SentUs - offset) / 1e3));
        NationRun.Say($"  回执 {new Times(sent.Select(s => s.Ms))}", $"  receipts {new Times(sent.Select(s => s.Ms))}");
        NationRun.Say($"  received_at 晚于上报 {behind}", $"  received_at behind sending {behind}");
        NationRun.Say($"  {Analysts} 名分析员 {asking}", $"  {Analysts} analysts {asking}");
        run.Figures.Add(new(Verb.Say("没有回执的报告", "reports without a receipt"), count - sent.Count, "", Max: 0));
        run.Figures.Add(new(Verb.Say("因排队而迟（1 s 以上）", "late by queueing (more than 1 s)"), sent.Count(s => s.ReceivedUs - s.SentUs - offset > LateMs * 1e3), "", Max: 0));
        run.Figures.Add(new(Verb.Say("received_at 晚于上报 p99", "received_at behind sending p99"), behind.P99, "ms"));
        run.Figures.Add(new(Verb.Say("回执 p99", "receipts p99"), new Times(sent.Select(s => s.Ms)).P99, "ms"));
        run.Figures.Add(new(Verb.Say("其间分析员查询", "analysts' questions meanwhile"), asking.Count, ""));
        run.Figures.Add(new(Verb.Say("其间分析员查询 p95", "analysts' questions meanwhile p95"), asking.P95, "ms"));
        run.Figures.Add(new(Verb.Say("中心内存峰值", "peak memory of the hub"), ProcessFigures.PeakMb(hub.Id), "MB", Max: NationRun.MostMb));
    }

    private static async Task<List<(string Township, int Version)>> VersionsAsync(NationRun crowd, ServingHub hub)
    {
        var sql = $"select township, max(version) from reports where period = '{crowd.Nation.First.Plus(NationRun.History)}' group by township";
        using var call = new AdministrationService.AdministrationServiceClient(hub.Control).RunQuery(new RunQueryRequest { Sql = sql }, cancellationToken: crowd.Cancellation);
        var versions = new List<(string Township, int Version)>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(crowd.Cancellation)) versions.AddRange(response.Rows.Select(r => (r.Cells[0].Text, (int)r.Cells[1].Integer)));
        return versions;
    }

    private static async Task<List<Task<List<double>>>> StartAnalystsAsync(NationRun crowd, ServingHub hub, CancellationToken stop)
    {
        var asking = new List<Task<List<double>>>();
        for (var i = 0; i < Analysts; i++)
        {
            var made = await new AdministrationService.AdministrationServiceClient(hub.Control).CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Analyst }, cancellationToken: crowd.Cancellation);
            var seed = (ulong)i;
            asking.Add(Task.Run(() => AskAsync(crowd, hub.Address, GrpcLoad.Bearer(made.Token), seed, stop), CancellationToken.None));
        }
        return asking;
    }

    private static async Task<List<double>> AskAsync(NationRun crowd, string address, Metadata analyst, ulong seed, CancellationToken stop)
    {
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = 64 << 20 });
        var analytics = new AnalyticsService.AnalyticsServiceClient(channel);
        var (nation, ms) = (crowd.Nation, new List<double>());
        for (var round = 0UL; !stop.IsCancellationRequested; round++)
        {
            var township = nation.Townships[Dice.Below(Dice.Of(seed, round), nation.Townships.Count)].Code;
            var started = Stopwatch.GetTimestamp();
            switch (round % 4)
            {
                case 0: await analytics.GetRankingAsync(new GetRankingRequest { Programme = nation.Programme }, analyst, cancellationToken: crowd.Cancellation); break;
                case 1: await analytics.GetRankingAsync(new GetRankingRequest { Programme = nation.Programme, Area = township[..6] }, analyst, cancellationToken: crowd.Cancellation); break;
                case 2: await analytics.GetCompletionAsync(new GetCompletionRequest { Programme = nation.Programme, Area = township[..4], PageSize = 1000 }, analyst, cancellationToken: crowd.Cancellation); break;
                default: await analytics.GetTrendAsync(new GetTrendRequest { Programme = nation.Programme, Township = township }, analyst, cancellationToken: crowd.Cancellation); break;
            }
            ms.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            // The hub takes two hundred questions a second of one credential: four a second more than a person could ask.
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
        return ms;
    }
}
