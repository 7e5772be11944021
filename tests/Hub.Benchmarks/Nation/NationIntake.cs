using Google.Protobuf;
using Grpc.Core;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation intake</c>: every township's report of the twelfth month over real gRPC, and beside it the least that gRPC and DuckDB cost
/// with the same bytes.</summary>
internal static class NationIntake
{
    /// <summary>How the client sends.</summary>
    internal sealed record Sending(int Connections, int InFlight);

    private const int WarmUps = 2_000;
    private const double MaxRatio = 2, MaxSeconds = 30, MaxGrowth = 1.3;
    private const int Part = 30;

    /// <summary>The month's reports as they go over the wire, with the credentials they go under; by township.</summary>
    internal sealed record Prepared(byte[][] Requests, Metadata[] Headers, int[] Order, int Branches)
    {
        public double Megabytes => Requests.Sum(r => (double)r.Length) / 1e6;
    }

    public static async Task RunAsync(NationRun run, Sending? how = null)
    {
        how ??= new(64, 2048);
        await run.EnsureMadeAsync();
        NationRun.SayStep("收报：第十二个月", "intake: the twelfth month");
        var prepared = Prepare(run);
        NationRun.Say($"  {prepared.Requests.Length} 份报告，{prepared.Branches} 个支部，{prepared.Megabytes:0} MB；{how.Connections} 条连接，同时 {how.InFlight} 份",
            $"  {prepared.Requests.Length} reports, {prepared.Branches} branches, {prepared.Megabytes:0} MB; {how.Connections} connections, {how.InFlight} calls in flight");
        var (full, brief) = await EchoAsync(prepared, how, run.Cancellation);
        var append = Math.Min(MeasureAppend(run.Folder, prepared, tuned: false), MeasureAppend(run.Folder, prepared, tuned: true));
        var seconds = await SendAsync(run, prepared, how, warm: false, append + full);
        run.Figures.Add(new(Verb.Say("收报，与短应答 echo 加追加比", "intake beside an echo that answers 100 bytes, and append"), seconds, "s", append + brief));
        await GrowthAsync(run, how, seconds / prepared.Branches);
    }

