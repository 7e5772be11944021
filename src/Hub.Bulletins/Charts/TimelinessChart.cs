using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Status"><c>on_time</c>, <c>late</c>, <c>missing</c>, <c>pending</c> or <c>none_due</c>.</param>
/// <param name="DaysLate">Null unless late.</param>
public sealed record TimelinessMonth(Period Period, string Status, int? DaysLate);

/// <param name="Months">In any order; a month that is lacking stays blank.</param>
public sealed record TimelinessRow(string Township, string Name, IReadOnlyList<TimelinessMonth> Months);

public sealed record TimelinessInput(string Title, string Subtitle, IReadOnlyList<TimelinessRow> Rows, string Footnote, Language Language = Language.Chinese);

/// <summary>Who reported in time, month by month: a calendar of marks that differ in letter, tint and outline.</summary>
public static class TimelinessChart
{
    /// <summary>The last two years; months before are left out with a note.</summary>
    public const int MaxMonths = 24;

    private sealed record Mark(Text Letter, Text Label, SKColor Fill, SKColor Text, SKColor? Frame);

    private static readonly Mark OnTime = new(new("√", "√"), new("按时", "On time"), Ink.PaleBlue, Ink.Navy, null);
    private static readonly Mark Late = new(new("3", "3"), new("迟报（数字为天数）", "Late (number of days)"), Ink.Navy, SKColors.White, null);
    private static readonly Mark Missing = new(new("缺", "M"), new("未报", "Missing"), SKColors.White, Ink.Red, Ink.Red);
    private static readonly Mark Pending = new(new("待", "P"), new("未到期", "Pending"), SKColors.White, Ink.Muted, Ink.Grey);
    private static readonly Mark NoneDue = new(new("—", "—"), new("不需报送", "None due"), Ink.PaleGrey, Ink.Muted, null);

    private static readonly Text LateByUnknown = new("迟", "L");
    private static readonly Text LastMonths = new($"仅列最近{MaxMonths}个月。", $"Only the last {MaxMonths} months are shown.");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(TimelinessInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(TimelinessInput input)
    {
        using var page = Draw(input);
        return page.Svg(Words.Read(input.Rows.Select(row =>
            $"{row.Name} {Words.Listed(row.Months.OrderBy(month => month.Period).Select(month => Read(month, input.Language)), input.Language)}"), input.Language));
    }

    private static string Read(TimelinessMonth month, Language language)
    {
        var days = month.DaysLate?.ToString(CultureInfo.InvariantCulture);
        var status = month.Status == "late" ? new Text($"迟报{days}天", days == "1" ? "1 day late" : $"{days} days late") : Of(month.Status)?.Label ?? new("", "");
        return Words.MonthAndYear(month.Period, language) + new Text("", " ").In(language) + status.In(language);
    }

    private static Mark? Of(string status) => status switch
    {
        "on_time" => OnTime,
        "late" => Late,
        "missing" => Missing,
        "pending" => Pending,
        "none_due" => NoneDue,
        _ => null,
    };

    private static ChartPage Draw(TimelinessInput input)
    {
        var language = input.Language;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Rows.Count, ChartPage.MaxRows);
        var periods = input.Rows.SelectMany(row => row.Months).Select(month => month.Period.Index).ToList();
        if (periods.Count == 0)
            return ChartPage.Saying(Words.NoFigures.In(language), input.Title, input.Subtitle, input.Footnote);
        var first = Math.Max(periods.Min(), periods.Max() - MaxMonths + 1);
        var months = Enumerable.Range(first, periods.Max() - first + 1).Select(index => new Period(index)).ToList();

        var page = new ChartPage(input.Title, input.Subtitle, [.. new[] { OnTime, Late, Missing, Pending, NoneDue }
            .Where(mark => input.Rows.Any(row => row.Months.Any(month => Of(month.Status) == mark)))
            .Select(mark => new LegendEntry(mark.Label.In(language), (ink, rect) => Cell(ink, SKRect.Inflate(rect, -3, 5), mark, mark.Letter.In(language), 18)))]);
        // A month's number alone, as in a calendar: the year stands above.
        var columns = months.Select(month => new GridColumn(
            string.Create(CultureInfo.InvariantCulture, $"{month.Month}"), string.Create(CultureInfo.InvariantCulture, $"{month.Year}")));
        var grid = new CellGrid([.. input.Rows.Select(row => row.Name)], [.. columns], page.BodyTop, 90, language);
        var ink = page.Layer();
        grid.Draw(ink);
        var size = grid.CellTextSize(["00"]);
        for (var row = 0; row < input.Rows.Count; row++)
        {
            foreach (var month in input.Rows[row].Months.Where(month => month.Period.Index >= first))
            {
                if (Of(month.Status) is not { } mark) continue;
                var letter = mark == Late ? month.DaysLate?.ToString(CultureInfo.InvariantCulture) ?? LateByUnknown.In(language) : mark.Letter.In(language);
                Cell(ink, grid.Cell(row, month.Period.Index - first), mark, letter, size);
            }
        }
        var left = periods.Min() < first ? LastMonths.In(language) : "";
        page.Close(grid.Bottom, Words.Sentences(language, left, input.Footnote));
        return page;
    }

    private static void Cell(FigureInk ink, SKRect cell, Mark mark, string letter, float sizePx)
    {
        ink.Fill(cell, mark.Fill);
        if (mark.Frame is { } frame) ink.Frame(cell, frame, mark == Missing ? 2.2f : 1.2f);
        ink.Fitted(letter, cell.MidX, cell.MidY, sizePx, cell.Width - 4, mark.Text, SKTextAlign.Center);
    }
}
