using Grpc.Core;
using Hub.Programmes;

namespace Hub.Agent.Running;

/// <summary>How it stands with the hub, by the last call.</summary>
internal sealed class Connection(HubCalls hub, HubClock clock)
{
    private volatile Heard? last;

    /// <param name="At">By the hub's clock.</param>
    /// <param name="WhyNot">Null where the hub answered and knows the credential.</param>
    internal sealed record Heard(DateTimeOffset At, Text? WhyNot);

    /// <summary>Null before the first call ended.</summary>
    public Heard? Last => last;

    public void Ended(RpcException? e) => last = new(clock.GetUtcNow(),
        e?.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unauthenticated or StatusCode.PermissionDenied ? hub.WhyNot(e) : null);
}
