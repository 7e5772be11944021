using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>One kind or star tier, over all its branches.</summary>
/// <param name="HardwareShare">complete / base; null where the base is 0.</param>
/// <param name="HardwareTargetBp">What is asked of its hardware by now, in basis points; 0 draws no mark.</param>
public sealed record CompletionGroup(
    string Label, int HardwareComplete, int HardwareBase, double? HardwareShare, int SoftwareComplete, int SoftwareBase, double? SoftwareShare,
    int HardwareTargetBp);

/// <param name="Heading">E.g. 按支部类别, 按星级.</param>
public sealed record CompletionSection(string Heading, IReadOnlyList<CompletionGroup> Groups);

public sealed record CompletionInput(string Title, string Subtitle, IReadOnlyList<CompletionSection> Sections, string Footnote, Language Language = Language.Chinese);

/// <summary>Hardware and software completion as paired bars, by kind and by star tier.</summary>
public static class CompletionChart
{
    private const float HeadingHeight = 48, GroupHeight = 78, BarHeight = 26, BarGap = 4, LabelSize = 24;

    private static readonly BarStyle Hardware = new(new("硬件达标率", "Hardware complete"), Ink.Navy);
    private static readonly BarStyle Software = new(new("软件达标率", "Software complete"), Ink.PaleBlue, Frame: Ink.Blue, Hatch: Ink.Blue);

    private static readonly Text HardwareTarget = new("硬件目标", "Hardware target");
    private static readonly Text Counts = new("达标数/基数", "Complete/base");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(CompletionInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(CompletionInput input)
    {
        using var page = Draw(input);
        return page.Svg(Words.Read(input.Sections.SelectMany(section => section.Groups).Select(group => Read(group, input.Language)), input.Language));
    }

    private static string Read(CompletionGroup group, Language language)
    {
        string Value(double? share, int complete, int @base) => $"{Shares.Text(share, language)} {ShareValues.Counts(complete, @base)}";
        var hardware = Value(group.HardwareShare, group.HardwareComplete, group.HardwareBase);
        var software = Value(group.SoftwareShare, group.SoftwareComplete, group.SoftwareBase);
        return group.Label + new Text($" 硬件{hardware} 软件{software}", $" hardware {hardware}, software {software}").In(language);
    }

    private static ChartPage Draw(CompletionInput input)
    {
        var groups = input.Sections.SelectMany(section => section.Groups).ToList();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups.Count, ChartPage.MaxRows);
        if (groups.Count == 0)
            return ChartPage.Saying(Words.NoFigures.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        List<LegendEntry> legend = [LegendEntry.Swatch(Hardware, input.Language), LegendEntry.Swatch(Software, input.Language)];
        if (groups.Any(group => group.HardwareTargetBp > 0))
            legend.Add(new(HardwareTarget.In(input.Language), (ink, r) => ink.Line(r.MidX, r.Top - 4, r.MidX, r.Bottom + 4, Ink.Red, 4)));
        var page = new ChartPage(input.Title, input.Subtitle, legend);
        var left = ChartPage.Margin + TableRows.NameWidth(groups.Select(group => group.Label), LabelSize, input.Language) + 22;
        var counts = groups.SelectMany(group => new[] { (group.HardwareComplete, group.HardwareBase), (group.SoftwareComplete, group.SoftwareBase) });
        var values = new ShareValues(counts, Counts.In(input.Language), input.Language);
        var scale = new ShareScale(left, values.Left - 34);

        var y = page.BodyTop;
        foreach (var section in input.Sections.Where(section => section.Groups.Count > 0)) y = Section(page, section, scale, values, y);
        var ink = page.Layer();
        scale.Ticks(ink, y + 22);
        page.Close(y + 22, input.Footnote);
        return page;
    }

    private static float Section(ChartPage page, CompletionSection section, ShareScale scale, ShareValues values, float headingTop)
    {
        var top = headingTop + HeadingHeight;
        var bottom = top + section.Groups.Count * GroupHeight;
        SKRect Bar(int index, int track, double? share) =>
            new(scale.Left, top + index * GroupHeight + GroupHeight / 2 + (track == 0 ? -BarHeight - BarGap / 2 : BarGap / 2), scale.X(Shares.Shown(share) ?? 0),
                top + index * GroupHeight + GroupHeight / 2 + (track == 0 ? -BarGap / 2 : BarHeight + BarGap / 2));

        var under = page.Layer();
        under.Fitted(section.Heading, ChartPage.Margin, headingTop + HeadingHeight / 2 + 4, 22, values.Left - 60 - ChartPage.Margin, Ink.Muted);
        values.DrawHeadings(under, headingTop + HeadingHeight / 2 + 4);
        scale.Lines(under, top, bottom);
        for (var y = top + GroupHeight; y < bottom - 1; y += GroupHeight) under.Line(ChartPage.Margin, y, ChartPage.Right, y, Ink.Rule, 1);
        under.Line(ChartPage.Margin, top, ChartPage.Right, top, Ink.Grey, 1.5f);
        under.Line(ChartPage.Margin, bottom, ChartPage.Right, bottom, Ink.Grey, 1.5f);
        page.Bars(section.Groups.SelectMany((group, i) =>
            new[] { (Bar(i, 0, group.HardwareShare), Hardware.Fill), (Bar(i, 1, group.SoftwareShare), Software.Fill) }));

        var over = page.Layer();
        for (var i = 0; i < section.Groups.Count; i++)
        {
            var group = section.Groups[i];
            over.Fitted(group.Label, ChartPage.Margin, top + (i + 0.5f) * GroupHeight, LabelSize, scale.Left - 22 - ChartPage.Margin, Ink.Text);
            Software.Finish(over, Bar(i, 1, group.SoftwareShare));
            if (group.HardwareTargetBp > 0) Target(over, scale.X(Math.Min(group.HardwareTargetBp, 10_000) / 10_000d), Bar(i, 0, group.HardwareShare));
            values.Draw(over, group.HardwareShare, group.HardwareComplete, group.HardwareBase, Bar(i, 0, null).MidY);
            values.Draw(over, group.SoftwareShare, group.SoftwareComplete, group.SoftwareBase, Bar(i, 1, null).MidY);
        }
        return bottom;
    }

    // White on both sides keeps the mark readable on a dark bar; at the bar's end it would hide that the bar reaches the mark.
    private static void Target(FigureInk ink, float x, SKRect bar)
    {
        if (bar.Right > x + 6) ink.Line(x, bar.Top, x, bar.Bottom, SKColors.White, 9);
        ink.Line(x, bar.Top - 5, x, bar.Bottom + 1, Ink.Red, 4);
    }
}
