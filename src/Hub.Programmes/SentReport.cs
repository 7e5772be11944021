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

    // Held while a report waits for its commit, with thousands of others on the last evening: the shared pools keep a few dozen, and what they do
    // not keep is garbage among the old.
    private const int MostKept = 2048, LargestMessage = 32_768, LongestList = 1_024;
    private static readonly ArrayPool<byte> Messages = ArrayPool<byte>.Create(LargestMessage, MostKept);
    private static readonly ArrayPool<Place> Lists = ArrayPool<Place>.Create(LongestList, MostKept);

    // What was sent; then, where some do not stand there in one run of single bytes, states one byte each; then room to load 64 of the last ones at once.
    private byte[] bytes;
    private readonly int sent;
    private int end;
    private Place[] places = Lists.Rent(BranchesAtFirst);

    private readonly record struct Place(int CodeAt, int CodeLength, int StatesAt, int StateCount);

    /// <summary>Copies a message that is a report or holds one; whoever makes it merges the report into it.</summary>
    public SentReport(ReadOnlySequence<byte> message)
    {
        end = sent = checked((int)message.Length);
        bytes = Messages.Rent(sent + Standard.MaxItems);
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
        Messages.Return(bytes);
        Lists.Return(places);
        (bytes, places) = ([], []);
    }

    private void Add(WireReader branch)
    {
        var (code, states) = ((At: 0, Length: 0), (At: 0, Length: 0));
        while (branch.ReadTag() is var tag and not 0)
            switch (tag)
            {
                case BranchTag: code = branch.ReadTextPlace(); break;
                case StateTag:
                    states = AtEnd(states);
                    AddState(branch.ReadVarint(), ref states);
                    break;
                case StatesTag: states = Join(states, branch.ReadPackedPlace()); break;
                default: branch.Skip(tag); break;
            }
        if (BranchCount == places.Length) Grow();
        places[BranchCount++] = new(code.At, code.Length, states.At, states.Length);
    }

    // Every state that any release knows is one byte of its own, and mostly all of a branch stand in one run: then they stay where they are.
    private (int At, int Length) Join((int At, int Length) states, (int At, int Length) run)
    {
        if (states.Length == 0 && Ascii.IsValid(bytes.AsSpan(run.At, run.Length))) return run;
        states = AtEnd(states);
        var reader = new WireReader(bytes.AsSpan(run.At, run.Length));
        while (!reader.IsAtEnd) AddState(reader.ReadVarint(), ref states);
        return states;
    }

    private void AddState(ulong state, ref (int At, int Length) states)
    {
        bytes[end++] = ToByte(state);
        states.Length++;
    }

    // Where more can be added to them.
    private (int At, int Length) AtEnd((int At, int Length) states)
    {
        // There are no more states than bytes sent.
        if (end == sent && bytes.Length < sent * 2 + Standard.MaxItems)
        {
            var larger = Messages.Rent(sent * 2 + Standard.MaxItems);
            bytes.AsSpan(0, sent).CopyTo(larger);
            // The one that is left is still being read: it does not go back.
            bytes = larger;
        }
        if (states.Length > 0 && states.At + states.Length == end) return states;
        bytes.AsSpan(states.At, states.Length).CopyTo(bytes.AsSpan(end));
        end += states.Length;
        return (end - states.Length, states.Length);
    }

    // Enum values have 32 bits on the wire, whatever was written.
    private static byte ToByte(ulong state) => (byte)Math.Min((uint)state, byte.MaxValue);

    private void Grow()
    {
        var larger = Lists.Rent(places.Length * 2);
        places.CopyTo(larger, 0);
        Lists.Return(places);
        places = larger;
    }
}
