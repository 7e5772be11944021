using System.Globalization;

namespace Hub.EndToEnd.Durability;

/// <summary>What a failing disk does to a file.</summary>
internal sealed record Damage(string File, string What)
{
    /// <summary>Damages one of the directory's DuckDB files: cut, bits flipped, or its end zeroed.</summary>
    public static Damage Do(string directory, Random random)
    {
        var files = Directory.GetFiles(directory, "*.duckdb*").Order(StringComparer.Ordinal).ToList();
        var path = files[random.Next(files.Count)];
        var bytes = System.IO.File.ReadAllBytes(path);
        var what = random.Next(3) switch
        {
            0 => Cut(ref bytes, random),
            1 => Flip(bytes, random),
            _ => ZeroTail(bytes, random),
        };
        System.IO.File.WriteAllBytes(path, bytes);
        return new(Path.GetFileName(path), what);
    }

    public bool IsInStar => File.StartsWith("star-", StringComparison.Ordinal);

    private static string Cut(ref byte[] bytes, Random random)
    {
        var length = random.Next(bytes.Length);
        bytes = bytes[..length];
        return string.Create(CultureInfo.InvariantCulture, $"cut to {length}");
    }

    private static string Flip(byte[] bytes, Random random)
    {
        var flips = new List<int>();
        for (var i = random.Next(3); i >= 0; i--)
        {
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            flips.Add(at);
        }
        return $"bits flipped at {string.Join(", ", flips)} of {bytes.Length}";
    }

    private static string ZeroTail(byte[] bytes, Random random)
    {
        var from = random.Next(bytes.Length);
        bytes.AsSpan(from).Clear();
        return string.Create(CultureInfo.InvariantCulture, $"zeros from {from} of {bytes.Length}");
    }
}
