namespace Hub.Cli.Demo;

/// <summary>Seeded chance. Every subject has a sequence of its own, so that the order of asking does not matter.</summary>
internal static class Chance
{
    public static Random Of(int seed, string subject)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var c in subject) hash = (hash ^ c) * 16777619u;
        return new Random(unchecked((int)hash ^ seed));
    }

    /// <summary>Splits a total by weights into whole numbers, largest remainders first.</summary>
    public static int[] Apportion(int total, IReadOnlyList<int> weights)
    {
        var sum = weights.Sum();
        int[] parts = [.. weights.Select(w => total * w / sum)];
        var byRemainder = Enumerable.Range(0, weights.Count).OrderByDescending(i => total * weights[i] % sum).ThenBy(i => i);
        foreach (var i in byRemainder.Take(total - parts.Sum())) parts[i]++;
        return parts;
    }

    /// <summary>A place in the list, each as likely as its weight.</summary>
    public static int Weighted(this Random random, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights) sum += weight;
        var left = random.Next(sum);
        var place = 0;
        while (left >= weights[place]) left -= weights[place++];
        return place;
    }
}
