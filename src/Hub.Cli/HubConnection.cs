using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Hub.Programmes;
using Hub.Server;
using Hub.Store;

namespace Hub.Cli;

/// <summary>A data directory as administrator: through its control socket where a hub serves it, else by opening the files. Either way the same
/// services answer.</summary>
internal sealed class HubConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly GrpcChannel channel;
    private readonly ControlSocket? socket;
    private readonly HubServer? own;

    private HubConnection(GrpcChannel channel, ControlSocket? socket, HubServer? own)
    {
        (this.channel, this.socket, this.own) = (channel, socket, own);
        Invoker = channel.Intercept(metadata =>
        {
            metadata.Add("accept-language", Verb.Language == Language.Chinese ? "zh" : "en");
            return metadata;
        });
    }

    public CallInvoker Invoker { get; }

    /// <param name="create">Whether a directory without a log becomes a new one.</param>
    public static async Task<HubConnection> OpenAsync(string directory, bool create, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (true)
        {
            if (await TryServingAsync(directory, cancellation) is { } serving) return serving;
            if (!create && !File.Exists(Path.Combine(directory, Store.Log.LogFile.FileName))) throw new CommandFailedException(new(
                $"{directory} 中没有中心的数据", $"{directory} holds no hub's data"));
            try
            {
                var store = HubStore.Open(directory, time, cancellation: cancellation);
                var own = await HubServer.StartPrivateAsync(store, cancellation);
                return new HubConnection(Connect(own.SocketPath), null, own);
            }
            // Another command, or a hub that is starting: its files will be free, or its socket there, in a moment.
            catch (StoreLockedException) when (time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    public static GrpcChannel Connect(string socketPath) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        MaxReceiveMessageSize = 64 << 20,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        },
    });

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (own is not null) await own.DisposeAsync();
        socket?.Release();
    }

    private static async Task<HubConnection?> TryServingAsync(string directory, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(directory, ControlSocket.FileName))) return null;
        var socket = ControlSocket.In(directory);
        var channel = Connect(socket.Path);
        try
        {
            await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.MaxValue, cancellationToken: cancellation);
            return new HubConnection(channel, socket, null);
        }
        // Left behind by a hub that was killed: the files decide.
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            channel.Dispose();
            socket.Release();
            return null;
        }
    }
}
