using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Hub.Server;

namespace Hub.Benchmarks.Nation;

/// <summary>The released hub serving a directory, in a process of its own.</summary>
internal sealed class ServingHub : IAsyncDisposable
{
    private readonly Child process;
    private readonly ControlSocket socket;
    private readonly GrpcChannel control;
    private bool released;

    private ServingHub(Child process, string address, ControlSocket socket, GrpcChannel control, TimeSpan started) =>
        (this.process, Address, this.socket, this.control, Started) = (process, address, socket, control, started);

    public int Id => process.Id;

    /// <summary>Where it takes reports, as <c>http://127.0.0.1:PORT</c>.</summary>
    public string Address { get; }

    /// <summary>From the start of the process to its first answer through <c>hub.sock</c>.</summary>
    public TimeSpan Started { get; }

    /// <summary>What it last said on standard error.</summary>
    public string Errors => process.Errors;

    /// <summary>An administrator of everything.</summary>
    public CallInvoker Control => control.CreateCallInvoker();

    public static Child Begin(string executable, string directory) =>
        Child.Start(executable, "serve", "--data", directory, "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0");

    public static async Task<ServingHub> StartAsync(string executable, string directory, CancellationToken cancellation)
    {
        var process = Begin(executable, directory);
        try
        {
            // gRPC 127.0.0.1:PORT · web …
            var address = (await process.ReadLineAsync(cancellation)).Split(' ')[1];
            var socket = ControlSocket.In(directory);
            var control = Connect(socket.Path);
            await new Health.HealthClient(control).CheckAsync(new HealthCheckRequest(), cancellationToken: cancellation);
            return new(process, $"http://{address}", socket, control, Stopwatch.GetElapsedTime(process.StartedAt));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        await process.StopAsync(cancellation);
        await DisposeAsync();
    }

    public Task KillAsync() => process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await process.DisposeAsync();
        if (!released) socket.Release();
        released = true;
    }

    private static GrpcChannel Connect(string path) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        MaxReceiveMessageSize = 256 << 20,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            },
        },
    });
}
