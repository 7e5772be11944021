using Grpc.Core;
using Hub.EndToEnd.Agent;
using Hub.EndToEnd.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Importing;

/// <summary><c>hub import --check</c>: everything that is wrong with a folder, and nothing changed.</summary>
public sealed class ImportCheckTests(LastYearsWorkbooks made) : IClassFixture<LastYearsWorkbooks>
{
    [Fact]
    public async Task Every_problem_of_a_workbook_folder_is_listed_by_file_and_nothing_is_kept()
    {
        const string lines = $"""
            file,version,received_at
            {LastYearsWorkbooks.First},1,2026-01-02 09:00
            {LastYearsWorkbooks.Corrected},3,2026-01-08T17:30:00+08:00
            {LastYearsWorkbooks.Second},1,2026-02-01T10:00:00+08:00
            {LastYearsWorkbooks.Second},2,2026-02-02T10:00:00+08:00
            ../{LastYearsWorkbooks.Other},1,2026-02-02T09:00:00+08:00
            没有的.xlsx,1,2026-02-02T09:00:00+08:00
            坏的.xlsx,1,2026-02-02T09:00:00+08:00

            """;
        await using var hub = await TestHub.StartWithCountyAsync();
        var folder = made.Folder(lines);
        FilledWorkbook.Set(Path.Combine(folder, LastYearsWorkbooks.Second), "村党支部", "C4", "已建");
        FilledWorkbook.Set(Path.Combine(folder, LastYearsWorkbooks.Second), "机关党支部", "C4", "");
        await File.WriteAllTextAsync(Path.Combine(folder, "坏的.xlsx"), "not a workbook");
        await File.WriteAllTextAsync(Path.Combine(folder, "~$坏的.xlsx"), "what a spreadsheet program leaves behind");
        await File.WriteAllTextAsync(Path.Combine(folder, "states.csv"), "");
        var before = hub.Server.Store.HeadPosition;

        var check = await LastYearsWorkbooks.ImportAsync(folder, hub, "--check");

        Assert.Equal(
        [
            "states.csv: the workbooks give the states; it does not belong beside them",
            $"submissions.csv line 2 ({LastYearsWorkbooks.First}): received_at must be ISO 8601 with an offset, such as 2025-01-02T12:55:05+08:00",
            $"submissions.csv line 3 ({LastYearsWorkbooks.Corrected}): version 1 is missing before it",
            $"submissions.csv line 5: {LastYearsWorkbooks.Second} stands twice, first on line 4",
            $"submissions.csv line 6: the folder has no workbook named “../{LastYearsWorkbooks.Other}”",
            "submissions.csv line 7: the folder has no workbook named “没有的.xlsx”",
            $"{LastYearsWorkbooks.Other}: submissions.csv has no line for it",
            "坏的.xlsx: not an Excel workbook (.xlsx)",
            $"{LastYearsWorkbooks.Second} 村党支部!C4, 01号党支部 (99010110000001), item V1.1: “已建” is not 达标 (met), 未达标 (not met) or 不适用 (not applicable)",
            $"{LastYearsWorkbooks.Second} 机关党支部!C4, 02号党支部 (99010110000002), item A1.1: no state is given",
        ], check.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal((1, "5 workbooks, 10 problems in 5 files: correct them and check again\n"), (check.Code, check.Error));
        Assert.Equal(before, hub.Server.Store.HeadPosition);
    }

    [Fact]
    public async Task What_only_the_hub_knows_is_told_by_sheet_and_cell()
    {
        await using var hub = await TestHub.StartAsync("2026-02-02T10:00:00+08:00");
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        await programmes.DefineProgrammeAsync(new DefineProgrammeRequest { Programme = TestHub.Programme, Template = "party-branch", LaunchYear = 2025, Area = "990101" });
        await programmes.ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Townships = { new Township { Code = "990101100", Name = "青禾镇" } },
            Branches = { TestHub.Branch("99010110000001", "990101100", "village"), TestHub.Branch("99010110000003", "990101100", "community"), TestHub.Branch("99010110000004", "990101100", "enterprise") },
        });

