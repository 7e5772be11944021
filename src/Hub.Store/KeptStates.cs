using Hub.Programmes;

namespace Hub.Store;

/// <summary>The states of a report as they are kept, by columns: the i-th values belong to one branch, branches in code order.</summary>
/// <param name="BranchNumbers">Of the branches within their township: unlike their places they never change.</param>
/// <param name="Met">Bit i is item i of the branch's standard; so it is in <paramref name="NotApplicable"/>.</param>
public sealed record KeptStates(int[] BranchNumbers, ulong[] Met, ulong[] NotApplicable)
{
    public int Count => BranchNumbers.Length;

    public static KeptStates Of(ValidReport report)
    {
        var (branches, states) = (report.Township.Branches, report.States);
        var numbers = new int[states.Count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = branches.NumberAt(states.Places[i]);
        return new(numbers, states.Met, states.NotApplicable);
    }
}
