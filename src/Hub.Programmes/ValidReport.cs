using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>A report that passed every check of its fields.</summary>
/// <param name="Narrative">As it was sent: null where it was not; so is <paramref name="SignOff"/>.</param>
public sealed record ValidReport(Programme Programme, Township Township, Period Period, ReportedStates States, Narrative? Narrative, SignOff? SignOff);

/// <summary>The states of a report by columns: the i-th values belong to one branch, branches in code order.</summary>
/// <param name="Places">Where the branches stand in their township's list.</param>
/// <param name="Met">Bit i is item i of the branch's standard; so it is in <paramref name="NotApplicable"/>. Items in neither are not met.</param>
public sealed record ReportedStates(int[] Places, ulong[] Met, ulong[] NotApplicable)
{
    public static readonly ReportedStates None = new([], [], []);

    public int Count => Places.Length;

    /// <summary>Puts the branches in code order.</summary>
    internal void Sort()
    {
        if (IsSorted()) return;
        Array.Sort((int[])Places.Clone(), Met);
        Array.Sort((int[])Places.Clone(), NotApplicable);
        Array.Sort(Places);
    }

    private bool IsSorted()
    {
        for (var i = 1; i < Count; i++)
            if (Places[i - 1] > Places[i]) return false;
        return true;
    }
}
