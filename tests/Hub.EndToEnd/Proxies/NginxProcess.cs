using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hub.EndToEnd.Proxies;

/// <summary>A real nginx on a free port, as one process that can be killed. It keeps its files in a folder of its own.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly Task<string> log;

    private NginxProcess(Process process, string folder, Task<string> log) => (this.process, this.folder, this.log) = (process, folder, log);

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Returns once it listens.</summary>
    /// <param name="server">Its <c>server { … }</c>.</param>
    public static async Task<NginxProcess> StartAsync(string server)
    {
        var folder = Directory.CreateTempSubdirectory("hub-nginx-").FullName;
        var paths = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {folder}/{kind};\n"));
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr notice;
            events {}
            http {
            access_log off;
            {{paths}}
            {{server}}
            }
            """);
        var process = Process.Start(new ProcessStartInfo(NginxFactAttribute.Executable!, ["-p", folder, "-e", "stderr", "-c", file]) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = new List<string>();
        // It names its way to wait for events when its ports are open.
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Contains("event method", StringComparison.Ordinal)) return new NginxProcess(process, folder, process.StandardError.ReadToEndAsync());
        }
        throw new InvalidOperationException($"nginx does not start: {string.Join('\n', said)}");
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await log;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
