using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Hub.Agent.Workbooks.Reading;
using Hub.Cli;
using Hub.Cli.Demo;
using Hub.EndToEnd.CommandLine;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.EndToEnd.Demo;

/// <summary>What one run of <c>hub demo --exit</c> left behind. It is timed, so nothing else runs beside it.</summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class Demonstration : IAsyncLifetime
{
    internal const string Alone = "demonstration alone";

    private readonly string root = Directory.CreateTempSubdirectory("hub-demo-").FullName;

    internal string Data => Path.Combine(root, "data");
    internal Ran Ran { get; private set; } = new(-1, "", "");
    internal TimeSpan Took { get; private set; }

    internal string WorkbookOf(string township) => Path.Combine(Data, "workbooks", $"{township}-2026-10.xlsx");

    public async Task InitializeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        Ran = await HubCommand.RunAsync("demo", "--exit", "--data", Data, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0");
        Took = Stopwatch.GetElapsedTime(started);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>The demonstration end to end: its townships report by workbooks that a visitor can open.</summary>
[Collection(Demonstration.Alone)]
public sealed class DemonstrationTests(Demonstration demo) : IClassFixture<Demonstration>
{
    private const string Programme = "county-2025";

    private readonly MadeUpCounty county = MadeUpCounty.Make(ShippedTemplates.Read("party-branch"), Programme, 2025);

    [Fact]
    public void It_ends_well_within_half_a_minute_and_says_where_each_thing_is()
    {
        Assert.Equal(0, demo.Ran.Code);
        Assert.InRange(demo.Took, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Contains("13 townships reported 419 branches over gRPC, each by its workbook", demo.Ran.Output, StringComparison.Ordinal);
        Assert.Contains($"data directory: {demo.Data}", demo.Ran.Output, StringComparison.Ordinal);
        Assert.Contains($"workbooks and receipts: {Path.GetDirectoryName(demo.WorkbookOf("x"))}", demo.Ran.Output, StringComparison.Ordinal);
        Assert.All(county.Townships, t => Assert.Contains($"  {t.Name}: cells changed ", demo.Ran.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hub_holds_what_the_workbooks_say_and_that_is_what_follows_from_the_seed()
    {
        await using var hub = await HubConnection.OpenAsync(demo.Data, create: false, CancellationToken.None);
        var reporting = new ReportingService.ReportingServiceClient(hub.Invoker);
        foreach (var (township, name) in county.Townships)
        {
            await using var file = File.OpenRead(demo.WorkbookOf(township));
            var reading = WorkbookReader.Read(file);
            var kept = await reporting.GetReportAsync(new GetReportRequest { Programme = Programme, Township = township, Period = "2026-10" });
            var facts = county.Report(township, Period.Of(2026, 10));

            Assert.Empty(reading.Problems);
            Assert.Equal((name, Period.Of(2026, 9)), (reading.Frame!.Township.Name, reading.Frame.Last!.Period));
            Assert.Equal(Lines(reading.Report!), Lines(kept.Report));
            Assert.Equal(Lines(facts), Lines(kept.Report));
        }

        // Branch by branch in order of their codes: the workbook groups them by kind.
        static IEnumerable<string> Lines(Report report) => report.Branches.OrderBy(b => b.Branch, StringComparer.Ordinal).Select(b => b.ToString())
            .Prepend($"{report.Programme} {report.Township} {report.Period} {report.Narrative} {report.SignOff}");
    }

    [Fact]
    public async Task Each_receipt_lies_beside_its_workbook_and_names_the_record_of_the_log()
    {
        foreach (var (township, _) in county.Townships)
        {
            using var receipt = JsonDocument.Parse(await File.ReadAllTextAsync(demo.WorkbookOf(township) + ".receipt.json"));
            var said = receipt.RootElement;
            Assert.Equal((township, "2026-10", 1, true), (said.GetProperty("township").GetString(), said.GetProperty("period").GetString(), said.GetProperty("version").GetInt32(), said.GetProperty("on_time").GetBoolean()));
        }
        using var last = JsonDocument.Parse(await File.ReadAllTextAsync(demo.WorkbookOf(county.Townships[^1].Code) + ".receipt.json"));
        var (position, hash) = (last.RootElement.GetProperty("position").GetInt64(), last.RootElement.GetProperty("hash").GetString());

        var verified = await HubCommand.RunAsync("verify", "--data", demo.Data, "--head", string.Create(CultureInfo.InvariantCulture, $"{position}:{hash}"));

        Assert.Equal((0, ""), (verified.Code, verified.Error));
        // Nothing half-written stays.
        Assert.Equal(2 * county.Townships.Count, Directory.GetFiles(Path.GetDirectoryName(demo.WorkbookOf("x"))!).Length);
    }

    [Fact]
    public void A_filled_workbook_is_one_that_Excel_opens()
    {
        using var document = SpreadsheetDocument.Open(demo.WorkbookOf(county.Townships[0].Code), isEditable: false);

        Assert.Empty(new OpenXmlValidator().Validate(document).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}"));
    }
}
