using System.CommandLine;
using System.Net;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation echo</c>: the least a gRPC server can do with a report, in a process of its own as the hub is.</summary>
internal static class EchoServer
{
    private const int AnswerBytes = 100;

    /// <summary>Answers what was sent.</summary>
    public static readonly Method<byte[], byte[]> Full = GrpcLoad.MethodOf("echo.Echo", "Full");

    /// <summary>Answers as many bytes as a receipt has.</summary>
    public static readonly Method<byte[], byte[]> Short = GrpcLoad.MethodOf("echo.Echo", "Short");

    public static Command Make()
    {
        var command = new Command("echo", "The bare gRPC server of the other steps; ends with its standard input.") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            builder.Services.AddGrpc();
            builder.Services.AddSingleton<IServiceMethodProvider<Echo>, EchoMethods>();
            await using var app = builder.Build();
            app.MapGrpcService<Echo>();
            await app.StartAsync(cancellation);
            Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            await Console.In.ReadToEndAsync(cancellation);
            await app.StopAsync(cancellation);
        });
        return command;
    }

    private sealed class Echo;

    private sealed class EchoMethods : IServiceMethodProvider<Echo>
    {
        private static readonly Task<byte[]> Answer = Task.FromResult(new byte[AnswerBytes]);

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Echo> context)
        {
            context.AddUnaryMethod(Full, [], (_, request, _) => Task.FromResult(request));
            context.AddUnaryMethod(Short, [], (_, _, _) => Answer);
        }
    }
}
