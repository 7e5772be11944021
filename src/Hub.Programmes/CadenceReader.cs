using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads when reports are due.</summary>
internal static class CadenceReader
{
    private const int MaxHolidays = 1_000;

    public static Cadence Read(TemplateFields template, TemplateErrors errors)
    {
        var fields = template.Mapping("cadence", "first_period", "due_day", "due_day_counts", "cut_off", "shift_over_holidays", "holidays");
        if (fields is null) return new Cadence(new RelativeMonth(0, 1), 1, true, TimeSpan.FromHours(24), false, []);
        var first = fields.Mapping("first_period", "year", "month");
        return new Cadence(
            new RelativeMonth(first?.Year("year") ?? 0, first?.Integer("month", 1, 12) ?? 1),
            // After the 28th a month may lack the day.
            fields.Integer("due_day", 1, 28), fields.Flag("due_day_counts"), CutOff(fields), fields.Flag("shift_over_holidays"),
            Holidays(fields, errors));
    }

    private static TimeSpan CutOff(TemplateFields fields)
    {
        var text = fields.Text("cut_off");
        if (text is { Length: 5 } && text[2] == ':'
            && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            && minutes < 60 && hours * 60 + minutes <= 24 * 60)
        {
            return new TimeSpan(hours, minutes, 0);
        }
        if (text.Length > 0) fields.Refuse("cut_off", "应为 00:00 至 24:00 的时刻", "a time from 00:00 to 24:00 is expected");
        return default;
    }

    private static List<DateOnly> Holidays(TemplateFields fields, TemplateErrors errors)
    {
        var holidays = new List<DateOnly>();
        foreach (var node in fields.List("holidays", 0, MaxHolidays))
        {
            if (!HubTime.TryParseDay((node as YamlScalarNode)?.Value ?? "", out var day))
                errors.Add(node, "holidays：应为 YYYY-MM-DD 的日期", "holidays: a date as YYYY-MM-DD is expected");
            else if (holidays.Contains(day))
                errors.Add(node, $"holidays:{HubTime.Day(day)} 重复", $"holidays: {HubTime.Day(day)} is listed twice");
            else
                holidays.Add(day);
        }
        return holidays;
    }
}
