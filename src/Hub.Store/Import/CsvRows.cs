using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;

namespace Hub.Store.Import;

/// <summary>Rows of a CSV file with columns found by header: UTF-8, with or without a byte order mark, LF or CRLF.</summary>
public static class CsvRows
{
    // A narrative's 2,000 characters may all be quotation marks, each written twice.
    private const int MaxCellCharacters = 4096;

    /// <param name="columns">Names in the header; the column of one that ends in ? may be absent, its cells are then empty.</param>
    /// <param name="make">From the line that a record begins on, and its cells in the order of <paramref name="columns"/>.</param>
    public static List<T> Read<T>(string file, Stream content, IReadOnlyList<string> columns, Func<int, string[], T> make, ImportProblems problems)
    {
        var rows = new List<T>();
        // The encoding's own preamble is the byte order mark, which the reader then skips.
        using var reader = new StreamReader(content, new UTF8Encoding(true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        int? badLine = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = bad => badLine ??= bad.Context.Parser!.RawRow - bad.Field.Count(c => c == '\n'),
            MaxFieldSize = MaxCellCharacters,
        };
        using var csv = new CsvParser(reader, configuration);
        try
        {
            if (!csv.Read())
            {
                problems.Add(file, 1, "缺少表头", "the header row is missing");
                return rows;
            }
            if (FindColumns(file, csv.Record!, columns, problems) is not { } places) return rows;
            var width = csv.Record!.Length;
            while (csv.Read())
            {
                var record = csv.Record!;
                // A quoted cell may hold line breaks: the record is named by the line it begins on.
                var line = csv.RawRow - record.Sum(cell => cell.Count(c => c == '\n'));
                if (badLine is { } at) AddUnclosed(at);
                else if (record.Length == width) rows.Add(make(line, [.. places.Select(p => p < 0 ? "" : record[p])]));
                else problems.Add(file, line, $"有 {record.Length} 列，表头有 {width} 列", $"{record.Length} columns, the header has {width}");
                badLine = null;
            }
        }
        catch (DecoderFallbackException)
        {
            problems.Add(file, LineNotUtf8(content), "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8: save it as UTF-8");
        }
        catch (CsvHelperException)
        {
            AddUnclosed(csv.RawRow);
        }
        return rows;

        void AddUnclosed(int line) => problems.Add(file, line, "单元格过长，或引号不成对", "a cell is too long, or its quotation marks do not pair");
    }

    // The reader decodes ahead of the rows: which line it was must be looked up.
    private static int LineNotUtf8(Stream content)
    {
        content.Position = 0;
        using var bytes = new BufferedStream(content, 1 << 16);
        var (number, line) = (1, new List<byte>());
        for (int next; (next = bytes.ReadByte()) >= 0;)
        {
            line.Add((byte)next);
            if (next != '\n') continue;
            if (!Utf8.IsValid(CollectionsMarshal.AsSpan(line))) break;
            number++;
            line.Clear();
        }
        return number;
    }

    // The place of a column that is absent and may be is -1.
    private static int[]? FindColumns(string file, string[] header, IReadOnlyList<string> columns, ImportProblems problems)
    {
        var names = header.Select(h => h.Trim()).ToList();
        var before = problems.Count;
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1 && columns.Any(c => c.TrimEnd('?') == g.Key)))
            problems.Add(file, 1, $"列 {twice.Key} 重复", $"column {twice.Key} stands twice");
        foreach (var missing in columns.Where(c => !c.EndsWith('?') && !names.Contains(c)))
            problems.Add(file, 1, $"缺少列 {missing}", $"column {missing} is missing");
        return problems.Count > before ? null : [.. columns.Select(c => names.IndexOf(c.TrimEnd('?')))];
    }
}
