using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation agents</c>: some of the townships' agents, each with a connection of its own, in a process of their own. It says <c>open</c>
/// when all are connected, waits for a line, lets each send within the window, and ends with a line per report.</summary>
internal static class AgentCrowd
{
    private const int OpeningAtOnce = 64, SourceAddresses = 200;

    /// <summary>One report as its agent saw it. Times are of the machine's monotonic clock.</summary>
    /// <param name="SentUs">Microseconds.</param>
    /// <param name="ReceivedUs">By the hub's clock, as the receipt has it.</param>
    internal readonly record struct Sent(long SentUs, long ReceivedUs, double Ms)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SentUs} {ReceivedUs} {Ms}");

        public static Sent Parse(string line)
        {
            var fields = line.Split(' ');
            return new(long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture));
        }
    }

    public static Command Make()
    {
        var hub = new Option<string>("--address") { Required = true };
        var folder = new Option<string>("--folder") { Required = true };
        var from = new Option<int>("--from") { Required = true };
        var count = new Option<int>("--count") { Required = true };
        var window = new Option<int>("--window") { Required = true };
        var command = new Command("agents", "Agents of the connections step.") { hub, folder, from, count, window };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => RunAsync(new Uri(parsed.GetRequiredValue(hub)), new NationFolder(parsed.GetRequiredValue(folder)),
            parsed.GetRequiredValue(from), parsed.GetRequiredValue(count), TimeSpan.FromSeconds(parsed.GetRequiredValue(window)), cancellation));
        return command;
    }

    private static async Task RunAsync(Uri hub, NationFolder folder, int from, int count, TimeSpan window, CancellationToken cancellation)
    {
        var nation = folder.ReadNation();
        var requests = NationIntake.Prepare(nation, folder, Enumerable.Range(from, count), folder.ReadVersions(), cancellation);
        var agents = new GrpcChannel[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce, CancellationToken = cancellation }, async (i, stop) =>
        {
            agents[i] = Connect(hub, new IPAddress([127, 0, 0, (byte)(1 + i % SourceAddresses)]));
            await new Health.HealthClient(agents[i]).CheckAsync(new HealthCheckRequest(), cancellationToken: stop);
        });
        Console.WriteLine("open");
        await Console.In.ReadLineAsync(cancellation);
        var sent = await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await Task.Delay(window * Dice.Unit(Dice.Of((ulong)nation.Seed, 20_000_000 + (ulong)(from + i))), cancellation);
            return await SendAsync(agents[i], requests.Requests[i], requests.Headers[i], cancellation);
        }));
        foreach (var one in sent.OfType<Sent>()) Console.WriteLine(one);
        foreach (var agent in agents) agent.Dispose();
    }

    // A report without a receipt is lost to its agent: it is missing from the lines, and said on standard error.
    private static async Task<Sent?> SendAsync(GrpcChannel agent, byte[] request, Metadata headers, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var call = agent.CreateCallInvoker().AsyncUnaryCall(GrpcLoad.SubmitReport, null, new CallOptions(headers, cancellationToken: cancellation), request);
            var receipt = SubmitReportResponse.Parser.ParseFrom(await call).Receipt;
            return new((long)(started * 1e6 / Stopwatch.Frequency), HubTime.ToMicroseconds(receipt.ReceivedAt.ToDateTimeOffset()), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync(e.Status.ToString());
            return null;
        }
    }

    // Some 28,000 ports are free per pair of addresses: agents come from several.
    private static GrpcChannel Connect(Uri hub, IPAddress source) => GrpcChannel.ForAddress(hub, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            InitialHttp2StreamWindowSize = 65_535,
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    connection.Bind(new IPEndPoint(source, 0));
                    await connection.ConnectAsync(IPAddress.Parse(hub.Host), hub.Port, cancellation);
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
}
