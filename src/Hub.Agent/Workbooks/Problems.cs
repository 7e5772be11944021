using Hub.Programmes;

namespace Hub.Agent.Workbooks;

/// <summary>Everything that is wrong with a file, up to a number that a person can read.</summary>
internal sealed class Problems
{
    public const int MaxKept = 200;

    private readonly List<Problem> kept = [];

    /// <summary>The first ones.</summary>
    public IReadOnlyList<Problem> Kept => kept;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    public void Add(Problem problem)
    {
        Count++;
        if (kept.Count < MaxKept) kept.Add(problem);
    }

    public void Add(string sheet, string cell, string branch, string chinese, string english) => Add(new Problem(sheet, cell, branch, new(chinese, english)));
}
