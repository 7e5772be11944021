using Hub.Protocol;
using Hub.Store;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>The rankings of whole programmes, from the model <c>ranking_within</c>. Between two records everybody asks for the same one, page by page:
/// those of the head are kept until the log goes on.</summary>
public sealed class Rankings
{
    private const int MostKept = 8;

    private readonly Lock making = new();
    private volatile Kept kept = new(0, []);

    private sealed record Kept(long Position, IReadOnlyList<(string Programme, string Period, string Area, List<TownshipRank> Ranks)> Rankings);

    /// <param name="reading">Of what is kept at the head: the position says which month has ended.</param>
    /// <returns>Every township of the area by rank, those without one last; not to be changed.</returns>
    public List<TownshipRank> Whole(Programmes.Programme programme, string period, string area, HubState state, Reading reading)
    {
        if (AtHand() is { } ranks) return ranks;
        // Whoever asks for the same after the same record waits for it, instead of making it too.
        lock (making)
        {
            if (AtHand() is { } made) return made;
            ranks = Read(programme, period, area, int.MaxValue, 0, reading, expected: state.Townships.Count(t => programme.Covers(t.Code)));
            var now = kept;
            if (now.Position <= reading.Position)
                kept = new(reading.Position, [(programme.Id, period, area, ranks), .. now.Position == reading.Position ? now.Rankings.Take(MostKept - 1) : []]);
            return ranks;
        }

        List<TownshipRank>? AtHand() =>
            kept is var last && last.Position == reading.Position ? last.Rankings.FirstOrDefault(r => r.Programme == programme.Id && r.Period == period && r.Area == area).Ranks : null;
    }

    /// <summary>A page of an area's ranking among itself.</summary>
    public static List<TownshipRank> Read(Programmes.Programme programme, string period, string area, int count, int offset, Reading reading, int expected = 0) => reading.Query(
        expected,
        """
        select r.township, r.rank, r.previous_rank, t.name from ranking_within($area, $period, $period) r join townships t on t.township = r.township
        where r.programme = $programme and r.period = $period
        order by r.rank nulls last, r.township limit $count offset $offset
        """, r =>
        {
            var row = new TownshipRank { Township = r.Text("township"), Name = r.Text("name") };
            if (r.IntOrNull("rank") is { } rank) row.Rank = rank;
            if (r.IntOrNull("previous_rank") is { } previous) row.PreviousRank = previous;
            return row;
        },
        ("area", area), ("programme", programme.Id), ("period", period), ("count", count), ("offset", offset));
}
