namespace Hub.Programmes;

/// <summary>How the fixed choices are spelt in a template.</summary>
internal static class TemplateWords
{
    public static readonly (string Word, Track Value)[] Tracks = [("hardware", Track.Hardware), ("software", Track.Software)];

    public static readonly (string Word, Cycle Value)[] Cycles =
        [("monthly", Cycle.Monthly), ("quarterly", Cycle.Quarterly), ("half_yearly", Cycle.HalfYearly), ("yearly", Cycle.Yearly)];

    public static readonly (string Word, string Value)[] Comparisons = [.. Threshold.Comparisons.Select(word => (word, word))];
}
