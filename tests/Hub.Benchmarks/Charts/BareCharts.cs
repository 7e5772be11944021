using System.Globalization;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using ScottPlot;
using static Hub.Benchmarks.Charts.BareFigure;

namespace Hub.Benchmarks.Charts;

/// <summary>The texts, bars, lines and cells of the ten charts, each where it fits; nothing is measured, cut or kept apart.</summary>
internal static class BareCharts
{
    public static BareFigure Draw(object input, int height) => input switch
    {
        RankingChartInput ranking => Ranking(ranking, height),
        RankingMovementInput movement => Movement(movement, height),
        TrendInput trend => Trend(trend, height),
        SmallMultiplesInput multiples => Multiples(multiples, height),
        CompletionInput completion => Completion(completion, height),
        HeatMapInput heatMap => HeatMap(heatMap, height),
        WeakestItemsInput weakest => Weakest(weakest, height),
        TimelinessInput timeliness => Timeliness(timeliness, height),
        MilestoneInput milestones => Milestones(milestones, height),
        RectificationInput rectification => Rectification(rectification, height),
        _ => throw new ArgumentException($"Not a chart's input: {input.GetType()}", nameof(input)),
    };

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "—";
    private static string Share(double? share) => share is { } known ? Percent.OneDecimal(known) : "无基数";

    private static BareFigure Ranking(RankingChartInput input, int height)
    {
        const double top = 276, rowHeight = 46, left = 500, right = 1056;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        double X(double? share) => left + (share ?? 0) * (right - left);
        double Y(int row) => top + (row + .5) * rowHeight;
        figure.Legend(("已全部达标", Navy), ("达到进度", Blue), ("落后进度", PaleBlue), ("未达目标", Colors.White));
        foreach (var (text, x) in new[] { ("位次", 60), ("升降", 130), ("单位", 206), ("达标率", 1100) }) figure.Text(text, x, 252, 19, Muted);
        figure.Table(input.Bars.Count, top, rowHeight, left, right);
        figure.Bars(input.Bars.Select((bar, row) => new BareBar(Y(row), 27, left, X(bar.HardwareShare), bar.Status == "achieved" ? Navy : Blue,
            bar.Status is "missed" or "behind" ? Red : null, bar.Status == "missed")));
        for (var row = 0; row < input.Bars.Count; row++)
        {
            var bar = input.Bars[row];
            figure.Text(Number(bar.Rank), 74, Y(row), 24, Ink, Alignment.MiddleCenter);
            figure.Text("▲", 128, Y(row), 18, Navy, Alignment.MiddleRight);
            figure.Text(Number(bar.PreviousRank), 132, Y(row), 22, Navy);
            figure.Text(bar.Name, 206, Y(row), 24, Ink);
            figure.Text(Share(bar.HardwareShare), Right, Y(row), 24, Ink, Alignment.MiddleRight);
        }
        figure.Line(X(input.TargetBp / 10_000d), 230, X(input.TargetBp / 10_000d), top + input.Bars.Count * rowHeight, Red, 2.5f);
        figure.Line(X(input.Pace), 230, X(input.Pace), top + input.Bars.Count * rowHeight, Ink, 2);
        figure.Text("目标 " + Percent.OfBasisPoints(input.TargetBp), X(input.TargetBp / 10_000d), 214, 21, Red, Alignment.MiddleRight);
        figure.Text("进度线 " + Share(input.Pace), X(input.Pace), 214, 21, Ink);
        return figure;
    }

