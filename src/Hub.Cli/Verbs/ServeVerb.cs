using System.CommandLine;
using System.Net;
using Hub.Programmes;
using Hub.Server;
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
        var clock = Verb.Optional<string>("--clock", "演示时钟的起点，仅用于新目录或以此创建的目录", "where a demonstration clock starts; only on a new directory or one created so", "INSTANT");
        var reflection = new Option<bool>("--reflection") { Description = Verb.Say("允许客户端查询服务描述（开发用）", "let clients ask for the services' descriptions (for development)") };
        var command = new Command("serve", Verb.WithExample(Verb.Say("启动中心", "Starts the hub"), "hub serve --data ./hub-data")) { data, grpc, http, clock, reflection };
        command.SetAction(async (parsed, cancellation) =>
        {
            var start = parsed.GetValue(clock) is { } instant ? Verb.Instant(instant) : (DateTimeOffset?)null;
            var listeners = new Listeners(Address(parsed.GetValue(grpc) ?? "127.0.0.1:8081"), Address(parsed.GetValue(http) ?? "127.0.0.1:8080"),
                parsed.GetValue(reflection) || Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") == "Development");
            var store = HubStore.Open(parsed.GetRequiredValue(data), TimeProvider.System, start, cancellation);
            await using var server = await HubServer.StartAsync(store, listeners, cancellation);
            Console.WriteLine(Verb.Say($"gRPC {server.Grpc} · 网页 http://{server.Http} · 数据 {store.Directory}", $"gRPC {server.Grpc} · web http://{server.Http} · data {store.Directory}"));
            if (store.State.DemonstrationClock is not null) Console.WriteLine(Verb.Say($"演示时钟 {HubTime.Instant(store.Clock.GetUtcNow())}", $"demonstration clock {HubTime.Instant(store.Clock.GetUtcNow())}"));
            await server.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }

    public static IPEndPoint Address(string text)
    {
        var parts = text.Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
        return IPEndPoint.TryParse(parts, out var address) && parts.Contains(':') ? address : throw new UsageException(new(
            $"“{text}”不是“地址:端口”，如 127.0.0.1:8081", $"“{text}” is not ADDRESS:PORT, such as 127.0.0.1:8081"));
    }
}
