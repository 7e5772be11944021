using DuckDB.NET.Data;

namespace Hub.Store.Star;

/// <summary>Rows for one table of the star, with the width of every value fixed by its type: DuckDB's appender does not check it and
/// writes garbage where an int meets a BIGINT column.</summary>
internal sealed class StarAppender(DuckDBConnection connection, string table) : IDisposable
{
    private readonly DuckDBAppender appender = connection.CreateAppender(table);
    private IDuckDBAppenderRow? row;

    public StarAppender Row()
    {
        row = appender.CreateRow();
        return this;
    }

    public StarAppender BigInt(long value) => Next(row!.AppendValue(value));
    public StarAppender UBigInt(ulong value) => Next(row!.AppendValue(value));
    public StarAppender Integer(int value) => Next(row!.AppendValue(value));
    public StarAppender Integer(int? value) => value is { } v ? Integer(v) : Null();
    public StarAppender Boolean(bool value) => Next(row!.AppendValue(value));
    public StarAppender Text(string? value) => value is null ? Null() : Next(row!.AppendValue(value));
    public StarAppender Texts(IReadOnlyList<string>? values) => values is null ? Null() : Next(row!.AppendValue(values));
    public StarAppender Days(IReadOnlyList<DateOnly> values) => Next(row!.AppendValue(values));
    public StarAppender Blob(byte[] value) => Next(row!.AppendValue(value));
    public StarAppender Day(DateOnly? value) => value is { } v ? Next(row!.AppendValue(v)) : Null();

    // A DateTime of kind UTC is what the TIMESTAMPTZ column takes, at microsecond precision.
    public StarAppender Instant(DateTimeOffset value) => Next(row!.AppendValue(value.UtcDateTime));

    public StarAppender Null() => Next(row!.AppendNullValue());

    public void End() => row!.EndRow();

    public void Dispose() => appender.Dispose();

    private StarAppender Next(IDuckDBAppenderRow appended)
    {
        row = appended;
        return this;
    }
}
