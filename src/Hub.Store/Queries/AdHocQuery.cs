using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;

namespace Hub.Store.Queries;

/// <summary>One SELECT of an analyst over the views, as streamed rows.</summary>
public sealed class AdHocQuery : IDisposable
{
    /// <summary>The longest value that goes out; messages are cut so that they hold about as much in all.</summary>
    public const int MaxCellCharacters = 1_000_000;

    public const int MaxRows = 5_000_000;
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(60);

    // A message travels in a header, in Chinese nine bytes a character.
    internal const int MaxMessageLength = 400;

    private readonly DuckDBCommand command;
    private readonly DuckDBDataReader reader;
    private readonly CancellationTokenSource deadline;
    private readonly CancellationTokenRegistration past;
    private readonly CancellationTokenRegistration left;
    private long total;

    private AdHocQuery(DuckDBCommand command, DuckDBDataReader reader, CancellationTokenSource deadline, CancellationTokenRegistration past, CancellationTokenRegistration left)
    {
        (this.command, this.reader, this.deadline, this.past, this.left) = (command, reader, deadline, past, left);
        Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new QueryColumn { Name = reader.GetName(i), Type = reader.GetDataTypeName(i) })];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Starts a query; refused where it is not one SELECT, uses what is not allowed, has an error, or takes too long or too much.</summary>
    public static Outcome<AdHocQuery> Start(Reading reading, string sql, TimeProvider time, CancellationToken cancellation)
    {
        if (QueryGuard.WhyNotAllowed(reading.Connection, sql) is { } no) return no;
        // Views may be named with their schema, which is that of any position.
        if (sql.Contains("main", StringComparison.OrdinalIgnoreCase)) reading.ReadFromFacts();
        var deadline = new CancellationTokenSource(MaxDuration, time);
        var command = reading.Connection.CreateCommand();
        var past = deadline.Token.Register(command.Cancel);
        var left = cancellation.Register(command.Cancel);
        try
        {
            command.CommandText = sql;
            command.UseStreamingMode = true;
            return new AdHocQuery(command, command.ExecuteReader(), deadline, past, left);
        }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException)
        {
            past.Dispose();
            left.Dispose();
            command.Dispose();
            var refusal = Translate(e, deadline.IsCancellationRequested);
            deadline.Dispose();
            return refusal;
        }
    }

    /// <summary>The next rows, at most <paramref name="count"/>; fewer at the end, refused past <see cref="MaxRows"/> in all.</summary>
    public Outcome<IReadOnlyList<QueryRow>> Next(int count)
    {
        var rows = new List<QueryRow>(count);
        try
        {
            var characters = 0L;
            while (rows.Count < count && characters < MaxCellCharacters && reader.Read())
            {
                var row = new QueryRow();
                for (var i = 0; i < reader.FieldCount; i++) row.Cells.Add(Cell(reader.IsDBNull(i) ? null : reader.GetValue(i)));
                if (row.Cells.Any(c => c.Text.Length > MaxCellCharacters)) return TooLargeCell();
                characters += row.Cells.Sum(c => (long)c.Text.Length);
                rows.Add(row);
            }
            return (total += rows.Count) <= MaxRows ? rows : new Refusal(RefusalReason.QueryTooLarge, new($"结果超过 {MaxRows} 行", $"the result has more than {MaxRows} rows"));
        }
        catch (Exception e) when (e is DuckDBException or OperationCanceledException)
        {
            return Translate(e, deadline.IsCancellationRequested);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OutOfMemoryException or OverflowException)
        {
            // A value that no string can hold.
            return TooLargeCell();
        }
    }

    public void Dispose()
    {
        past.Dispose();
        left.Dispose();
        reader.Dispose();
        command.Dispose();
        deadline.Dispose();
    }

    private static Refusal TooLargeCell() => new(RefusalReason.QueryTooLarge, new(
        $"结果中有超过 {MaxCellCharacters} 字的值", $"the result has a value of more than {MaxCellCharacters} characters"));

    private static Refusal Translate(Exception e, bool pastDeadline)
    {
        var type = (e as DuckDBException)?.ErrorType;
        if (pastDeadline || e is OperationCanceledException || type == DuckDBErrorType.Interrupt)
            return new(RefusalReason.QueryTooSlow, new($"查询超过 {MaxDuration.TotalSeconds} 秒或已取消", $"the query took more than {MaxDuration.TotalSeconds} s or was cancelled"));
        if (type == DuckDBErrorType.OutOfMemory)
            return new(RefusalReason.QueryTooLarge, new("查询所需内存超过限额，请缩小范围", "the query needs more memory than it may use; ask for less"));
        // What goes wrong with files names them; what goes wrong inside the engine tells an analyst nothing.
        if (type is DuckDBErrorType.Io or DuckDBErrorType.Fatal)
            return new(RefusalReason.StoreUnavailable, new("中心暂时无法读取数据，请稍后再试", "the hub cannot read its data now; try again later"));
        if (type is DuckDBErrorType.Internal or DuckDBErrorType.Permission or DuckDBErrorType.Settings)
            return new(RefusalReason.QueryInvalid, new("数据库引擎无法执行该查询", "the engine cannot run this query"));
        var message = ReportParser.Short(DuckDb.FirstLine(e), MaxMessageLength);
        return new(RefusalReason.QueryInvalid, new($"SQL 有误：{message}", $"the SQL has an error: {message}"));
    }

    private static QueryCell Cell(object? value) => value switch
    {
        null => new QueryCell(),
        bool b => new QueryCell { Boolean = b },
        sbyte or byte or short or ushort or int or uint or long => new QueryCell { Integer = Convert.ToInt64(value, CultureInfo.InvariantCulture) },
        ulong u when u <= long.MaxValue => new QueryCell { Integer = (long)u },
        BigInteger big when big >= long.MinValue && big <= long.MaxValue => new QueryCell { Integer = (long)big },
        float f => new QueryCell { Number = f },
        double d => new QueryCell { Number = d },
        _ => new QueryCell { Text = ToText(value) },
    };

    private static string ToText(object value) => value switch
    {
        string s => s,
        DateOnly day => HubTime.Day(day),
        DateTime instant => HubTime.Instant(new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc))),
        DateTimeOffset instant => HubTime.Instant(instant),
        Stream stream => Hex(stream),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value),
    };

    private static string Hex(Stream stream)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Convert.ToHexString(bytes);
    }
}
