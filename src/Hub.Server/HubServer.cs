using System.Net;
using Grpc.AspNetCore.Server.Model;
using Hub.Programmes;
using Hub.Server.Grpc;
using Hub.Server.Rest;
using Hub.Server.Tls;
using Hub.Server.Web;
using Hub.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Console;

namespace Hub.Server;

/// <summary>Where a hub listens besides its control socket.</summary>
/// <param name="Grpc">Address of the gRPC listener (HTTP/2 without TLS).</param>
/// <param name="Http">Address of the web listener.</param>
/// <param name="Reflection">Whether clients may ask for the services' descriptions.</param>
/// <param name="Tls">Null for the two listeners without TLS; else <paramref name="Grpc"/> is the one address of both.</param>
public sealed record Listeners(IPEndPoint Grpc, IPEndPoint Http, bool Reflection, ServingCertificate? Tls = null)
{
    /// <summary>gRPC and the web on one port with TLS; the client's first bytes say which it speaks (ALPN).</summary>
    public static Listeners WithTls(IPEndPoint address, bool reflection, ServingCertificate certificate) => new(address, address, reflection, certificate);
}

/// <summary>A hub that serves its data directory: gRPC, the web page and the control socket over one store.</summary>
public sealed class HubServer : IAsyncDisposable
{
    // A report of 10,000 branches is about 1 MB.
    private const int MaxMessageBytes = 4 << 20;

    private readonly WebApplication app;
    private readonly ControlSocket socket;
    private readonly IReadOnlyList<IPEndPoint> bound;

    private HubServer(WebApplication app, ControlSocket socket, HubStore store, IReadOnlyList<IPEndPoint> bound) =>
        (this.app, this.socket, Store, this.bound) = (app, socket, store, bound);

    public HubStore Store { get; }

    /// <summary>Where it listens, with the ports that were given.</summary>
    public IPEndPoint Grpc => bound[0];

    public IPEndPoint Http => bound[1];

    /// <summary>What to connect to as administrator.</summary>
    public string SocketPath => socket.Path;

    /// <summary>Serves a data directory at <c>DIR/hub.sock</c> and the listeners; the store that is opened goes with the server.</summary>
    /// <param name="open">Opens it. All that needs no store is made meanwhile, since either takes half a second.</param>
    public static Task<HubServer> StartAsync(string directory, Func<HubStore> open, Listeners listeners, CancellationToken cancellation) =>
        StartAsync(Task.Run(open, CancellationToken.None), directory, ControlSocket.In(directory), listeners, cancellation);

    /// <summary>The same services for one command that opened the files itself: on a socket of its own, no clock watched.</summary>
    public static Task<HubServer> StartPrivateAsync(HubStore store, CancellationToken cancellation) =>
        StartAsync(Task.FromResult(store), store.Directory, ControlSocket.Private(), null, cancellation);

