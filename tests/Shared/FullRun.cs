using System.Globalization;

namespace Hub.Testing;

/// <summary>How much a promise's test does, and from which seed. <c>HUB_FULL=1</c> runs the figures that the promises name, otherwise a part of
/// them that suits every run; <c>HUB_SEED=N</c> repeats a run that failed.</summary>
internal static class FullRun
{
    public static bool IsFull => Environment.GetEnvironmentVariable("HUB_FULL") == "1";

    public static int Times(int usual, int full) => IsFull ? full : usual;

    /// <summary>Runs a test with a seed of its own, and names the seed when it fails.</summary>
    public static async Task WithSeedAsync(Func<int, Task> test)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HUB_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given : Guid.NewGuid().GetHashCode() & int.MaxValue;
        try
        {
            await test(seed);
        }
        catch (Exception e)
        {
            Assert.Fail($"HUB_SEED={seed} repeats this: {e}");
        }
    }
}
