using System.CommandLine;
using System.Net;
using Hub.Programmes;
using Hub.Server;
using Hub.Server.Tls;
using Hub.Store;

namespace Hub.Cli.Verbs;

/// <summary><c>hub serve</c>: gRPC and the web over one data directory, until it is asked to stop.</summary>
internal static class ServeVerb
{
    public static Command Make()
    {
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var grpc = Verb.Optional<string>("--grpc", "gRPC 监听地址，默认 127.0.0.1:8081", "gRPC address, default 127.0.0.1:8081", "HOST:PORT");
        var http = Verb.Optional<string>("--http", "网页监听地址，默认 127.0.0.1:8080", "web address, default 127.0.0.1:8080", "HOST:PORT");
        var listen = Verb.Optional<string>("--listen", "以 TLS 在一个端口提供 gRPC 和网页，证书由 hub certs 生成", "gRPC and the web on one port with TLS; certificates by hub certs", "ADDRESS:PORT");
        var plain = new Option<bool>("--plain") { Description = Verb.Say("允许在本机以外的地址不加密监听", "let addresses beyond this machine be served without encryption") };
        var clock = Verb.Optional<string>("--clock", "演示时钟的起点，仅用于新目录或以此创建的目录", "where a demonstration clock starts; only on a new directory or one created so", "INSTANT");
        var reflection = new Option<bool>("--reflection") { Description = Verb.Say("允许客户端查询服务描述（开发用）", "let clients ask for the services' descriptions (for development)") };
        var command = new Command("serve", Verb.WithExample(Verb.Say("启动中心", "Starts the hub"), "hub serve --data ./hub-data\n  hub serve --data ./hub-data --listen 0.0.0.0:8443")) { data, listen, grpc, http, plain, clock, reflection };
        command.SetAction(async (parsed, cancellation) =>
        {
            var start = parsed.GetValue(clock) is { } instant ? Verb.Instant(instant) : (DateTimeOffset?)null;
            var reflects = parsed.GetValue(reflection) || Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") == "Development";
            var (one, two, three) = (parsed.GetValue(listen), parsed.GetValue(grpc), parsed.GetValue(http));
            if (one is not null && (two is not null || three is not null || parsed.GetValue(plain))) throw new UsageException(new(
                "--listen 不能与 --grpc、--http、--plain 同时使用", "--listen does not go with --grpc, --http or --plain"));
            var listeners = one is not null ? WithTls(one, parsed.GetRequiredValue(data), reflects)
                : new Listeners(PlainAddress(two ?? "127.0.0.1:8081", parsed.GetValue(plain)), PlainAddress(three ?? "127.0.0.1:8080", parsed.GetValue(plain)), reflects);
            var directory = parsed.GetRequiredValue(data);
            await using var server = await HubServer.StartAsync(directory, () => HubStore.Open(directory, TimeProvider.System, start, cancellation), listeners, cancellation);
            var store = server.Store;
            if (listeners.Tls is not null) Console.WriteLine(Verb.Say($"gRPC 和网页 https://{server.Grpc}（TLS） · 数据 {store.Directory}", $"gRPC and web https://{server.Grpc} (TLS) · data {store.Directory}"));
            else Console.WriteLine(Verb.Say($"gRPC {server.Grpc} · 网页 http://{server.Http} · 数据 {store.Directory}", $"gRPC {server.Grpc} · web http://{server.Http} · data {store.Directory}"));
            if (store.State.DemonstrationClock is not null) Console.WriteLine(Verb.Say($"演示时钟 {HubTime.Instant(store.Clock.GetUtcNow())}", $"demonstration clock {HubTime.Instant(store.Clock.GetUtcNow())}"));
            await server.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }

    private static Listeners WithTls(string address, string directory, bool reflection)
    {
        // Certificates live by the real clock, also beside a demonstration clock: clients judge them by theirs.
        var folder = new CertificateFolder(directory, TimeProvider.System);
        var endPoint = Address(address);
        return folder.HasHub ? Listeners.WithTls(endPoint, reflection, new ServingCertificate(folder)) : throw new CommandFailedException(new(
            $"{directory} 中没有证书：先运行 hub certs --data {directory} --host 主机名", $"{directory} holds no certificates: run hub certs --data {directory} --host NAME first"));
    }

    /// <summary>Tokens travel in every call: beyond this machine they go unencrypted only when somebody has asked for that by name.</summary>
    private static IPEndPoint PlainAddress(string text, bool plain)
    {
        var address = Address(text);
        return plain || IPAddress.IsLoopback(address.Address) ? address : throw new UsageException(new(
            $"{text} 不是本机地址，不加密会泄露凭证：运行 hub certs 后用 --listen {text}（TLS）；确要不加密，请加 --plain",
            $"{text} is not a loopback address, and credentials would travel unencrypted: run hub certs and use --listen {text} (TLS), or add --plain to serve without encryption"));
    }

    public static IPEndPoint Address(string text)
    {
        var parts = text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
        return IPEndPoint.TryParse(parts, out var address) && parts.Contains(':') ? address : throw new UsageException(new(
            $"“{text}”不是“地址:端口”，如 127.0.0.1:8081", $"“{text}” is not ADDRESS:PORT, such as 127.0.0.1:8081"));
    }
}
