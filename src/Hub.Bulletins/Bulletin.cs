using System.Text;
using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>One file of a bulletin.</summary>
public sealed record BulletinFile(string Name, string MediaType, byte[] Content);

/// <summary>The month's bulletin: the page first, then its charts.</summary>
/// <param name="Figures">What stands in it.</param>
public sealed record Bulletin(BulletinFigures Figures, IReadOnlyList<BulletinFile> Files)
{
    /// <param name="demonstrationClock">Whether the hub runs on one: every page says so.</param>
    /// <param name="publishedAt">Null = a draft.</param>
    public static Bulletin Make(Programme programme, BulletinFigures figures, bool demonstrationClock, DateTimeOffset? publishedAt)
    {
        var chart = RankingInput(programme, figures);
        var svg = RankingChart.Svg(chart);
        var page = BulletinPage.Render(programme, figures, svg, demonstrationClock, publishedAt);
        var stem = $"{programme.Id}-{figures.Period}";
        return new(figures,
        [
            new($"{stem}.html", "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page)),
            new($"{stem}-ranking.svg", "image/svg+xml", Encoding.UTF8.GetBytes(svg)),
            new($"{stem}-ranking.png", "image/png", RankingChart.Png(chart)),
        ]);
    }

    private static RankingChartInput RankingInput(Programme programme, BulletinFigures figures) => new(
        $"{figures.Period.Year}年{figures.Period.Month}月各乡镇硬件达标率排名",
        programme.Template.Title,
        [.. figures.Townships.Select(t => new RankingBar(t.Township, t.Name, t.Rank, t.PreviousRank, t.HardwareShare, t.Status))],
        figures.TargetBp, figures.Pace, $"日志位置 {figures.Position}");
}
