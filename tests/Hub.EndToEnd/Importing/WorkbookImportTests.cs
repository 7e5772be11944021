using Hub.EndToEnd.Agent;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Importing;

/// <summary>A folder of filled workbooks as history: what is kept, and that all of it or nothing is.</summary>
public sealed class WorkbookImportTests(LastYearsWorkbooks made) : IClassFixture<LastYearsWorkbooks>
{
    private const string Kept = "select township, period, version, received_at, imported, branches from reports order by township, period, version";

    [Fact]
    public async Task Versions_times_states_words_and_signatures_are_kept()
    {
        await using var hub = await TestHub.StartWithCountyAsync();

        var imported = await LastYearsWorkbooks.ImportAsync(made.Folder(), hub);

        Assert.Equal((0, ""), (imported.Code, imported.Error));
        Assert.StartsWith("imported 0 programmes, 0 townships, 0 branches, 4 reports; log position ", imported.Output, StringComparison.Ordinal);
        Assert.Equal(
        [
            "990101100 2025-12 1 2026-01-02T09:00:00+08:00 true 4", "990101100 2025-12 2 2026-01-08T17:30:00+08:00 true 4",
            "990101100 2026-01 1 2026-02-01T10:00:00+08:00 true 4", "990101101 2026-01 1 2026-02-02T09:59:59+08:00 true 1",
        ], (await hub.SqlAsync(Kept)).Select(row => string.Join(' ', row)));
        Assert.Equal(["not_met", "met"], [await StateAsync(1), await StateAsync(2)]);
        var report = await new ReportingService.ReportingServiceClient(hub.Control).GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Township = "990101100", Period = "2026-01", Version = 1 });
        Assert.Equal(LastYearsWorkbooks.Progress, report.Report.Narrative.Progress);
        Assert.Equal(("组织委员", "2026-01-31", ""), (report.Report.SignOff.PreparedByPost, report.Report.SignOff.PreparedOn, report.Report.SignOff.ApprovedByPost));
        Assert.Equal(["true"], Assert.Single(await hub.SqlAsync($"select progress like '%“两会一课”按期%' from reports where township = '990101100' and period = '2026-01'")));

        async Task<string> StateAsync(int version)
        {
            var kept = await new ReportingService.ReportingServiceClient(hub.Control).GetReportAsync(new GetReportRequest { Programme = TestHub.Programme, Township = "990101100", Period = "2025-12", Version = version });
            // V3.3 is the fifteenth item of a village.
            return kept.Report.Branches.Single(b => b.Branch == "99010110000001").States[14] == ItemState.Met ? "met" : "not_met";
        }
    }

    [Fact]
    public async Task The_registry_may_stand_in_the_folder()
    {
        await using var hub = await TestHub.StartAsync("2026-02-02T10:00:00+08:00");
        var folder = made.Folder();
        Registry(folder);

        var check = await LastYearsWorkbooks.ImportAsync(folder, hub, "--check");
        var imported = await LastYearsWorkbooks.ImportAsync(folder, hub);

        Assert.Equal((0, "in order: 4 workbooks, 1 programmes, 2 townships, 5 branches, 4 reports to import\n", ""), (check.Code, check.Output, check.Error));
        Assert.StartsWith("imported 1 programmes, 2 townships, 5 branches, 4 reports", imported.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_cell_refuses_the_folder_in_one_line_that_names_file_and_place()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var folder = made.Folder();
        FilledWorkbook.Set(Path.Combine(folder, LastYearsWorkbooks.Other), "村党支部", "C4", "已建");
        FilledWorkbook.Set(Path.Combine(folder, LastYearsWorkbooks.Other), "村党支部", "D4", "");
        var before = hub.Server.Store.HeadPosition;

        var refused = await LastYearsWorkbooks.ImportAsync(folder, hub);

        refused.FailedWith(1, $"{LastYearsWorkbooks.Other} 村党支部!C4, 01号党支部 (99010110100001), item V1.1: “已建” is not 达标");
        Assert.EndsWith(" (and 1 more); nothing was imported, --check lists every problem\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, hub.Server.Store.HeadPosition);
    }

    [Fact]
    public async Task What_the_hub_refuses_is_told_by_workbook_and_its_line()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var folder = made.Folder();
        Assert.Equal(0, (await LastYearsWorkbooks.ImportAsync(folder, hub)).Code);
        var before = hub.Server.Store.HeadPosition;

        var again = await LastYearsWorkbooks.ImportAsync(folder, hub);

        again.FailedWith(1, $"({LastYearsWorkbooks.First}): version 1 is kept already (and 3 more); nothing was imported, --check lists every problem");
        Assert.StartsWith("submissions.csv line 2 (", again.Error, StringComparison.Ordinal);
        Assert.Equal(before, hub.Server.Store.HeadPosition);
    }

    private static void Registry(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "programmes.csv"), "id,template,launch_year,area\ncounty-2025,party-branch,2025,990101\n");
        File.WriteAllText(Path.Combine(folder, "townships.csv"), "code,name\n990101100,青禾镇\n990101101,云溪乡\n");
        string[] kinds = ["village", "agency", "community", "enterprise"];
        File.WriteAllText(Path.Combine(folder, "branches.csv"), "code,name,township,kind,star,active_from,active_to\n"
            + string.Concat(kinds.Select((kind, i) => $"9901011000000{i + 1},0{i + 1}号党支部,990101100,{kind},3,2020-01-01,\n")) + "99010110100001,01号党支部,990101101,village,3,2020-01-01,\n");
    }
}
