using System.Globalization;
using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="PreviousRank">Null where it was not ranked in the month before.</param>
/// <param name="Rank">Null where it is not ranked now.</param>
public sealed record RankingMove(string Township, string Name, int? PreviousRank, int? Rank);

/// <param name="PreviousMonth">Heading of the left column, e.g. 2026年9月.</param>
/// <param name="Moves">In any order: each column is sorted by rank, then by code.</param>
public sealed record RankingMovementInput(
    string Title, string Subtitle, string PreviousMonth, string Month, IReadOnlyList<RankingMove> Moves, string Footnote,
    Language Language = Language.Chinese);

/// <summary>Two columns of ranks, last month's and this month's, and a line for each township between them.</summary>
public static class RankingMovementChart
{
    private const float HeadHeight = 44, RankWidth = 52, MoveWidth = 80, Gap = 14;

    /// <summary>Fewer places than this are drawn thin, so that the few that moved far are seen among forty.</summary>
    private const int FarPlaces = 3;

    private const float WidestName = 324, SmallSize = 20;

    private static readonly Text Up = new("上升", "Up"), Down = new("下降", "Down"), Unchanged = new("持平", "Unchanged");
    private static readonly Text NewlyRanked = new("新", "new"), NoLongerRanked = new("未排名", "unranked");
    private static readonly Text NoneRanked = new("本期没有参加排名的单位", "No township is ranked this month");
    private static readonly Text NoneBefore = new("上月没有排名", "Nothing was ranked the month before");
    private static Text Left(string names) => new($"本月没有基数、不参加排名：{names}。", $"Without a base this month and not ranked: {names}.");

    /// <summary>1200 px wide, at print resolution.</summary>
    public static byte[] Png(RankingMovementInput input)
    {
        using var page = Draw(input);
        return page.Png();
    }

    /// <summary>The same picture with outlined text.</summary>
    public static string Svg(RankingMovementInput input)
    {
        using var page = Draw(input);
        return page.Svg(Words.Read(Column(input, move => move.Rank).Select(move =>
            $"{Number(move.Rank)} {move.Name} {Movement(move.PreviousRank, move.Rank, input.Language)}"), input.Language));
    }

    /// <summary>▲ up, ▼ down, — as before, 新 newly ranked, 未排名 no longer ranked; empty where never ranked.</summary>
    internal static string Movement(int? previous, int? rank, Language language) => (previous, rank) switch
    {
        (null, null) => "",
        (_, null) => NoLongerRanked.In(language),
        (null, _) => NewlyRanked.In(language),
        ({ } before, { } now) => (before > now ? "▲" : before < now ? "▼" : "—")
            + (before == now ? "" : string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(before - now)}")),
    };

    private static ChartPage Draw(RankingMovementInput input)
    {
        var language = input.Language;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Moves.Count, ChartPage.MaxRows);
        var before = Column(input, move => move.PreviousRank);
        var now = Column(input, move => move.Rank);
        if (before.Count + now.Count == 0)
            return ChartPage.Saying(NoneRanked.In(language), input.Title, input.Subtitle, input.Footnote);
        var page = new ChartPage(input.Title, input.Subtitle, [
            new(Up.In(language), (ink, r) => Line(ink, new(r.Left, r.MidY), new(r.Right, r.MidY), FarPlaces)),
            new(Down.In(language), (ink, r) => Line(ink, new(r.Left, r.MidY), new(r.Right, r.MidY), -FarPlaces)),
            new(Unchanged.In(language), (ink, r) => Line(ink, new(r.Left, r.MidY), new(r.Right, r.MidY), 0)),
        ]);
        var (rowHeight, size) = TableRows.Of(Math.Max(before.Count, now.Count));
        var nameWidth = TableRows.NameWidth(input.Moves.Select(move => move.Name), size, language);
        // Names on both sides leave the lines this much room, if need be at the cost of their size.
        if (nameWidth > WidestName) (size, nameWidth) = (SmallSize, TableRows.NameWidth(input.Moves.Select(move => move.Name), SmallSize, language));
        var top = page.BodyTop + HeadHeight;
        var bottom = top + Math.Max(before.Count, now.Count) * rowHeight;
        float Y(int row) => top + (row + 0.5f) * rowHeight;
        var (leftEnd, rightStart) = (ChartPage.Margin + nameWidth + RankWidth + Gap, ChartPage.Right - MoveWidth - nameWidth - RankWidth - Gap);

