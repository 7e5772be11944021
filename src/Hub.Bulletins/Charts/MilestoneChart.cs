using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

public sealed record MilestoneColumn(string Milestone, string Name, DateOnly Due, int TargetBp);

/// <summary>One township's verdict on one milestone; a milestone that is not yet judged has none.</summary>
/// <param name="Met">Null where its base is 0.</param>
/// <param name="MetOnTime">The verdict of the period of the due date; null where its base was 0 then.</param>
public sealed record MilestoneVerdict(string Milestone, int Base, int Complete, bool? Met, bool? MetOnTime);

public sealed record MilestoneRow(string Township, string Name, IReadOnlyList<MilestoneVerdict> Verdicts);

/// <param name="Milestones">In the order of their due dates.</param>
public sealed record MilestoneInput(string Title, string Subtitle, IReadOnlyList<MilestoneColumn> Milestones, IReadOnlyList<MilestoneRow> Rows, string Footnote,
    Language Language = Language.Chinese);

/// <summary>Townships by milestones: met or not, and whether in time.</summary>
public static class MilestoneChart
{
    /// <summary>More would leave no room for the words.</summary>
    public const int MaxMilestones = 12;

    private sealed record Look(Text Verdict, SKColor Fill, SKColor Text, SKColor? Frame = null);

    private static readonly Look OnTime = new(new("按期达标", "met on time"), Ink.Navy, SKColors.White);
    private static readonly Look Met = new(new("达标", "met"), Ink.PaleBlue, Ink.Text, Ink.Blue);
    private static readonly Look LateMet = new(new("逾期达标", "met late"), Ink.PaleBlue, Ink.Text, Ink.Blue);
    private static readonly Look NotMet = new(new("未达标", "not met"), SKColors.White, Ink.Red, Ink.Red);
    private static readonly Look Lapsed = new(new("回落", "lapsed"), SKColors.White, Ink.Red, Ink.Red);
    private static readonly Look NotJudged = new(new("未到期", "not yet due"), SKColors.White, Ink.Muted);
    private static readonly Look NoBase = new(Words.NoBase, Ink.PaleGrey, Ink.Muted);

    private static readonly Text LapsedNote = new("回落：到期时已达标，其后又有支部不达标。", "Lapsed: met when it was due, and short of it again since.");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(MilestoneInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(MilestoneInput input)
    {
        using var page = Draw(input);
        var between = new Text("", " ").In(input.Language);
        return page.Svg(Words.Read(input.Rows.Select(row => $"{row.Name} " + Words.Listed(input.Milestones.Select(
            milestone => milestone.Name + between + Of(Verdict(row, milestone)).Verdict.In(input.Language)), input.Language)), input.Language));
    }

    private static MilestoneVerdict? Verdict(MilestoneRow row, MilestoneColumn milestone) =>
        row.Verdicts.FirstOrDefault(verdict => verdict.Milestone == milestone.Milestone);

    private static Look Of(MilestoneVerdict? verdict) => verdict switch
    {
        null => NotJudged,
        { Met: null } => NoBase,
        { Met: true, MetOnTime: true } => OnTime,
        { Met: true, MetOnTime: false } => LateMet,
        { Met: true } => Met,
        { MetOnTime: true } => Lapsed,
        _ => NotMet,
    };

    private static ChartPage Draw(MilestoneInput input)
    {
        var language = input.Language;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Rows.Count, ChartPage.MaxRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Milestones.Count, MaxMilestones);
        if (input.Rows.Count == 0 || input.Milestones.Count == 0)
            return ChartPage.Saying(Words.NoFigures.In(language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle);
        // Words in each cell say it all: a legend would repeat them.
        var grid = new CellGrid([.. input.Rows.Select(row => row.Name)], [.. input.Milestones.Select(milestone => Column(milestone, language))], page.BodyTop - 50, 190, language);
        var ink = page.Layer();
        grid.Draw(ink);
        var size = grid.CellTextSize(input.Rows.SelectMany(row => input.Milestones.Select(milestone => CellWords(Verdict(row, milestone), language))));
        for (var row = 0; row < input.Rows.Count; row++)
        {
            for (var column = 0; column < input.Milestones.Count; column++)
                Cell(ink, grid.Cell(row, column), Verdict(input.Rows[row], input.Milestones[column]), size, language);
        }
        var lapsed = input.Rows.Any(row => input.Milestones.Any(milestone => Of(Verdict(row, milestone)) == Lapsed));
        page.Close(grid.Bottom, Words.Sentences(language, lapsed ? LapsedNote.In(language) : "", input.Footnote));
        return page;
    }

    private static GridColumn Column(MilestoneColumn milestone, Language language) => new(
        string.Create(CultureInfo.InvariantCulture, $"{ChartFont.Plain(milestone.Name)}\n{milestone.Due:yyyy-MM-dd}\n")
        + Words.Target.In(language) + new Text("", " ").In(language) + Percent.OfBasisPoints(milestone.TargetBp), "");

    // Who is not there yet sees how far it is.
    private static string CellWords(MilestoneVerdict? verdict, Language language) =>
        Of(verdict).Verdict.In(language) + (verdict is { Met: false } ? " " + ShareValues.Counts(verdict.Complete, verdict.Base) : "");

    private static void Cell(FigureInk ink, SKRect cell, MilestoneVerdict? verdict, float size, Language language)
    {
        var look = Of(verdict);
        ink.Fill(cell, look.Fill);
        if (look.Frame is { } frame) ink.Frame(cell, frame, 1.6f);
        CellGrid.CellText(ink, cell, CellWords(verdict, language), look.Text, size);
    }
}
