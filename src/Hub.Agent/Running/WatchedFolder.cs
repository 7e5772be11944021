using Hub.Agent.Csv;
using Hub.Agent.Workbooks;

namespace Hub.Agent.Running;

/// <summary>A folder that clerks save workbooks into, and other systems CSV files. It is looked through again and again: notices of changes are lost on network shares.</summary>
internal sealed class WatchedFolder(string path)
{
    // More than a county's townships in a year; the oldest are left out.
    private const int MostFiles = 1_000;

    public string Path => path;

    private readonly Dictionary<string, Seen> known = new(StringComparer.Ordinal);

    private readonly record struct Seen(long Bytes, DateTime WrittenAt, bool IsDone = false);

    /// <summary>Files that are new or changed since they were last done with, and have not changed since the last look: what is still being written waits.
    /// Those saved first come first.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public List<string> Settled()
    {
        var now = new DirectoryInfo(path).EnumerateFiles().Where(f => (WorkbookFileName.IsOne(f.Name) || CsvFileName.IsOne(f.Name)) && !f.Attributes.HasFlag(FileAttributes.Hidden))
            .Select(f => (f.FullName, Seen: new Seen(f.Length, f.LastWriteTimeUtc))).OrderByDescending(f => f.Seen.WrittenAt).Take(MostFiles).Reverse().ToList();
        var settled = new List<string>();
        foreach (var (file, seen) in now)
            if (!known.TryGetValue(file, out var before) || before with { IsDone = false } != seen) known[file] = seen;
            else if (!before.IsDone) settled.Add(file);
        foreach (var gone in known.Keys.Except(now.Select(f => f.FullName), StringComparer.Ordinal).ToList()) known.Remove(gone);
        return settled;
    }

    /// <summary>A file that need not be given again until it changes.</summary>
    public void Done(string file)
    {
        if (known.TryGetValue(file, out var seen)) known[file] = seen with { IsDone = true };
    }
}
