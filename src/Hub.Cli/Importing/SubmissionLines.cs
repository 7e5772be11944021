using System.Text;
using Hub.Programmes;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>A line of the <c>submissions.csv</c> that stands beside workbooks.</summary>
/// <param name="File">The workbook's name in the folder.</param>
internal sealed record SubmissionLine(int Line, string File, string Version, string ReceivedAt);

/// <summary>Which version each workbook was and when it was received. Names are only ever looked up among those that the folder has, so that none of
/// them can lead out of it.</summary>
internal static class SubmissionLines
{
    private const string FileName = WorkbookRows.SubmissionsFile;
    private const string FileColumn = "file";
    private const int MaxBytes = 16 << 20;
    private const int HeaderBytes = 4096;

    /// <summary>Whether a folder's <c>submissions.csv</c> speaks of workbooks. A county folder's may have a column of that name too.</summary>
    public static bool SpeakOfWorkbooks(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        var header = new byte[HeaderBytes];
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var names = Encoding.UTF8.GetString(header, 0, read).Split('\n')[0].Split(',').Select(name => name.Trim(' ', '"', '\r', '\uFEFF')).ToList();
        return names.Contains(FileColumn, StringComparer.Ordinal) && !names.Contains("programme", StringComparer.Ordinal);
    }

    /// <summary>The line of each workbook that has one.</summary>
    /// <param name="workbooks">Their names in the folder.</param>
    public static Dictionary<string, SubmissionLine> Read(string folder, IReadOnlyList<string> workbooks, FolderProblems problems)
    {
        var byFile = new Dictionary<string, SubmissionLine>(StringComparer.Ordinal);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            problems.Add(FileName, "缺少该文件：须有 file、version、received_at 三列", "the file is missing: it has the columns file, version and received_at");
            return byFile;
        }
        using var content = File.OpenRead(path);
        if (content.Length > MaxBytes)
        {
            problems.Add(FileName, $"超过 {MaxBytes >> 20} MB", $"larger than {MaxBytes >> 20} MB");
            return byFile;
        }
        var wrong = new ImportProblems(FolderProblems.MaxKept);
        var lines = CsvRows.Read(FileName, content, [FileColumn, "version", "received_at"], (line, cells) => new SubmissionLine(line, cells[0].Trim(), cells[1].Trim(), cells[2].Trim()), wrong);
        foreach (var problem in wrong.Kept) AddAt(problem.Line, problem.Message);
        problems.AddUnlisted(wrong.Count - wrong.Kept.Count);
        var names = workbooks.ToHashSet(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (!names.Contains(line.File)) AddAt(line.Line, new(
                $"文件夹中没有名为“{FolderProblems.Shown(line.File)}”的工作簿", $"the folder has no workbook named “{FolderProblems.Shown(line.File)}”"));
            else if (!byFile.TryAdd(line.File, line)) AddAt(line.Line, new(
                $"{FolderProblems.Shown(line.File)} 重复，已见于第 {byFile[line.File].Line} 行", $"{FolderProblems.Shown(line.File)} stands twice, first on line {byFile[line.File].Line}"));
        }
        // A line that could not be read may have been theirs.
        if (wrong.Count > 0) return byFile;
        foreach (var name in workbooks.Where(name => !byFile.ContainsKey(name)))
            problems.Add(name, $"{FileName} 中没有这个文件", $"{FileName} has no line for it");
        return byFile;

        void AddAt(int line, Text message) => problems.Add(FileName, line, ImportProblem.PlaceOf(FileName, line), message);
    }
}
