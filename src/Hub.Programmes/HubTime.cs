using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Hub.Programmes;

/// <summary>Instants as the log keeps them (microseconds since 1970, UTC) and days as people count them (Asia/Shanghai, which has
/// kept +08:00 all year since 1992).</summary>
public static class HubTime
{
    /// <summary>Metadata of every answer: the hub's clock, in microseconds since 1970 UTC.</summary>
    public const string Header = "hub-time-us";

    public static readonly TimeSpan ShanghaiOffset = TimeSpan.FromHours(8);

    public static long ToMicroseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset Local(DateTimeOffset instant) => instant.ToOffset(ShanghaiOffset);

    public static DateOnly LocalDay(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>ISO 8601 with offset, e.g. <c>2026-11-02T09:00:00+08:00</c>; a time without offset is refused.</summary>
    public static bool TryParseInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && text.Length > 11 && text[10] == 'T' && TryParseDay(text[..10], out _)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && IsCounted(instant);
    }

    /// <summary>An instant as messages carry it; refused where it is none, or outside the years that the calendar counts.</summary>
    public static bool TryFromTimestamp(Timestamp timestamp, out DateTimeOffset instant)
    {
        instant = default;
        // Beyond these bounds the conversion itself would throw.
        if (timestamp.Seconds is < -62135596800 or > 253402300799 || timestamp.Nanos is < 0 or > 999_999_999) return false;
        instant = timestamp.ToDateTimeOffset();
        return IsCounted(instant);
    }

    /// <summary>As <see cref="FromMicroseconds"/>, for what comes from outside.</summary>
    public static bool TryFromMicroseconds(long microseconds, out DateTimeOffset instant)
    {
        instant = default;
        if (Math.Abs((decimal)microseconds) > (decimal)TimeSpan.FromDays(365_000).TotalMicroseconds) return false;
        instant = FromMicroseconds(microseconds);
        return IsCounted(instant);
    }

    // The years of Period, with a day to spare for any offset.
    private static bool IsCounted(DateTimeOffset instant) => instant.UtcDateTime.Year is > 1900 and < 2999;

    public static string Instant(DateTimeOffset instant) => Local(instant).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture);
}
