using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Store.Log;

namespace Hub.Store.Star;

/// <summary><c>star-HASH.duckdb</c>: the projection of the log that every figure is read from. Disposable: another schema is another
/// file, filled from the log.</summary>
public sealed class StarFile : IDisposable
{
    /// <summary>The write-ahead log is folded into the file when it is this large.</summary>
    public const int CheckpointMegabytes = 128;

    private const int MostIdle = 16, RowsPerRowGroup = 16_384;
    // The first that packs texts by zstd, and the last that keeps plain dictionaries.
    private const string StorageVersion = "v1.2.0";

    private readonly DuckDBConnection connection;
    private readonly string file;
    private readonly KeptFigures kept;
    private readonly Lock pastModels = new();
    // Of readings that have ended: opening one takes as long as a small question.
    private readonly Stack<DuckDBConnection> idle = new();
    private volatile bool hasPastModels;
    private bool isDisposed;
    private int? endedMonth;
    private NotApplicableSets sets = new([]);

    private StarFile(DuckDBConnection connection, string file) => (this.connection, this.file, kept) = (connection, file, new KeptFigures(connection));

    /// <summary>The last record projected, with its hash.</summary>
    public long Position { get; private set; }

    public byte[] Hash { get; private set; } = LoggedRecord.GenesisHash;

