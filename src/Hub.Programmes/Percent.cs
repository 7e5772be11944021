using System.Globalization;

namespace Hub.Programmes;

/// <summary>How a share is written: percent with one decimal, half away from zero.</summary>
public static class Percent
{
    /// <summary>0.125 → <c>12.5%</c>. A share is a finite number.</summary>
    public static string OneDecimal(double share)
    {
        // Doubles near x.xx5 lie a hair below it; the conversion keeps 15 digits and so restores the quotient that was meant.
        var percent = decimal.Round((decimal)share * 100, 1, MidpointRounding.AwayFromZero);
        return percent.ToString("0.0", CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>4000 → <c>40%</c>, 3350 → <c>33.5%</c>: a target is exact and shown as it was set.</summary>
    public static string OfBasisPoints(int bp) => (bp / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
