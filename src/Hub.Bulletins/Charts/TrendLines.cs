using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>Where the lines of a trend run inside a frame whose height is 0 to 100%.</summary>
internal sealed record TrendLines
{
    private static readonly Text ForecastLegend = new("按近三个月进度预计", "Forecast from the last three months");

    public required MonthAxis Axis { get; init; }
    /// <summary>The months with a share, in runs of neighbours.</summary>
    public required IReadOnlyList<IReadOnlyList<SKPoint>> Runs { get; init; }
    public required IReadOnlyList<(SKPoint At, double Share)> Shown { get; init; }
    public required IReadOnlyList<SKPoint> Target { get; init; }
    /// <summary>The upper end of each riser of the target.</summary>
    public required IReadOnlyList<(SKPoint At, int TargetBp)> Steps { get; init; }
    public required IReadOnlyList<SKPoint> Pace { get; init; }
    /// <summary>From the last share to the forecast; empty without one.</summary>
    public required IReadOnlyList<SKPoint> Ahead { get; init; }

    public static TrendLines Of(TrendInput input, TrendForecast? forecast, SKRect frame)
    {
        var last = input.Months[^1].Period;
        foreach (var ahead in input.Targets.Select(target => target.Due).Append(forecast?.Period ?? last))
        {
            if (ahead > last) last = ahead;
        }
        // Room at the right end for the label of the last point, which is longer in English.
        var endRoom = input.Language == Language.Chinese ? 130 : 175;
        var axis = new MonthAxis(input.Months[0].Period, last, frame.Left + 24, frame.Right - endRoom, input.Language);
        SKPoint At(Period period, double share) => new(axis.X(period), frame.Bottom - (float)share * frame.Height);

        var shown = input.Months.Where(month => Shares.Shown(month.Share) is not null)
            .Select(month => (month.Period, At: At(month.Period, Shares.Shown(month.Share)!.Value), Share: Shares.Shown(month.Share)!.Value)).ToList();
        var steps = Levels(input).Where(level => level.TargetBp > 0).Select(level => (At(level.From, level.TargetBp / 10_000d), level.TargetBp)).ToList();
        return new TrendLines
        {
            Axis = axis,
            Runs = RunsOf([.. shown.Select(month => (month.Period, month.At))]),
            Shown = [.. shown.Select(month => (month.At, month.Share))],
            Steps = steps,
            Target = Stairs([.. steps.Select(step => step.Item1)], frame),
            Pace = PaceOf(input, At),
            Ahead = forecast is { } f && shown[^1].Period < f.Period ? [shown[^1].At, At(f.Period, f.Share)] : [],
        };
    }

    public static IReadOnlyList<IReadOnlyList<SKPoint>> RunsOf(IReadOnlyList<(Period Period, SKPoint At)> shown)
    {
        var runs = new List<List<SKPoint>>();
        for (var i = 0; i < shown.Count; i++)
        {
            if (i == 0 || shown[i].Period.Index != shown[i - 1].Period.Index + 1) runs.Add([]);
            runs[^1].Add(shown[i].At);
        }
        return runs;
    }

    public static IEnumerable<LegendEntry> Legend(TrendInput input, TrendForecast? forecast)
    {
        yield return new(Words.Share.In(input.Language), (ink, r) =>
        {
            ink.Line(r.Left, r.MidY, r.Right, r.MidY, Ink.Navy, 3);
            ink.Dot(r.MidX, r.MidY, 5.5f, Ink.Navy, SKColors.White, 1);
        });
        if (input.Targets.Any(target => target.TargetBp > 0) || input.Months.Any(month => month.TargetBp > 0))
            yield return new(Words.Target.In(input.Language), (ink, r) =>
                ink.Polyline([new(r.Left, r.Bottom), new(r.MidX, r.Bottom), new(r.MidX, r.Top), new(r.Right, r.Top)], Ink.Red, 2.5f));
        if (input.Months.Any(month => month.Pace is not null))
            yield return new(Words.Pace.In(input.Language), (ink, r) => ink.Dashed([new(r.Left, r.MidY), new(r.Right, r.MidY)], Ink.Muted, 2, 9, 6));
        if (forecast is not null)
            yield return new(ForecastLegend.In(input.Language), (ink, r) =>
            {
                ink.Dashed([new(r.Left, r.MidY), new(r.Right - 14, r.MidY)], Ink.Navy, 2.5f, 3, 5);
                ink.Dot(r.Right - 8, r.MidY, 7, SKColors.White, Ink.Navy, 2.5f);
            });
    }

    /// <summary>Everything that a label may not cover.</summary>
    public FreePlaces Taken()
    {
        var taken = new FreePlaces();
        foreach (var line in Runs.Append(Target).Append(Pace).Append(Ahead)) taken.TakeLine(line);
        foreach (var (at, _) in Shown) taken.Take(Around(at, 7));
        if (Ahead.Count > 0) taken.Take(Around(Ahead[^1], 9));
        return taken;
    }

    private static SKRect Around(SKPoint at, float radius) => SKRect.Create(at.X - radius, at.Y - radius, 2 * radius, 2 * radius);

    // The months say what was in force; from the last of them on, the milestones to come.
    private static IEnumerable<(Period From, int TargetBp)> Levels(TrendInput input)
    {
        var known = input.Months.Select(month => (month.Period, month.TargetBp));
        var ahead = input.Targets.Where(target => target.Due > input.Months[^1].Period).Select(target => (target.Due, target.TargetBp));
        var before = 0;
        foreach (var (period, targetBp) in known.Concat(ahead))
        {
            if (targetBp != before) yield return (period, Math.Clamp(targetBp, 0, 10_000));
            before = targetBp;
        }
    }

    // A riser from the level before at each step, then on to the right edge.
    private static IReadOnlyList<SKPoint> Stairs(IReadOnlyList<SKPoint> steps, SKRect frame)
    {
        if (steps.Count == 0) return [];
        var points = new List<SKPoint>();
        var level = frame.Bottom;
        foreach (var step in steps)
        {
            points.AddRange([new(step.X, level), step]);
            level = step.Y;
        }
        return [.. points, new(frame.Right, level)];
    }

    private static IReadOnlyList<SKPoint> PaceOf(TrendInput input, Func<Period, double, SKPoint> at)
    {
        var known = input.Months.Where(month => Shares.Shown(month.Pace) is not null)
            .Select(month => at(month.Period, Shares.Shown(month.Pace)!.Value)).ToList();
        if (known.Count == 0) return [];
        var ahead = input.Targets.Where(target => target.Due > input.Months[^1].Period)
            .Select(target => at(target.Due, Math.Clamp(target.TargetBp, 0, 10_000) / 10_000d));
        return [.. known, .. ahead];
    }
}
