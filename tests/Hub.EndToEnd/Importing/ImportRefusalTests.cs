using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Importing;

/// <summary>A small county folder that a test damages in one place.</summary>
internal static class SmallCounty
{
    public static Dictionary<string, string> Files() => new()
    {
        ["programmes.csv"] = "id,template,launch_year,area\nhistory-2025,party-branch,2025,990201\n",
        ["townships.csv"] = "code,name\n990201100,青禾镇\n990201101,云溪乡\n",
        ["branches.csv"] = """
            code,name,township,kind,star,active_from,active_to
            H1,第一村党支部,990201100,village,3,2020-01-01,
            H2,机关党支部,990201100,agency,3,2020-01-01,
            H3,云溪村党支部,990201101,village,3,2020-01-01,
            H4,离退休党支部,990201100,veteran,0,2020-01-01,
            H5,撤销的党支部,990201100,village,3,2020-01-01,2025-06-30

            """.ReplaceLineEndings("\n"),
        ["submissions.csv"] = """
            programme,township,period,version,received_at
            history-2025,990201100,2025-12,1,2026-01-02T09:00:00+08:00
            history-2025,990201101,2025-12,1,2026-01-03T09:00:00+08:00

            """.ReplaceLineEndings("\n"),
        ["states.csv"] = $"""
            programme,township,period,version,branch,states
            history-2025,990201100,2025-12,1,H1,{Met(24)}
            history-2025,990201100,2025-12,1,H2,{Met(31)}
            history-2025,990201101,2025-12,1,H3,{Met(24)}

            """.ReplaceLineEndings("\n"),
    };

    public static string Met(int items) => new('1', items);
}

