namespace Hub.Store;

/// <summary>By branch code, the townships that may have it: open addressing over one array of numbers, without a string per code. Only ever
/// added to. One writer adds, anyone reads without a lock: a code is found once <see cref="Add"/> has returned.</summary>
public sealed class BranchIndex
{
    private const int FirstSlots = 256;

    // A slot is the code's hash above its township's number plus one; 0 is free. A quarter of them stays free.
    private volatile long[] slots = new long[FirstSlots];
    private int count;

    public int Count => count;

    /// <param name="township">The number that its nine digits make.</param>
    public void Add(string code, int township)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(township);
        if (count >= slots.Length / 4 * 3)
        {
            var wider = new long[slots.Length * 2];
            foreach (var slot in slots)
                if (slot != 0) Put(wider, slot);
            slots = wider;
        }
        Put(slots, (long)Hash(code) << 32 | (uint)township + 1);
        count++;
    }

    /// <summary>Numbers of townships, nearly always one at most: another code may have the same hash, so each has to be asked.</summary>
    public IEnumerable<int> Find(string code)
    {
        var seen = slots;
        var hash = Hash(code);
        for (var i = hash & (seen.Length - 1); Volatile.Read(ref seen[i]) is var slot && slot != 0; i = (i + 1) & (seen.Length - 1))
            if ((int)(slot >> 32) == hash) yield return (int)((uint)slot - 1);
    }

    private static void Put(long[] slots, long slot)
    {
        var i = (int)(slot >> 32) & (slots.Length - 1);
        while (slots[i] != 0) i = (i + 1) & (slots.Length - 1);
        Volatile.Write(ref slots[i], slot);
    }

    // Seeded anew by each process, so nobody can choose codes that all fall into one place.
    private static int Hash(string code) => string.GetHashCode(code, StringComparison.Ordinal);
}
