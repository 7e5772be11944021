using System.Net;
using System.Net.Sockets;
using System.Text;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Programmes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Hub.Agent.Page;

/// <summary>A page on this machine alone that shows how it stands. It reads the data directory anew for each visit and changes nothing. Its web server starts with the first
/// visit, since most agents never have one and a server takes a tenth of what they rest with.</summary>
internal sealed class LocalPage : IAsyncDisposable
{
    public const int DefaultPort = 8079;

    private static readonly string[] Names = ["127.0.0.1", "localhost"];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly int port;
    private readonly string directory;
    private readonly Connection connection;
    private readonly TimeProvider clock;
    private readonly Socket listening;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    /// <param name="listening">Bound, and listening.</param>
    private LocalPage(int port, string directory, Connection connection, TimeProvider clock, Socket listening, ILogger log)
    {
        (this.port, this.directory, this.connection, this.clock, this.listening, this.log) = (port, directory, connection, clock, listening, log);
        serving = ServeAsync(stopping.Token);
    }

    /// <param name="directory">The agent's data.</param>
    /// <returns>Null where the port is taken: reports go all the same, so that is only said.</returns>
    public static LocalPage? Start(int port, string directory, Connection connection, TimeProvider clock, ILogger log)
    {
        Socket? listening = null;
        try
        {
            listening = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(IPAddress.Loopback, port));
            listening.Listen();
        }
        catch (SocketException e)
        {
            listening?.Dispose();
            log.Warn(new($"本机网页打不开（{e.Message}）：用 --page 换一个端口；上报不受影响", $"the local page does not open ({e.Message}): choose another port with --page; reports go all the same"));
            return null;
        }
        log.Say(new($"本机网页 http://127.0.0.1:{port}/", $"the local page is http://127.0.0.1:{port}/"));
        return new LocalPage(port, directory, connection, clock, listening, log);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listening.Dispose();
        stopping.Dispose();
    }

    private async Task ServeAsync(CancellationToken cancellation)
    {
        try
        {
            while (!listening.Poll(0, SelectMode.SelectRead)) await Task.Delay(Look, TimeProvider.System, cancellation);
            await AnswerAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // Whatever it was, it is the page's alone. Nobody is to wait at a door that stays shut.
            listening.Dispose();
            log.Warn(new($"本机网页停了（{e.Message}），hub-agent 重新启动后再开；上报不受影响", $"the local page has ended ({e.Message}) and opens again when hub-agent is started anew; reports go all the same"));
        }
    }

    // A method of its own, since the server is loaded with the method that names it.
    private async Task AnswerAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = _ => listening).ConfigureKestrel(kestrel =>
        {
            kestrel.Listen((IPEndPoint)listening.LocalEndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        });
        await using var server = builder.Build();
        server.Run(http => AnswerAsync(http, port, directory, connection, clock));
        await ((IHost)server).RunAsync(cancellation);
    }

    private static Task AnswerAsync(HttpContext http, int port, string directory, Connection connection, TimeProvider clock)
    {
        SetHeaders(http.Response.Headers);
        // A name that somebody else's server resolves to this machine would open the page to that server's scripts.
        if (!Names.Any(name => string.Equals(http.Request.Host.Value, $"{name}:{port}", StringComparison.OrdinalIgnoreCase)))
            return WriteAsync(http, StatusCodes.Status421MisdirectedRequest, "text/plain", $"http://127.0.0.1:{port}/\n");
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "text/plain", "GET\n");
        var language = LanguageOf(http.Request);
        switch (http.Request.Path.Value)
        {
            case "/page.css": return WriteAsync(http, StatusCodes.Status200OK, "text/css", Style.Value);
            case "/":
                try
                {
                    using var outbox = ReportOutbox.OpenToRead(directory);
                    return WriteAsync(http, StatusCodes.Status200OK, "text/html", AgentPage.Show(outbox, connection.All, clock.GetUtcNow(), language));
                }
                catch (Exception e) when (e is SqliteException or CommandFailedException)
                {
                    var why = e is CommandFailedException failed ? failed.Text.In(language) : e.Message;
                    return WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "text/plain", new Text($"暂时读不到数据：{why}\n", $"the data cannot be read now: {why}\n").In(language));
                }
            default: return WriteAsync(http, StatusCodes.Status404NotFound, "text/plain", "404\n");
        }
    }

    /// <summary>English where it is wanted more than Chinese.</summary>
    private static Language LanguageOf(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)) return Language.Chinese;
        double Quality(string language) => wanted.Where(w => w.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase)).Select(w => w.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Quality("en") > Quality("zh") ? Language.English : Language.Chinese;
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.Vary = "accept-language";
        headers["referrer-policy"] = "no-referrer";
        headers["cross-origin-resource-policy"] = "same-origin";
    }

    private static async Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        (http.Response.StatusCode, http.Response.ContentType, http.Response.ContentLength) = (status, type + "; charset=utf-8", bytes.Length);
        if (HttpMethods.IsHead(http.Request.Method)) return;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static readonly Lazy<string> Style = new(() =>
    {
        using var css = new StreamReader(typeof(LocalPage).Assembly.GetManifestResourceStream("page.css")!);
        return css.ReadToEnd();
    });
}