    private static async Task<HubServer> StartAsync(Task<HubStore> opening, string directory, ControlSocket socket, Listeners? listeners, CancellationToken cancellation)
    {
        var app = Build(opening, listeners, socket);
        try
        {
            await opening;
            var store = app.Services.GetRequiredService<HubStore>();
            app.MapWeb(store, app.Services.GetRequiredService<Bulletins>());
            // The log's lock is ours: a socket that is there belongs to nobody.
            socket.RemoveStale();
            var logger = app.Services.GetRequiredService<ILogger<HubServer>>();
            TellOf(store, logger);
            if (listeners?.Tls is { } tls) TellOf(tls, logger);
            await app.StartAsync(cancellation);
            socket.Restrict(directory);
            var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
                .Where(a => !a.Contains("unix:", StringComparison.Ordinal)).Select(a => new Uri(a).Port).ToList();
            return new HubServer(app, socket, store, listeners is null ? [] : [new(listeners.Grpc.Address, ports[0]), new(listeners.Http.Address, ports[^1])]);
        }
        catch
        {
            // Where another process has the log, the socket is its own.
            if (opening.IsCompletedSuccessfully) socket.Dispose();
            else socket.Release();
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        // While the log is locked: the next hub makes a socket of the same name.
        socket.Dispose();
        await app.DisposeAsync();
    }

    private static void TellOf(HubStore store, ILogger logger)
    {
        if (store.WhyStarRebuilt is { } why) ServerLog.StarRebuilt(logger, why.Message);
        store.FaultChanged += fault =>
        {
            if (fault is null) ServerLog.StoreRecovered(logger);
            else ServerLog.StoreFault(logger, fault);
        };
    }

    private static void TellOf(ServingCertificate certificate, ILogger logger)
    {
        certificate.Replaced += now => ServerLog.CertificateReplaced(logger, HubTime.Instant(now.NotAfter));
        certificate.Failed += (why, kept) => ServerLog.CertificateNotRenewed(logger, HubTime.Instant(kept.NotAfter), why);
        // A renewal that is due at the start is done now, not in the first client's time.
        certificate.Current();
    }

    /// <param name="opening">Its store goes with the services; none of them is made before it is there.</param>
    private static WebApplication Build(Task<HubStore> opening, Listeners? listeners, ControlSocket socket)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Hub", LogLevel.Information);
        // What goes wrong while starting is thrown to whoever starts it, who says it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // Standard output is for what the command says.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (listeners?.Tls is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxMessageBytes + 1024;
            if (listeners?.Tls is { } tls)
            {
                kestrel.Listen(listeners.Grpc, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => tls.Current());
                });
            }
            else if (listeners is not null)
            {
                // Without TLS a port speaks one of the two. gRPC-Web comes by the web's.
                kestrel.Listen(listeners.Grpc, listen => listen.Protocols = HttpProtocols.Http2);
                kestrel.Listen(listeners.Http, listen => listen.Protocols = HttpProtocols.Http1);
            }
            kestrel.ListenUnixSocket(socket.Path, ControlSocket.Listen);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton(_ => opening.Result);
        builder.Services.AddSingleton<Bulletins>();
        builder.Services.AddSingleton<Grpc.Rankings>();
        builder.Services.AddSingleton<QuestionThreads>();
        builder.Services.AddSingleton(services => new CallLimiter(services.GetRequiredService<HubStore>().Clock));
        if (listeners is not null) builder.Services.AddHostedService<PeriodWatch>();
        var services = builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.MaxSendMessageSize = 64 << 20;
            grpc.Interceptors.Add<AccessInterceptor>();
        });
        // After the credential was looked at.
        services.AddServiceOptions<Grpc.AnalyticsService>(grpc => grpc.Interceptors.Add<QuestionThreads>());
        builder.Services.AddSingleton<IServiceMethodProvider<Grpc.ReportingService>, ReportIntake>();
        builder.Services.AddSingleton<RestDoor>();
        if (listeners is not null) services.AddJsonTranscoding(RestDoor.Configure);
        if (listeners?.Reflection == true) builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks().AddCheck("store", () => opening.Result.Fault is { } fault ? HealthCheckResult.Unhealthy(fault.Message) : HealthCheckResult.Healthy());

        var app = builder.Build();
        // Behind a proxy of this machine a page is as safe as the proxy says: then its cookie goes by https alone. From elsewhere that is not believed.
        app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto });
        app.Use(WebEndpoints.SetHeaders);
        // Before all that looks at calls: from there on gRPC-Web is gRPC. No other site's page may use it, since nothing allows CORS.
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.Use(Hub.Server.Grpc.MessageLimit.Explain);
        if (listeners is not null) app.Use((http, next) => http.RequestServices.GetRequiredService<RestDoor>().Pass(http, next));
        app.MapGrpcService<Grpc.ReportingService>();
        app.MapGrpcService<Grpc.ProgrammeService>();
        app.MapGrpcService<Grpc.AnalyticsService>();
        app.MapGrpcService<Grpc.BulletinService>();
        app.MapGrpcService<Grpc.AdministrationService>();
        app.MapGrpcService<Grpc.EnrolmentService>();
        app.MapGrpcHealthChecksService();
        if (listeners?.Reflection == true) app.MapGrpcReflectionService();
        app.MapGet(OpenApi.Path, async () => Results.Content(await OpenApi.WriteAsync(), "application/json"));
        return app;
    }
}
