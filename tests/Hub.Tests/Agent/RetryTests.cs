using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Hub.Agent;

namespace Hub.Tests.Agent;

/// <summary>Which answers of the hub are worth another attempt, and how long after.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(StatusCode.Unavailable, true)]
    [InlineData(StatusCode.DeadlineExceeded, true)]
    [InlineData(StatusCode.ResourceExhausted, false)]
    [InlineData(StatusCode.Internal, true)]
    [InlineData(StatusCode.InvalidArgument, false)]
    [InlineData(StatusCode.Aborted, false)]
    [InlineData(StatusCode.PermissionDenied, false)]
    public void Only_what_may_pass_is_tried_again(StatusCode status, bool again) =>
        Assert.Equal(again, Retry.Pause(new RpcException(new Grpc.Core.Status(status, "")), attempt: 0, unexplained: 1) is not null);

    [Fact]
    public void Unexplained_errors_are_tried_ten_times() =>
        Assert.Null(Retry.Pause(new RpcException(new Grpc.Core.Status(StatusCode.Unknown, "")), attempt: 10, unexplained: 11));

    [Fact]
    public void A_wait_that_the_hub_asks_for_is_kept_and_jitter_comes_on_top()
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode.ResourceExhausted, Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(7)) }) } };
        var pause = Retry.Pause(status.ToRpcException(), attempt: 0, unexplained: 0)!.Value;
        Assert.InRange(pause, TimeSpan.FromSeconds(7.25), TimeSpan.FromSeconds(7.5));
    }

    [Fact]
    public void Pauses_grow_to_their_longest_and_no_further()
    {
        var away = new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, ""));
        Assert.InRange(Retry.Pause(away, 0, 0)!.Value, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        Assert.InRange(Retry.Pause(away, 1_000, 0)!.Value, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(15));
    }
}
