using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Store.Log;

namespace Hub.Store.Star;

/// <summary><c>star-HASH.duckdb</c>: the projection of the log that every figure is read from. Disposable: another schema is another
/// file, filled from the log.</summary>
public sealed class StarFile : IDisposable
{
    private readonly DuckDBConnection connection;
    private readonly string file;

    private StarFile(DuckDBConnection connection, string file) => (this.connection, this.file) = (connection, file);

    /// <summary>The last record projected, with its hash.</summary>
    public long Position { get; private set; }

    public byte[] Hash { get; private set; } = LoggedRecord.GenesisHash;

    public static string FileName => $"star-{ModelCatalog.SchemaHash}.duckdb";

    /// <summary>Opens or creates the star of this release and removes those of others.</summary>
    public static StarFile Open(string directory)
    {
        foreach (var other in Directory.GetFiles(directory, "star-*.duckdb*").Where(f => !Path.GetFileName(f).StartsWith(FileName, StringComparison.Ordinal)))
            File.Delete(other);
        return OpenFile(Path.Combine(directory, FileName));
    }

    /// <summary>Removes the star of this release: the next opening makes it anew from the log.</summary>
    internal static void Delete(string directory)
    {
        File.Delete(Path.Combine(directory, FileName));
        File.Delete(Path.Combine(directory, FileName + ".wal"));
    }

    /// <exception cref="StarDamagedException">It cannot be read, or is not what this release writes.</exception>
    internal static StarFile OpenFile(string file)
    {
        DuckDBConnection? connection = null;
        try
        {
            connection = DuckDb.Open(file);
            if (connection.Count("select count(*) from duckdb_tables() where table_name = 'star_head'") == 0)
            {
                using var transaction = connection.BeginTransaction();
                ModelCatalog.CreateSchema(connection);
                connection.Execute("insert into star_head values (0, $hash)", ("hash", LoggedRecord.GenesisHash));
                transaction.Commit();
            }
            ModelCatalog.CreateModels(connection);
            connection.Execute("checkpoint");
            // Ad-hoc SQL runs on this instance: no files, no extensions, no settings from here on.
            connection.Execute("set timezone = 'Asia/Shanghai'");
            connection.Execute("set global enable_external_access = false");
            connection.Execute("set global lock_configuration = true");
            var star = new StarFile(connection, file);
            star.ReadHead();
            return star;
        }
        // Whatever fails here, another instance of the file made from the log will not have it.
        catch (Exception e) when (e is not StoreLockedException)
        {
            connection?.Dispose();
            throw new StarDamagedException(file, e);
        }
    }

    /// <summary>Reads every row once, so that a damaged block shows now and not under some later query.</summary>
    /// <exception cref="StarDamagedException">Some block cannot be read.</exception>
    internal void ReadWhole()
    {
        try
        {
            Fingerprint();
        }
        catch (DuckDBException e)
        {
            throw new StarDamagedException(file, e);
        }
    }

    /// <summary>Projects records in one commit, rows and position together.</summary>
    /// <exception cref="StarDamagedException">It cannot be written.</exception>
    internal void Project(IReadOnlyList<LoggedRecord> records, HubState state)
    {
        try
        {
            Write(records, state);
        }
        catch (DuckDBException e)
        {
            throw new StarDamagedException(file, e);
        }
        (Position, Hash) = (records[^1].Position, records[^1].Hash);
    }

    private void Write(IReadOnlyList<LoggedRecord> records, HubState state)
    {
        using var transaction = connection.BeginTransaction();
        using (var projection = new StarProjection(connection, state))
        {
            foreach (var record in records) projection.Project(record);
            projection.Flush();
        }
        connection.Execute("update star_head set position = $position, hash = $hash", ("position", records[^1].Position), ("hash", records[^1].Hash));
        transaction.Commit();
    }

    /// <summary>A connection for one reading; the caller disposes it.</summary>
    internal DuckDBConnection Connect() => connection.Another();

    /// <summary>The position, and per table the row count with an order-free sum over every row: equal for equal content.</summary>
    internal (long Position, IReadOnlyDictionary<string, string> Tables) Fingerprint()
    {
        using var reader = Connect();
        using var transaction = reader.BeginTransaction();
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in reader.Names("select table_name from duckdb_tables() where table_name <> 'star_head'"))
            tables[table] = (string)reader.Scalar(
                $"select count(*) || ':' || coalesce(sum(hash(t)::hugeint), 0) || ':' || coalesce(bit_xor(hash(t)), 0) from {table} t")!;
        return (reader.Count("select position from star_head"), tables);
    }

    public void Dispose() => connection.Dispose();

    private void ReadHead()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select position, hex(hash) from star_head";
        using var reader = command.ExecuteReader();
        if (!reader.Read()) throw new StoreDamagedException(new($"{file} 没有水位记录，请删除该文件后重试", $"{file} has no head row; delete the file and try again"));
        (Position, Hash) = (reader.GetInt64(0), Convert.FromHexString(reader.GetString(1)));
    }
}
