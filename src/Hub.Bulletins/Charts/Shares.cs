using Hub.Programmes;

namespace Hub.Bulletins.Charts;

/// <summary>Shares as charts place and write them.</summary>
internal static class Shares
{
    /// <summary>Within 0 and 1; null where there is none (a 0/0 counts as none).</summary>
    public static double? Shown(double? share) => share is { } s && double.IsFinite(s) ? Math.Clamp(s, 0, 1) : null;

    public static string Text(double? share, Language language) =>
        Shown(share) is { } shown ? Percent.OneDecimal(shown) : Words.NoBase.In(language);
}
