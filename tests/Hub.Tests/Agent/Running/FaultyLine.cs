using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using RpcStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace Hub.Tests.Agent.Running;

/// <summary>A line to the hub that cuts before and after, delivers late, twice and out of order, and answers wrongly, until it is told to be sound.</summary>
internal sealed class FaultyLine(ModelHub hub, SimulatedTime clock, Random chance) : CallInvoker
{
    // Requests that were lost on the way and arrive some time after all.
    private readonly List<Action> late = [];

    public bool IsSound { get; set; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var answer = Answer<TResponse>(request);
        var headers = new Metadata { { HubTime.Header, HubTime.ToMicroseconds(clock.Now).ToString(System.Globalization.CultureInfo.InvariantCulture) } };
        return new(answer, answer.IsFaulted ? Task.FromResult(new Metadata()) : Task.FromResult(headers), () => Status.DefaultSuccess, () => [], () => { });
    }

    private Task<TResponse> Answer<TResponse>(object request)
    {
        try
        {
            if (IsSound)
            {
                late.Clear();
                return Task.FromResult(Ask<TResponse>(request));
            }
            if (late.Count > 0 && chance.Next(3) == 0) Arrive();
            switch (chance.Next(10))
            {
                case 0: throw new RpcException(new Status(StatusCode.Unavailable, "connection refused"));
                case 1:
                    late.Add(() => Ask<TResponse>(request));
                    throw new RpcException(new Status(StatusCode.DeadlineExceeded, "no answer"));
                case 2:
                    Ask<TResponse>(request);
                    throw new RpcException(new Status(StatusCode.Unavailable, "cut before the answer"));
                case 3:
                    Ask<TResponse>(request);
                    return Task.FromResult(Ask<TResponse>(request));
                case 4: throw new RpcException(new Status(StatusCode.Unknown, "bad gateway"));
                case 5: throw new RpcException(new Status(StatusCode.Internal, "protocol error"));
                case 6: throw Busy();
                default: return Task.FromResult(Ask<TResponse>(request));
            }
        }
        catch (RpcException e)
        {
            return Task.FromException<TResponse>(e);
        }
    }

    private void Arrive()
    {
        var place = chance.Next(late.Count);
        var arriving = late[place];
        late.RemoveAt(place);
        try
        {
            arriving();
        }
        catch (RpcException)
        {
            // Whoever asked has long given up.
        }
    }

    private TResponse Ask<TResponse>(object request) => (TResponse)(object)(request switch
    {
        SubmitReportRequest submit => hub.Submit(submit),
        GetReportRequest => hub.Get(),
        ListProgrammesRequest => new ListProgrammesResponse(),
        ReconcileRequest reconcile => hub.Reconcile(reconcile),
        ReadInboxRequest inbox => hub.ReadInbox(inbox),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "The agent does not call this here"),
    });

    private static RpcException Busy() => new RpcStatus
    {
        Code = (int)Code.ResourceExhausted, Message = "too many calls",
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }) },
    }.ToRpcException();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
}
