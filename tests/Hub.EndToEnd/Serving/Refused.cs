using Google.Rpc;
using Grpc.Core;

namespace Hub.EndToEnd.Serving;

/// <summary>A refusal as a client sees it: status, stable reason, violated fields.</summary>
public sealed record Refused(StatusCode Status, string Reason, string Message, IReadOnlyList<BadRequest.Types.FieldViolation> Violations, TimeSpan? RetryAfter)
{
    public static async Task<Refused> ByAsync(Func<Task> call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(call);
        var status = e.GetRpcStatus();
        var retry = status?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        return new(e.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason ?? "", e.Status.Detail, status?.GetDetail<BadRequest>()?.FieldViolations ?? [], retry);
    }
}