    private static BareFigure Movement(RankingMovementInput input, int height)
    {
        const double top = 238, rowHeight = 46, left = 394, right = 726;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        double Y(int? rank) => top + ((rank ?? input.Moves.Count) - .5) * rowHeight;
        figure.Legend(("上升", Navy), ("下降", Red), ("持平", Muted));
        foreach (var (text, x) in new[] { (input.PreviousMonth, 260), (input.Month, 740), ("升降", 1100) }) figure.Text(text, x, 216, 21, Muted);
        figure.Table(1, top, input.Moves.Count * rowHeight);
        foreach (var x in new[] { left, right }) figure.Line(x, top, x, top + input.Moves.Count * rowHeight, Rule, 1.5f);
        foreach (var move in input.Moves)
        {
            if (move.PreviousRank is { } before && move.Rank is { } now)
                figure.Line(left, Y(before), right, Y(now), before < now ? Red : Navy, 1.8f);
            if (move.PreviousRank is not null)
            {
                figure.Text(move.Name, 330, Y(move.PreviousRank), 24, Ink, Alignment.MiddleRight);
                figure.Text(Number(move.PreviousRank), 380, Y(move.PreviousRank), 24, Muted, Alignment.MiddleRight);
            }
            if (move.Rank is null) continue;
            figure.Text(Number(move.Rank), 740, Y(move.Rank), 24, Muted);
            figure.Text(move.Name, 792, Y(move.Rank), 24, Ink);
            figure.Text("▲", 1118, Y(move.Rank), 18, Navy, Alignment.MiddleRight);
            figure.Text(Number(Math.Abs((move.PreviousRank ?? 0) - move.Rank.Value)), 1122, Y(move.Rank), 22, Navy);
        }
        Dots(figure, input.Moves.Where(move => move.PreviousRank is not null).Select(move => new Coordinates(left, Y(move.PreviousRank))));
        Dots(figure, input.Moves.Where(move => move.Rank is not null).Select(move => new Coordinates(right, Y(move.Rank))));
        return figure;
    }

    private static void Dots(BareFigure figure, IEnumerable<Coordinates> at) => figure.Curve([.. at], Ink, 0, dots: 9);

    private static BareFigure Trend(TrendInput input, int height)
    {
        const double top = 228, plotHeight = 560, left = 138;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        var first = input.Months[0].Period;
        double X(Period period) => left + (period.Index - first.Index) * 37;
        Coordinates At(Period period, double share) => new(X(period), top + (1 - share) * plotHeight);
        figure.Legend(("达标率", Navy), ("目标", Red), ("进度线", Muted), ("按近三个月进度预计", Colors.White));
        for (var percent = 0; percent <= 100; percent += 20)
        {
            figure.Line(114, top + (1 - percent / 100d) * plotHeight, 1150, top + (1 - percent / 100d) * plotHeight, Rule, 1.5f);
            figure.Text($"{percent}%", 102, top + (1 - percent / 100d) * plotHeight, 18, Muted, Alignment.MiddleRight);
        }
        for (var period = first; period <= input.Forecast!.Period; period = period.Plus(1))
        {
            figure.Line(X(period), top + plotHeight, X(period), top + plotHeight + 6, Muted, 1.5f);
            if (period.Month % 2 == 1) figure.Text($"{period.Month}月", X(period), top + plotHeight + 24, 18, Muted, Alignment.MiddleCenter);
            if (period.Month == 1 || period == first) figure.Text($"{period.Year}年", X(period), top + plotHeight + 50, 18, Muted, Alignment.MiddleCenter);
        }
        figure.Curve([.. input.Targets.SelectMany((target, i) => new[]
            { At(target.Due, i == 0 ? 0 : input.Targets[i - 1].TargetBp / 10_000d), At(target.Due, target.TargetBp / 10_000d) })], Red, 2.5f);
        figure.Curve([.. input.Months.Where(month => month.Pace is not null).Select(month => At(month.Period, month.Pace!.Value))], Muted, 2);
        var shown = input.Months.Where(month => month.Share is not null).ToList();
        figure.Curve([.. shown.Select(month => At(month.Period, month.Share!.Value))], Navy, 3, dots: 11);
        figure.Curve([At(shown[^1].Period, shown[^1].Share!.Value), At(input.Forecast.Period, input.Forecast.Share)], Navy, 2.5f, dots: 14);
        foreach (var month in shown.Where((_, i) => i % 2 == 0))
            figure.Text(Share(month.Share), X(month.Period), At(month.Period, month.Share!.Value).Y - 22, 20, Navy, Alignment.MiddleCenter);
        foreach (var target in input.Targets)
            figure.Text("目标 " + Percent.OfBasisPoints(target.TargetBp), X(target.Due), At(target.Due, target.TargetBp / 10_000d).Y + 22, 20, Red, Alignment.MiddleRight);
        figure.Text("预计 " + Share(input.Forecast.Share), X(input.Forecast.Period) + 14, At(input.Forecast.Period, input.Forecast.Share).Y, 20, Navy);
        return figure;
    }