        var ink = page.Layer();
        Frame(ink, input, page.BodyTop, top, bottom, leftEnd, rightStart);
        if (before.Count == 0) ink.Text(NoneBefore.In(language), ChartPage.Margin, Y(0), size, Ink.Muted);
        // Long moves last: they lie over the short ones.
        foreach (var move in now.Where(before.Contains).OrderBy(move => Math.Abs(move.PreviousRank!.Value - move.Rank!.Value)))
            Line(ink, new(leftEnd, Y(before.IndexOf(move))), new(rightStart, Y(now.IndexOf(move))), move.PreviousRank!.Value - move.Rank!.Value);

        for (var row = 0; row < before.Count; row++)
        {
            var name = TextFit.Cut(ChartFont.Drawable(before[row].Name), size, nameWidth);
            ink.Text(name, ChartPage.Margin + nameWidth, Y(row), size, Ink.Text, SKTextAlign.Right);
            ink.Text(Number(before[row].PreviousRank), leftEnd - Gap, Y(row), size, Ink.Muted, SKTextAlign.Right);
            End(ink, leftEnd, Y(row));
        }
        for (var row = 0; row < now.Count; row++)
        {
            ink.Text(Number(now[row].Rank), rightStart + Gap, Y(row), size, Ink.Muted);
            ink.Text(TextFit.Cut(ChartFont.Drawable(now[row].Name), size, nameWidth), rightStart + Gap + RankWidth, Y(row), size, Ink.Text);
            RankingTable.Movement(ink, Movement(now[row].PreviousRank, now[row].Rank, language), ChartPage.Right - MoveWidth / 2, Y(row), size - 2);
            End(ink, rightStart, Y(row));
        }
        var left = before.Where(move => move.Rank is null).Select(move => ChartFont.Plain(move.Name)).ToList();
        page.Close(bottom, Words.Sentences(language, left.Count > 0 ? Left(Words.Listed(left, language)).In(language) : "", input.Footnote));
        return page;
    }

    private static List<RankingMove> Column(RankingMovementInput input, Func<RankingMove, int?> rank) =>
        [.. input.Moves.Where(move => rank(move) is not null).OrderBy(rank).ThenBy(move => move.Township, StringComparer.Ordinal)];

    private static string Number(int? rank) => rank?.ToString(CultureInfo.InvariantCulture) ?? "—";

    private static void Frame(FigureInk ink, RankingMovementInput input, float headTop, float top, float bottom, float left, float right)
    {
        var room = left - Gap - ChartPage.Margin;
        ink.Fitted(input.PreviousMonth, left - Gap, headTop + HeadHeight / 2, 21, room, Ink.Muted, SKTextAlign.Right);
        ink.Fitted(input.Month, right + Gap, headTop + HeadHeight / 2, 21, room, Ink.Muted);
        ink.Text(Words.Change.In(input.Language), ChartPage.Right - MoveWidth / 2, headTop + HeadHeight / 2, ChartPage.HeadingSize, Ink.Muted, SKTextAlign.Center);
        ink.Line(ChartPage.Margin, top, ChartPage.Right, top, Ink.Grey, 1.5f);
        ink.Line(ChartPage.Margin, bottom, ChartPage.Right, bottom, Ink.Grey, 1.5f);
        foreach (var x in (float[])[left, right]) ink.Line(x, top, x, bottom, Ink.Rule, 1.5f);
    }

    // Up is solid, down is dashed, unchanged is thin: no colour is needed to tell them apart.
    private static void Line(FigureInk ink, SKPoint from, SKPoint to, int places)
    {
        var far = Math.Abs(places) >= FarPlaces;
        if (places > 0) ink.Polyline([from, to], far ? Ink.Navy : Ink.Blue, far ? 3.2f : 1.8f);
        else if (places < 0) ink.Dashed([from, to], Ink.Red, far ? 3.2f : 1.6f, dashPx: far ? 11 : 8, gapPx: 6);
        else ink.Polyline([from, to], Ink.Grey, 1.2f);
    }

    private static void End(FigureInk ink, float x, float y) => ink.Dot(x, y, 4.5f, SKColors.White, Ink.Text, 1.6f);
}
