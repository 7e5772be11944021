using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Import;

public sealed record ProgrammeRow(int Line, string Id, string Template, string LaunchYear, string Area);
public sealed record TownshipRow(int Line, string Code, string Name);
public sealed record BranchRow(int Line, string Code, string Name, string Township, string Kind, string Star, string ActiveFrom, string ActiveTo);
public sealed record SubmissionRow(int Line, string Programme, string Township, string Period, string Version, string ReceivedAt);
public sealed record StatesRow(int Line, string Programme, string Township, string Period, string Version, string Branch, string States);

/// <summary>What is wrong with a county folder, by file and line (the header is line 1).</summary>
public sealed record ImportProblem(string File, int Line, Text Message)
{
    public Violation ToViolation() => new($"{File}:{Line}", RefusalReason.ImportInvalid, new($"{File} 第 {Line} 行：{Message.Chinese}", $"{File} line {Line}: {Message.English}"));
}

/// <summary>The five CSV files of a county as they stand, columns found by header, nothing judged yet.</summary>
public sealed record CountyFolder(
    IReadOnlyList<ProgrammeRow> Programmes, IReadOnlyList<TownshipRow> Townships, IReadOnlyList<BranchRow> Branches,
    IReadOnlyList<SubmissionRow> Submissions, IReadOnlyList<StatesRow> States)
{
    public static readonly IReadOnlyList<string> Files = ["programmes.csv", "townships.csv", "branches.csv", "submissions.csv", "states.csv"];

    /// <param name="files">Contents by file name: UTF-8, with or without a byte order mark, LF or CRLF.</param>
    public static Outcome<CountyFolder> Read(IReadOnlyDictionary<string, Stream> files)
    {
        var problems = new List<ImportProblem>();
        var folder = new CountyFolder(
            Rows("programmes.csv", ["id", "template", "launch_year", "area?"], (line, f) => new ProgrammeRow(line, f[0], f[1], f[2], f[3])),
            Rows("townships.csv", ["code", "name"], (line, f) => new TownshipRow(line, f[0], f[1])),
            Rows("branches.csv", ["code", "name", "township", "kind", "star", "active_from", "active_to"],
                (line, f) => new BranchRow(line, f[0], f[1], f[2], f[3], f[4], f[5], f[6])),
            Rows("submissions.csv", ["programme", "township", "period", "version", "received_at"],
                (line, f) => new SubmissionRow(line, f[0], f[1], f[2], f[3], f[4])),
            Rows("states.csv", ["programme", "township", "period", "version", "branch", "states"],
                (line, f) => new StatesRow(line, f[0], f[1], f[2], f[3], f[4], f[5])));
        return problems.Count > 0 ? Refusal.OfFields([.. problems.Take(ReportParser.MaxViolations).Select(p => p.ToViolation())]) : folder;

        List<T> Rows<T>(string file, string[] columns, Func<int, string[], T> make)
        {
            if (files.TryGetValue(file, out var content)) return ReadRows(file, content, columns, make, problems);
            problems.Add(new(file, 1, new("缺少该文件", "the file is missing")));
            return [];
        }
    }

    private static List<T> ReadRows<T>(string file, Stream content, string[] columns, Func<int, string[], T> make, List<ImportProblem> problems)
    {
        var rows = new List<T>();
        // The encoding's own preamble is the byte order mark, which the reader then skips.
        using var reader = new StreamReader(content, new UTF8Encoding(true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        int? badLine = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = bad => badLine ??= bad.Context.Parser!.RawRow - bad.Field.Count(c => c == '\n'),
            MaxFieldSize = 4096,
        };
        using var csv = new CsvParser(reader, configuration);
        try
        {
            if (!csv.Read())
            {
                problems.Add(new(file, 1, new("缺少表头", "the header row is missing")));
                return rows;
            }
            if (FindColumns(file, csv.Record!, columns, problems) is not { } places) return rows;
            var width = csv.Record!.Length;
            while (csv.Read() && problems.Count < ReportParser.MaxViolations)
            {
                var record = csv.Record!;
                // A quoted cell may hold line breaks: the record is named by the line it begins on.
                var line = csv.RawRow - record.Sum(cell => cell.Count(c => c == '\n'));
                if (badLine is { } at) problems.Add(new(file, at, Unclosed));
                else if (record.Length == width) rows.Add(make(line, [.. places.Select(p => p < 0 ? "" : record[p])]));
                else problems.Add(new(file, line, new($"有 {record.Length} 列，表头有 {width} 列", $"{record.Length} columns, the header has {width}")));
                badLine = null;
            }
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new(file, LineNotUtf8(content), new("不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8: save it as UTF-8")));
        }
        catch (CsvHelperException)
        {
            problems.Add(new(file, csv.RawRow, Unclosed));
        }
        return rows;
    }

    private static Text Unclosed { get; } = new("单元格过长，或引号不成对", "a cell is too long, or its quotation marks do not pair");

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

    // A column ending in ? may be absent: its place is -1.
    private static int[]? FindColumns(string file, string[] header, string[] columns, List<ImportProblem> problems)
    {
        var names = header.Select(h => h.Trim()).ToList();
        var before = problems.Count;
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1 && columns.Any(c => c.TrimEnd('?') == g.Key)))
            problems.Add(new(file, 1, new($"列 {twice.Key} 重复", $"column {twice.Key} stands twice")));
        foreach (var missing in columns.Where(c => !c.EndsWith('?') && !names.Contains(c)))
            problems.Add(new(file, 1, new($"缺少列 {missing}", $"column {missing} is missing")));
        return problems.Count > before ? null : [.. columns.Select(c => names.IndexOf(c.TrimEnd('?')))];
    }
}
