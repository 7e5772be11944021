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
    // No day has this number.
    private const int NeverClosed = -1;

    private readonly string township;
    private readonly int prefixLength;
    // What all codes begin with, then the rest of each: all of them ASCII.
    private readonly byte[] codes;
    private readonly string names;
    private readonly string[] kinds;
    // Where the rest of a code, and a name, begins; one more for the end of the last.
    private readonly PackedIntegers restStarts, nameStarts;
    private readonly PackedIntegers numbers, kindIndexes, stars, activeFrom, activeTo;

    private BranchList(string township, Branch[] branches)
    {
        this.township = township;
        Count = branches.Length;
        var prefix = Count == 0 ? "" : CommonPrefix(branches[0].Code, branches[^1].Code);
        prefixLength = prefix.Length;
        restStarts = Starts(branches, prefixLength, b => b.Code.Length - prefixLength);
        codes = new byte[restStarts[Count]];
        Encoding.ASCII.GetBytes(prefix, codes);
        for (var i = 0; i < Count; i++) Encoding.ASCII.GetBytes(branches[i].Code.AsSpan(prefixLength), codes.AsSpan(restStarts[i]));
        names = string.Concat(branches.Select(b => b.Name));
        kinds = [.. branches.Select(b => b.Kind).Distinct(StringComparer.Ordinal).Select(string.Intern)];
        nameStarts = Starts(branches, 0, b => b.Name.Length);
        numbers = Column(branches, b => b.Number);
        kindIndexes = Column(branches, b => Array.IndexOf(kinds, b.Kind));
        stars = Column(branches, b => b.Star);
        activeFrom = Column(branches, b => b.ActiveFrom.DayNumber);
        activeTo = Column(branches, b => b.ActiveTo?.DayNumber ?? NeverClosed);
    }

    public int Count { get; }

    public Branch this[int index] => new(
        NumberAt(index), CodeAt(index), names[nameStarts[index]..nameStarts[index + 1]], township, KindAt(index), StarAt(index), DateOnly.FromDayNumber(activeFrom[index]),
        activeTo[index] == NeverClosed ? null : DateOnly.FromDayNumber(activeTo[index]));

    /// <param name="branches">Of one township, each code once, in any order.</param>
    /// <exception cref="ArgumentException">They are not; or a code is not ASCII, or longer than <see cref="MaxCodeLength"/>.</exception>
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
    public ReadOnlySpan<byte> Prefix => codes.AsSpan(0, prefixLength);

    /// <summary>The code without <see cref="Prefix"/>.</summary>
    public ReadOnlySpan<byte> RestAt(int index) => codes.AsSpan(restStarts[index]..restStarts[index + 1]);

    public string CodeAt(int index) => string.Concat(Encoding.ASCII.GetString(Prefix), Encoding.ASCII.GetString(RestAt(index)));

    /// <summary>One instance of the text for all branches of the kind.</summary>
    public string KindAt(int index) => kinds[kindIndexes[index]];

    public int StarAt(int index) => stars[index];

    /// <summary>As <see cref="Branch.IsActiveIn"/>.</summary>
    public bool IsActiveAt(int index, Period period) => IsActiveOn(index, period.LastDay.DayNumber);

    /// <param name="lastDay">Number of a period's last day.</param>
    public bool IsActiveOn(int index, int lastDay) =>
        activeFrom[index] <= lastDay && activeTo[index] is var closed && (closed == NeverClosed || closed > lastDay);

    public IEnumerator<Branch> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static PackedIntegers Column(Branch[] branches, Func<Branch, int> value) => new(Array.ConvertAll(branches, b => value(b)));

    private static PackedIntegers Starts(Branch[] branches, int first, Func<Branch, int> length)
    {
        var starts = new int[branches.Length + 1];
        starts[0] = first;
        for (var i = 0; i < branches.Length; i++) starts[i + 1] = starts[i] + length(branches[i]);
        return new(starts);
    }

    private static bool IsInOrder(Branch[] branches)
    {
        for (var i = 1; i < branches.Length; i++)
            if (string.CompareOrdinal(branches[i - 1].Code, branches[i].Code) >= 0) return false;
        return true;
    }

    // Codes are in order, so what the first and the last share all of them share.
    private static string CommonPrefix(string first, string last) => first[..first.AsSpan().CommonPrefixLength(last)];
}
