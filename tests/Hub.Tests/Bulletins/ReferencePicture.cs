using SkiaSharp;

namespace Hub.Tests.Bulletins;

/// <summary>Compares a chart with a small grey picture kept in <c>Bulletins/Snapshots</c>, with room for another machine's rounding.</summary>
internal static class ReferencePicture
{
    private const int Width = 320, PlainDifference = 40;

    /// <summary>Share of the pixels that may differ plainly.</summary>
    private const double Tolerance = 0.001;

    public static void Matches(string name, byte[] png)
    {
        var file = Snapshot.File(name + ".png");
        using var drawn = Small(png);
        if (Snapshot.Accepting)
        {
            using var encoded = drawn.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(file, encoded.ToArray());
        }
        Assert.True(File.Exists(file), $"No reference picture {name}; set HUB_ACCEPT_SNAPSHOTS=1 to keep this one");
        Assert.InRange(Difference(File.ReadAllBytes(file), drawn), 0, Tolerance);
    }

    /// <summary>Share of plainly different pixels; 1 where the sizes differ.</summary>
    public static double Difference(byte[] referencePng, byte[] png)
    {
        using var drawn = Small(png);
        using var reference = Small(referencePng);
        using var encoded = reference.Encode(SKEncodedImageFormat.Png, 100);
        return Difference(encoded.ToArray(), drawn);
    }

    public static bool IsNoticed(double difference) => difference > Tolerance;

    private static double Difference(byte[] smallPng, SKBitmap drawn)
    {
        using var decoded = SKBitmap.Decode(smallPng);
        using var reference = decoded.Copy(SKColorType.Gray8);
        if (reference.Width != drawn.Width || reference.Height != drawn.Height) return 1;
        var different = reference.Bytes.Zip(drawn.Bytes).Count(pair => Math.Abs(pair.First - pair.Second) > PlainDifference);
        return different / (double)drawn.Bytes.Length;
    }

    private static SKBitmap Small(byte[] png)
    {
        using var full = SKBitmap.Decode(png);
        using var small = full.Resize(new SKImageInfo(Width, full.Height * Width / full.Width), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return small.Copy(SKColorType.Gray8);
    }
}
