using Hub.Programmes;

namespace Hub.Store;

/// <summary>The states of a report as they are kept, by columns: the i-th values belong to one branch, branches in code order.</summary>
/// <param name="BranchIds">The star's keys of the branches: unlike their places they never change.</param>
/// <param name="Met">Bit i is item i of the branch's standard; so it is in <paramref name="NotApplicable"/>.</param>
public sealed record KeptStates(int[] BranchIds, ulong[] Met, ulong[] NotApplicable)
{
    public int Count => BranchIds.Length;

    public static KeptStates Of(ValidReport report)
    {
        var (branches, states) = (report.Township.Branches, report.States);
        var ids = new int[states.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = branches.IdAt(states.Places[i]);
        return new(ids, states.Met, states.NotApplicable);
    }
}
