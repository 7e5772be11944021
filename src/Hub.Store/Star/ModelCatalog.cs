using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Hub.Store.Star;

/// <summary>The SQL of <c>analytics</c>: the star's schema, and one model per file. A model is a view named by its file, or, ending in
/// <c>.macro.sql</c>, a table macro. <c>NAME.of.sql</c> is the macro NAME_of, over the relations that it is given: what the view NAME and
/// the kept table of that name are both made of. Nothing else computes a figure.</summary>
public static partial class ModelCatalog
{
    /// <summary>What analysts may read besides each other's CTEs: every model.</summary>
    public static IReadOnlyList<string> Views { get; } = [.. Resources("models/").Where(n => !IsMacro(n)).Select(NameOf)];

    /// <summary>Macros that analysts may call. Those over relations are not: they would read whatever table is named to them.</summary>
    public static IReadOnlyList<string> Macros { get; } = [.. Resources("models/").Where(n => IsMacro(n) && !IsOfRelations(n)).Select(NameOf)];

    /// <summary>Kept at the head as tables, one row per township and month or a few: made anew for the townships that records touch.</summary>
    public static IReadOnlyList<string> KeptByTownship { get; } = ["reports_in_force", "township_sums", "group_sums", "item_counts"];

    /// <summary>Kept too, made anew for the townships whose registry changes.</summary>
    public const string KeptRegistry = "registered_branches";

    /// <summary>Small ones that everything is joined with, each after those it reads: kept too, made anew as a whole when a programme, a
    /// township or the calendar changes.</summary>
    public static IReadOnlyList<string> KeptWhole { get; } = ["programmes", "standards", "items", "milestones", "townships", "programme_townships", "calendar", "hardware_targets"];

    /// <summary>Names the star's file: a change of the schema's text means another file, rebuilt from the log.</summary>
    public static string SchemaHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Resources("schema/").Select(Read)))))[..16];

    /// <summary>What the models in a star were made by: its kept tables hold what these texts gave, in this engine.</summary>
    public static string Hash(string engine) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(engine + string.Join('\n', Resources("models/").Select(r => r + Read(r))))))[..16];

    internal static void CreateSchema(DuckDBConnection connection)
    {
        foreach (var name in Resources("schema/")) connection.Execute(Read(name));
    }

    /// <summary>Makes schema head anew, the models over its kept tables, which are empty; and the macros, which stand in schema main. The other
    /// models of schema main are left to <see cref="CreatePast"/>.</summary>
    internal static void CreateHead(DuckDBConnection connection)
    {
        // Types are fixed when a view is made: views of a former release must not be bound by new ones.
        foreach (var view in connection.Names("select schema_name || '.' || view_name from duckdb_views() where not internal")) connection.Execute($"drop view {view}");
        foreach (var macro in connection.Names("select distinct function_name from duckdb_functions() where not internal and function_type = 'table_macro'"))
            connection.Execute($"drop macro table {macro}");
        connection.Execute("drop schema if exists head cascade; create schema head");
        Prepare(connection);
        connection.Execute("use star.head");
        Create(connection, _ => true, isHead: true);
        connection.Execute("use star.main");
    }

    /// <summary>Makes in schema main, over the facts, the models that are not there yet.</summary>
    internal static void CreatePast(DuckDBConnection connection)
    {
        Prepare(connection);
        var there = connection.Names("select view_name from duckdb_views() where not internal and schema_name = 'main'").ToHashSet(StringComparer.Ordinal);
        Create(connection, r => !IsMacro(r) && !there.Contains(NameOf(r)), isHead: false);
    }

    // Without these the models would be bound to variables of no type.
    private static void Prepare(DuckDBConnection connection) =>
        connection.Execute("set variable at_position = 0::bigint; set variable as_of = timestamptz 'epoch'");

    /// <summary>The query that a model is.</summary>
    internal static string Query(string model) => WithoutComments(Read($"models/{model}.sql"));

    // Each after those that it names.
    private static void Create(DuckDBConnection connection, Func<string, bool> isChosen, bool isHead)
    {
        var models = Resources("models/").ToDictionary(NameOf, r => (Resource: r, Sql: WithoutComments(Read(r)).Trim()), StringComparer.Ordinal);
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in models.Keys) Make(name);

        void Make(string name)
        {
            if (!made.Add(name)) return;
            var (resource, sql) = models[name];
            foreach (Match relation in Relations().Matches(sql))
                if (models.ContainsKey(relation.Groups[1].Value)) Make(relation.Groups[1].Value);
            if (isChosen(resource)) connection.Execute(IsMacro(resource) ? $"create macro main.{name}{sql}" : isHead && (name == KeptRegistry || KeptWhole.Contains(name) || KeptByTownship.Contains(name)) ? $"create table {name} as from ({sql}) limit 0" : $"create view {name} as {sql}");
        }
    }

    private static bool IsMacro(string resource) => resource.EndsWith(".macro.sql", StringComparison.Ordinal) || IsOfRelations(resource);

    private static bool IsOfRelations(string resource) => resource.EndsWith(".of.sql", StringComparison.Ordinal);

    private static string NameOf(string resource) => resource["models/".Length..].Split('.')[0] + (IsOfRelations(resource) ? "_of" : "");

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

    // What stands in FROM, by its name or given to a macro by it.
    [GeneratedRegex(@"(?:\bfrom\s+|\bjoin\s+|')([a-z_]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Relations();
}
