using System.Text.Json;
using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;

namespace Hub.Store.Queries;

/// <summary>Admits exactly one SELECT over the views, and nothing that could reach beyond them. Judged on the parser's own tree.</summary>
internal static class QueryGuard
{
    private const int MaxLength = 100_000;

    /// <summary>Functions in FROM that only make rows out of their arguments.</summary>
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase) { "range", "generate_series", "unnest", "repeat", "repeat_row" };

    /// <summary>Scalar functions that read or change something besides their arguments, or build and run SQL.</summary>
    private static readonly HashSet<string> ForbiddenFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "current_setting", "getenv", "nextval", "currval", "setval", "write_log", "set_config", "txid_current", "in_search_path",
        "json_execute_serialized_sql", "parse_duckdb_log_message", "pg_get_viewdef", "create_sort_key", "current_database", "current_schemas",
        "current_catalog", "has_table_privilege", "getvariable", "query", "query_table", "read_text", "read_blob",
    };

    public static Refusal? WhyNotAllowed(DuckDBConnection connection, string sql)
    {
        if (string.IsNullOrWhiteSpace(sql)) return NotOneSelect();
        if (sql.Length > MaxLength) return new Refusal(RefusalReason.QueryTooLarge, new($"语句过长，最多 {MaxLength} 字", $"the query is too long: at most {MaxLength} characters"));
        string json;
        try
        {
            json = (string)connection.Scalar("select json_serialize_sql($sql::varchar)::varchar", ("sql", sql))!;
        }
        catch (DuckDBException)
        {
            return NotOneSelect();
        }
        using var tree = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        var root = tree.RootElement;
        if (root.TryGetProperty("error", out var error) && error.GetBoolean())
        {
            var message = root.TryGetProperty("error_message", out var m) ? m.GetString() ?? "" : "";
            return message.Contains("Only SELECT", StringComparison.OrdinalIgnoreCase) ? NotOneSelect()
                : new Refusal(RefusalReason.QueryInvalid, new($"SQL 有误：{message}", $"the SQL has an error: {message}"));
        }
        if (root.GetProperty("statements").GetArrayLength() != 1) return NotOneSelect();
        var names = new HashSet<string>(ModelCatalog.Views, StringComparer.OrdinalIgnoreCase);
        CollectCtes(root, names);
        return Walk(root, names);
    }

    // A CTE may carry any name; what it reads is walked all the same.
    private static void CollectCtes(JsonElement element, HashSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var child in element.EnumerateArray()) CollectCtes(child, names);
        if (element.ValueKind != JsonValueKind.Object) return;
        if (element.TryGetProperty("cte_map", out var ctes) && ctes.TryGetProperty("map", out var map))
            foreach (var cte in map.EnumerateArray()) names.Add(cte.GetProperty("key").GetString()!);
        foreach (var property in element.EnumerateObject()) CollectCtes(property.Value, names);
    }

    private static Refusal? Walk(JsonElement element, HashSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in element.EnumerateArray())
                if (Walk(child, names) is { } no) return no;
            return null;
        }
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (WhyNotAllowed(element, names) is { } refused) return refused;
        foreach (var property in element.EnumerateObject())
            if (Walk(property.Value, names) is { } no) return no;
        return null;
    }

    private static Refusal? WhyNotAllowed(JsonElement node, HashSet<string> names)
    {
        var type = node.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;
        switch (type)
        {
            case "BASE_TABLE":
                var table = node.GetProperty("table_name").GetString()!;
                var qualified = Qualifier(node, "schema_name") is not ("" or "main") || Qualifier(node, "catalog_name") is not "";
                return !qualified && names.Contains(table) ? null : NotAllowed($"表或视图“{ReportParser.Short(table)}”", $"table or view “{ReportParser.Short(table)}”");
            case "TABLE_FUNCTION":
                var function = node.GetProperty("function").GetProperty("function_name").GetString()!;
                return TableFunctions.Contains(function) || ModelCatalog.Macros.Contains(function, StringComparer.OrdinalIgnoreCase)
                    ? null : NotAllowed($"表函数“{ReportParser.Short(function)}”", $"table function “{ReportParser.Short(function)}”");
            case "SHOW_REF": return NotAllowed("SHOW、DESCRIBE、SUMMARIZE", "SHOW, DESCRIBE and SUMMARIZE");
            case "FUNCTION":
                var scalar = node.GetProperty("function_name").GetString()!;
                return ForbiddenFunctions.Contains(scalar) || scalar.StartsWith("duckdb_", StringComparison.OrdinalIgnoreCase) || scalar.StartsWith("pragma_", StringComparison.OrdinalIgnoreCase)
                    ? NotAllowed($"函数“{ReportParser.Short(scalar)}”", $"function “{ReportParser.Short(scalar)}”") : null;
            default: return null;
        }
    }

    private static string Qualifier(JsonElement node, string property) => node.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    private static Refusal NotOneSelect() => new(RefusalReason.QueryNotOneSelect, new("只能是一条 SELECT 语句", "send exactly one SELECT"));

    private static Refusal NotAllowed(string chinese, string english) => new(RefusalReason.QueryNotAllowed, new(
        $"查询不能使用{chinese}；可用的视图：{string.Join("、", ModelCatalog.Views)}", $"a query may not use the {english}; the views are: {string.Join(", ", ModelCatalog.Views)}"));
}
