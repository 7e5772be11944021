using System.Buffers;
using System.Collections.Concurrent;
using Hub.Programmes;

namespace Hub.Store;

/// <summary>The states of every township's latest report, for the warnings of the next: about 7 bytes a branch, since a country has millions. One
/// writer, any readers.</summary>
internal sealed class LatestStates
{
    private readonly ConcurrentDictionary<(string Programme, string Township), Latest> latest = new();

    // Per branch as varints: its id less the one before (zigzag), met, not applicable.
    private sealed record Latest(int Month, long Position, int Count, byte[] Packed);

    /// <summary>The states of the report at a position where that is the township's latest, else null.</summary>
    public ReportedStates? Find(string programme, Township township, long position) =>
        latest.GetValueOrDefault((programme, township.Code)) is { } kept && kept.Position == position ? Unpack(kept.Packed, kept.Count, township.Branches) : null;

    public void Set(string programme, string township, Period period, long position, KeptStates states)
    {
        if (latest.TryGetValue((programme, township), out var known) && known.Month > period.Index) return;
        latest[(programme, township)] = new(period.Index, position, states.Count, Pack(states));
    }

    /// <summary>States by the places that their branches have in the township.</summary>
    public static ReportedStates Placed(KeptStates states, Township township) => Unpack(Pack(states), states.Count, township.Branches);

    private static byte[] Pack(KeptStates states)
    {
        const int maxVarint = 10;
        var room = ArrayPool<byte>.Shared.Rent(states.Count * 3 * maxVarint);
        var (end, last) = (0, 0);
        for (var i = 0; i < states.Count; i++)
        {
            var step = states.BranchNumbers[i] - last;
            Write((uint)(step << 1 ^ step >> 31));
            Write(states.Met[i]);
            Write(states.NotApplicable[i]);
            last = states.BranchNumbers[i];
        }
        var packed = room.AsSpan(0, end).ToArray();
        ArrayPool<byte>.Shared.Return(room);
        return packed;

        void Write(ulong value)
        {
            for (; value >= 0x80; value >>= 7) room[end++] = (byte)(value | 0x80);
            room[end++] = (byte)value;
        }
    }

    private static ReportedStates Unpack(byte[] packed, int count, BranchList branches)
    {
        var reader = new WireReader(packed);
        var (places, met, notApplicable) = (new int[count], new ulong[count], new ulong[count]);
        var (found, number, next) = (0, 0, 0);
        while (!reader.IsAtEnd)
        {
            var step = (uint)reader.ReadVarint();
            number += (int)(step >> 1) ^ -(int)(step & 1);
            (met[found], notApplicable[found]) = (reader.ReadVarint(), reader.ReadVarint());
            // No branch leaves its township, and all stay in code order: each stands after the last one. One that is not there was registered
            // since the township was read.
            var place = next;
            while (place < branches.Count && branches.NumberAt(place) != number) place++;
            if (place == branches.Count) continue;
            places[found++] = place;
            next = place + 1;
        }
        return found == count ? new(places, met, notApplicable) : new(places[..found], met[..found], notApplicable[..found]);
    }
}
