using Grpc.Core;
using Hub.EndToEnd.Serving;

namespace Hub.EndToEnd.Importing;

/// <summary>What an import takes, and takes as it stands.</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private TestHub hub = null!;

    public async Task InitializeAsync() => hub = await TestHub.StartWithCountyAsync();

    public async Task DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task A_byte_order_mark_carriage_returns_quotes_and_columns_in_any_order_are_read()
    {
        var files = SmallCounty.Files();
        files["townships.csv"] = "name,note,code\n青禾镇,x,990201100\n云溪乡,\"a\nb\",990201101\n";
        files = files.ToDictionary(f => f.Key, f => "\uFEFF" + Quoted(f.Value).ReplaceLineEndings("\r\n"));

        var imported = await hub.ImportAsync(files);

        Assert.Equal((1, 2, 5, 2), (imported.Programmes, imported.Townships, imported.Branches, imported.Reports));
        Assert.Equal(hub.Server.Store.HeadPosition, imported.Position);
        Assert.Equal(["青禾镇", "云溪乡"], (await hub.SqlAsync("select name from townships where township like '9902%' order by township")).Select(r => r[0]));

        // The first header quoted too: the mark must not become part of it.
        static string Quoted(string csv) => $"\"{csv[..csv.IndexOf(',', StringComparison.Ordinal)]}\"{csv[csv.IndexOf(',', StringComparison.Ordinal)..]}";
    }

    [Fact]
    public async Task Names_that_look_like_something_else_are_stored_as_they_are()
    {
        string[] names = ["=cmd(),1", "<script>alert(1)</script>", "</svg>", "a \"quoted\" name", "'; drop table x --", "+1", "@sum", " 前后有空格 ", "𠮷野家𬭩"];
        var files = SmallCounty.Files();
        files["branches.csv"] += string.Concat(names.Select((n, i) => $"N{i},\"{n.Replace("\"", "\"\"", StringComparison.Ordinal)}\",990201100,village,1,2026-02-01,\n"));

        await hub.ImportAsync(files);

        Assert.Equal(names, (await hub.SqlAsync("select name from branches where branch like 'N%' order by branch")).Select(r => r[0]));
    }

    [Fact]
    public async Task History_may_leave_out_an_active_branch_and_list_an_inactive_one()
    {
        var files = SmallCounty.Files();
        files["states.csv"] = files["states.csv"].Replace($"history-2025,990201100,2025-12,1,H2,{SmallCounty.Met(31)}", $"history-2025,990201100,2025-12,1,H5,{SmallCounty.Met(24)}", StringComparison.Ordinal);

        await hub.ImportAsync(files);

        // H1 complete, H2 left out and so not met, H5 counts for nothing.
        Assert.Equal(["2", "2", "1"], Assert.Single(await hub.SqlAsync("select branches, hardware_base, hardware_complete from township_completion where township = '990201100' and period = '2025-12'")));
    }

    [Fact]
    public async Task The_same_registry_again_keeps_nothing_and_the_same_reports_again_are_refused()
    {
        var files = SmallCounty.Files();
        await hub.ImportAsync(files);
        var head = hub.Server.Store.HeadPosition;
        var registry = files.ToDictionary(f => f.Key, f => f.Key is "states.csv" or "submissions.csv" ? f.Value[..(f.Value.IndexOf('\n', StringComparison.Ordinal) + 1)] : f.Value);

        var again = await hub.ImportAsync(registry);
        var refused = await hub.RefusedAsync(() => hub.ImportAsync(files));

        Assert.Equal((0, 0, 0, 0, head), (again.Programmes, again.Townships, again.Branches, again.Reports, again.Position));
        refused.Is(StatusCode.InvalidArgument, "IMPORT_INVALID");
        Assert.Equal(["submissions.csv:2", "submissions.csv:3"], refused.Violations.Select(v => v.Field).Order(StringComparer.Ordinal));
        Assert.All(refused.Violations, v => Assert.EndsWith("version 1 is kept already", v.Description, StringComparison.Ordinal));
    }
}
