using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Import;

public sealed record ProgrammeRow(int Line, string Id, string Template, string LaunchYear, string Area);
public sealed record TownshipRow(int Line, string Code, string Name);
public sealed record BranchRow(int Line, string Code, string Name, string Township, string Kind, string Star, string ActiveFrom, string ActiveTo);
public sealed record StatesRow(int Line, string Programme, string Township, string Period, string Version, string Branch, string States);

public sealed record SubmissionRow(int Line, string Programme, string Township, string Period, string Version, string ReceivedAt)
{
    /// <summary>Null where the row has nothing of it; so is <see cref="SignOff"/>.</summary>
    public Narrative? Narrative { get; init; }

    public SignOff? SignOff { get; init; }
}

/// <summary>The five CSV files of a county as they stand, nothing judged yet.</summary>
public sealed record CountyFolder(
    IReadOnlyList<ProgrammeRow> Programmes, IReadOnlyList<TownshipRow> Townships, IReadOnlyList<BranchRow> Branches,
    IReadOnlyList<SubmissionRow> Submissions, IReadOnlyList<StatesRow> States)
{
    /// <summary>Columns by file. One that ends in ? may be absent.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Columns = new OrderedDictionary<string, IReadOnlyList<string>>
    {
        ["programmes.csv"] = ["id", "template", "launch_year", "area?"],
        ["townships.csv"] = ["code", "name"],
        ["branches.csv"] = ["code", "name", "township", "kind", "star", "active_from", "active_to"],
        ["submissions.csv"] =
        [
            "programme", "township", "period", "version", "received_at", "progress?", "problems?", "next_steps?", "matters_to_coordinate?", "good_practices?",
            "prepared_by_post?", "prepared_on?", "approved_by_post?", "approved_on?",
        ],
        ["states.csv"] = ["programme", "township", "period", "version", "branch", "states"],
    };

    public static readonly IReadOnlyList<string> Files = [.. Columns.Keys];

    /// <param name="files">Contents by file name.</param>
    public static Outcome<CountyFolder> Read(IReadOnlyDictionary<string, Stream> files)
    {
        var problems = new ImportProblems();
        var folder = Read(files, problems);
        return problems.ToRefusal() is { } refusal ? refusal : folder;
    }

    /// <summary>What can be read of it: where there are <paramref name="problems"/>, rows are missing.</summary>
    public static CountyFolder Read(IReadOnlyDictionary<string, Stream> files, ImportProblems problems)
    {
        return new CountyFolder(
            Rows("programmes.csv", (line, f) => new ProgrammeRow(line, f[0], f[1], f[2], f[3])),
            Rows("townships.csv", (line, f) => new TownshipRow(line, f[0], f[1])),
            Rows("branches.csv", (line, f) => new BranchRow(line, f[0], f[1], f[2], f[3], f[4], f[5], f[6])),
            Rows("submissions.csv", ToSubmission),
            Rows("states.csv", (line, f) => new StatesRow(line, f[0], f[1], f[2], f[3], f[4], f[5])));

        List<T> Rows<T>(string file, Func<int, string[], T> make)
        {
            if (files.TryGetValue(file, out var content)) return CsvRows.Read(file, content, Columns[file], make, problems);
            problems.Add(file, 1, "缺少该文件", "the file is missing");
            return [];
        }
    }

    private static SubmissionRow ToSubmission(int line, string[] f) => new(line, f[0], f[1], f[2], f[3], f[4])
    {
        Narrative = IsEmpty(f[5..10]) ? null : new() { Progress = f[5], Problems = f[6], NextSteps = f[7], MattersToCoordinate = f[8], GoodPractices = f[9] },
        SignOff = IsEmpty(f[10..14]) ? null : new() { PreparedByPost = f[10], PreparedOn = f[11], ApprovedByPost = f[12], ApprovedOn = f[13] },
    };

    private static bool IsEmpty(string[] cells) => Array.TrueForAll(cells, cell => cell.Length == 0);
}
