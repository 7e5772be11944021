using Google.Rpc;
using Grpc.Core;

namespace Hub.EndToEnd.Serving;

/// <summary>A refusal as a client sees it: status, stable reason, violated fields.</summary>
public sealed record Refused(StatusCode Status, string Domain, string Reason, string Message, IReadOnlyList<BadRequest.Types.FieldViolation> Violations, TimeSpan? RetryAfter)
{
    public static async Task<Refused> ByAsync(Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(call);
        var status = e.GetRpcStatus();
        var retry = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        var info = status?.GetDetail<ErrorInfo>();
        return new(e.StatusCode, info?.Domain ?? "", info?.Reason ?? "", e.Status.Detail, status?.GetDetail<BadRequest>()?.FieldViolations ?? [], retry);
    }

    /// <summary>The status, the reason in the hub's own domain, and nothing left unsaid.</summary>
    public void Is(StatusCode status, string reason)
    {
        Assert.Equal((status, "hub.v1", reason), (Status, Domain, Reason));
        Assert.NotEqual("", Message);
    }
}