    private static BareFigure Multiples(SmallMultiplesInput input, int height)
    {
        const double top = 206, panelWidth = 244, plotHeight = 116;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        var first = input.Months[0].Period;
        figure.Legend(("达到进度", Blue), ("落后进度", PaleBlue), ("目标", Red), ("进度线", Muted));
        for (var i = 0; i < input.Panels.Count; i++)
        {
            var (panel, left, plotTop) = (input.Panels[i], 92 + i % 4 * (panelWidth + 30), top + i / 4 * 200 + 60);
            Coordinates At(Period period, double share) => new(left + 6 + (period.Index - first.Index) * (panelWidth - 12) / input.Months.Count, plotTop + (1 - share) * plotHeight);
            foreach (var share in new[] { 0, .5, 1 })
            {
                figure.Line(left, plotTop + share * plotHeight, left + panelWidth, plotTop + share * plotHeight, Rule, 1.2f);
                if (i % 4 == 0) figure.Text(Percent.OfBasisPoints((int)((1 - share) * 10_000)), left - 8, plotTop + share * plotHeight, 15, Muted, Alignment.MiddleRight);
            }
            figure.Rectangle(left, plotTop - 29, 16, 16, Blue, Blue);
            figure.Text(panel.Name, left + 24, plotTop - 21, 18, Ink);
            figure.Text(Share(panel.Shares[^1].Share), left + panelWidth, plotTop - 21, 19, Ink, Alignment.MiddleRight);
            figure.Curve([.. input.Months.Where(month => month.TargetBp > 0).Select(month => At(month.Period, month.TargetBp / 10_000d))], Red, 2);
            figure.Curve([.. input.Months.Select(month => At(month.Period, Math.Min(month.Pace ?? 0, 1)))], Muted, 1.5f);
            var shown = panel.Shares.Where(month => month.Share is not null).Select(month => At(month.Period, month.Share!.Value)).ToList();
            figure.Curve(shown, Navy, 2.5f);
            if (shown.Count > 0) figure.Curve([shown[^1]], Navy, 0, dots: 9);
            if (i < input.Panels.Count - 4) continue;
            figure.Text(input.Months[0].Period.ToString(), left, plotTop + plotHeight + 20, 16, Muted);
            figure.Text(input.Months[^1].Period.ToString(), left + panelWidth, plotTop + plotHeight + 20, 16, Muted, Alignment.MiddleRight);
        }
        return figure;
    }

    private static BareFigure Completion(CompletionInput input, int height)
    {
        const double rowHeight = 78, left = 330, right = 870;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        figure.Legend(("硬件达标率", Navy), ("软件达标率", PaleBlue), ("硬件目标", Red));
        var top = 242d;
        foreach (var section in input.Sections)
        {
            foreach (var (text, x) in new[] { (section.Heading, 40), ("达标率", 960), ("达标数/基数", 1060) }) figure.Text(text, x, top - 20, 20, Muted);
            figure.Table(section.Groups.Count, top, rowHeight, left, right);
            double Y(int row, int track) => top + row * rowHeight + 24 + track * 30;
            double X(double? share) => left + (share ?? 0) * (right - left);
            figure.Bars(section.Groups.SelectMany((group, i) => new BareBar[]
                { new(Y(i, 0), 26, left, X(group.HardwareShare), Navy), new(Y(i, 1), 26, left, X(group.SoftwareShare), PaleBlue, Blue, Hatched: true) }));
            for (var row = 0; row < section.Groups.Count; row++)
            {
                var group = section.Groups[row];
                figure.Text(group.Label, 40, Y(row, 0) + 15, 24, Ink);
                figure.Line(X(group.HardwareTargetBp / 10_000d), Y(row, 0) - 18, X(group.HardwareTargetBp / 10_000d), Y(row, 0) + 14, Red, 4);
                figure.Text(Share(group.HardwareShare), 1040, Y(row, 0), 22, Ink, Alignment.MiddleRight);
                figure.Text($"{group.HardwareComplete}/{group.HardwareBase}", Right, Y(row, 0), 19, Muted, Alignment.MiddleRight);
                figure.Text(Share(group.SoftwareShare), 1040, Y(row, 1), 22, Ink, Alignment.MiddleRight);
                figure.Text($"{group.SoftwareComplete}/{group.SoftwareBase}", Right, Y(row, 1), 19, Muted, Alignment.MiddleRight);
            }
            top += section.Groups.Count * rowHeight + 48;
        }
        return figure;
    }