/// <summary>Everything for which a county folder is refused: as a whole, naming file and line, keeping nothing.</summary>
public sealed class ImportRefusalTests(RefusingHub shared) : IClassFixture<RefusingHub>
{
    private sealed record Fault(string At, string English, Action<Dictionary<string, string>> Make);

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["missing file"] = new("branches.csv:1", "file is missing", f => f.Remove("branches.csv")),
        ["empty file"] = new("states.csv:1", "header row is missing", f => f["states.csv"] = ""),
        ["missing column"] = new("townships.csv:1", "column name is missing", f => f["townships.csv"] = "code,title\n990201100,青禾镇\n"),
        ["column twice"] = new("townships.csv:1", "column code stands twice", f => f["townships.csv"] = "code,name,code\n"),
        ["a cell too many"] = new("townships.csv:3", "3 columns, the header has 2", Replace("townships.csv", "990201101,云溪乡", "990201101,云溪乡,")),
        ["unclosed quote"] = new("townships.csv:3", "quotation marks do not pair", Replace("townships.csv", "云溪乡\n", "\"云溪乡")),
        ["unclosed quote in the middle"] = new("branches.csv:2", "quotation marks do not pair", Replace("branches.csv", "第一村", "\"第一村")),
        ["quote inside a cell"] = new("townships.csv:2", "quotation marks do not pair", Replace("townships.csv", "青禾镇", "青\"禾镇")),
        ["endless cell"] = new("townships.csv:2", "too long", Replace("townships.csv", "青禾镇", new string('镇', 5000))),
        ["unknown template"] = new("programmes.csv:2", "no template “party-cell”", Replace("programmes.csv", "party-branch", "party-cell")),
        ["programme twice"] = new("programmes.csv:3", "listed twice", f => f["programmes.csv"] += "history-2025,party-branch,2025,990201\n"),
        ["areas overlap in the folder"] = new("programmes.csv:3", "areas overlap", f => f["programmes.csv"] += "other-2025,party-branch,2025,9902\n"),
        ["area overlaps the hub's"] = new("programmes.csv:2", "county-2025 has the same template", Replace("programmes.csv", "990201", "9901")),
        ["programme differs from the log"] = new("programmes.csv:3", "cannot change", f => f["programmes.csv"] += "county-2025,party-branch,2026,990101\n"),
        ["bad programme id"] = new("programmes.csv:2", "lower-case letters", Replace("programmes.csv", "history-2025", "History 2025")),
        ["bad launch year"] = new("programmes.csv:2", "not a number", Replace("programmes.csv", ",2025,", ",MMXXV,")),
        ["bad area"] = new("programmes.csv:2", "2, 4, 6 or 9 digits", Replace("programmes.csv", "990201", "99020")),
        ["unknown programme"] = new("submissions.csv:2", "no programme “history-1999”", Replace("submissions.csv", "history-2025,990201100", "history-1999,990201100")),
        ["unknown township of a report"] = new("submissions.csv:2", "township “990201199” is not registered", Replace("submissions.csv", "990201100", "990201199")),
        ["unknown township of a branch"] = new("branches.csv:4", "township 990201199 is not registered", Replace("branches.csv", "990201101", "990201199")),
        ["bad township code"] = new("townships.csv:3", "not 9 digits", Replace("townships.csv", "990201101", "99020110X")),
        ["township twice"] = new("townships.csv:4", "listed twice", f => f["townships.csv"] += "990201100,青禾镇\n"),
        ["township without name"] = new("townships.csv:2", "has no name", Replace("townships.csv", "青禾镇", "")),
        ["township differs from the log"] = new("townships.csv:4", "under another name", f => f["townships.csv"] += "990101100,别名镇\n"),
        ["township outside the area"] = new("submissions.csv:4", "outside the programme's area 990201", f => f["submissions.csv"] += "history-2025,990101100,2025-12,1,2026-01-02T09:00:00+08:00\n"),
        ["line break in a name"] = new("townships.csv:2", "control character U+000A", Replace("townships.csv", "青禾镇", "\"青禾\n镇\"")),
        ["name too long"] = new("branches.csv:3", "at most 60", Replace("branches.csv", "机关党支部", new string('机', 61))),
        ["unknown branch"] = new("states.csv:2", "branch “H9” is not registered", Replace("states.csv", "H1", "H9")),
        ["branch listed twice"] = new("branches.csv:7", "listed twice", f => f["branches.csv"] += "H1,第一村党支部,990201100,village,3,2020-01-01,\n"),
        ["branch differs from the log"] = new("branches.csv:7", "differs from the registered one", f => f["branches.csv"] += "99010110000001,01号党支部,990101100,village,5,2020-01-01,\n"),
        ["branch of another kind in the log"] = new("branches.csv:7", "cannot change", f => f["branches.csv"] += "99010110000001,01号党支部,990101100,agency,3,2020-01-01,\n"),
        ["unknown kind"] = new("branches.csv:2", "no kind “hamlet”", Replace("branches.csv", "village", "hamlet")),
        ["bad star"] = new("branches.csv:2", "star 6 is not 0 to 5", Replace("branches.csv", "village,3", "village,6")),
        ["star in words"] = new("branches.csv:2", "star “three” is not a number", Replace("branches.csv", "village,3", "village,three")),
        ["bad active_from"] = new("branches.csv:2", "active_from is not a date", Replace("branches.csv", "2020-01-01,\nH2", "2020/01/01,\nH2")),
        ["closed before it opened"] = new("branches.csv:6", "active_to is not a date", Replace("branches.csv", "2025-06-30", "2019-06-30")),
        ["states of another township's branch"] = new("states.csv:2", "belongs to township 990201101", Replace("states.csv", $"H1,{SmallCounty.Met(24)}", $"H3,{SmallCounty.Met(24)}")),
        ["states of a branch without standard"] = new("states.csv:5", "kind veteran has no standard", f => f["states.csv"] += "history-2025,990201100,2025-12,1,H4,1\n"),
        ["states of a branch twice"] = new("states.csv:5", "listed twice", f => f["states.csv"] += $"history-2025,990201100,2025-12,1,H1,{SmallCounty.Met(24)}\n"),
        ["states without a submission"] = new("states.csv:5", "no such report", f => f["states.csv"] += $"history-2025,990201100,2026-01,1,H1,{SmallCounty.Met(24)}\n"),
        ["wrong number of states"] = new("states.csv:3", "30 states, the kind agency has 31 items", Replace("states.csv", SmallCounty.Met(31), SmallCounty.Met(30))),
        ["unknown state"] = new("states.csv:2", "only 1, 0 and -", Replace("states.csv", $"H1,{SmallCounty.Met(24)}", $"H1,{SmallCounty.Met(23)}2")),
        ["not applicable without condition"] = new("states.csv:2", "item V1.1 (", Replace("states.csv", $"H1,{SmallCounty.Met(24)}", $"H1,-{SmallCounty.Met(23)}")),
        ["only some of A2.1 to A2.6"] = new("states.csv:3", "only together with all of A2.1 A2.2 A2.3 A2.4 A2.5 A2.6", Replace("states.csv", SmallCounty.Met(31), $"1111-----{SmallCounty.Met(22)}")),
        ["gap in versions"] = new("submissions.csv:4", "version 2 is missing", f => f["submissions.csv"] += "history-2025,990201100,2025-12,3,2026-01-05T09:00:00+08:00\n"),
        ["version twice"] = new("submissions.csv:4", "twice", f => f["submissions.csv"] += "history-2025,990201100,2025-12,1,2026-01-05T09:00:00+08:00\n"),
        ["version zero"] = new("submissions.csv:2", "version “0”", Replace("submissions.csv", "2025-12,1", "2025-12,0")),
        ["before the launch"] = new("submissions.csv:2", "before the first period 2025-12", Replace("submissions.csv", "990201100,2025-12", "990201100,2025-11")),
        ["not ended"] = new("submissions.csv:2", "2026-02 has not ended", Replace("submissions.csv", "990201100,2025-12", "990201100,2026-02")),
        ["no month"] = new("submissions.csv:2", "not a month", Replace("submissions.csv", "990201100,2025-12", "990201100,2025-13")),
        ["time without offset"] = new("submissions.csv:3", "with an offset", Replace("submissions.csv", "2026-01-03T09:00:00+08:00", "2026-01-03T09:00:00")),
        ["time of another form"] = new("submissions.csv:3", "with an offset", Replace("submissions.csv", "2026-01-03T09:00:00+08:00", "01/03/2026T09:00:00+08:00")),
        ["time in the future"] = new("submissions.csv:3", "in the future", Replace("submissions.csv", "2026-01-03T09:00:00+08:00", "2026-02-02T10:00:01+08:00")),
        ["written part too long"] = new("submissions.csv:3", "narrative.progress: too long", Written("progress", new string('字', 2001))),
        ["signed on no day"] = new("submissions.csv:3", "sign_off.approved_on is not a date", Written("approved_on", "2026/01/03")),
        ["fault after a cell with line breaks"] = new("townships.csv:6", "not 9 digits", f => f["townships.csv"] = "note,code,name\n\"a\nb\nc\",990201100,青禾镇\n,990201101,云溪乡\n,X,云溪乡\n"),
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_folder_with_a_fault_is_refused_by_file_and_line(string name)
    {
        var fault = Faults[name];
        var files = SmallCounty.Files();
        fault.Make(files);

        var refused = await shared.Hub.RefusedAsync(() => shared.Hub.ImportAsync(files));

        refused.Is(StatusCode.InvalidArgument, "IMPORT_INVALID");
        var first = refused.Violations[0];
        Assert.Equal((fault.At, "IMPORT_INVALID"), (first.Field, first.Reason));
        Assert.Contains(fault.English, first.Description, StringComparison.Ordinal);
        Assert.StartsWith(fault.At.Replace(":", " line ", StringComparison.Ordinal), first.Description, StringComparison.Ordinal);
        Assert.Equal(["1", "2", "8", "0"], Assert.Single(await shared.Hub.SqlAsync("select (select count(*) from programmes), (select count(*) from townships), (select count(*) from branches), (select count(*) from reports)")));
    }

