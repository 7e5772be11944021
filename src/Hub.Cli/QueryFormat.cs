using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Hub.Protocol;

namespace Hub.Cli;

/// <summary>Rows of a query as text: a table for people, CSV for spreadsheets, JSON for programs.</summary>
internal abstract class QueryFormat(TextWriter output)
{
    protected TextWriter Output { get; } = output;

    public static QueryFormat For(string name, TextWriter output) => name switch
    {
        "csv" => new CsvFormat(output),
        "json" => new JsonFormat(output),
        _ => new TableFormat(output),
    };

    public abstract void Begin(IReadOnlyList<QueryColumn> columns);
    public abstract void Row(IReadOnlyList<QueryCell> cells);
    public virtual void End() { }

    /// <summary>Whether a column holds numbers although its cells come as text, being wider than 64 bits or exact decimals.</summary>
    protected static bool IsNumeric(QueryColumn column) =>
        column.Type.StartsWith("Decimal", StringComparison.OrdinalIgnoreCase) || column.Type.EndsWith("HugeInt", StringComparison.OrdinalIgnoreCase)
        || column.Type.Equals("UBigInt", StringComparison.OrdinalIgnoreCase) || column.Type.Equals("UnsignedBigInt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null is empty, booleans are true and false, numbers round-trip.</summary>
    protected static string Text(QueryCell cell) => cell.ValueCase switch
    {
        QueryCell.ValueOneofCase.None => "",
        QueryCell.ValueOneofCase.Boolean => cell.Boolean ? "true" : "false",
        QueryCell.ValueOneofCase.Integer => cell.Integer.ToString(CultureInfo.InvariantCulture),
        QueryCell.ValueOneofCase.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        _ => cell.Text,
    };
}

internal sealed class CsvFormat(TextWriter output) : QueryFormat(output)
{
    private bool[] numeric = [];

    public override void Begin(IReadOnlyList<QueryColumn> columns)
    {
        numeric = [.. columns.Select(IsNumeric)];
        Output.WriteLine(string.Join(',', columns.Select(c => Quote(Disarm(c.Name)))));
    }

    public override void Row(IReadOnlyList<QueryCell> cells) =>
        Output.WriteLine(string.Join(',', cells.Select((c, i) => Quote(c.ValueCase == QueryCell.ValueOneofCase.Text && !numeric[i] ? Disarm(c.Text) : Text(c)))));

    // A spreadsheet runs text that begins like a formula: the apostrophe makes it text again.
    private static string Disarm(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

internal sealed class JsonFormat(TextWriter output) : QueryFormat(output)
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    private IReadOnlyList<QueryColumn> columns = [];
    private bool any;

    public override void Begin(IReadOnlyList<QueryColumn> columns)
    {
        this.columns = columns;
        Output.Write('[');
    }

    public override void Row(IReadOnlyList<QueryCell> cells)
    {
        Output.Write(any ? ",\n " : "\n ");
        any = true;
        Output.Write('{');
        for (var i = 0; i < cells.Count; i++)
            Output.Write($"{(i > 0 ? ", " : "")}{JsonSerializer.Serialize(columns[i].Name, Options)}: {(cells[i].ValueCase == QueryCell.ValueOneofCase.Text && IsNumeric(columns[i]) ? cells[i].Text : Value(cells[i]))}");
        Output.Write('}');
    }

    public override void End() => Output.WriteLine(any ? "\n]" : "]");

    private static string Value(QueryCell cell) => cell.ValueCase switch
    {
        QueryCell.ValueOneofCase.None => "null",
        QueryCell.ValueOneofCase.Text => JsonSerializer.Serialize(cell.Text, Options),
        // JSON has no word for them.
        QueryCell.ValueOneofCase.Number when !double.IsFinite(cell.Number) => "null",
        _ => Text(cell),
    };
}

internal sealed class TableFormat(TextWriter output) : QueryFormat(output)
{
    // Widths are measured on the first rows; what is wider later just sticks out.
    private const int Measured = 500;

    private readonly List<(string[] Cells, bool[] Right)> held = [];
    private string[] header = [];
    private int[]? widths;
    private long rows;

    public override void Begin(IReadOnlyList<QueryColumn> columns) => header = [.. columns.Select(c => Clean(c.Name))];

    public override void Row(IReadOnlyList<QueryCell> cells)
    {
        rows++;
        var row = (cells.Select(c => Clean(Text(c))).ToArray(), cells.Select(c => c.ValueCase is QueryCell.ValueOneofCase.Integer or QueryCell.ValueOneofCase.Number).ToArray());
        if (widths is not null) Write(row.Item1, row.Item2);
        else if (held.Count < Measured) held.Add(row);
        else
        {
            Flush();
            Write(row.Item1, row.Item2);
        }
    }

    public override void End()
    {
        if (widths is null) Flush();
        Output.WriteLine(Verb.Say($"（{rows} 行）", $"({rows} {(rows == 1 ? "row" : "rows")})"));
    }

    private void Flush()
    {
        widths = [.. header.Select((name, i) => held.Select(r => Width(r.Cells[i])).Append(Width(name)).Max())];
        Write(header, new bool[header.Length]);
        Output.WriteLine(string.Join("-+-", widths.Select(w => new string('-', w))));
        foreach (var (cells, right) in held) Write(cells, right);
        held.Clear();
    }

    private void Write(string[] cells, bool[] right)
    {
        var line = cells.Select((cell, i) =>
        {
            var padding = new string(' ', Math.Max(0, widths![i] - Width(cell)));
            return right[i] ? padding + cell : cell + padding;
        });
        Output.WriteLine(string.Join(" | ", line).TrimEnd());
    }

    // A line feed or an escape sequence in a name must not break the table or reach the terminal.
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));

    // Chinese characters take two columns.
    private static int Width(string text) => text.Sum(c => c >= '\u1100' && c is <= '\u115F' or >= '\u2E80' and <= '\uA4CF' or >= '\uAC00' and <= '\uD7A3' or >= '\uF900' and <= '\uFAFF' or >= '\uFE30' and <= '\uFE6F' or >= '\uFF00' and <= '\uFF60' or >= '\uFFE0' and <= '\uFFE6' ? 2 : 1);
}