    private static BareFigure HeatMap(HeatMapInput input, int height)
    {
        const double top = 330, rowHeight = 46, left = 296, column = 48;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        figure.Legend(("20以下", PaleBlue), ("20至40", PaleBlue), ("40至60", Blue), ("60至80", Blue), ("80及以上", Navy));
        figure.Table(input.Rows.Count, top, rowHeight);
        foreach (var (kind, first) in input.Sections.Select((section, i) => (section.Kind, i)).DistinctBy(section => section.Kind))
        {
            figure.Text(kind, left + first * column, 220, 20, Ink);
            figure.Line(left + first * column, 236, left + first * column + 3.5 * column, 236, Muted, 1.2f);
        }
        for (var i = 0; i < input.Sections.Count; i++)
        {
            // Two characters in a line.
            var lines = input.Sections[i].Title.Chunk(2).ToList();
            for (var line = 0; line < lines.Count; line++)
                figure.Text(new string(lines[line]), left + (i + .5) * column, top - 12 - (lines.Count - line - .5) * 23, 18, Muted, Alignment.MiddleCenter);
        }
        var shares = new double[input.Rows.Count, input.Sections.Count];
        for (var row = 0; row < input.Rows.Count; row++)
        {
            for (var i = 0; i < input.Sections.Count; i++) shares[row, i] = input.Rows[row].MetShares[i] ?? double.NaN;
        }
        figure.Heatmap(shares, left, top, left + input.Sections.Count * column, top + input.Rows.Count * rowHeight);
        for (var row = 0; row < input.Rows.Count; row++)
        {
            figure.Text(input.Rows[row].Name, 40, top + (row + .5) * rowHeight, 20, Ink);
            for (var i = 0; i < input.Sections.Count; i++)
                figure.Text(input.Rows[row].MetShares[i] is { } share ? Percent.OneDecimal(share)[..^1] : "—", left + (i + .5) * column, top + (row + .5) * rowHeight, 15, Ink, Alignment.MiddleCenter);
        }
        return figure;
    }

    private static BareFigure Weakest(WeakestItemsInput input, int height)
    {
        const double top = 190, rowHeight = 68, left = 430, right = 880;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        foreach (var (text, x) in new[] { ("条目", 92), ("达标率", 980), ("达标/适用", 1070) }) figure.Text(text, x, 166, 19, Muted);
        figure.Table(input.Items.Count, top, rowHeight, left, right);
        figure.Bars(input.Items.Select((item, row) => new BareBar(top + (row + .5) * rowHeight, 34, left, left + (item.MetShare ?? 0) * (right - left), Blue)));
        for (var row = 0; row < input.Items.Count; row++)
        {
            var (item, y) = (input.Items[row], top + (row + .5) * rowHeight);
            figure.Text(Number(row + 1), 60, y, 24, Muted, Alignment.MiddleCenter);
            figure.Text(item.Title, 92, y - 13, 24, Ink);
            figure.Text($"{item.Item}　{item.Kind}", 92, y + 18, 18, Muted);
            figure.Text(Share(item.MetShare), 1050, y, 22, Ink, Alignment.MiddleRight);
            figure.Text($"{item.Met}/{item.Applicable}", Right, y, 19, Muted, Alignment.MiddleRight);
        }
        return figure;
    }

