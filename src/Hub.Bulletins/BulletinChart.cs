namespace Hub.Bulletins;

/// <summary>One picture of a bulletin, drawn when it is first asked for.</summary>
/// <param name="Name">File name without its ending.</param>
/// <param name="Title">What a reader who does not see it is told.</param>
public sealed record BulletinPicture(string Name, string Title, Lazy<string> Svg, Lazy<byte[]> Png)
{
    /// <summary>Width and height in pixels, from the head of the PNG.</summary>
    public (int Width, int Height) Size => (ReadSize(16), ReadSize(20));

    private int ReadSize(int offset) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(Png.Value.AsSpan(offset, 4));
}

/// <summary>A chart as the text calls it, e.g. <c>ranking</c>; several pictures where one page cannot hold it.</summary>
public sealed record BulletinChart(string Id, IReadOnlyList<BulletinPicture> Pictures);
