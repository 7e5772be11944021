using System.Diagnostics;
using Npgsql;

namespace Hub.Benchmarks.Nation;

/// <summary>A PostgreSQL cluster of its own in a temporary folder, behind a Unix socket; gone when disposed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql", User = "postgres";

    private static readonly string[] Settings =
    [
        "listen_addresses=''", "shared_buffers=1GB", "max_wal_size=8GB", "maintenance_work_mem=512MB", "work_mem=256MB", "effective_cache_size=4GB",
        "checkpoint_timeout=30min", "random_page_cost=1.1", "max_connections=20",
    ];

    private readonly string bin, folder;

    private PostgresServer(string bin, string folder) => (this.bin, this.folder) = (bin, folder);

    public string ConnectionString => $"Host={folder};Username={User};Database=postgres;Command Timeout=0;Max Auto Prepare=0";

    /// <summary>The newest version's programs, or null where none is installed.</summary>
    public static string? FindPrograms() => !Directory.Exists(Programs) ? null
        : Directory.GetDirectories(Programs).Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).OrderDescending(StringComparer.Ordinal).FirstOrDefault();

    public static async Task<PostgresServer> StartAsync(string bin, CancellationToken cancellation)
    {
        var server = new PostgresServer(bin, Directory.CreateTempSubdirectory("hub-postgres-").FullName);
        try
        {
            if (Environment.UserName == "root") await RunAsync("chown", [User, server.folder], cancellation);
            await server.AsPostgresAsync("initdb", ["-D", server.Data, "-U", User, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"], cancellation);
            var settings = string.Join(' ', Settings.Append($"unix_socket_directories='{server.folder}'").Select(s => $"-c {s}"));
            await server.AsPostgresAsync("pg_ctl", ["start", "-D", server.Data, "-w", "-l", Path.Combine(server.folder, "log"), "-o", settings], cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await AsPostgresAsync("pg_ctl", ["stop", "-D", Data, "-m", "immediate", "-w"], CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    private string Data => Path.Combine(folder, "data");

    // PostgreSQL refuses to run as root.
    private Task AsPostgresAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var file = Path.Combine(bin, program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", User, "--", file, .. arguments], cancellation) : RunAsync(file, arguments, cancellation);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        // What a server inherits it keeps open: its output goes to its own log, and nothing waits for the pipe's end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) { UseShellExecute = false })!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new CommandFailedException(new($"{program} 失败（{process.ExitCode}）", $"{program} {string.Join(' ', arguments)} failed with {process.ExitCode}"));
    }
}
