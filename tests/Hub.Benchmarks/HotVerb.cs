using System.CommandLine;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Google.Protobuf;
using Hub.Benchmarks.Nation;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Log;

namespace Hub.Benchmarks;

/// <summary><c>hot</c>: what every report passes, measured by BenchmarkDotNet.</summary>
internal static class HotVerb
{
    public static Command Make()
    {
        var command = new Command("hot", Verb.WithExample(Verb.Say("每份报告都要经过的几步", "What every report passes"), "dotnet run -c Release --project tests/Hub.Benchmarks -- hot"));
        command.SetAction(_ =>
        {
            var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
            BenchmarkRunner.Run<HotPaths>(ManualConfig.Create(DefaultConfig.Instance).AddJob(job).WithOptions(ConfigOptions.DisableLogFile).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "hub-hot")));
        });
        return command;
    }
}

/// <summary>One report of 117 branches, the mean of the country, through the handlers' stages as <c>SubmitReport</c> calls them.</summary>
[MemoryDiagnoser]
public class HotPaths
{
    private const int Branches = 117;

    private readonly string directory = Directory.CreateTempSubdirectory("hub-hot-").FullName;
    private HubStore? store;
    private byte[] bytes = [], record = [];
    private SentReport? sent;
    private SubmitReport? submit;
    private ValidReport? valid;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var nation = new MadeUpNation(1, Branches);
        await NationMaking.MakeAsync(nation, directory, NationRun.History, CancellationToken.None);
        store = HubStore.Open(directory, TimeProvider.System);
        bytes = nation.ReportOf(nation.Townships[0], NationRun.History).ToByteArray();
        sent = SentReport.Read(bytes);
        submit = new SubmitReport(sent, "12345678", 0, store.Clock.GetUtcNow());
        valid = submit.Check(store.State).Value;
        record = submit.Prepare(valid).Draft.Bytes!;
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        sent!.Dispose();
        await store!.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Benchmark]
    public int WireParse()
    {
        using var report = SentReport.Read(bytes);
        return report.BranchCount;
    }

    [Benchmark]
    public byte[] Digest() => ReportDigest.Of(sent!);

    [Benchmark]
    public object Checks() => submit!.Check(store!.State);

    [Benchmark]
    public object RecordEncoded() => submit!.Prepare(valid!);

    [Benchmark]
    public byte[] ChainHash() => LoggedRecord.HashOf(LoggedRecord.GenesisHash, 1, 1, record);

    [Benchmark]
    public object Warnings() => ReportWarnings.Of(valid!, store!.StatesBefore(valid!), Language.English);
}
