namespace Hub.Store.Star;

/// <summary>Numbers the sets of items that are not applicable, in the order in which reports first have them: the rows of <c>dim_not_applicable_set</c>.</summary>
/// <param name="known">Those of the star by number; the first is the empty set.</param>
internal sealed class NotApplicableSets(IReadOnlyList<ulong> known)
{
    private readonly Dictionary<ulong, int> numbers = known.Select((items, number) => (items, number)).ToDictionary(s => s.items, s => s.number);

    /// <summary>A new set has a number from now on: its row goes into the same commit as that of the report.</summary>
    public (int Number, bool IsNew) NumberOf(ulong notApplicable)
    {
        if (numbers.TryGetValue(notApplicable, out var number)) return (number, false);
        numbers.Add(notApplicable, number = numbers.Count);
        return (number, true);
    }
}
