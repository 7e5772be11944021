using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>When reports are sent: as soon as they are valid and their month has ended, or at the times of a cron text in Asia/Shanghai; at the latest at 17:00 on
/// the day before the due day, and what becomes valid after that at once. Townships are spread over half an hour, so that a county does not come at once.</summary>
/// <param name="cron">Null = as soon as valid.</param>
internal sealed class Schedule(CronExpression? cron)
{
    public static readonly TimeSpan Spread = TimeSpan.FromMinutes(30);

    /// <summary>In so many days before the due day a township is reminded while nothing valid is there.</summary>
    private const int ReminderDays = 3;

    private static readonly TimeSpan LatestHour = TimeSpan.FromHours(17), ReminderHour = TimeSpan.FromHours(9);
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.CreateCustomTimeZone("Asia/Shanghai", HubTime.ShanghaiOffset, "Asia/Shanghai", "Asia/Shanghai");

    /// <exception cref="UsageException">It is no cron text of five fields.</exception>
    public static Schedule Parse(string? cron)
    {
        if (string.IsNullOrWhiteSpace(cron)) return new Schedule(null);
        try
        {
            return new Schedule(CronExpression.Parse(cron));
        }
        catch (CronFormatException e)
        {
            throw new UsageException(new($"“{cron}”不是 cron 时间表，如 0 9 1,2 * *：{e.Message}", $"“{cron}” is not a cron text such as 0 9 1,2 * *: {e.Message}"));
        }
    }

    /// <summary>The instant from which a valid report is sent.</summary>
    /// <param name="validAt">When it was found to be valid, by the hub's clock.</param>
    public DateTimeOffset SendAt(DateTimeOffset validAt, Period period, DateOnly dueOn, string township)
    {
        var spread = SpreadOf(township);
        var opens = period.EndsAt + spread;
        if (cron is null) return Later(validAt, opens);
        var from = Later(validAt, period.EndsAt);
        // The spread is within the occurrence: one that began less than it ago is still ahead.
        var next = cron.GetNextOccurrence(from - spread, Shanghai, inclusive: true) + spread;
        var latest = LatestAt(dueOn, township);
        return next is { } at && at < latest ? at : Later(latest, from);
    }

    /// <summary>17:00 on the day before the last day that is on time, and the township's spread.</summary>
    public static DateTimeOffset LatestAt(DateOnly dueOn, string township) => At(dueOn.AddDays(-1), LatestHour) + SpreadOf(township);

    /// <summary>The day of a reminder that is due now, while nothing valid is there; null where none is.</summary>
    public static DateOnly? ReminderOn(DateTimeOffset now, DateOnly dueOn)
    {
        var today = HubTime.LocalDay(now);
        return today > dueOn || today < dueOn.AddDays(-ReminderDays) || now < At(today, ReminderHour) ? null : today;
    }

    /// <summary>The same for a township everywhere and always.</summary>
    public static TimeSpan SpreadOf(string township) =>
        TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(township))) % (uint)Spread.TotalSeconds);

    private static DateTimeOffset At(DateOnly day, TimeSpan hour) => new DateTimeOffset(day, TimeOnly.MinValue, HubTime.ShanghaiOffset) + hour;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
