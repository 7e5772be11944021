using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Star;

/// <summary>The star at one point of the log and of time, unmoved by writes that go on. Cheap to open; dispose it soon.</summary>
public sealed class Reading : IDisposable
{
    private readonly OpenFiles files;
    private DuckDBTransaction transaction;
    private int disposed;

    private Reading(OpenFiles files, DuckDBConnection connection, DuckDBTransaction transaction, long position, DateTimeOffset asOf, bool isKept) =>
        (this.files, Connection, this.transaction, Position, AsOf, IsKept) = (files, connection, transaction, position, asOf, isKept);

    internal DuckDBConnection Connection { get; }

    public long Position { get; }

    public DateTimeOffset AsOf { get; }

    /// <summary>Whether the figures are those kept at the head: the same at every instant of the month.</summary>
    public bool IsKept { get; }

    /// <param name="files">Held for this reading, which releases them.</param>
    /// <param name="asOf">Null = <paramref name="now"/>, or the head's instant where that is later.</param>
    internal static Outcome<Reading> Open(OpenFiles files, long position, DateTimeOffset? asOf, DateTimeOffset now)
    {
        Outcome<Reading> reading;
        try
        {
            reading = Start(files, position, asOf, now);
        }
        catch
        {
            files.Release();
            throw;
        }
        if (reading.IsRefused(out _)) files.Release();
        return reading;
    }

    private static Outcome<Reading> Start(OpenFiles files, long position, DateTimeOffset? asOf, DateTimeOffset now)
    {
        // Before the transaction: what is made after its beginning it does not see.
        var hasPastModels = files.Star.HasPastModels;
        var connection = files.Star.TakeConnection();
        DuckDBTransaction? transaction = null;
        Reading? reading = null;
        try
        {
            transaction = connection.BeginTransaction();
            var head = Head.Read(connection);
            if (position < 0 || position > head.Position) return Refusal.OfField("at.position", RefusalReason.PositionUnknown,
                new($"日志位置 {position} 不存在，当前末尾是 {head.Position}", $"log position {position} does not exist; the head is {head.Position}"));
            var at = position == 0 ? head.Position : position;
            var instant = asOf ?? (now < head.LatestInstant ? head.LatestInstant : now);
            var isKept = head.IsKeptAt(at, instant);
            if (!isKept && !hasPastModels)
            {
                files.Star.MakePastModels();
                return Start(files, position, asOf, now);
            }
            connection.Execute($"""
                set variable at_position = {at}::bigint;
                set variable as_of = make_timestamptz({HubTime.ToMicroseconds(instant)}::bigint);
                use star.{(isKept ? "head" : "main")}
                """);
            return reading = new Reading(files, connection, transaction, at, instant, isKept);
        }
        finally
        {
            if (reading is null)
            {
                transaction?.Dispose();
                connection.Dispose();
            }
        }
    }

    /// <summary>From here on every model computes from the facts, at the same position and instant: also those named by schema main.</summary>
    internal void ReadFromFacts()
    {
        transaction.Dispose();
        files.Star.MakePastModels();
        transaction = Connection.BeginTransaction();
        Connection.Execute("use star.main");
    }

    /// <summary>Rows of a query over the models. Values from outside go in as parameters (<c>$name</c>), never into the text.</summary>
    public List<T> Query<T>(string sql, Func<Row, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters) => Query(0, sql, map, parameters);

    /// <summary>The same where many rows come.</summary>
    /// <param name="expected">So many find room at once: a long list that grows leaves a multiple of itself behind.</param>
    public List<T> Query<T>(int expected, string sql, Func<Row, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Connection.CreateCommand();
        DuckDb.Prepare(command, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>(expected);
        var row = new Row(reader);
        while (reader.Read()) rows.Add(map(row));
        return rows;
    }

    /// <summary>What the star's head says.</summary>
    private readonly record struct Head(long Position, DateTimeOffset LatestInstant, int? EndedMonth, bool IsKept)
    {
        public static Head Read(DuckDBConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select position, epoch_us(received_at), ended_month, kept from star_head";
            using var reader = command.ExecuteReader();
            reader.Read();
            return new(reader.GetInt64(0), HubTime.FromMicroseconds(reader.GetInt64(1)), reader.IsDBNull(2) ? null : reader.GetInt32(2), reader.GetBoolean(3));
        }

        /// <summary>The kept tables hold the figures of the head, with every report received and just the months that are on record as ended.</summary>
        public bool IsKeptAt(long position, DateTimeOffset asOf) =>
            IsKept && position == Position && asOf >= LatestInstant && EndedMonth == Period.LastEnded(asOf).Index;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        try
        {
            transaction.Dispose();
            files.Star.GiveBack(Connection);
        }
        catch (DuckDBException)
        {
            // The engine has failed under it: nobody else gets it.
            Connection.Dispose();
        }
        files.Release();
    }
}

/// <summary>The row a query stands at; columns by name.</summary>
public sealed class Row(DuckDBDataReader reader)
{
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    public string Text(string column) => reader.GetString(At(column));
    public string? TextOrNull(string column) => IsNull(column) ? null : Text(column);
    public int Int(string column) => checked((int)Long(column));
    public int? IntOrNull(string column) => IsNull(column) ? null : Int(column);
    public long Long(string column) => At(column) is var at && reader.GetFieldType(at) == typeof(long) ? reader.GetInt64(at) : Convert.ToInt64(reader.GetValue(at), System.Globalization.CultureInfo.InvariantCulture);
    public long? LongOrNull(string column) => IsNull(column) ? null : Long(column);
    public ulong Bits(string column) => Convert.ToUInt64(reader.GetValue(At(column)), System.Globalization.CultureInfo.InvariantCulture);
    public double? DoubleOrNull(string column) => IsNull(column) ? null : reader.GetDouble(At(column));
    public bool Bool(string column) => reader.GetBoolean(At(column));
    public bool? BoolOrNull(string column) => IsNull(column) ? null : Bool(column);
    public DateOnly Day(string column) => reader.GetFieldValue<DateOnly>(At(column));
    public DateOnly? DayOrNull(string column) => IsNull(column) ? null : Day(column);
    public DateTimeOffset Instant(string column) => new(DateTime.SpecifyKind(reader.GetFieldValue<DateTime>(At(column)), DateTimeKind.Utc));

    private bool IsNull(string column) => reader.IsDBNull(At(column));

    // A ranking of a country asks 155,000 times: the reader would go through its columns each time.
    private int At(string column) => places.TryGetValue(column, out var at) ? at : places[column] = reader.GetOrdinal(column);
}
