using Hub.Store;

namespace Hub.Testing;

/// <summary>A data directory that is made once, when a test first needs it, and copied by all that begin alike.</summary>
internal sealed class MadeDirectory
{
    private static readonly DateTimeOffset LongAgo = new(1990, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));

    private readonly Lazy<Task<string>> made;

    /// <param name="make">Fills a directory that is there, and closes what it has opened in it.</param>
    public MadeDirectory(Func<string, Task> make) => made = new(() => Task.Run(async () =>
    {
        var directory = Directory.CreateTempSubdirectory("hub-made-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        await make(directory);
        return directory;
    }));

    /// <summary>A store with nothing in it, made before the time of any test. To make the models of a new one takes longer than most tests do.</summary>
    public static MadeDirectory EmptyStore { get; } = new(async directory =>
    {
        await using var store = HubStore.Open(directory, new FixedClock(LongAgo));
        // Also the models that read the past: those are made when they are first asked.
        using (store.Read(asOf: LongAgo).Value)
        {
        }
    });

    /// <param name="directory">That is there, and empty.</param>
    public void CopyTo(string directory)
    {
        foreach (var file in Directory.GetFiles(made.Value.Result, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(directory, Path.GetRelativePath(made.Value.Result, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
