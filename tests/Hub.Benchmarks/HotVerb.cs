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

/// <summary>One report of 117 branches, the mean of the country.</summary>
[MemoryDiagnoser]
public class HotPaths
{
    private const int Branches = 117;

    private readonly string directory = Directory.CreateTempSubdirectory("hub-hot-").FullName;
    private HubStore? store;
    private Report report = new();
    private byte[] sent = [];

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var nation = new MadeUpNation(1, Branches);
        await NationMaking.MakeAsync(nation, directory, 0, CancellationToken.None);
        store = HubStore.Open(directory, TimeProvider.System);
        report = nation.ReportOf(nation.Townships[0], NationRun.History);
        sent = new SubmitReportRequest { SubmissionId = "12345678", Report = report }.ToByteArray();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await store!.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Benchmark]
    public object ReportReadFromItsBytes() => SubmitReportRequest.Parser.ParseFrom(sent);

    [Benchmark]
    public object ReportParserParse() => ReportParser.Parse(report, store!.State.FindProgramme, store.State.FindTownship(report.Township)!);

    [Benchmark]
    public byte[] ReportDigestOf() => ReportDigest.Of(report);

    [Benchmark]
    public byte[] LoggedRecordHashOf() => LoggedRecord.HashOf(LoggedRecord.GenesisHash, 1, 1, sent);
}
