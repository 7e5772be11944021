using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>Integers come out as they went in, whatever their number and range.</summary>
public sealed class PackedIntegersTests
{
    [Theory]
    [InlineData()]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue, int.MaxValue)]
    [InlineData(int.MaxValue, int.MinValue)]
    [InlineData(int.MinValue, int.MaxValue, int.MinValue)]
    [InlineData(int.MinValue, int.MaxValue, -1, 0, 1, int.MinValue, int.MaxValue)]
    [InlineData(3, 3, 3, 3)]
    [InlineData(0, 1, 2, 3, 4)]
    [InlineData(-1, 739_000, -1, 739_400)]
    public void Integers_come_out_as_they_went_in(params int[] values) => Assert.Equal(values, Unpacked(values));

    [Fact]
    public void Random_integers_of_every_width_come_out_as_they_went_in()
    {
        var random = new Random(20260301);
        for (var bits = 1; bits <= 32; bits++)
            for (var round = 0; round < 50; round++)
            {
                var (from, range) = (random.NextInt64(int.MinValue, int.MaxValue), (1L << bits) - 1);
                from = Math.Min(from, int.MaxValue - range);
                var step = round % 2 == 0 ? 0 : random.Next(-1000, 1000);
                var values = Enumerable.Range(0, random.Next(1, 200)).Select(i => (int)(Math.Max(from, int.MinValue) + random.NextInt64(range + 1)) + step * i).ToArray();
                Assert.Equal(values, Unpacked(values));
            }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void There_is_none_outside(int index)
    {
        var (same, apart) = (new PackedIntegers([7, 7, 7]), new PackedIntegers([7, 1, 9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => same[index]);
        Assert.Throws<ArgumentOutOfRangeException>(() => apart[index]);
    }

    private static int[] Unpacked(int[] values)
    {
        var packed = new PackedIntegers(values);
        return [.. values.Select((_, i) => packed[i])];
    }
}
