using System.Buffers.Binary;
using System.Numerics;

namespace Hub.Programmes;

/// <summary>Integers that never change, each in as many bits as it lies away from a straight line: none where all are the same, or count up.</summary>
public readonly struct PackedIntegers
{
    // An integer is read with the eight bytes from its first one on, of which it has at most 32 bits and the 7 before them.
    private const int ReadAtOnce = sizeof(ulong);
    private static readonly byte[] NoBits = new byte[ReadAtOnce];

    private readonly byte[] bytes;
    private readonly long first;
    private readonly long step;
    private readonly int count;
    private readonly int bits;

    public PackedIntegers(ReadOnlySpan<int> values)
    {
        (bytes, count) = (NoBits, values.Length);
        if (values.IsEmpty) return;
        (first, bits) = Around(values, 0);
        var slope = values.Length < 2 ? 0 : ((long)values[^1] - values[0]) / (values.Length - 1);
        var (start, needed) = Around(values, slope);
        if (needed < bits) (first, step, bits) = (start, slope, needed);
        if (bits == 0) return;
        bytes = new byte[((long)values.Length * bits + 7) / 8 + ReadAtOnce - 1];
        for (var i = 0; i < values.Length; i++)
        {
            var bit = (long)i * bits;
            var at = bytes.AsSpan((int)(bit >> 3));
            BinaryPrimitives.WriteUInt64LittleEndian(at, BinaryPrimitives.ReadUInt64LittleEndian(at) | (ulong)(values[i] - step * i - first) << (int)(bit & 7));
        }
    }

    public int this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            var bit = (long)index * bits;
            var above = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((int)(bit >> 3))) >> (int)(bit & 7) & ((1UL << bits) - 1);
            return (int)(first + step * index + (long)above);
        }
    }

    // The line's lowest start under the values, and the bits that the farthest one above it needs.
    private static (long First, int Bits) Around(ReadOnlySpan<int> values, long step)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < values.Length; i++)
        {
            var above = values[i] - step * i;
            (least, most) = (Math.Min(least, above), Math.Max(most, above));
        }
        return (least, 64 - BitOperations.LeadingZeroCount((ulong)(most - least)));
    }
}