    [Fact]
    public async Task A_file_of_another_encoding_is_refused_by_the_line_that_shows_it()
    {
        var gbk = "code,name\n"u8.ToArray().Concat(Enumerable.Range(0, 3000).SelectMany(i => Encoding.UTF8.GetBytes($"9902{i:D5},乡\n"))).Concat(new byte[] { (byte)'x', (byte)',', 0xC7, 0xE0, (byte)'\n' }).ToArray();

        var refused = await shared.Hub.RefusedAsync(() => SendAsync("townships.csv", gbk));

        refused.Is(StatusCode.InvalidArgument, "IMPORT_INVALID");
        Assert.Contains(refused.Violations, v => v.Field == "townships.csv:3002" && v.Description.EndsWith("not UTF-8: save it as UTF-8", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_none_of_the_five_is_refused()
    {
        var refused = await shared.Hub.RefusedAsync(() => SendAsync("../log.duckdb", [1]));

        refused.Is(StatusCode.InvalidArgument, "IMPORT_INVALID");
        Assert.Equal("file", Assert.Single(refused.Violations).Field);
    }

    [Fact]
    public async Task A_thousand_faults_give_at_most_forty_violations()
    {
        var files = SmallCounty.Files();
        files["townships.csv"] = "code,name\n" + string.Concat(Enumerable.Repeat("X,某某镇\n", 1000));

        var refused = await shared.Hub.RefusedAsync(() => shared.Hub.ImportAsync(files));

        Assert.InRange(refused.Violations.Count, 10, 40);
        Assert.Contains("(and 39 more)", refused.Message, StringComparison.Ordinal);
    }

    private static Action<Dictionary<string, string>> Replace(string file, string before, string after) => files =>
    {
        var at = files[file].IndexOf(before, StringComparison.Ordinal);
        Assert.NotEqual(-1, at);
        files[file] = files[file].Remove(at, before.Length).Insert(at, after);
    };

    private static Action<Dictionary<string, string>> Written(string column, string text) => files =>
    {
        var lines = files["submissions.csv"].TrimEnd('\n').Split('\n');
        files["submissions.csv"] = $"{lines[0]},{column}\n{lines[1]},\n{lines[2]},{text}\n";
    };

    private async Task<ImportHistoryResponse> SendAsync(string file, byte[] content)
    {
        using var call = new AdministrationService.AdministrationServiceClient(shared.Hub.Control).ImportHistory(new Metadata { { "accept-language", "en" } });
        await call.RequestStream.WriteAsync(new ImportHistoryRequest { File = file, Content = ByteString.CopyFrom(content) });
        await call.RequestStream.CompleteAsync();
        return await call;
    }
}
