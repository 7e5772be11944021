using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Hub.Agent;
using Hub.Agent.Running;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>A workbook is checked in a process of its own, and nothing that happens to that ends the service.</summary>
public sealed partial class WorkbooksApartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-checks-").FullName;

    // Made from the same source as what is compared with it here.
    private static WorkbooksApart Apart() => new("dotnet", [AgentCommand.Built], TimeSpan.FromMinutes(2));

    private static WorkbooksApart Shell(string script, TimeSpan? patience = null) => new("/bin/sh", ["-c", script], patience ?? TimeSpan.FromMinutes(2));

    [Fact]
    public async Task What_a_process_of_its_own_answers_is_what_the_reader_says()
    {
        await using var office = await EnrolledOffice.StartAsync();
        var filled = await File.ReadAllBytesAsync(await office.SaveAsync());
        var empty = Path.Combine(folder, "empty.xlsx");
        await AgentCommand.TemplateAsync(office.Hub, await office.Hub.TokenAsync(Role.Township, EnrolledOffice.Township), "2026-01", empty);

        foreach (var workbook in new[] { filled, await File.ReadAllBytesAsync(empty), "no workbook at all"u8.ToArray(), [] })
        {
            var here = await new WorkbooksHere().CheckAsync(new MemoryStream(workbook), CancellationToken.None);

            var apart = await Apart().CheckAsync(new MemoryStream(workbook), CancellationToken.None);

            Assert.Equal(here.Report, apart.Report);
            Assert.Equal((here.DueAt, here.ProblemCount), (apart.DueAt, apart.ProblemCount));
            Assert.Equal(here.Problems, apart.Problems);
            Assert.Equal(here.Warnings, apart.Warnings);
        }
        Assert.Equal(4, (await new WorkbooksHere().CheckAsync(new MemoryStream(filled), CancellationToken.None)).Report!.Branches.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_written_in_a_process_of_its_own_is_what_is_written_here(bool hasBranches)
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        using var calls = HubCalls.Open(new Uri($"http://{hub.Server.Grpc}"), await hub.TokenAsync(Role.Township, EnrolledOffice.Township), new Retry(TimeProvider.System, TimeSpan.Zero), TimeProvider.System);
        var answers = await FrameFromHub.AskAsync(calls, TestHub.Programme, Programmes.Period.Parse("2026-01"), EnrolledOffice.Township, CancellationToken.None);
        if (!hasBranches) answers.Branches.Branches.Clear();
        var (here, apart) = (new MemoryStream(), new MemoryStream());

        await new WorkbooksHere().WriteAsync(answers, here, CancellationToken.None);
        await Apart().WriteAsync(answers, apart, CancellationToken.None);

        Assert.Equal(hasBranches, here.Length > 0);
        Assert.Equal(Parts(here), Parts(apart));

        // When it was made and the ids of relationships differ from writing to writing.
        static List<(string, string)> Parts(MemoryStream workbook)
        {
            if (workbook.Length == 0) return [];
            using var archive = new ZipArchive(workbook);
            return [.. archive.Entries.Where(e => e.FullName.StartsWith("xl/", StringComparison.Ordinal) && !e.FullName.EndsWith(".rels", StringComparison.Ordinal)).Select(e =>
            {
                using var part = new StreamReader(e.Open());
                return (e.FullName, RelationshipId().Replace(part.ReadToEnd(), ""));
            })];
        }
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_though_it_is_not_read_to_its_end()
    {
        var problems = (await Apart().CheckAsync(new MemoryStream(new byte[ReadingLimits.FileBytes * 3]), CancellationToken.None)).Problems;

        Assert.Contains("10 MB", Assert.Single(problems).English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'no room left' >&2; exit 3", "the program failed on it (no room left)")]
    [InlineData("kill -9 $$", "the program failed on it (137)")]
    [InlineData("echo something else", "cannot be read")]
    [InlineData("cat > /dev/null", "cannot be read")]
    public async Task A_check_that_fails_says_how(string script, string why)
    {
        var failed = await Assert.ThrowsAsync<WorkFailedException>(() => Shell(script).CheckAsync(new MemoryStream(new byte[1 << 20]), CancellationToken.None));

        Assert.Contains(why, failed.Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_without_end_is_ended_and_its_process_with_it()
    {
        var endless = Endless(out var id, TimeSpan.FromSeconds(5));

        var failed = await Assert.ThrowsAsync<WorkFailedException>(() => endless.CheckAsync(new MemoryStream(new byte[1 << 20]), CancellationToken.None));

        Assert.Contains("it took longer than", failed.Why.English, StringComparison.Ordinal);
        Assert.False(IsAlive(await id()));
    }

    [Fact]
    public async Task A_service_that_is_stopped_waits_for_no_check()
    {
        var endless = Endless(out var id);
        using var stop = new CancellationTokenSource();
        var check = endless.CheckAsync(new MemoryStream(new byte[1 << 20]), stop.Token);
        var process = await id();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
        Assert.False(IsAlive(process));
    }

    [Fact]
    public async Task A_program_that_is_away_is_named()
    {
        var away = Path.Combine(folder, "away");

        var failed = await Assert.ThrowsAsync<WorkFailedException>(() => new WorkbooksApart(away, [], TimeSpan.FromMinutes(2)).CheckAsync(new MemoryStream(), CancellationToken.None));

        Assert.Contains($"{away} does not start", failed.Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_checked_is_told_and_tried_again_after_a_minute_or_when_it_is_saved_again()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var (workbook, tries) = (await office.SaveAsync(), Path.Combine(folder, "tries"));
        int Tries() => File.ReadAllLines(tries).Length;
        using (var agent = office.Agent(Shell($"echo one >> '{tries}'; exit 3")))
        {
            await office.StepAsync(agent, 6);
            Assert.Equal(1, Tries());
            Assert.Contains(Verb.Say("（3）", "(3)"), await File.ReadAllTextAsync(ResultFile.PathOf(workbook)), StringComparison.Ordinal);
            File.SetLastWriteTimeUtc(workbook, File.GetLastWriteTimeUtc(workbook).AddSeconds(1));
            await office.StepAsync(agent, 6);
            Assert.Equal(2, Tries());
            office.Hub.Clock.Timestamp = office.Hub.Clock.GetTimestamp() + 61 * office.Hub.Clock.TimestampFrequency;
            await office.StepAsync(agent, 6);
            Assert.Equal(3, Tries());
        }
        Assert.Empty(office.Outbox.All());

        using (var agent = office.Agent(Apart())) await office.StepAsync(agent);
        Assert.Equal(1, Assert.Single(office.Outbox.All()).Receipt?.Version);
    }

    [Fact]
    public async Task What_fails_slowly_holds_up_nothing_that_is_in_order()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        for (var i = 0; i < 3; i++) await File.WriteAllTextAsync(Path.Combine(office.Folder, $"{i}.xlsx"), "slow");
        await office.SaveAsync();
        using var agent = office.Agent(new SlowToFail(office.Hub.Clock));

        await office.StepAsync(agent, 8);

        Assert.Equal(1, Assert.Single(office.Outbox.All()).Receipt?.Version);
        Assert.Equal(3, office.Outbox.AllWrong().Count);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Takes more than a round may take for what is no workbook, each time.</summary>
    private sealed class SlowToFail(FixedClock clock) : IWorkbooks
    {
        private readonly WorkbooksHere workbooks = new();

        public Task<CheckedReport> CheckAsync(Stream content, CancellationToken cancellation)
        {
            if (content.Length > 4) return workbooks.CheckAsync(content, cancellation);
            clock.Timestamp = clock.GetTimestamp() + 60 * clock.TimestampFrequency;
            throw new WorkFailedException(new("太慢", "too slow"));
        }

        public Task WriteAsync(FrameAnswers answers, Stream output, CancellationToken cancellation) => workbooks.WriteAsync(answers, output, cancellation);
    }

    [GeneratedRegex("\\bR[0-9a-f]{16,}\\b")]
    private static partial Regex RelationshipId();

    /// <param name="id">Of its process, once it has begun.</param>
    private WorkbooksApart Endless(out Func<Task<int>> id, TimeSpan? patience = null)
    {
        var file = Path.Combine(folder, "process");
        id = async () =>
        {
            using var watcher = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!File.Exists(file)) await Task.Delay(20, watcher.Token);
            return int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
        };
        return Shell($"echo $$ > '{file}.part'; mv '{file}.part' '{file}'; exec sleep 600", patience);
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