    /// <param name="townships">By place in the country.</param>
    /// <param name="versions">In force before, by township's code; none where one is missing.</param>
    public static Prepared Prepare(MadeUpNation nation, NationFolder folder, IEnumerable<int> townships, IReadOnlyDictionary<string, int> versions, CancellationToken cancellation)
    {
        var (places, tokens) = (townships.ToArray(), folder.ReadTokens().Townships);
        var requests = new byte[places.Length][];
        var branches = new int[requests.Length];
        Parallel.For(0, requests.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var township = nation.Townships[places[i]];
            var report = nation.ReportOf(township, NationRun.History);
            var expectedVersion = versions.GetValueOrDefault(township.Code);
            branches[i] = report.Branches.Count;
            requests[i] = new SubmitReportRequest { SubmissionId = $"{township.Code}-{expectedVersion + 1}", ExpectedVersion = expectedVersion, Report = report }.ToByteArray();
        });
        return new(requests, [.. places.Select(p => GrpcLoad.Bearer(tokens[p]))], Dice.Shuffled(requests.Length, nation.Seed), branches.Sum());
    }

    private static Prepared Prepare(NationRun run) => Prepare(run.Nation, run.Folder, Enumerable.Range(0, run.Nation.Townships.Count), new Dictionary<string, int>(), run.Cancellation);

    private static async Task<(double Full, double Brief)> EchoAsync(Prepared prepared, Sending how, CancellationToken cancellation)
    {
        await using var echo = Child.StartSelf("nation", "echo");
        using var load = new GrpcLoad(await echo.ReadLineAsync(cancellation), how.Connections);
        var warm = prepared.Order.Take(WarmUps).ToArray();
        var seconds = new List<double>();
        foreach (var (method, bytes) in new[] { (EchoServer.Full, -1), (EchoServer.Short, 100) })
        {
            void Check(int i, byte[] answer)
            {
                if (answer.Length != (bytes < 0 ? prepared.Requests[i].Length : bytes)) throw new InvalidOperationException("The echo answered something else");
            }
            await load.SendAsync(method, prepared.Requests, prepared.Headers, warm, how.InFlight, Check, cancellation);
            var (took, calls) = await load.SendAsync(method, prepared.Requests, prepared.Headers, prepared.Order, how.InFlight, Check, cancellation);
            NationRun.Say($"  echo {method.Name}：{took:0.00} s，{calls}", $"  echo {method.Name}: {took:0.00} s, {calls}");
            seconds.Add(took);
        }
        echo.Input.Close();
        await echo.WaitAsync(cancellation);
        return (seconds[0], seconds[1]);
    }

    private static double MeasureAppend(NationFolder folder, Prepared prepared, bool tuned)
    {
        var file = folder.In("append.duckdb");
        try
        {
            var seconds = BareAppend.Measure(file, prepared.Requests, prepared.Order, tuned);
            NationRun.Say($"  DuckDB 追加{(tuned ? "（小行组、少检查点）" : "")}：{seconds:0.00} s", $"  DuckDB append{(tuned ? ", small row groups, seldom checkpoints" : "")}: {seconds:0.00} s");
            return seconds;
        }
        finally
        {
            foreach (var left in new[] { file, file + ".wal" }) File.Delete(left);
        }
    }

    /// <returns>Seconds until the last receipt.</returns>
    private static async Task<double> SendAsync(NationRun run, Prepared prepared, Sending how, bool warm, double? bare)
    {
        await run.StopHubAsync();
        run.Folder.CopyMade();
        var hub = await run.ServeAsync();
        NationRun.Say($"  中心启动 {hub.Started.TotalSeconds:0.0} s，内存 {ProcessFigures.RestingMb(hub.Id):0} MB", $"  the hub started in {hub.Started.TotalSeconds:0.0} s, {ProcessFigures.RestingMb(hub.Id):0} MB");
        using var load = new GrpcLoad(hub.Address, how.Connections);
        if (warm) await load.SendAsync(GrpcLoad.ValidateReport, [.. prepared.Requests.Select(ToValidate)], prepared.Headers, prepared.Order, how.InFlight, (_, _) => { }, run.Cancellation);

        var receipts = new Receipts(prepared.Requests.Length);
        var probe = new FreshnessProbe(run.Nation, hub.Address, run.Folder.ReadTokens().Analyst, NationRun.History);
        using var sent = new CancellationTokenSource();
        var probing = Task.Run(() => probe.RunAsync(sent.Token));
        var before = ProcessFigures.Cpu(hub.Id);
        var (seconds, calls) = await load.SendAsync(GrpcLoad.SubmitReport, prepared.Requests, prepared.Headers, prepared.Order, how.InFlight, (township, answer) =>
        {
            receipts.Take(township, answer);
            probe.Receipt(township);
        }, run.Cancellation);
        await sent.CancelAsync();
        await probing;
        var cpu = ProcessFigures.Cpu(hub.Id);
        receipts.CheckAll();
        if (bare is not null) Report(run, hub, probe, seconds, calls, (cpu.User - before.User, cpu.System - before.System), bare.Value);
        return seconds;
    }

    private static void Report(NationRun run, ServingHub hub, FreshnessProbe probe, double seconds, Times calls, (double User, double System) cpu, double bare)
    {
        var figures = run.Figures;
        figures.Add(new(Verb.Say("收报到最后一张回执，与 echo 加追加比", "intake until the last receipt, beside echo and append"), seconds, "s", bare, MaxSeconds, MaxRatio));
        figures.Add(new(Verb.Say("中心处理器时间（用户态）", "processor time of the hub, user"), cpu.User, "s"));
        figures.Add(new(Verb.Say("中心处理器时间（内核态）", "processor time of the hub, system"), cpu.System, "s"));
        figures.Add(new(Verb.Say("中心内存峰值", "peak memory of the hub"), ProcessFigures.PeakMb(hub.Id), "MB", Max: NationRun.MostMb));
        NationRun.Say($"  回执 {calls}", $"  receipts {calls}");
        figures.Add(new(Verb.Say("回执 p50", "receipts p50"), calls.P50, "ms"));
        figures.Add(new(Verb.Say("回执 p95", "receipts p95"), calls.P95, "ms"));
        figures.Add(new(Verb.Say("回执最长", "receipts max"), calls.Max, "ms"));

        NationRun.Say($"  回执 1 s 后询问 {probe.Shown + probe.NotShown.Count} 次，已显示 {probe.Shown} 次", $"  asked {probe.Shown + probe.NotShown.Count} times a second after a receipt, shown {probe.Shown} times");
        foreach (var line in probe.NotShown.Take(5)) Console.WriteLine($"    {line}");
        figures.Add(new(Verb.Say("回执 1 s 后的询问", "questions a second after a receipt"), probe.Shown + probe.NotShown.Count, ""));
        figures.Add(new(Verb.Say("其中未显示", "of these not shown"), probe.NotShown.Count, "", Max: 0));
        if (probe.Ages.Count > 0) figures.Add(new(Verb.Say("其中距回执最短", "the shortest of these ages"), probe.Ages.Min(), "ms"));
        NationRun.Say($"  回执后立即询问，到显示 {new Times(probe.Lags)}；每次询问 {new Times(probe.Asking)}", $"  asked at a receipt, until shown {new Times(probe.Lags)}; one question {new Times(probe.Asking)}");
        figures.Add(new(Verb.Say("回执到显示它的回答 p50", "from a receipt to an answer that shows it p50"), new Times(probe.Lags).P50, "ms"));
        figures.Add(new(Verb.Say("回执到显示它的回答 p95", "from a receipt to an answer that shows it p95"), new Times(probe.Lags).P95, "ms"));
    }

    // As many calls in flight for both, so that commits are as large. The small country is sent to a warm hub and the large one to a cold one: that favours the small.
    private static async Task GrowthAsync(NationRun run, Sending how, double secondsPerBranch)
    {
        var townships = Math.Max(1, run.Nation.Townships.Count / Part);
        NationRun.Say($"  同样收报，{townships} 个乡镇", $"  the same with {townships} townships");
        var folder = new NationFolder(run.Folder.In("part"));
        Directory.CreateDirectory(folder.Path);
        await using var small = new NationRun(new MadeUpNation(townships, seed: run.Nation.Seed), folder, run.Executable, new FigureTable(), run.Cancellation);
        if (folder.ReadMaking()?.Townships != townships) await NationMaking.RunAsync(small);
        var prepared = Prepare(small);
        var seconds = await SendAsync(small, prepared, how, warm: true, null);
        run.Figures.Add(new(Verb.Say($"每支部用时，与 {prepared.Branches} 个支部时比", $"time per branch, beside that at {prepared.Branches} branches"),
            secondsPerBranch * 1e6, "µs", seconds / prepared.Branches * 1e6, MaxRatio: MaxGrowth));
    }

    private static byte[] ToValidate(byte[] submit) => new ValidateReportRequest { Report = SubmitReportRequest.Parser.ParseFrom(submit).Report }.ToByteArray();
}
