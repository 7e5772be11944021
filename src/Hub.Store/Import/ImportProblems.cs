using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Import;

/// <summary>What is wrong with a county folder, by file and line (the header is line 1).</summary>
public sealed record ImportProblem(string File, int Line, Text Message)
{
    public Violation ToViolation() => new($"{File}:{Line}", RefusalReason.ImportInvalid, new(
        $"{PlaceOf(File, Line).Chinese}：{Message.Chinese}", $"{PlaceOf(File, Line).English}: {Message.English}"));

    /// <summary>What a refusal's message begins with.</summary>
    public static Text PlaceOf(string file, int line) => new($"{file} 第 {line} 行", $"{file} line {line}");
}

/// <summary>Everything that is wrong with a county folder: the first ones, and how many there are.</summary>
public sealed class ImportProblems(int mostKept = ReportParser.MaxViolations)
{
    private readonly List<ImportProblem> kept = [];

    public IReadOnlyList<ImportProblem> Kept => kept;

    public int Count { get; private set; }

    public void Add(string file, int line, string chinese, string english)
    {
        Count++;
        if (kept.Count < mostKept) kept.Add(new(file, line, new(chinese, english)));
    }

    /// <summary>Null where nothing is wrong.</summary>
    public Refusal? ToRefusal() => Count == 0 ? null : Refusal.OfFields([.. kept.Take(ReportParser.MaxViolations).Select(p => p.ToViolation())]);
}
