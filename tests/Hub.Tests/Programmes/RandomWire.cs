using System.Text;

namespace Hub.Tests.Programmes;

/// <summary>Reports in every form that protobuf allows: fields in any order and repeated, states packed, unpacked or in several runs, numbers longer
/// than they need be, fields of other releases between them.</summary>
/// <param name="mostState">The highest number that a state may have.</param>
internal sealed class RandomWire(Random random, ulong mostState = ulong.MaxValue)
{
    private static readonly string[] Texts = ["", "a", "county-2025", "990101100", "2026-01", "99010110000001", "99010110000002", "本月进展", "😀", "\uFFFD", "line\nline"];
    private static readonly ulong[] States = [0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 127, 128, 254, 255, 256, 257, uint.MaxValue, ulong.MaxValue, 1UL << 32, (1UL << 32) + 1];

    public byte[] Report() => Message(Repeat(1, 3, () => random.Next(12) switch
    {
        0 => Text(1),
        1 => Text(2),
        2 => Text(3),
        3 => Bytes(5, Message(Repeat(0, 4, () => random.Next(4) == 0 ? Unknown(0) : Text(random.Next(1, 6))))),
        4 => Bytes(6, Message(Repeat(0, 4, () => random.Next(4) == 0 ? Unknown(0) : Text(random.Next(1, 5))))),
        5 => Unknown(0),
        _ => Bytes(4, Branch()),
    }));

    private byte[] Branch() => Message(Repeat(0, 2, () => random.Next(6) switch
    {
        0 => Text(1),
        1 => [.. Varint(2 << 3), .. State()],
        2 => Unknown(0),
        // What every release knows, as most send it.
        3 => Bytes(2, [.. Repeat(0, 40, () => new[] { (byte)random.Next(4) }).SelectMany(b => b)]),
        _ => Bytes(2, Message(Repeat(0, 8, State))),
    }));

    private byte[] State() => Varint(Math.Min(States[random.Next(States.Length)], mostState));

    private byte[] Text(int field) => Bytes(field, Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]));

    private byte[] Bytes(int field, byte[] content) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];

    /// <summary>A field that no message here has, or one of theirs in a form that is not theirs.</summary>
    private byte[] Unknown(int depth)
    {
        var field = random.Next(3) == 0 ? (ulong)random.Next(1, 7) : (ulong)random.Next(7, 1 << 20);
        return random.Next(5) switch
        {
            // Varints of fields 1 to 6, but not a state of field 2.
            0 => [.. Varint((field == 2 ? 7 : field) << 3), .. State()],
            1 => [.. Varint(field << 3 | 1), .. new byte[8]],
            2 => [.. Varint(field << 3 | 5), .. new byte[4]],
            3 when depth < 4 => [.. Varint(field << 3 | 3), .. Message(Repeat(0, 2, () => Unknown(depth + 1))), .. Varint(field << 3 | 4)],
            _ => Bytes((int)field + 7, new byte[random.Next(5)]),
        };
    }

    private byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        for (var longer = random.Next(20) == 0 ? random.Next(3) : 0; longer > 0 && bytes.Count < 10; longer--)
        {
            bytes[^1] |= 0x80;
            bytes.Add(0);
        }
        return [.. bytes];
    }

    private List<byte[]> Repeat(int least, int most, Func<byte[]> make) => [.. Enumerable.Range(0, random.Next(least, least + most * 2)).Select(_ => make())];

    private static byte[] Message(IEnumerable<byte[]> fields) => [.. fields.SelectMany(f => f)];
}
