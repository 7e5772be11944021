using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>A folder of filled workbooks with a <c>submissions.csv</c> that gives version and time, turned into the files of a county folder: the hub's
/// one import stays the only judge. Its answers are told by workbook, sheet and cell.</summary>
internal sealed class WorkbookFolder : IDisposable
{
    private const int MaxWorkbooks = 10_000;
    // As much as the hub takes at once.
    private const long MaxBytes = 1L << 30;

    private readonly string folder;
    private readonly WorkbookRows rows = new();
    private (string File, WorkbookReading Reading)? lastAsked;

    private WorkbookFolder(string folder) => this.folder = folder;

    /// <summary>What was found before the hub was asked.</summary>
    public FolderProblems Problems { get; } = new();

    public int Workbooks { get; private set; }

    /// <summary>Its <c>submissions.csv</c> speaks of workbooks, or there are some and no <c>states.csv</c>.</summary>
    public static bool IsOne(string folder) =>
        SubmissionLines.SpeakOfWorkbooks(folder) || (NamesIn(folder).Any() && !File.Exists(Path.Combine(folder, WorkbookRows.StatesFile)));

    /// <summary>Reads every workbook.</summary>
    /// <exception cref="CommandFailedException">There are too many, or too much is in them.</exception>
    public static WorkbookFolder Read(string folder, CancellationToken cancellation)
    {
        var names = NamesIn(folder).Take(MaxWorkbooks + 1).Order(StringComparer.Ordinal).ToList();
        if (names.Count > MaxWorkbooks) throw TooMuch();
        var read = new WorkbookFolder(folder) { Workbooks = names.Count };
        try
        {
            read.ReadAll(names, cancellation);
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>The files of a county folder. A registry file that is not there has no rows: the hub knows the county already.</summary>
    public IEnumerable<(string Name, Stream Content)> Files()
    {
        foreach (var file in HistorySender.FilesIn(folder).Where(file => IsRegistry(file.Name))) yield return file;
        foreach (var name in CountyFolder.Files.Where(name => IsRegistry(name) && !File.Exists(Path.Combine(folder, name))))
        {
            using var blank = new SpooledCsv(name);
            yield return (name, blank.Read());
        }
        foreach (var file in rows.Files()) yield return file;
    }

    /// <summary>Where a line of the files above comes from: the file to correct, its line where it has lines, and the place in words.</summary>
    public (string File, int Line, Text Place) PlaceOf(string file, int line)
    {
        if (file == WorkbookRows.SubmissionsFile && rows.SubmissionAt(line) is { } submission)
        {
            var (place, name) = (ImportProblem.PlaceOf(file, submission.Line), FolderProblems.Shown(submission.File));
            return (file, submission.Line, new($"{place.Chinese}（{name}）", $"{place.English} ({name})"));
        }
        if (file != WorkbookRows.StatesFile || rows.BranchAt(line) is not var (workbook, branch)) return (file, line, ImportProblem.PlaceOf(file, line));
        var cell = CellOf(workbook, branch);
        return (workbook, 0, new(cell, cell));
    }

    public void Dispose() => rows.Dispose();

    private static bool IsRegistry(string file) => file is not (WorkbookRows.SubmissionsFile or WorkbookRows.StatesFile);

    private static IEnumerable<string> NamesIn(string folder) => Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(WorkbookFileName.IsOne);

    private void ReadAll(List<string> names, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(folder, WorkbookRows.StatesFile))) Problems.Add(WorkbookRows.StatesFile, "达标情况由工作簿给出，文件夹中不应再有此文件", "the workbooks give the states; it does not belong beside them");
        var lines = SubmissionLines.Read(folder, names, Problems);
        // In the order of the lines: what the hub refuses first is then the first of them.
        names = [.. names.OrderBy(name => lines.GetValueOrDefault(name)?.Line ?? int.MaxValue)];
        var show = !Console.IsErrorRedirected;
        for (var i = 0; i < names.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (show) Console.Error.Write($"\r{Verb.Say("工作簿", "workbooks")} {i + 1}/{names.Count}");
            var reading = Read(names[i]);
            foreach (var problem in reading.Problems) Problems.Add(names[i], 0, Told(names[i], problem));
            Problems.AddUnlisted(reading.ProblemCount - reading.Problems.Count);
            if (reading.Frame is { } frame && lines.GetValueOrDefault(names[i]) is { } line) rows.Add(line, frame, reading.Report);
            if (rows.Bytes > MaxBytes) throw TooMuch();
        }
        if (show && names.Count > 0) Console.Error.WriteLine();
    }

    // Read again rather than kept: such answers are seldom, and places of all branches of all workbooks would fill the memory.
    private string CellOf(string workbook, int branch)
    {
        if (lastAsked?.File != workbook) lastAsked = (workbook, Read(workbook));
        return $"{FolderProblems.Shown(workbook)} {lastAsked.Value.Reading.At($"report.branches[{branch}].branch", new("", "")).In(Language.Chinese)}".TrimEnd();
    }

    private WorkbookReading Read(string name)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return WorkbookReader.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, null, [Problem.OfFile(new($"无法打开：{e.Message}", $"cannot be opened: {e.Message}"))], 1);
        }
    }

    private static CommandFailedException TooMuch() => new(new(
        $"工作簿超过 {MaxWorkbooks} 个，或内容超过 {MaxBytes >> 30} GiB，请分次导入", $"more than {MaxWorkbooks} workbooks, or more than {MaxBytes >> 30} GiB in them; import them in parts"));

    private static Text Told(string workbook, Problem problem)
    {
        var name = FolderProblems.Shown(workbook);
        return problem.Sheet.Length == 0 && problem.Branch.Length == 0 ? new($"{name}：{problem.In(Language.Chinese)}", $"{name}: {problem.In(Language.English)}")
            : new($"{name} {problem.In(Language.Chinese)}", $"{name} {problem.In(Language.English)}");
    }
}
