using System.Globalization;
using DuckDB.NET.Data;

namespace Hub.Store;

/// <summary>Opening and running plain statements. One instance per file and process: never open a live file twice.</summary>
internal static class DuckDb
{
    /// <summary>An instance without a file of its own and with one thread, to which a file is attached: only so may the file's row groups be smaller
    /// than 122,880 rows.</summary>
    /// <param name="options">Of ATTACH.</param>
    /// <exception cref="StoreLockedException">Another process has the file.</exception>
    /// <exception cref="StoreDamagedException">It cannot be opened.</exception>
    public static DuckDBConnection Attach(string file, string name, string options)
    {
        var connection = new DuckDBConnection("DataSource=:memory:;threads=1");
        try
        {
            connection.Open();
            connection.Execute($"set temp_directory = {Quote(file + ".tmp")}; attach {Quote(file)} as {name} ({options})");
            return connection;
        }
        catch (DuckDBException e)
        {
            connection.Dispose();
            throw Translate(e, file);
        }
    }

    /// <summary>Another connection to the instance, with what is attached to it.</summary>
    public static DuckDBConnection Another(this DuckDBConnection connection)
    {
        var another = connection.Duplicate();
        another.Open();
        return another;
    }

    public static Exception Translate(DuckDBException e, string file)
    {
        if (e.Message.Contains("Could not set lock", StringComparison.Ordinal) || e.Message.Contains("Conflicting lock", StringComparison.Ordinal))
            return new StoreLockedException(file);
        return new StoreDamagedException(new(
            $"无法打开 {file}：文件已损坏或无法读写（{FirstLine(e)}）。请从备份恢复", $"cannot open {file}: damaged or not accessible ({FirstLine(e)}); restore it from a backup"));
    }

    public static int Execute(this DuckDBConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        Prepare(command, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Writes in one transaction.</summary>
    /// <exception cref="DuckDBException">The first thing that failed: one that failed to commit cannot be rolled back, and that must not hide why.</exception>
    public static void Commit(this DuckDBConnection connection, Action write)
    {
        connection.Execute("begin transaction");
        try
        {
            write();
            connection.Execute("commit");
        }
        catch
        {
            try
            {
                connection.Execute("rollback");
            }
            catch (DuckDBException)
            {
                // It has ended already.
            }
            throw;
        }
    }

    public static object? Scalar(this DuckDBConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        Prepare(command, sql, parameters);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public static long Count(this DuckDBConnection connection, string sql) =>
        Convert.ToInt64(connection.Scalar(sql), CultureInfo.InvariantCulture);

    public static List<string> Names(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }

    public static void Prepare(DuckDBCommand command, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
    }

    /// <summary>A text of our own as a literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0];
}
