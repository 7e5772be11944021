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

    public DateTimeOffset ReceivedAt => HubTime.FromMicroseconds(ReceivedAtUs);

    /// <summary>SHA-256(previous hash ‖ position ‖ received_at ‖ stored bytes), both numbers as 8 bytes big-endian.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, long position, long receivedAtUs, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(numbers, position);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], receivedAtUs);
        hash.AppendData(previous);
        hash.AppendData(numbers);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
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
