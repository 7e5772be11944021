using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Log;

/// <summary>A record as it stands in the log.</summary>
/// <param name="Position">From 1, without gaps.</param>
/// <param name="ReceivedAtUs">Microseconds since 1970, UTC: the hub's clock, or what a history import gave (the record says so).</param>
/// <param name="Bytes">A serialized <see cref="LogRecord"/>, never altered.</param>
/// <param name="Hash">32 bytes; see <see cref="HashOf"/>.</param>
public sealed record LoggedRecord(long Position, long ReceivedAtUs, byte[] Bytes, byte[] Hash, LogRecord Content)
{
    public static readonly byte[] GenesisHash = new byte[32];

    /// <summary>Of a report: its states by branch id, from when the state has applied it.</summary>
    public KeptStates? States { get; internal set; }

    public DateTimeOffset ReceivedAt => HubTime.FromMicroseconds(ReceivedAtUs);

    /// <summary>SHA-256(previous hash ‖ position ‖ received_at ‖ stored bytes), both numbers as 8 bytes big-endian.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, long position, long receivedAtUs, ReadOnlySpan<byte> bytes)
    {
        var length = previous.Length + 2 * sizeof(long) + bytes.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        previous.CopyTo(buffer);
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(previous.Length), position);
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(previous.Length + sizeof(long)), receivedAtUs);
        bytes.CopyTo(buffer.AsSpan(previous.Length + 2 * sizeof(long)));
        var hash = SHA256.HashData(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    public Receipt ToReceipt(int version) => ToReceipt(Position, version, ReceivedAtUs, Hash);

    public static Receipt ToReceipt(long position, int version, long receivedAtUs, byte[] hash) => new()
    {
        Position = position,
        Version = version,
        ReceivedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(HubTime.FromMicroseconds(receivedAtUs)),
        Hash = Google.Protobuf.ByteString.CopyFrom(hash),
    };
}