        var check = await LastYearsWorkbooks.ImportAsync(made.Folder(), hub, "--check");

        var unknown = new[] { LastYearsWorkbooks.First, LastYearsWorkbooks.Corrected, LastYearsWorkbooks.Second }.Order(StringComparer.Ordinal).Select(file => $"{file} 机关党支部!A4: branch “99010110000002” is not registered");
        Assert.Equal([$"submissions.csv line 5 ({LastYearsWorkbooks.Other}): township “990101101” is not registered", .. unknown], check.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal((1, "4 workbooks, 4 problems in 4 files: correct them and check again\n"), (check.Code, check.Error));
    }

    [Fact]
    public async Task A_sound_folder_is_counted_and_stays_to_be_imported()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var folder = made.Folder();
        var before = hub.Server.Store.HeadPosition;

        var check = await LastYearsWorkbooks.ImportAsync(folder, hub, "--check");

        Assert.Equal((0, "in order: 4 workbooks, 0 programmes, 0 townships, 0 branches, 4 reports to import\n", ""), (check.Code, check.Output, check.Error));
        Assert.Equal(before, hub.Server.Store.HeadPosition);
        Assert.Equal(0, (await LastYearsWorkbooks.ImportAsync(folder, hub)).Code);
    }

    [Fact]
    public async Task A_county_folder_is_checked_against_a_hub_that_is_not_there_yet_without_making_it()
    {
        var root = Directory.CreateTempSubdirectory("hub-check-").FullName;
        try
        {
            var (folder, data) = (Directory.CreateDirectory(Path.Combine(root, "county")).FullName, Path.Combine(root, "data"));
            foreach (var (name, content) in SmallCounty.Files()) await File.WriteAllTextAsync(Path.Combine(folder, name), content);
            // Beside a whole county folder a workbook is a stranger.
            await File.WriteAllTextAsync(Path.Combine(folder, "note.xlsx"), "");

            var sound = await HubCommand.RunAsync("import", folder, "--data", data, "--check");
            await File.AppendAllTextAsync(Path.Combine(folder, "townships.csv"), string.Concat(Enumerable.Repeat("X,某某镇\n", 1000)));
            var wrong = await HubCommand.RunAsync("import", folder, "--data", data, "--check");

            Assert.Equal((0, "in order: 1 programmes, 2 townships, 5 branches, 2 reports to import\n", ""), (sound.Code, sound.Output, sound.Error));
            Assert.Equal((1, "1000 problems in 1 files: correct them and check again\n"), (wrong.Code, wrong.Error));
            Assert.Equal(1000, wrong.Output.TrimEnd('\n').Split('\n').Length);
            Assert.EndsWith("townships.csv line 1003: township code “X” is not 9 digits\n", wrong.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(data));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_single_part_that_says_so_keeps_the_hub_from_taking_the_folder()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var before = hub.Server.Store.HeadPosition;
        using var call = new AdministrationService.AdministrationServiceClient(hub.Control).ImportHistory(new Metadata { { "accept-language", "en" } });
        foreach (var (name, content) in SmallCounty.Files())
            await call.RequestStream.WriteAsync(new ImportHistoryRequest { File = name, Content = Google.Protobuf.ByteString.CopyFromUtf8(content), ValidateOnly = name == "branches.csv" });
        await call.RequestStream.CompleteAsync();

        var checkedOnly = await call;

        Assert.Equal((1, 2, 5, 2, before, 0), (checkedOnly.Programmes, checkedOnly.Townships, checkedOnly.Branches, checkedOnly.Reports, checkedOnly.Position, checkedOnly.ProblemCount));
        Assert.Equal(before, hub.Server.Store.HeadPosition);
    }
}
