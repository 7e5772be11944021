using System.Diagnostics;

namespace Hub.Benchmarks;

/// <summary>Several things measured in turns, so that a busy machine slows all of them alike.</summary>
internal static class Interleaved
{
    private const int Warmups = 3;

    /// <summary>The median of each, in milliseconds.</summary>
    public static double[] MedianMs(int rounds, IReadOnlyList<Action> things)
    {
        var times = things.Select(_ => new double[rounds]).ToList();
        for (var round = -Warmups; round < rounds; round++)
        {
            for (var i = 0; i < things.Count; i++)
            {
                var started = Stopwatch.GetTimestamp();
                things[i]();
                if (round >= 0) times[i][round] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }
        return [.. times.Select(Median)];
    }

    private static double Median(double[] times)
    {
        var sorted = times.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
