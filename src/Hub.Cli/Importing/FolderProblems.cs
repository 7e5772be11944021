using Hub.Programmes;

namespace Hub.Cli.Importing;

/// <summary>Everything that is wrong with a folder, each in one line of words; the first ones are kept, all are counted.</summary>
internal sealed class FolderProblems
{
    public const int MaxKept = 10_000;

    private readonly List<(string File, int Line, Text Words)> kept = [];
    private readonly HashSet<string> files = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    public int Files => files.Count;

    /// <summary>File by file and line by line, else in the order in which they were found.</summary>
    public IEnumerable<Text> Words => kept.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).Select(p => p.Words);

    /// <summary>A problem of a whole file.</summary>
    public void Add(string file, string chinese, string english) => Add(file, 0, new(Shown(file), Shown(file)), new(chinese, english));

    /// <param name="file">The one to correct.</param>
    /// <param name="line">0 where it has no lines.</param>
    /// <param name="place">File and place in words.</param>
    public void Add(string file, int line, Text place, Text message) => Add(file, line, new($"{place.Chinese}：{message.Chinese}", $"{place.English}: {message.English}"));

    public void Add(string file, int line, Text words)
    {
        Count++;
        files.Add(file);
        if (kept.Count < MaxKept) kept.Add((file, line, new(OneLine(words.Chinese), OneLine(words.English))));
    }

    /// <summary>Problems that are known only by their number.</summary>
    public void AddUnlisted(int count) => Count += count;

    /// <summary>A file's name in a message, never endless.</summary>
    public static string Shown(string file) => ReportParser.Short(file, 120);

    // What stands in names and cells must neither break the line nor move the cursor.
    private static string OneLine(string words) => string.Concat(words.Select(c => char.IsControl(c) ? ' ' : c));
}
