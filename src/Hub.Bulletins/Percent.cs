using System.Globalization;

namespace Hub.Bulletins;

/// <summary>How a share is shown: one decimal, half away from zero. What is decided is decided on the view's integers, never on this.</summary>
public static class Percent
{
    /// <summary>E.g. 0.125 → <c>12.5%</c>; a dash where there is no base.</summary>
    public static string Of(double? share) => share is { } s ? Of((decimal)s) : "—";

    // A double carries the view's quotient to 17 digits; as a decimal of 15 it is the fraction that was meant, so that ties are ties.
    public static string Of(decimal share) => decimal.Round(share * 100, 1, MidpointRounding.AwayFromZero).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>E.g. 4000 → <c>40%</c>.</summary>
    public static string OfBasisPoints(int bp) => (bp / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
