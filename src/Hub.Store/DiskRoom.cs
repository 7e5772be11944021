namespace Hub.Store;

/// <summary>Whether a directory takes new data: a commit that has just failed is not tried again before it does.</summary>
internal static class DiskRoom
{
    // More than a commit needs, beside what opening folds into the files.
    private const int Bytes = 32 << 20;

    /// <exception cref="IOException">There is no room, or nothing can be written.</exception>
    public static void Prove(string directory)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            PreallocationSize = Bytes + Directory.EnumerateFiles(directory, "*.wal").Sum(f => new FileInfo(f).Length),
            Options = FileOptions.DeleteOnClose,
        };
        using var file = new FileStream(Path.Combine(directory, "room.tmp"), options);
        file.Write(new byte[4096]);
        file.Flush(flushToDisk: true);
    }
}
