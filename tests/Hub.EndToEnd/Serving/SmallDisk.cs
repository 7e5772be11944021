using System.Diagnostics;

namespace Hub.EndToEnd.Serving;

/// <summary>A file system of a few megabytes in memory, which a test fills and enlarges.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>The disk, or why there is none.</summary>
    public static (SmallDisk? Disk, string Why) TryMount(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("hub-disk-").FullName;
        var why = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        if (why.Length == 0) return (new SmallDisk(path), "");
        Directory.Delete(path);
        return (null, why);
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "filler"));
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Enlarge(int megabytes) => Assert.Equal("", Run("mount", "-o", $"remount,size={megabytes}m", Path));

    public void Dispose()
    {
        // Detached, not waited for: a process that another test is starting at this moment may still hold a file of it.
        Assert.Equal("", Run("umount", "--lazy", Path));
        Directory.Delete(Path);
    }

    private static string Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"{command} ended with {process.ExitCode}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{command}: {e.Message}";
        }
    }
}

/// <summary>A test that needs a small disk: skipped, with the reason, where none can be mounted; under CI it runs and fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string> Why = new(() =>
    {
        var (disk, why) = SmallDisk.TryMount(1);
        disk?.Dispose();
        return why;
    });

    public SmallDiskTheoryAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")) && Why.Value.Length > 0) Skip = $"no small disk can be mounted here: {Why.Value}";
    }
}
