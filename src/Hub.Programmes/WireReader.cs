using System.Text;
using System.Text.Unicode;

namespace Hub.Programmes;

/// <summary>Walks over the fields of one message in protobuf's wire format and makes no objects of them. It accepts what the generated parser accepts
/// and refuses what that refuses.</summary>
/// <exception cref="InvalidDataException">Thrown by every method where the bytes are no message.</exception>
public ref struct WireReader
{
    /// <summary>How deep messages and groups may lie within each other, as in the generated parser.</summary>
    private const int MaxDepth = 100;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly int end;
    private readonly int depth;
    private int at;

    public WireReader(ReadOnlySpan<byte> message) : this(message, 0, message.Length, 0)
    {
    }

    private WireReader(ReadOnlySpan<byte> bytes, int at, int end, int depth)
    {
        this.bytes = bytes;
        (this.at, this.end, this.depth) = (at, end, depth);
    }

    public readonly bool IsAtEnd => at == end;

    /// <summary>Field number × 8 + wire type of the next field; 0 at the end of the message.</summary>
    public uint ReadTag()
    {
        if (at == end) return 0;
        var tag = (uint)ReadVarint();
        return tag >> 3 != 0 ? tag : throw Malformed();
    }

    public ulong ReadVarint()
    {
        if (at < end && bytes[at] < 0x80) return bytes[at++];
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == end) throw Malformed();
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Malformed();
    }

    /// <summary>Where a length-delimited value stands among all the bytes.</summary>
    public (int At, int Length) ReadPlace()
    {
        var length = (int)ReadVarint();
        if (length < 0 || length > end - at) throw Malformed();
        at += length;
        return (at - length, length);
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        var place = ReadPlace();
        return bytes.Slice(place.At, place.Length);
    }

    /// <summary>Where a run of numbers stands. One of negative length counts as empty, as in the generated parser.</summary>
    public (int At, int Length) ReadPackedPlace()
    {
        var start = at;
        if ((int)ReadVarint() < 0) return (at, 0);
        at = start;
        return ReadPlace();
    }

    /// <summary>Where a text stands; it is UTF-8.</summary>
    public (int At, int Length) ReadTextPlace()
    {
        var place = ReadPlace();
        return Utf8.IsValid(bytes.Slice(place.At, place.Length)) ? place : throw Malformed();
    }

    public string ReadText()
    {
        var place = ReadTextPlace();
        return Encoding.UTF8.GetString(bytes.Slice(place.At, place.Length));
    }

    /// <summary>A message within this one; places in it count from the first of all bytes.</summary>
    public WireReader ReadMessage()
    {
        if (depth == MaxDepth) throw Malformed();
        var place = ReadPlace();
        return new WireReader(bytes, place.At, place.At + place.Length, depth + 1);
    }

    /// <summary>Passes over a field that this release does not know, or does not know in this form; with it, where it is a group, over all in it.</summary>
    public void Skip(uint tag)
    {
        Span<uint> endTags = stackalloc uint[MaxDepth];
        var groups = 0;
        for (; ; tag = ReadTag())
        {
            switch (tag & 7)
            {
                // At the end of the message, within a group, there is no number to read.
                case 0: ReadVarint(); break;
                case 1: Pass(sizeof(ulong)); break;
                case 2: ReadPlace(); break;
                case 3 when depth + groups < MaxDepth: endTags[groups++] = tag + 1; break;
                case 4 when groups > 0 && endTags[groups - 1] == tag: groups--; break;
                case 5: Pass(sizeof(uint)); break;
                default: throw Malformed();
            }
            if (groups == 0) return;
        }
    }

    private void Pass(int length)
    {
        if (length > end - at) throw Malformed();
        at += length;
    }

    private static InvalidDataException Malformed() => new("The bytes are no message");
}
