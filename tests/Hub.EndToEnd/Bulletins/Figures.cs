using System.Globalization;
using Hub.Programmes;

namespace Hub.EndToEnd.Bulletins;

/// <summary>How a bulletin writes what the views answer, by the rules of writing alone: nothing here is the product's.</summary>
internal static class Figures
{
    /// <summary>One decimal, half away from zero, from the integers themselves: 1 of 16 is 6.3%.</summary>
    public static string Percent(string part, string whole)
    {
        var (complete, all) = (long.Parse(part, CultureInfo.InvariantCulture), long.Parse(whole, CultureInfo.InvariantCulture));
        if (all == 0) return "—";
        var tenths = (2000 * complete + all) / (2 * all);
        return $"{tenths / 10}.{tenths % 10}%";
    }

    /// <summary>The same of a quotient that a view has divided.</summary>
    public static string Percent(string share)
    {
        if (share.Length == 0) return "—";
        var tenths = Math.Round(decimal.Parse(share, NumberStyles.Float, CultureInfo.InvariantCulture) * 1000, MidpointRounding.AwayFromZero);
        return (tenths / 10).ToString("0.0", CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>Basis points as they were set: 4000 is 40%.</summary>
    public static string Target(string bp) => (decimal.Parse(bp, CultureInfo.InvariantCulture) / 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    public static string Or(this string text, string instead) => text.Length > 0 ? text : instead;

    public static string Day(string day, Language language)
    {
        var at = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return language == Language.Chinese ? $"{at.Year}年{at.Month}月{at.Day}日" : $"{at.Day} {Months[at.Month - 1]} {at.Year}";
    }

    public static string Month(string period, Language language)
    {
        var (year, month) = (int.Parse(period[..4], CultureInfo.InvariantCulture), int.Parse(period[5..], CultureInfo.InvariantCulture));
        return language == Language.Chinese ? $"{year}年{month}月" : $"{Months[month - 1]} {year}";
    }

    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
}
