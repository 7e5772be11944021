using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Hub.Programmes;

/// <summary>The branches of one township in code order (ordinal), never changed once made. Kept as columns, because a country has millions:
/// a <see cref="Branch"/> is made where one is asked for, and what a report's every branch needs is read without making any.</summary>
[CollectionBuilder(typeof(BranchList), nameof(Create))]
public sealed class BranchList : IReadOnlyList<Branch>
{
    public const int MaxCodeLength = byte.MaxValue;
    private const int NeverClosed = int.MaxValue;

    private readonly string township;
    private readonly int prefixLength;
    // What all codes begin with, then per branch the rest of its code and its name, in UTF-8.
    private readonly byte[] text;
    private readonly int[] starts;
    private readonly byte[] restLengths;
    private readonly int[] numbers;
    private readonly string[] kinds;
    private readonly ushort[] kindIndexes;
    private readonly byte[] stars;
    private readonly int[] activeFrom;
    // Day numbers as above; null while no branch is closed.
    private readonly int[]? activeTo;

    private BranchList(string township, Branch[] branches)
    {
        this.township = township;
        var count = branches.Length;
        (starts, restLengths, numbers, kindIndexes) = (new int[count], new byte[count], new int[count], new ushort[count]);
        (stars, activeFrom) = (new byte[count], new int[count]);
        var prefix = count == 0 ? "" : CommonPrefix(branches[0].Code, branches[^1].Code);
        prefixLength = prefix.Length;
        text = new byte[prefixLength + branches.Sum(b => b.Code.Length - prefixLength + Encoding.UTF8.GetByteCount(b.Name))];
        var end = Encoding.ASCII.GetBytes(prefix, text);
        var known = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var branch = branches[i];
            starts[i] = end;
            restLengths[i] = (byte)(branch.Code.Length - prefixLength);
            end += Encoding.ASCII.GetBytes(branch.Code.AsSpan(prefixLength), text.AsSpan(end));
            end += Encoding.UTF8.GetBytes(branch.Name, text.AsSpan(end));
            numbers[i] = branch.Number;
            var kind = known.IndexOf(branch.Kind);
            if (kind < 0)
            {
                kind = known.Count;
                known.Add(string.Intern(branch.Kind));
            }
            kindIndexes[i] = checked((ushort)kind);
            stars[i] = checked((byte)branch.Star);
            activeFrom[i] = branch.ActiveFrom.DayNumber;
            if (branch.ActiveTo is not { } closed) continue;
            if (activeTo is null) Array.Fill(activeTo = new int[count], NeverClosed);
            activeTo[i] = closed.DayNumber;
        }
        kinds = [.. known];
    }

    public int Count => numbers.Length;

    public Branch this[int index]
    {
        get
        {
            var end = index + 1 < Count ? starts[index + 1] : text.Length;
            var name = Encoding.UTF8.GetString(text.AsSpan((starts[index] + restLengths[index])..end));
            return new Branch(numbers[index], CodeAt(index), name, township, KindAt(index), stars[index], DateOnly.FromDayNumber(activeFrom[index]),
                activeTo is null || activeTo[index] == NeverClosed ? null : DateOnly.FromDayNumber(activeTo[index]));
        }
    }

    /// <param name="branches">Of one township, each code once, in any order.</param>
    /// <exception cref="ArgumentException">They are not; or a code is not ASCII, or longer than <see cref="MaxCodeLength"/>.</exception>
    /// <exception cref="OverflowException">More than 255 stars, or more than 65,536 kinds.</exception>
    public static BranchList Create(ReadOnlySpan<Branch> branches)
    {
        var sorted = branches.ToArray();
        if (!IsInOrder(sorted)) Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Code, b.Code));
        if (!IsInOrder(sorted)) throw new ArgumentException("A branch code stands twice", nameof(branches));
        var township = sorted.Length == 0 ? "" : sorted[0].Township;
        foreach (var branch in sorted)
        {
            if (branch.Township != township) throw new ArgumentException($"Branch {branch.Code} is of township {branch.Township}, not {township}", nameof(branches));
            if (branch.Code.Length > MaxCodeLength || !Ascii.IsValid(branch.Code)) throw new ArgumentException($"Not a branch code: {branch.Code}", nameof(branches));
        }
        return new BranchList(township, sorted);
    }

    /// <summary>These branches with others added, or put in the place of those with the same code.</summary>
    public BranchList With(IReadOnlyCollection<Branch> changed)
    {
        if (Count == 0) return Create([.. changed]);
        var codes = changed.Select(b => b.Code).ToHashSet(StringComparer.Ordinal);
        return Create([.. this.Where(b => !codes.Contains(b.Code)), .. changed]);
    }

    /// <summary>Where a code stands, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> utf8Code)
    {
        if (!utf8Code.StartsWith(Prefix)) return -1;
        var rest = utf8Code[prefixLength..];
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = RestAt(middle).SequenceCompareTo(rest);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    /// <param name="hint">Where it probably stands: one after the last that was found, mostly.</param>
    public int IndexOf(ReadOnlySpan<byte> utf8Code, int hint) =>
        (uint)hint < (uint)Count && utf8Code.StartsWith(Prefix) && utf8Code[prefixLength..].SequenceEqual(RestAt(hint)) ? hint : IndexOf(utf8Code);

    public int IndexOf(string code)
    {
        Span<byte> utf8 = stackalloc byte[MaxCodeLength];
        return code.Length <= MaxCodeLength && Ascii.FromUtf16(code, utf8, out var length) == System.Buffers.OperationStatus.Done ? IndexOf(utf8[..length]) : -1;
    }

    public int NumberAt(int index) => numbers[index];

    /// <summary>What all codes begin with.</summary>
    public ReadOnlySpan<byte> Prefix => text.AsSpan(0, prefixLength);

    /// <summary>The code without <see cref="Prefix"/>.</summary>
    public ReadOnlySpan<byte> RestAt(int index) => text.AsSpan(starts[index], restLengths[index]);

    public string CodeAt(int index) => string.Concat(Encoding.ASCII.GetString(Prefix), Encoding.ASCII.GetString(RestAt(index)));

    /// <summary>One instance of the text for all branches of the kind.</summary>
    public string KindAt(int index) => kinds[kindIndexes[index]];

    public int StarAt(int index) => stars[index];

    /// <summary>As <see cref="Branch.IsActiveIn"/>.</summary>
    public bool IsActiveAt(int index, Period period) => IsActiveOn(index, period.LastDay.DayNumber);

    /// <param name="lastDay">Number of a period's last day.</param>
    public bool IsActiveOn(int index, int lastDay) =>
        activeFrom[index] <= lastDay && (activeTo is null || activeTo[index] > lastDay);

    public IEnumerator<Branch> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();


    private static bool IsInOrder(Branch[] branches)
    {
        for (var i = 1; i < branches.Length; i++)
            if (string.CompareOrdinal(branches[i - 1].Code, branches[i].Code) >= 0) return false;
        return true;
    }

    // Codes are in order, so what the first and the last share all of them share.
    private static string CommonPrefix(string first, string last) => first[..first.AsSpan().CommonPrefixLength(last)];
}
