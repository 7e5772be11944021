using System.Collections.Immutable;
using System.Text.Json;
using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;

namespace Hub.Store.Queries;

/// <summary>Admits exactly one SELECT over the views, and nothing that could reach beyond them. Judged on the parser's own tree, by lists of
/// what is allowed: a table, a table function or a function that is on none of them is refused. The engine's own flags would not do: it
/// calls <c>current_setting</c> consistent and free of side effects. Nor would a list of what is forbidden: each release adds functions.</summary>
internal static class QueryGuard
{
    private const int MaxLength = 100_000;

    /// <summary>Functions in FROM that only make rows out of their arguments.</summary>
    private static readonly ImmutableHashSet<string> TableFunctions = ["range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", .. ModelCatalog.Macros];

    private static readonly ImmutableHashSet<string> Functions = ReadFunctions();

    private static readonly ImmutableHashSet<string> Views = [.. ModelCatalog.Views];

    /// <summary>Names that are functions where no column bears them: they tell of the catalog and the session.</summary>
    private static readonly ImmutableHashSet<string> SessionNames = ["current_catalog", "current_schema", "current_role", "current_user", "session_user"];

    public static Refusal? WhyNotAllowed(DuckDBConnection connection, string sql)
    {
        if (string.IsNullOrWhiteSpace(sql)) return NotOneSelect();
        if (sql.Length > MaxLength) return new Refusal(RefusalReason.QueryTooLarge, new($"语句过长，最多 {MaxLength} 字", $"the query is too long: at most {MaxLength} characters"));
        try
        {
            var json = (string)connection.Scalar("select json_serialize_sql($sql::varchar)::varchar", ("sql", sql))!;
            using var tree = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
            return WhyNotAllowed(tree.RootElement);
        }
        catch (DuckDBException)
        {
            return NotOneSelect();
        }
        catch (JsonException)
        {
            return new Refusal(RefusalReason.QueryInvalid, new("SQL 嵌套过深", "the SQL is nested too deep"));
        }
    }

    private static Refusal? WhyNotAllowed(JsonElement root)
    {
        if (root.TryGetProperty("error", out var error) && error.GetBoolean())
        {
            var message = root.TryGetProperty("error_message", out var m) ? ReportParser.Short(m.GetString() ?? "", AdHocQuery.MaxMessageLength) : "";
            return message.Contains("Only SELECT", StringComparison.OrdinalIgnoreCase) ? NotOneSelect()
                : new Refusal(RefusalReason.QueryInvalid, new($"SQL 有误：{message}", $"the SQL has an error: {message}"));
        }
        return root.GetProperty("statements").GetArrayLength() == 1 ? Walk(root, Views) : NotOneSelect();
    }

    /// <param name="names">What may stand in FROM here: the views and the CTEs in scope.</param>
    private static Refusal? Walk(JsonElement element, ImmutableHashSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in element.EnumerateArray())
                if (Walk(child, names) is { } no) return no;
            return null;
        }
        if (element.ValueKind != JsonValueKind.Object) return null;
        var type = Text(element, "type");
        if (WhyNotAllowed(element, type, names) is { } refused) return refused;
        // A table function has been judged by its name: what it is given is judged as anywhere.
        if (type == "TABLE_FUNCTION") return Walk(element.GetProperty("function").GetProperty("children"), names);
        if (type == "RECURSIVE_CTE_NODE")
            return Walk(element.GetProperty("left"), names) ?? Walk(element.GetProperty("right"), names.Add(Fold(Text(element, "cte_name")))) ?? Walk(element.GetProperty("modifiers"), names);
        if (element.TryGetProperty("cte_map", out var ctes))
        {
            // A CTE sees those before it; under its own name it sees what bears the name outside, unless it is recursive.
            foreach (var cte in ctes.GetProperty("map").EnumerateArray())
            {
                if (Walk(cte.GetProperty("value"), names) is { } no) return no;
                names = names.Add(Fold(cte.GetProperty("key").GetString()!));
            }
        }
        foreach (var property in element.EnumerateObject())
            if (property.Name != "cte_map" && Walk(property.Value, names) is { } no) return no;
        return null;
    }

    private static Refusal? WhyNotAllowed(JsonElement node, string type, ImmutableHashSet<string> names)
    {
        switch (type)
        {
            case "BASE_TABLE":
                var table = Text(node, "table_name");
                var qualified = Text(node, "schema_name") is not ("" or "main") || Text(node, "catalog_name").Length > 0;
                return !qualified && names.Contains(Fold(table)) ? null : NotAllowed($"表或视图“{ReportParser.Short(table)}”", $"table or view “{ReportParser.Short(table)}”");
            case "TABLE_FUNCTION":
                var function = Text(node.GetProperty("function"), "function_name");
                return TableFunctions.Contains(Fold(function)) ? null : NotAllowed($"表函数“{ReportParser.Short(function)}”", $"table function “{ReportParser.Short(function)}”");
            case "VALUE_PARAMETER": return new(RefusalReason.QueryInvalid, new("查询不能带参数（? 或 $），请直接写值", "a query takes no parameters (? or $): write the values"));
            case "SHOW_REF": return NotAllowed("SHOW、DESCRIBE、SUMMARIZE", "SHOW, DESCRIBE and SUMMARIZE");
            case "COLUMN_REF":
                var column = node.GetProperty("column_names").EnumerateArray().Last().GetString()!;
                return SessionNames.Contains(Fold(column)) ? NotAllowed($"名称“{column}”", $"name “{column}”") : null;
            default:
                // Calls, operators and window functions alike.
                var scalar = Text(node, "function_name");
                return scalar.Length == 0 || Functions.Contains(Fold(scalar)) ? null : NotAllowed($"函数“{ReportParser.Short(scalar)}”", $"function “{ReportParser.Short(scalar)}”");
        }
    }

    private static string Text(JsonElement node, string property) =>
        node.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // As the engine compares names: only ASCII letters lose their case.
    private static string Fold(string name) => string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c));

    private static ImmutableHashSet<string> ReadFunctions()
    {
        using var reader = new StreamReader(typeof(QueryGuard).Assembly.GetManifestResourceStream("queries/functions.txt")!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("-- ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }

    private static Refusal NotOneSelect() => new(RefusalReason.QueryNotOneSelect, new("只能是一条 SELECT 语句", "send exactly one SELECT"));

    private static Refusal NotAllowed(string chinese, string english) => new(RefusalReason.QueryNotAllowed, new(
        $"查询不能使用{chinese}；可用的视图：{string.Join("、", ModelCatalog.Views)}", $"a query may not use the {english}; the views are: {string.Join(", ", ModelCatalog.Views)}"));
}
