using Hub.Agent.Running;
using Hub.Agent.Verbs;
using Hub.Agent.Workbooks.Reading;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>A workbook is checked in a process of its own, and nothing that happens to that ends the service.</summary>
public sealed class CheckProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-checks-").FullName;

    private static CheckProcess Apart(TimeSpan? patience = null) => new("dotnet", [AgentCommand.Executable, CheckApartVerb.Name], patience ?? TimeSpan.FromMinutes(2));

    private static CheckProcess Shell(string script, TimeSpan? patience = null) => new("/bin/sh", ["-c", script], patience ?? TimeSpan.FromMinutes(2));

    [Fact]
    public async Task What_a_process_of_its_own_answers_is_what_the_reader_says()
    {
        await using var office = await EnrolledOffice.StartAsync();
        var filled = await File.ReadAllBytesAsync(await office.SaveAsync());
        var empty = Path.Combine(folder, "empty.xlsx");
        await AgentCommand.TemplateAsync(office.Hub, await office.Hub.TokenAsync(Role.Township, EnrolledOffice.Township), "2026-01", empty);

        foreach (var workbook in new[] { filled, await File.ReadAllBytesAsync(empty), "no workbook at all"u8.ToArray(), [] })
        {
            var here = await CheckedReport.OfWorkbookAsync(new MemoryStream(workbook), CancellationToken.None);

            var apart = await Apart().CheckAsync(new MemoryStream(workbook), CancellationToken.None);

            Assert.Equal(here.Report, apart.Report);
            Assert.Equal((here.DueAt, here.ProblemCount), (apart.DueAt, apart.ProblemCount));
            Assert.Equal(here.Problems, apart.Problems);
            Assert.Equal(here.Warnings, apart.Warnings);
        }
        Assert.Equal(4, (await CheckedReport.OfWorkbookAsync(new MemoryStream(filled), CancellationToken.None)).Report!.Branches.Count);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_though_it_is_not_read_to_its_end()
    {
        var problems = (await Apart().CheckAsync(new MemoryStream(new byte[ReadingLimits.FileBytes * 3]), CancellationToken.None)).Problems;

        Assert.Contains("10 MB", Assert.Single(problems).English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'no room left' >&2; exit 3", "the check failed (no room left)")]
    [InlineData("kill -9 $$", "the check failed (137)")]
    [InlineData("echo something else", "cannot be read")]
    [InlineData("cat > /dev/null", "cannot be read")]
    public async Task A_check_that_fails_says_how(string script, string why)
    {
        var failed = await Assert.ThrowsAsync<CheckFailedException>(() => Shell(script).CheckAsync(new MemoryStream(new byte[1 << 20]), CancellationToken.None));

        Assert.Contains(why, failed.Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_without_end_is_ended()
    {
        var failed = await Assert.ThrowsAsync<CheckFailedException>(
            () => Shell("exec sleep 600", TimeSpan.FromMilliseconds(200)).CheckAsync(new MemoryStream(), CancellationToken.None));

        Assert.Contains("did not end within", failed.Why.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stopped_together_with_the_service_and_a_program_that_is_away_are_tried_again()
    {
        await Assert.ThrowsAsync<IOException>(() => Shell("kill -TERM $$").CheckAsync(new MemoryStream(), CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => new CheckProcess(Path.Combine(folder, "away"), [], TimeSpan.FromMinutes(2)).CheckAsync(new MemoryStream(), CancellationToken.None));
    }

    [Fact]
    public async Task After_a_check_that_failed_the_clerk_is_told_the_service_goes_on_and_a_new_start_checks_again()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var workbook = await office.SaveAsync();
        using (var agent = office.Agent(Shell("exit 3").CheckAsync)) await office.StepAsync(agent);

        Assert.Contains("(3)", await File.ReadAllTextAsync(ResultFile.PathOf(workbook)), StringComparison.Ordinal);
        Assert.Empty(office.Outbox.All());

        using (var agent = office.Agent(Apart().CheckAsync)) await office.StepAsync(agent);
        Assert.Equal(1, Assert.Single(office.Outbox.All()).Receipt?.Version);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
