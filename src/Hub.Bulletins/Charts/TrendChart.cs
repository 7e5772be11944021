using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Share">0 to 1; null leaves a gap, and so does a month that the list lacks.</param>
/// <param name="TargetBp">In force at the month's end; 0 = none yet.</param>
/// <param name="Pace">0 to 1; null = no pace line.</param>
public sealed record TrendMonth(Period Period, double? Share, int TargetBp, double? Pace);

/// <summary>An all-branches hardware milestone, passed or to come.</summary>
public sealed record TrendTarget(Period Due, int TargetBp);

/// <summary>Where the township is heading by the last milestone, 0 to 1.</summary>
public sealed record TrendForecast(Period Period, double Share);

/// <param name="Months">In the order of time.</param>
/// <param name="Targets">In the order of time; those to come carry target and pace on to the last one.</param>
public sealed record TrendInput(
    string Title, string Subtitle, IReadOnlyList<TrendMonth> Months, IReadOnlyList<TrendTarget> Targets, TrendForecast? Forecast, string Footnote,
    Language Language = Language.Chinese);

/// <summary>The share of one area, month by month, against the stepped target and the pace, and where it is heading.</summary>
public static class TrendChart
{
    private const float PlotHeight = 560, LabelSize = 20;
    private const float PlotLeft = ChartPage.Margin + 74, PlotRight = ChartPage.Right - 10;

    private static readonly Text Forecast = new("预计", "Forecast"), ForecastFor = new("预计", "forecast for ");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(TrendInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(TrendInput input)
    {
        using var page = Draw(input);
        string Read(Period period, double? share) => $"{Words.MonthAndYear(period, input.Language)} {Shares.Text(share, input.Language)}";
        var months = input.Months.Select(month => Read(month.Period, month.Share));
        var forecast = input.Forecast is { } f ? [ForecastFor.In(input.Language) + Read(f.Period, f.Share)] : Array.Empty<string>();
        return page.Svg(Words.Read(months.Concat(forecast), input.Language));
    }

    private static ChartPage Draw(TrendInput input)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Months.Count, ChartPage.MaxRows);
        var forecast = input.Forecast is { } f && double.IsFinite(f.Share) ? f with { Share = Math.Clamp(f.Share, 0, 1) } : null;
        if (input.Months.All(month => Shares.Shown(month.Share) is null))
            return ChartPage.Saying(Words.NoFigures.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle, [.. TrendLines.Legend(input, forecast)]);
        var top = page.BodyTop + 34;
        var frame = new SKRect(PlotLeft, top, PlotRight, top + PlotHeight);
        var lines = TrendLines.Of(input, forecast, frame);

        var under = page.Layer();
        Grid(under, frame);
        lines.Axis.Draw(under, frame.Bottom);
        under.Polyline(lines.Target, Ink.Red, 2.5f);
        under.Dashed(lines.Pace, Ink.Muted, 2, dashPx: 9, gapPx: 6);
        under.Dashed(lines.Ahead, Ink.Navy, 2.5f, dashPx: 3, gapPx: 5);
        foreach (var run in lines.Runs) page.Line(run, Ink.Navy, 3);

        var over = page.Layer();
        foreach (var point in lines.Runs.SelectMany(run => run)) over.Dot(point.X, point.Y, 5.5f, Ink.Navy, SKColors.White, 1);
        if (lines.Ahead.Count > 0) over.Dot(lines.Ahead[^1].X, lines.Ahead[^1].Y, 8, SKColors.White, Ink.Navy, 2.5f);
        Labels(over, input, forecast, lines, frame);
        var gap = lines.Runs.Count > 1 ? Words.BrokenLine.In(input.Language) : "";
        page.Close(frame.Bottom + 58, Words.Sentences(input.Language, gap, input.Footnote));
        return page;
    }

    private static void Grid(FigureInk ink, SKRect frame)
    {
        for (var percent = 0; percent <= 100; percent += 20)
        {
            var y = frame.Bottom - percent / 100f * frame.Height;
            ink.Line(frame.Left, y, frame.Right, y, percent == 0 ? Ink.Grey : Ink.Rule, 1.5f);
            ink.Text(Percent.OfBasisPoints(percent * 100), frame.Left - 12, y, 18, Ink.Muted, SKTextAlign.Right);
        }
    }

    // The most important first: they get the best places. Months between are named only where there is room.
    private static void Labels(FigureInk ink, TrendInput input, TrendForecast? forecast, TrendLines lines, SKRect frame)
    {
        var free = lines.Taken();
        var page = new SKRect(frame.Left + 2, frame.Top - 30, ChartPage.Right, frame.Bottom - 3);

        void Label(string text, SKPoint at, SKColor colour, float away, float farthest = 90)
        {
            var width = ChartFont.Width(text, LabelSize) + 8;
            var places = Around(at, new(width, LabelHeight(input.Language)), away, farthest).Where(place => page.Contains(place));
            if (free.TakeFirst(places) is not { } place) return;
            ink.Fill(SKRect.Inflate(place, -1, -1), SKColors.White);
            ink.Text(text, place.MidX, place.MidY, LabelSize, colour, SKTextAlign.Center);
        }

        var shown = lines.Shown;
        Label(Percent.OneDecimal(shown[^1].Share), shown[^1].At, Ink.Navy, 10);
        if (forecast is not null && lines.Ahead.Count > 0) Label($"{Forecast.In(input.Language)} " + Percent.OneDecimal(forecast.Share), lines.Ahead[^1], Ink.Navy, 12, 20);
        foreach (var (at, targetBp) in lines.Steps) Label($"{Words.Target.In(input.Language)} " + Percent.OfBasisPoints(targetBp), at, Ink.Red, 8);
        var every = Math.Max(1, (int)MathF.Ceiling(70 / Math.Max(lines.Axis.Spacing, 1)));
        for (var i = shown.Count - 1 - every; i >= 0; i -= every) Label(Percent.OneDecimal(shown[i].Share), shown[i].At, Ink.Navy, 10, farthest: 20);
    }

    // Latin letters reach below the line.
    private static float LabelHeight(Language language) => language == Language.Chinese ? 24 : 27;

    private static IEnumerable<SKRect> Around(SKPoint at, SKSize label, float away, float farthest)
    {
        var (width, height) = (label.Width, label.Height);
        for (var far = away; far <= away + farthest; far += 20)
        {
            foreach (var x in (float[])[at.X - width / 2, at.X - width + 6, at.X - 6, at.X - width - away, at.X + away])
            {
                yield return SKRect.Create(x, at.Y - far - height, width, height);
                yield return SKRect.Create(x, at.Y + far, width, height);
            }
            yield return SKRect.Create(at.X + far, at.Y - height / 2, width, height);
            yield return SKRect.Create(at.X - far - width, at.Y - height / 2, width, height);
        }
    }
}