    /// <summary>Whether the kept tables are those of <see cref="Position"/>; false while a long log is being caught up with.</summary>
    public bool IsKept { get; private set; }

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
            // A question for a township reads whole row groups: small ones, then. Whatever asks answers itself: a second thread would mostly wait,
            // and wait by asking.
            connection = DuckDb.Attach(file, "star", $"row_group_size {RowsPerRowGroup}, storage_version '{StorageVersion}'");
            // Codes are compared more often than read: those that are packed byte by byte would have to be unpacked first. What one commit writes is
            // packed into blocks together, since each flush leaves the last of its blocks in part empty.
            connection.Execute("set disabled_compression_methods = 'fsst,dict_fsst'; set write_buffer_row_group_count = 64; use star");
            if (connection.Count("select count(*) from duckdb_tables() where table_name = 'star_head'") == 0)
            {
                var created = connection;
                created.Commit(() =>
                {
                    ModelCatalog.CreateSchema(created);
                    created.Execute("insert into star_head values (0, $hash, timestamptz 'epoch', null, '', true); insert into dim_not_applicable_set values (0, 0, 0)", ("hash", LoggedRecord.GenesisHash));
                });
            }
            MakeModels(connection);
            connection.Execute("checkpoint star");
            // A checkpoint packs what was changed anew, while the writer waits: seldom, then, and not while a country's month comes in, which is some 115 MB.
            // What it holds back stays in memory, beside what a commit joins; readers that never cease may put it off for a while.
            connection.Execute($"set memory_limit = '192MB'; set checkpoint_threshold = '{CheckpointMegabytes}MB'");
            // Ad-hoc SQL runs on this instance: no files, no extensions, no settings from here on.
            connection.Execute("set timezone = 'Asia/Shanghai'");
            connection.Execute("set global enable_external_access = false");
            connection.Execute("set global lock_configuration = true");
            var star = new StarFile(connection, file);
            star.ReadHead();
            star.ReadSets();
            return star;
        }
        // Whatever fails here, another instance of the file made from the log will not have it.
        catch (Exception e) when (e is not StoreLockedException)
        {
            connection?.Dispose();
            throw new StarDamagedException(file, e);
        }
    }

    // Tables made anew are empty: right only where there is nothing yet.
    private static void MakeModels(DuckDBConnection connection)
    {
        var models = ModelCatalog.Hash((string)connection.Scalar("select version()")!);
        if (models.Equals(connection.Scalar("select models from star_head"))) return;
        connection.Commit(() =>
        {
            ModelCatalog.CreateHead(connection);
            connection.Execute("update star_head set models = $models, kept = (position = 0)", ("models", models));
        });
    }

    /// <summary>Whether <see cref="MakePastModels"/> has been called: a transaction begun from here on sees them.</summary>
    internal bool HasPastModels => hasPastModels;

    /// <summary>Makes the models of other positions than the head where they are not there yet: few ever ask, and binding them takes long.</summary>
    internal void MakePastModels()
    {
        lock (pastModels)
        {
            if (hasPastModels) return;
            using var maker = Another();
            maker.Commit(() => ModelCatalog.CreatePast(maker));
            hasPastModels = true;
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

    /// <summary>Projects records in one commit: rows, kept tables and position together.</summary>
    /// <param name="state">Folded up to the last of them.</param>
    /// <exception cref="StarDamagedException">It cannot be written.</exception>
    internal void Project(IReadOnlyList<LoggedRecord> records, HubState state) => Commit(() =>
    {
        WriteFacts(records, state);
        foreach (var record in records) kept.Mark(record, state);
        kept.Refresh(state, endedMonth);
        return WriteHead(records[^1].Position, records[^1].Hash, state.LatestInstant, KeptFigures.EndedMonth(state), isKept: true);
    });

    /// <summary>Projects records without the kept tables: <see cref="CatchUp"/> must follow before anybody reads.</summary>
    /// <param name="state">Folded up to the last of them or further, while this runs too.</param>
    internal void ProjectFacts(IReadOnlyList<LoggedRecord> records, HubState state) => Commit(() =>
    {
        WriteFacts(records, state);
        return WriteHead(records[^1].Position, records[^1].Hash, records[^1].ReceivedAt, null, isKept: false);
    });

    /// <summary>Fills the kept tables anew as a whole; they count once all are there.</summary>
    /// <exception cref="StarDamagedException">It cannot be written.</exception>
    internal void CatchUp(HubState state, CancellationToken cancellation)
    {
        try
        {
            kept.RefreshAll(state, cancellation);
        }
        catch (Exception e) when (e is DuckDBException or IOException)
        {
            throw new StarDamagedException(file, e);
        }
        // Of those that worked side by side.
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(i => i is DuckDBException or IOException) is { } why)
        {
            throw new StarDamagedException(file, why);
        }
        Commit(() => WriteHead(Position, Hash, state.LatestInstant, KeptFigures.EndedMonth(state), isKept: true));
    }

    private void Commit(Func<Action> write)
    {
        try
        {
            Action? take = null;
            connection.Commit(() => take = write());
            take!();
        }
        catch (Exception e) when (e is DuckDBException or IOException)
        {
            throw new StarDamagedException(file, e);
        }
    }

    private void WriteFacts(IReadOnlyList<LoggedRecord> records, HubState state)
    {
        using var projection = new StarProjection(connection, state, sets);
        foreach (var record in records) projection.Project(record);
        projection.Flush();
    }

    // What the head says is taken once it is durable.
    private Action WriteHead(long position, byte[] hash, DateTimeOffset latest, int? ended, bool isKept)
    {
        connection.Execute(
            "update star_head set position = $position, hash = $hash, received_at = make_timestamptz($received), ended_month = $ended, kept = $kept",
            ("position", position), ("hash", hash), ("received", HubTime.ToMicroseconds(latest)), ("ended", ended), ("kept", isKept));
        return () => (Position, Hash, endedMonth, IsKept) = (position, hash, ended, isKept);
    }

    /// <summary>A connection for one reading, which gives it back or disposes it.</summary>
    internal DuckDBConnection TakeConnection()
    {
        lock (idle)
        {
            if (idle.TryPop(out var taken)) return taken;
        }
        return Another();
    }

    /// <param name="taken">Without a transaction and without a result that is still being read.</param>
    internal void GiveBack(DuckDBConnection taken)
    {
        lock (idle)
        {
            if (!isDisposed && idle.Count < MostIdle)
            {
                idle.Push(taken);
                return;
            }
        }
        taken.Dispose();
    }

    /// <summary>The position, and per table the row count with an order-free sum over every row: equal for equal content.</summary>
    internal (long Position, IReadOnlyDictionary<string, string> Tables) Fingerprint()
    {
        using var reader = Another();
        using var transaction = reader.BeginTransaction();
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in reader.Names("select schema_name || '.' || table_name from duckdb_tables() where database_name = 'star' and table_name <> 'star_head'"))
            tables[table] = (string)reader.Scalar(
                $"select count(*) || ':' || coalesce(sum(hash(t)::hugeint), 0) || ':' || coalesce(bit_xor(hash(t)), 0) from {table} t")!;
        return (reader.Count("select position from star_head"), tables);
    }

    public void Dispose()
    {
        lock (idle)
        {
            isDisposed = true;
            while (idle.TryPop(out var left)) left.Dispose();
        }
        connection.Dispose();
    }

    private DuckDBConnection Another()
    {
        var another = connection.Another();
        another.Execute("use star");
        return another;
    }

    private void ReadSets()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select not_applicable from dim_not_applicable_set order by not_applicable_set";
        using var reader = command.ExecuteReader();
        var known = new List<ulong>();
        while (reader.Read()) known.Add(reader.GetFieldValue<ulong>(0));
        sets = new(known);
    }

    private void ReadHead()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select position, hex(hash), ended_month, kept from star_head";
        using var reader = command.ExecuteReader();
        if (!reader.Read()) throw new StoreDamagedException(new($"{file} 没有水位记录，请删除该文件后重试", $"{file} has no head row; delete the file and try again"));
        (Position, Hash, IsKept) = (reader.GetInt64(0), Convert.FromHexString(reader.GetString(1)), reader.GetBoolean(3));
        endedMonth = reader.IsDBNull(2) ? null : reader.GetInt32(2);
    }
}
