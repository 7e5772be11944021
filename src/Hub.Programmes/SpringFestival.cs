using System.Globalization;

namespace Hub.Programmes;

/// <summary>The first day of the lunar year, from the framework's Chinese lunisolar calendar (1902 to 2100).</summary>
public static class SpringFestival
{
    public const int FirstYear = 1902, LastYear = 2100;

    private static readonly ChineseLunisolarCalendar Calendar = new();

    public static DateOnly Of(int year) => DateOnly.FromDateTime(Calendar.ToDateTime(year, 1, 1, 0, 0, 0, 0));
}
