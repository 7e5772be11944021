using System.Buffers;
using System.Runtime.Intrinsics;
using System.Text;
using Google.Protobuf;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>A report as it was sent, read in one pass from the bytes of its message: of a branch only where its code and its states stand, so that
/// a country's reports cost no object per branch or item. It holds pooled memory until it is disposed.</summary>
public sealed class SentReport : IDisposable
{
    // Numbers of report.proto with their wire types.
    private const uint ProgrammeTag = 1 << 3 | 2, TownshipTag = 2 << 3 | 2, PeriodTag = 3 << 3 | 2, BranchesTag = 4 << 3 | 2, NarrativeTag = 5 << 3 | 2, SignOffTag = 6 << 3 | 2;
    private const uint BranchTag = 1 << 3 | 2, StateTag = 2 << 3, StatesTag = 2 << 3 | 2;

    private const int BranchesAtFirst = 128;

    // What was sent, then all states, one byte each (there are no more of them than bytes sent), then room to load 64 of the last ones at once.
    private byte[] bytes;
    private readonly int sent;
    private int end;
    private Place[] places = ArrayPool<Place>.Shared.Rent(BranchesAtFirst);

    private readonly record struct Place(int CodeAt, int CodeLength, int StatesAt, int StateCount);

    /// <summary>Copies a message that is a report or holds one; whoever makes it merges the report into it.</summary>
    public SentReport(ReadOnlySequence<byte> message)
    {
        end = sent = checked((int)message.Length);
        bytes = ArrayPool<byte>.Shared.Rent(sent * 2 + Standard.MaxItems);
        message.CopyTo(bytes);
    }

    public string Programme { get; private set; } = "";
    public string Township { get; private set; } = "";
    public string Period { get; private set; } = "";

    /// <summary>Null where none was sent.</summary>
    public Narrative? Narrative { get; private set; }

    /// <summary>Null where none was sent.</summary>
    public SignOff? SignOff { get; private set; }

    /// <summary>How many branches it lists.</summary>
    public int BranchCount { get; private set; }

    /// <summary>No fewer bytes than its texts, codes and states take together.</summary>
    internal int MaxContentBytes => end;

    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Those of its written part are none.</exception>
    public static SentReport Read(ReadOnlyMemory<byte> report)
    {
        var read = new SentReport(new ReadOnlySequence<byte>(report));
        try
        {
            read.Merge(read.Reader());
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    public static SentReport Of(Report report) => Read(report.ToByteArray());

    /// <summary>Over the message that was copied.</summary>
    public WireReader Reader() => new(bytes.AsSpan(0, sent));

    /// <summary>Takes a report in; where there are several, as of one message the last value of a field counts, and lists are joined.</summary>
    /// <param name="report">From <see cref="Reader"/>.</param>
    public void Merge(WireReader report)
    {
        while (report.ReadTag() is var tag and not 0)
            switch (tag)
            {
                case ProgrammeTag: Programme = report.ReadText(); break;
                case TownshipTag: Township = report.ReadText(); break;
                case PeriodTag: Period = report.ReadText(); break;
                case BranchesTag: Add(report.ReadMessage()); break;
                case NarrativeTag: (Narrative ??= new()).MergeFrom(report.ReadBytes()); break;
                case SignOffTag: (SignOff ??= new()).MergeFrom(report.ReadBytes()); break;
                default: report.Skip(tag); break;
            }
    }

    /// <summary>The code of the i-th branch as it was sent, in UTF-8.</summary>
    public ReadOnlySpan<byte> CodeAt(int index) => bytes.AsSpan(places[index].CodeAt, places[index].CodeLength);

    public string CodeTextAt(int index) => Encoding.UTF8.GetString(CodeAt(index));

    /// <summary>The states of the i-th branch by their numbers; 255 stands for every number from there on and for negative ones.</summary>
    public ReadOnlySpan<byte> StatesAt(int index) => bytes.AsSpan(places[index].StatesAt, places[index].StateCount);

    /// <summary>Bit i is set where the i-th state of a branch is this one.</summary>
    /// <param name="index">A branch with at most <see cref="Standard.MaxItems"/> states.</param>
    public ulong BitsAt(int index, ItemState state)
    {
        var place = places[index];
        var there = Vector512.Create<byte>(bytes.AsSpan(place.StatesAt, Standard.MaxItems));
        var bits = Vector512.Equals(there, Vector512.Create((byte)state)).ExtractMostSignificantBits();
        return place.StateCount == Standard.MaxItems ? bits : bits & ((1UL << place.StateCount) - 1);
    }

    public void Dispose()
    {
        if (bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<Place>.Shared.Return(places);
        (bytes, places) = ([], []);
    }

    private void Add(WireReader branch)
    {
        var code = (At: 0, Length: 0);
        var statesAt = end;
        while (branch.ReadTag() is var tag and not 0)
            switch (tag)
            {
                case BranchTag: code = branch.ReadTextPlace(); break;
                case StateTag: bytes[end++] = ToByte(branch.ReadVarint()); break;
                case StatesTag: AddStates(branch.ReadPacked()); break;
                default: branch.Skip(tag); break;
            }
        if (BranchCount == places.Length) Grow();
        places[BranchCount++] = new(code.At, code.Length, statesAt, end - statesAt);
    }

    private void AddStates(ReadOnlySpan<byte> packed)
    {
        // Every state that any release knows is one byte of its own.
        if (Ascii.IsValid(packed))
        {
            packed.CopyTo(bytes.AsSpan(end));
            end += packed.Length;
            return;
        }
        var states = new WireReader(packed);
        while (!states.IsAtEnd) bytes[end++] = ToByte(states.ReadVarint());
    }

    // Enum values have 32 bits on the wire, whatever was written.
    private static byte ToByte(ulong state) => (byte)Math.Min((uint)state, byte.MaxValue);

    private void Grow()
    {
        var larger = ArrayPool<Place>.Shared.Rent(places.Length * 2);
        places.CopyTo(larger, 0);
        ArrayPool<Place>.Shared.Return(places);
        places = larger;
    }
}
