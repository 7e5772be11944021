using System.Net;
using Hub.Programmes;
using Hub.Server.Grpc;
using Hub.Server.Web;
using Hub.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;

namespace Hub.Server;

/// <summary>How a hub serves.</summary>
/// <param name="Grpc">Address of the gRPC listener (HTTP/2 without TLS).</param>
/// <param name="Http">Address of the web listener.</param>
/// <param name="Reflection">Whether clients may ask for the services' descriptions.</param>
public sealed record ServerOptions(IPEndPoint Grpc, IPEndPoint Http, bool Reflection);

/// <summary>A hub that serves its data directory: gRPC, the web page and the control socket over one store.</summary>
public sealed class HubServer : IAsyncDisposable
{
    // A report of 10,000 branches is about 1 MB.
    private const int MaxMessageBytes = 4 << 20;

    private readonly WebApplication app;
    private readonly ControlSocket socket;

    private HubServer(WebApplication app, ControlSocket socket, HubStore store, IPEndPoint grpc, IPEndPoint http) =>
        (this.app, this.socket, Store, Grpc, Http) = (app, socket, store, grpc, http);

    public HubStore Store { get; }

    /// <summary>Where it listens, with the ports that were given.</summary>
    public IPEndPoint Grpc { get; }

    public IPEndPoint Http { get; }

    /// <summary>Starts serving an open store; the server owns it from here on.</summary>
    public static async Task<HubServer> StartAsync(HubStore store, ServerOptions options, CancellationToken cancellation)
    {
        var socket = ControlSocket.In(store.Directory);
        try
        {
            // The log's lock is ours: a socket that is there belongs to nobody.
            socket.RemoveStale();
            var app = Build(store, options, socket);
            await app.StartAsync(cancellation);
            socket.Restrict(store.Directory);
            var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
                .Where(a => !a.Contains("unix:", StringComparison.Ordinal)).Select(a => new Uri(a).Port).ToList();
            return new HubServer(app, socket, store, new(options.Grpc.Address, bound[0]), new(options.Http.Address, bound[1]));
        }
        catch
        {
            socket.Dispose();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        socket.Dispose();
        await Store.DisposeAsync();
    }

    private static WebApplication Build(HubStore store, ServerOptions options, ControlSocket socket)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Hub", LogLevel.Information);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // Standard output is for what the command says.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxMessageBytes + 1024;
            kestrel.Listen(options.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(options.Http, listen => listen.Protocols = HttpProtocols.Http1AndHttp2);
            kestrel.ListenUnixSocket(socket.Path, ControlSocket.Listen);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<CallLimiter>();
        builder.Services.AddHostedService<PeriodWatch>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.MaxSendMessageSize = 64 << 20;
            grpc.Interceptors.Add<AccessInterceptor>();
        });
        if (options.Reflection) builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks().AddCheck("store", () => store.Fault is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(store.Fault.Message));

        var app = builder.Build();
        app.Use(WebEndpoints.SetHeaders);
        app.MapGrpcService<Grpc.ReportingService>();
        app.MapGrpcService<Grpc.ProgrammeService>();
        app.MapGrpcService<Grpc.AnalyticsService>();
        app.MapGrpcService<Grpc.BulletinService>();
        app.MapGrpcService<Grpc.AdministrationService>();
        app.MapGrpcHealthChecksService();
        if (options.Reflection) app.MapGrpcReflectionService();
        app.MapWeb(store);
        return app;
    }
}
