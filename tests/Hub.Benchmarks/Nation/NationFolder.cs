using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Benchmarks.Nation;

/// <summary>What is made for the measurements: <c>made</c>, the hub's data after eleven months, and <c>hub</c>, a copy that takes the twelfth; with
/// the credentials that townships and analyst use.</summary>
internal sealed class NationFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>How it was made.</summary>
    internal sealed record Making(int Townships, int Branches, int Seed, int Months);

    public string Path { get; } = path;

    public string Made => In("made");
    public string Hub => In("hub");

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Whether the country made there has a star with the schema of this release.</summary>
    public bool HasStar => File.Exists(System.IO.Path.Combine(Made, StarFile.FileName));

    /// <summary>From here on nothing counts as made, until it is written that it is.</summary>
    public void ForgetMaking() => File.Delete(In("nation.json"));

    public Making? ReadMaking() => File.Exists(In("nation.json")) ? JsonSerializer.Deserialize<Making>(File.ReadAllText(In("nation.json"))) : null;

    /// <summary>The country that the folder was made of.</summary>
    public MadeUpNation ReadNation() => ReadMaking() is { } making ? new(making.Townships, making.Branches, seed: making.Seed) : throw new FileNotFoundException("Nothing is made there", Path);

    public void Write(Making making) => File.WriteAllText(In("nation.json"), JsonSerializer.Serialize(making, Json));

    /// <summary>One line per township in code order; the last is the analyst's.</summary>
    public void WriteTokens(IEnumerable<string> tokens) => File.WriteAllLines(In("tokens.txt"), tokens);

    public (string[] Townships, string Analyst) ReadTokens()
    {
        var lines = File.ReadAllLines(In("tokens.txt"));
        return (lines[..^1], lines[^1]);
    }

    /// <summary>The version in force of the month that is sent, by township; one that has sent nothing is missing.</summary>
    public void WriteVersions(IEnumerable<(string Township, int Version)> versions) => File.WriteAllLines(In("versions.txt"), versions.Select(v => $"{v.Township} {v.Version}"));

    public Dictionary<string, int> ReadVersions() =>
        File.ReadLines(In("versions.txt")).Select(line => line.Split(' ')).ToDictionary(v => v[0], v => int.Parse(v[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Puts a copy of the eleven months in place of whatever the hub's directory held.</summary>
    public void CopyMade()
    {
        if (Directory.Exists(Hub)) Directory.Delete(Hub, recursive: true);
        Directory.CreateDirectory(Hub);
        foreach (var file in Directory.GetFiles(Made)) File.Copy(file, System.IO.Path.Combine(Hub, System.IO.Path.GetFileName(file)));
    }

    /// <summary>Bytes of log and star in use, after a clean stop: blocks that are free in a file are the next to be written.</summary>
    public static (long Log, long Star) Sizes(string directory) =>
        (UsedBytes(System.IO.Path.Combine(directory, LogFile.FileName)), UsedBytes(System.IO.Path.Combine(directory, StarFile.FileName)));

    /// <summary>Bytes of these that hold the figures kept of every township and month.</summary>
    public static long KeptSize(string directory)
    {
        using var command = Measured(System.IO.Path.Combine(directory, StarFile.FileName));
        command.CommandText = $"""
            select (select block_size from pragma_database_size() where database_name = 'measured') * count(*)
            from ({string.Join(" union ", ModelCatalog.KeptByTownship.Select(table => $"select block_id from pragma_storage_info('measured.head.{table}') where block_id >= 0"))})
            """;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static long UsedBytes(string file)
    {
        using var command = Measured(file);
        command.CommandText = "select block_size * used_blocks from pragma_database_size() where database_name = 'measured'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <returns>To be disposed, with its connection.</returns>
    private static DuckDBCommand Measured(string file)
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var command = connection.CreateCommand();
        command.Disposed += (_, _) => connection.Dispose();
        command.CommandText = $"attach '{file.Replace("'", "''", StringComparison.Ordinal)}' as measured (read_only)";
        command.ExecuteNonQuery();
        return command;
    }
}
