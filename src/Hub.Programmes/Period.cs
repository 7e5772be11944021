using System.Globalization;

namespace Hub.Programmes;

/// <summary>A calendar month in Asia/Shanghai, written <c>YYYY-MM</c>. <see cref="Index"/> counts months since year 0.</summary>
public readonly record struct Period(int Index) : IComparable<Period>
{
    public int Year => Index / 12;
    public int Month => Index % 12 + 1;
    public DateOnly FirstDay => new(Year, Month, 1);
    public DateOnly LastDay => FirstDay.AddMonths(1).AddDays(-1);
    /// <summary>The first instant after it, in Asia/Shanghai.</summary>
    public DateTimeOffset EndsAt => new(FirstDay.AddMonths(1), TimeOnly.MinValue, HubTime.ShanghaiOffset);

    public static Period Of(int year, int month) => new(year * 12 + month - 1);
    public static Period Of(DateOnly day) => Of(day.Year, day.Month);

    /// <summary>The last month that has ended in Asia/Shanghai at the instant.</summary>
    public static Period LastEnded(DateTimeOffset instant) => Of(HubTime.LocalDay(instant)).Plus(-1);

    public Period Plus(int months) => new(Index + months);

    public static bool TryParse(string? text, out Period period)
    {
        period = default;
        if (text is not { Length: 7 } || text[4] != '-') return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)) return false;
        if (!int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)) return false;
        if (year is < 1900 or > 2999 || month is < 1 or > 12) return false;
        period = Of(year, month);
        return true;
    }

    public static Period Parse(string text) =>
        TryParse(text, out var period) ? period : throw new FormatException($"Not a period: {text}");

    public int CompareTo(Period other) => Index.CompareTo(other.Index);
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{Month:D2}");

    public static bool operator <(Period a, Period b) => a.Index < b.Index;
    public static bool operator >(Period a, Period b) => a.Index > b.Index;
    public static bool operator <=(Period a, Period b) => a.Index <= b.Index;
    public static bool operator >=(Period a, Period b) => a.Index >= b.Index;
}
