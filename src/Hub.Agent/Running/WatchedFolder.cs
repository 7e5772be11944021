namespace Hub.Agent.Running;

/// <summary>A folder that clerks save workbooks into. It is looked through again and again: notices of changes are lost on network shares.</summary>
internal sealed class WatchedFolder(string path)
{
    // More than a county's townships in a year; the oldest are left out.
    private const int MostFiles = 1_000;

    private readonly Dictionary<string, Seen> known = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    private readonly record struct Seen(long Bytes, DateTime WrittenAt, bool IsSettled);

    /// <summary>Files that are new or changed since they were last given, and have not changed since the last look: what is still being written waits.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public List<string> Settled()
    {
        var files = new DirectoryInfo(Path).EnumerateFiles("*.xlsx").Where(IsWorkbook).OrderByDescending(f => f.LastWriteTimeUtc).Take(MostFiles).Reverse().ToList();
        var settled = new List<string>();
        foreach (var file in files)
        {
            var seen = new Seen(file.Length, file.LastWriteTimeUtc, false);
            if (!known.TryGetValue(file.FullName, out var before) || before with { IsSettled = false } != seen) known[file.FullName] = seen;
            else if (!before.IsSettled)
            {
                known[file.FullName] = seen with { IsSettled = true };
                settled.Add(file.FullName);
            }
        }
        foreach (var gone in known.Keys.Except(files.Select(f => f.FullName), StringComparer.Ordinal).ToList()) known.Remove(gone);
        return settled;
    }

    /// <summary>A file that could not be opened: given again at the next look.</summary>
    public void Again(string file)
    {
        if (known.TryGetValue(file, out var seen)) known[file] = seen with { IsSettled = false };
    }

    // ~$ is how Excel and WPS name the file that says who has a workbook open, .~ how LibreOffice does.
    private static bool IsWorkbook(FileInfo file) => !file.Name.StartsWith("~$", StringComparison.Ordinal) && !file.Name.StartsWith('.') && !file.Attributes.HasFlag(FileAttributes.Hidden);
}
