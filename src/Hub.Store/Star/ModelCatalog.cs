using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Hub.Store.Star;

/// <summary>The SQL of <c>analytics</c>: the star's schema, and one model per file. A model is a view named by its file, or, ending in
/// <c>.macro.sql</c>, a table macro. Nothing else computes a figure.</summary>
public static partial class ModelCatalog
{
    /// <summary>What analysts may read besides each other's CTEs: every model.</summary>
    public static IReadOnlyList<string> Views { get; } = [.. Resources("models/").Where(n => !IsMacro(n)).Select(NameOf)];

    public static IReadOnlyList<string> Macros { get; } = [.. Resources("models/").Where(IsMacro).Select(NameOf)];

    /// <summary>Names the star's file: a change of the schema's text means another file, rebuilt from the log.</summary>
    public static string SchemaHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Resources("schema/").Select(Read)))))[..16];

    internal static void CreateSchema(DuckDBConnection connection)
    {
        foreach (var name in Resources("schema/")) connection.Execute(Read(name));
    }

    /// <summary>Makes every model anew. One that reads another which is not there yet is tried again after it.</summary>
    internal static void CreateModels(DuckDBConnection connection)
    {
        // Types are fixed when a view is made: views of a former release must not be bound by new ones.
        foreach (var view in connection.Names("select view_name from duckdb_views() where not internal")) connection.Execute($"drop view {view}");
        foreach (var macro in connection.Names("select distinct function_name from duckdb_functions() where not internal and function_type = 'table_macro'"))
            connection.Execute($"drop macro table {macro}");
        // Without these the models would be bound to variables of no type.
        connection.Execute("set variable at_position = 0::bigint");
        connection.Execute("set variable as_of = timestamptz 'epoch'");
        var models = Resources("models/").Select(r => (Resource: r, Sql: Read(r))).ToList();
        // Those that name the fewest others first: then few have to be tried twice.
        var pending = models.OrderBy(m => models.Count(other => m.Sql.Contains(NameOf(other.Resource), StringComparison.Ordinal))).ToList();
        while (pending.Count > 0)
        {
            DuckDBException? last = null;
            var left = pending.Where(m => !TryCreate(connection, m.Resource, m.Sql, ref last)).ToList();
            if (left.Count == pending.Count)
                throw new InvalidOperationException($"Models cannot be made: {string.Join(", ", left.Select(m => NameOf(m.Resource)))}", last);
            pending = left;
        }
    }

    private static bool TryCreate(DuckDBConnection connection, string resource, string sql, ref DuckDBException? last)
    {
        try
        {
            connection.Execute(IsMacro(resource) ? $"create macro {NameOf(resource)}{MacroBody(sql)}" : $"create view {NameOf(resource)} as {sql}");
            return true;
        }
        catch (DuckDBException e)
        {
            last = e;
            return false;
        }
    }

    private static bool IsMacro(string resource) => resource.EndsWith(".macro.sql", StringComparison.Ordinal);

    private static string NameOf(string resource) => resource["models/".Length..].Split('.')[0];

    // A macro's file starts with its comment, then its parameters in parentheses.
    private static string MacroBody(string sql) => WithoutComments(sql).TrimStart();

    private static string WithoutComments(string sql) => Comments().Replace(sql, "");

    private static IEnumerable<string> Resources(string folder) =>
        typeof(ModelCatalog).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(ModelCatalog).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"--[^\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex Comments();
}
