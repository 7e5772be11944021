using Hub.Agent.Workbooks;
using Hub.Protocol;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>What workbooks say, as the two files of a county folder that tell of reports. Keeps which line came from which workbook.</summary>
internal sealed class WorkbookRows : IDisposable
{
    public const string SubmissionsFile = "submissions.csv";
    public const string StatesFile = "states.csv";

    private readonly SpooledCsv submissions = new(SubmissionsFile);
    private readonly SpooledCsv states = new(StatesFile);
    private readonly Dictionary<int, SubmissionLine> bySubmission = [];
    private readonly SortedList<int, string> byFirstStates = [];

    public long Bytes => submissions.Bytes + states.Bytes;

    /// <param name="report">Null where the workbook has problems. Its submission is told of all the same, so that no later version looks as if it followed none.</param>
    public void Add(SubmissionLine line, WorkbookFrame frame, Report? report)
    {
        string[] key = [frame.Programme.Id, frame.Township.Code, frame.Period.ToString(), line.Version];
        var (n, s) = (report?.Narrative ?? new(), report?.SignOff ?? new());
        bySubmission[submissions.Add([.. key, line.ReceivedAt, n.Progress, n.Problems, n.NextSteps, n.MattersToCoordinate, n.GoodPractices,
            s.PreparedByPost, s.PreparedOn, s.ApprovedByPost, s.ApprovedOn])] = line;
        if (report is null) return;
        for (var i = 0; i < report.Branches.Count; i++)
        {
            var row = states.Add([.. key, report.Branches[i].Branch, StateText(report.Branches[i])]);
            if (i == 0) byFirstStates.Add(row, line.File);
        }
    }

    public IEnumerable<(string Name, Stream Content)> Files() => [(SubmissionsFile, submissions.Read()), (StatesFile, states.Read())];

    /// <summary>What a line of the submissions was made from.</summary>
    public SubmissionLine? SubmissionAt(int line) => bySubmission.GetValueOrDefault(line);

    /// <summary>The workbook that a line of the states was made from, and the place of the branch in its report.</summary>
    public (string Workbook, int Branch)? BranchAt(int line)
    {
        // The last workbook that begins at or before the line.
        var (low, high) = (0, byFirstStates.Count);
        while (low < high)
            if (byFirstStates.Keys[(low + high) / 2] <= line) low = (low + high) / 2 + 1;
            else high = (low + high) / 2;
        return low == 0 ? null : (byFirstStates.Values[low - 1], line - byFirstStates.Keys[low - 1]);
    }

    public void Dispose()
    {
        submissions.Dispose();
        states.Dispose();
    }

    private static string StateText(BranchStates branch) => string.Concat(branch.States.Select(state => state switch
    {
        ItemState.Met => '1', ItemState.NotMet => '0', ItemState.NotApplicable => '-', _ => throw new InvalidOperationException($"A state of {branch.Branch} is {state}"),
    }));
}
