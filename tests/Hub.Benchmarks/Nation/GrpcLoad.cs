using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;

namespace Hub.Benchmarks.Nation;

/// <summary>Calls with prepared bytes over a number of HTTP/2 connections: the client's own part is as small as Grpc.Net.Client allows.</summary>
internal sealed class GrpcLoad : IDisposable
{
    private static readonly Marshaller<byte[]> AsTheyAre = Marshallers.Create(bytes => bytes, bytes => bytes);

    private readonly GrpcChannel[] channels;
    private readonly CallInvoker[] invokers;

    public GrpcLoad(string address, int connections)
    {
        channels = [.. Enumerable.Range(0, connections).Select(_ => GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
        }))];
        invokers = [.. channels.Select(c => c.CreateCallInvoker())];
    }

    public static readonly Method<byte[], byte[]> SubmitReport = MethodOf("hub.v1.ReportingService", "SubmitReport");
    public static readonly Method<byte[], byte[]> ValidateReport = MethodOf("hub.v1.ReportingService", "ValidateReport");

    public static Method<byte[], byte[]> MethodOf(string service, string name) => new(MethodType.Unary, service, name, AsTheyAre, AsTheyAre);

    public static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    /// <summary>Sends all in the order given, so many at a time; each answer is handed over as it arrives, from several threads.</summary>
    /// <returns>Seconds until the last answer, and each call's time.</returns>
    public async Task<(double Seconds, Times Calls)> SendAsync(Method<byte[], byte[]> method, IReadOnlyList<byte[]> requests, IReadOnlyList<Metadata> headers, int[] order, int inFlight,
        Action<int, byte[]> answered, CancellationToken cancellation)
    {
        var next = -1;
        var ms = new double[order.Length];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(inFlight, order.Length)).Select(worker => Task.Run(async () =>
        {
            for (int place; (place = Interlocked.Increment(ref next)) < order.Length;)
            {
                var (index, sent) = (order[place], Stopwatch.GetTimestamp());
                using var call = invokers[worker % invokers.Length].AsyncUnaryCall(method, null, new CallOptions(headers[index], cancellationToken: cancellation), requests[index]);
                var answer = await call;
                ms[place] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                answered(index, answer);
            }
        }, cancellation)));
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, new Times(ms));
    }

    public void Dispose()
    {
        foreach (var channel in channels) channel.Dispose();
    }
}
