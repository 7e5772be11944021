namespace Hub.Benchmarks.Nation;

/// <summary>Seeded chance without a state: one place always draws the same, in whatever order places are asked.</summary>
internal static class Dice
{
    /// <summary>64 random bits of a place (SplitMix64).</summary>
    public static ulong Of(ulong seed, ulong place)
    {
        var x = seed + (place + 1) * 0x9E3779B97F4A7C15;
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }

    /// <summary>0 to below 1.</summary>
    public static double Unit(ulong drawn) => (drawn >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 to below the bound.</summary>
    public static int Below(ulong drawn, int bound) => (int)Math.BigMul(drawn, (ulong)bound, out _);

    /// <summary>A standard normal draw (Box and Muller).</summary>
    public static double Normal(ulong seed) =>
        Math.Sqrt(-2 * Math.Log(1 - Unit(Of(seed, 0)))) * Math.Cos(2 * Math.PI * Unit(Of(seed, 1)));

    /// <summary>0 to n-1 in a seeded order.</summary>
    public static int[] Shuffled(int n, int seed)
    {
        var order = Enumerable.Range(0, n).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }
}