    private static BareFigure Timeliness(TimelinessInput input, int height)
    {
        const double top = 260, rowHeight = 46, left = 296, column = 45;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        figure.Legend(("按时", PaleBlue), ("迟报", Navy), ("未报", Colors.White), ("不需报送", Rule));
        figure.Table(input.Rows.Count, top, rowHeight);
        var first = input.Rows.SelectMany(row => row.Months).Min(month => month.Period.Index);
        foreach (var period in input.Rows[0].Months.Select(month => month.Period))
        {
            figure.Text(Number(period.Month), left + (period.Index - first + .5) * column, top - 22, 18, Muted, Alignment.MiddleCenter);
            if (period.Month == 1 || period.Index == first) figure.Text(Number(period.Year), left + (period.Index - first + .5) * column, top - 60, 20, Ink);
        }
        for (var row = 0; row < input.Rows.Count; row++)
        {
            figure.Text(input.Rows[row].Name, 40, top + (row + .5) * rowHeight, 20, Ink);
            foreach (var month in input.Rows[row].Months)
            {
                var (x, y) = (left + (month.Period.Index - first) * column, top + row * rowHeight);
                var (mark, fill) = month.Status switch { "on_time" => ("√", PaleBlue), "late" => (Number(month.DaysLate), Navy), "missing" => ("缺", Colors.White), _ => ("—", Rule) };
                figure.Rectangle(x + 1.5, y + 1.5, column - 3, rowHeight - 3, fill, month.Status == "missing" ? Red : null);
                figure.Text(mark, x + column / 2, y + rowHeight / 2, 20, month.Status == "late" ? Colors.White : Ink, Alignment.MiddleCenter);
            }
        }
        return figure;
    }

    private static BareFigure Milestones(MilestoneInput input, int height)
    {
        const double top = 290, rowHeight = 46, left = 344, column = 136;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        figure.Table(input.Rows.Count, top, rowHeight);
        for (var i = 0; i < input.Milestones.Count; i++)
        {
            var milestone = input.Milestones[i];
            string[] lines = [milestone.Name, milestone.Due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "目标" + Percent.OfBasisPoints(milestone.TargetBp)];
            for (var line = 0; line < lines.Length; line++) figure.Text(lines[line], left + (i + .5) * column, top - 70 + line * 23, 18, Muted, Alignment.MiddleCenter);
        }
        for (var row = 0; row < input.Rows.Count; row++)
        {
            figure.Text(input.Rows[row].Name, 40, top + (row + .5) * rowHeight, 24, Ink);
            for (var i = 0; i < input.Milestones.Count; i++)
            {
                var verdict = input.Rows[row].Verdicts.FirstOrDefault(verdict => verdict.Milestone == input.Milestones[i].Milestone);
                var (words, fill, edge) = verdict switch
                {
                    null => ("未到期", Colors.White, (Color?)null),
                    { Met: true, MetOnTime: true } => ("按期达标", Navy, null),
                    { Met: true } => ("达标", PaleBlue, Blue),
                    { Met: null } => ("无基数", Rule, null),
                    _ => ($"未达标 {verdict.Complete}/{verdict.Base}", Colors.White, Red),
                };
                figure.Rectangle(left + i * column + 1.5, top + row * rowHeight + 1.5, column - 3, rowHeight - 3, fill, edge);
                figure.Text(words, left + (i + .5) * column, top + (row + .5) * rowHeight, 18, fill == Navy ? Colors.White : Ink, Alignment.MiddleCenter);
            }
        }
        return figure;
    }

    private static BareFigure Rectification(RectificationInput input, int height)
    {
        const double top = 188, left = 660, right = 840;
        var rowHeight = input.Rows.Count > 24 ? 40 : 46;
        var figure = new BareFigure(height, input.Title, input.Subtitle, input.Footnote);
        foreach (var (text, x) in new[] { ("位次", 40), ("党支部", 136), ("所属单位", 398), ("硬件得分", 864), ("软件得分", 974), ("未达标月数", 1065) }) figure.Text(text, x, 166, 19, Muted);
        figure.Table(input.Rows.Count, top, rowHeight, left, right);
        figure.Bars(input.Rows.Select((row, i) => new BareBar(top + (i + .5) * rowHeight, 24, left, left + (row.HardwareScore ?? 0) * (right - left), Blue)));
        for (var i = 0; i < input.Rows.Count; i++)
        {
            var (row, y) = (input.Rows[i], top + (i + .5) * rowHeight);
            figure.Text(Number(row.Position), 40, y, 20, Ink);
            if (row.Tied) figure.Text("并列", 74, y, 15, Muted);
            figure.Text(row.BranchName, 136, y, 20, Ink);
            figure.Text(row.Township, 398, y, 20, Ink);
            figure.Text(Share(row.HardwareScore), 940, y, 18, Ink, Alignment.MiddleRight);
            figure.Text(Share(row.SoftwareScore), 1050, y, 18, Muted, Alignment.MiddleRight);
            figure.Text(Number(row.MonthsNoncompliant), Right, y, 20, Ink, Alignment.MiddleRight);
        }
        return figure;
    }
}
