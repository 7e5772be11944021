using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="Kind">Sections of one kind stand together under its name.</param>
public sealed record HeatMapSection(string Kind, string Title);

/// <param name="MetShares">Met items / applicable items of each section, in the order of the columns; null where no item applies.</param>
public sealed record HeatMapRow(string Township, string Name, IReadOnlyList<double?> MetShares);

public sealed record HeatMapInput(string Title, string Subtitle, IReadOnlyList<HeatMapSection> Sections, IReadOnlyList<HeatMapRow> Rows, string Footnote,
    Language Language = Language.Chinese);

/// <summary>Townships by sections of the standards: the share of met items as a number on a tint.</summary>
public static class HeatMapChart
{
    /// <summary>More would leave no room for the numbers.</summary>
    public const int MaxSections = 24;

    private sealed record Tint(Text Label, SKColor Fill, SKColor Text);

    // Lightness falls steadily, so that a copy in grey keeps the order.
    private static readonly Tint[] Tints =
    [
        new(new("20以下", "below 20"), new(0xF4, 0xF8, 0xFC), Ink.Text),
        new(new("20至40", "20 to 40"), new(0xD9, 0xE8, 0xF5), Ink.Text),
        new(new("40至60", "40 to 60"), new(0xB0, 0xD0, 0xEB), Ink.Text),
        new(new("60至80", "60 to 80"), new(0x78, 0xAA, 0xD8), Ink.Text),
        new(new("80及以上", "80 and above"), Ink.Navy, SKColors.White),
    ];

    private static readonly Text Unit = new("单位：%。", "Figures are percentages.");
    private static readonly Text NoItems = new("—表示没有适用的条目。", "— means that no item applies.");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(HeatMapInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(HeatMapInput input)
    {
        using var page = Draw(input);
        var between = new Text("", " ").In(input.Language);
        return page.Svg(Words.Read(input.Rows.Select(row => $"{row.Name} " + Words.Listed(input.Sections.Zip(row.MetShares,
            (section, share) => section.Title + between + Shares.Text(share, input.Language)), input.Language)), input.Language));
    }

    private static ChartPage Draw(HeatMapInput input)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Rows.Count, ChartPage.MaxRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Sections.Count, MaxSections);
        if (input.Rows.Any(row => row.MetShares.Count != input.Sections.Count)) throw new ArgumentException("A row without a share for each section", nameof(input));
        if (input.Rows.Count == 0 || input.Sections.Count == 0)
            return ChartPage.Saying(Words.NoFigures.In(input.Language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle, [.. Tints.Select(tint => new LegendEntry(tint.Label.In(input.Language), (ink, rect) =>
        {
            ink.Fill(rect, tint.Fill);
            ink.Frame(rect, Ink.Grey, 1);
        }))]);
        var columns = input.Sections.Select(section => new GridColumn(section.Title, section.Kind));
        var grid = new CellGrid([.. input.Rows.Select(row => row.Name)], [.. columns], page.BodyTop, 170, input.Language);
        var ink = page.Layer();
        grid.Draw(ink);
        var size = grid.CellTextSize(["100.0"]);
        for (var row = 0; row < input.Rows.Count; row++)
        {
            for (var column = 0; column < input.Sections.Count; column++)
                Cell(ink, grid.Cell(row, column), Shares.Shown(input.Rows[row].MetShares[column]), size);
        }
        var gap = input.Rows.Any(row => row.MetShares.Any(share => Shares.Shown(share) is null)) ? NoItems.In(input.Language) : "";
        page.Close(grid.Bottom, Words.Sentences(input.Language, Unit.In(input.Language), gap, input.Footnote));
        return page;
    }

    private static void Cell(FigureInk ink, SKRect cell, double? share, float size)
    {
        if (share is not { } shown)
        {
            ink.Text("—", cell.MidX, cell.MidY, 17, Ink.Muted, SKTextAlign.Center);
            return;
        }
        var tint = Tints[Math.Min((int)(shown * 5), 4)];
        ink.Fill(cell, tint.Fill);
        CellGrid.CellText(ink, cell, Percent.OneDecimal(shown)[..^1], tint.Text, size);
    }
}
