using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hub.Protocol;
using Hub.Store.Log;

namespace Hub.Store;

/// <summary>What a submission id stands for within its township.</summary>
/// <param name="Digest">Of the report's content.</param>
/// <param name="Hash">Of the record.</param>
public readonly record struct Submission(Sha256Value Digest, int Version, long Position, long ReceivedAtUs, Sha256Value Hash)
{
    /// <summary>The first receipt, made anew: millions are kept, few are asked for again.</summary>
    public Receipt Receipt => LoggedRecord.ToReceipt(Position, Version, ReceivedAtUs, Hash.ToArray());
}

/// <summary>The 32 bytes of a SHA-256, without an array of their own.</summary>
public readonly record struct Sha256Value(UInt128 First, UInt128 Second)
{
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static Sha256Value Of(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SHA256.HashSizeInBytes ? MemoryMarshal.Read<Sha256Value>(bytes) : throw new ArgumentException("Not a SHA-256", nameof(bytes));

    public byte[] ToArray() => MemoryMarshal.AsBytes([this]).ToArray();
}

/// <summary>Every submission by township and id. One writer, any readers.</summary>
internal sealed class Submissions
{
    // Under half a SHA-256 of township and id: a country's ids as text would take more room than all the rest.
    private readonly ConcurrentDictionary<UInt128, Submission> known = new();

    public Submission? Find(string township, string id) => known.TryGetValue(Key(township, id), out var submission) ? submission : null;

    public void Set(string township, string id, Submission submission) => known[Key(township, id)] = submission;

    private static UInt128 Key(string township, string id) => Sha256Value.Of(SHA256.HashData(Encoding.UTF8.GetBytes($"{township} {id}"))).First;
}
