using Hub.Programmes;
using Hub.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hub.Server;

/// <summary><c>DIR/hub.sock</c>: whoever may write the data directory speaks through it as administrator.</summary>
public sealed class ControlSocket : IDisposable
{
    public const string FileName = "hub.sock";

    // The kernel takes 107 bytes of path; a longer one is reached through a short link.
    private const int MaxPathBytes = 100;

    private readonly string? temporary;

    private ControlSocket(string path, string? temporary) => (Path, this.temporary) = (path, temporary);

    /// <summary>What to bind or connect to.</summary>
    public string Path { get; }

    public static ControlSocket In(string directory)
    {
        var full = System.IO.Path.GetFullPath(directory);
        var path = System.IO.Path.Combine(full, FileName);
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= MaxPathBytes) return new(path, null);
        var link = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hub-{Guid.NewGuid():N}"[..16]);
        Directory.CreateSymbolicLink(link, full);
        return new(System.IO.Path.Combine(link, FileName), link);
    }

    /// <summary>A socket that only this process knows.</summary>
    public static ControlSocket Private()
    {
        var folder = Directory.CreateTempSubdirectory("hub-").FullName;
        return new(System.IO.Path.Combine(folder, FileName), folder);
    }

    /// <summary>Removes what a hub that was killed left behind. Only for whoever holds the log's lock.</summary>
    public void RemoveStale() => File.Delete(Path);

    /// <summary>Marks every connection of a listener as coming through the socket.</summary>
    public static void Listen(ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http2;
        options.Use(next => connection =>
        {
            connection.Features.Set(new Grpc.ControlSocketFeature());
            return next(connection);
        });
    }

    /// <summary>Connecting needs the right to write the socket: whoever may write the directory gets it.</summary>
    public void Restrict(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        var writers = File.GetUnixFileMode(directory) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        var readers = (UnixFileMode)((int)writers << 1);
        File.SetUnixFileMode(Path, writers | readers);
    }

    /// <summary>For whoever only connected: the socket itself is the hub's.</summary>
    public void Release()
    {
        // A link to the data directory, or a folder of our own that is empty now.
        if (temporary is not null) Directory.Delete(temporary);
    }

    public void Dispose()
    {
        File.Delete(Path);
        Release();
    }
}
