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
    public const string BrokenWords = "the hub broke";

    // Requests that were lost on the way and arrive some time after all.
    private readonly List<Action> late = [];

    public bool IsSound { get; set; }

    /// <summary>The hub fails at every report, before or after it has kept it.</summary>
    public bool IsHubBroken { get; set; }

    /// <summary>Refusals of the hub that came through.</summary>
    public Dictionary<StatusCode, int> Refusals { get; } = [];

    // What lies between does not say the hub's clock, which is on each answer of the hub's own.
    private sealed class OnTheWay(StatusCode code, string detail) : RpcException(new Status(code, detail));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var headers = new Metadata { { HubTime.Header, HubTime.ToMicroseconds(clock.Now).ToString(System.Globalization.CultureInfo.InvariantCulture) } };
        Task<TResponse> answer;
        try
        {
            if (Answer<TResponse>(request) is { } told)
            {
                answer = Task.FromResult(told);
            }
            else
            {
                // An empty message is what a gateway's own OK reads as, or one whose content was lost on the way.
                answer = Task.FromResult(Activator.CreateInstance<TResponse>());
                if (request is not SubmitReportRequest || chance.Next(2) == 0) headers = [];
            }
        }
        catch (OnTheWay e)
        {
            (answer, headers) = (Task.FromException<TResponse>(e), []);
        }
        catch (RpcException e)
        {
            Refusals[e.StatusCode] = Refusals.GetValueOrDefault(e.StatusCode) + 1;
            answer = Task.FromException<TResponse>(e);
        }
        return new(answer, Task.FromResult(headers), () => Status.DefaultSuccess, () => [], () => { });
    }

    /// <returns>Null where it is not the hub that says OK.</returns>
    private TResponse? Answer<TResponse>(object request)
        where TResponse : class
    {
        if (IsSound)
        {
            late.Clear();
            return Ask<TResponse>(request);
        }
        if (late.Count > 0 && chance.Next(3) == 0) Arrive();
        if (IsHubBroken && request is SubmitReportRequest)
        {
            if (chance.Next(20) == 0) Ask<TResponse>(request);
            throw new RpcException(new Status(StatusCode.Unknown, BrokenWords));
        }
        switch (chance.Next(12))
        {
            case 0: throw new OnTheWay(StatusCode.Unavailable, "connection refused");
            case 1:
                late.Add(() => Ask<TResponse>(request));
                throw new OnTheWay(StatusCode.DeadlineExceeded, "no answer");
            case 2:
                try
                {
                    Ask<TResponse>(request);
                }
                catch (RpcException)
                {
                    // A refusal is cut off as an answer is.
                }
                throw new OnTheWay(StatusCode.Unavailable, "cut before the answer");
            case 3:
                Ask<TResponse>(request);
                return Ask<TResponse>(request);
            case 4: throw new OnTheWay(StatusCode.Unknown, "bad gateway");
            case 5: throw new OnTheWay(StatusCode.Internal, "protocol error");
            case 6: throw new OnTheWay(StatusCode.PermissionDenied, "not by this gateway");
            case 7: return null;
            case 8: throw Busy();
            default: return Ask<TResponse>(request);
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
