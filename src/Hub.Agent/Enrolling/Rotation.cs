using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Hub.Protocol;

namespace Hub.Agent.Enrolling;

/// <summary>Another token for a credential that ends soon. The token is on disk before the hub has its hash, and the one in use counts until the hub has seen the other.</summary>
internal static class Rotation
{
    public static readonly TimeSpan Before = TimeSpan.FromDays(30);

    /// <param name="now">By the hub's clock.</param>
    public static bool IsDue(TownshipCredential credential, DateTimeOffset now) => credential.NextToken is not null || credential.ExpiresAt - now < Before;

    /// <param name="hub">Called with the credential.</param>
    /// <returns>Whether the hub has said so; else the new token is taken in the hope that it has it.</returns>
    /// <exception cref="RpcException">It did not come about, and may be tried again.</exception>
    public static async Task<bool> RunAsync(string directory, string township, HubCalls hub, CancellationToken cancellation)
    {
        var wasBegun = false;
        var enrolment = await Enrolment.UpdateAsync(directory, e =>
        {
            wasBegun = e.Townships[township].NextToken is not null;
            return wasBegun ? e : e.With(township, e.Townships[township] with { NextToken = Enrolment.NewToken() });
        }, cancellation);
        var next = enrolment.Townships[township].NextToken!;
        DateTimeOffset? expiresAt = null;
        try
        {
            var request = new RotateCredentialRequest { TokenHash = ByteString.CopyFrom(Enrolment.HashOf(next)) };
            expiresAt = (await hub.CallOnceAsync(o => new EnrolmentService.EnrolmentServiceClient(hub.Invoker).RotateCredentialAsync(request, o), cancellation)).ExpiresAt.ToDateTimeOffset();
        }
        // The hub may have taken the hash in a try whose answer was lost, and the former token may have ended since.
        catch (RpcException e) when (wasBegun && e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == "CREDENTIAL_INVALID")
        {
        }
        await Enrolment.UpdateAsync(directory, e => e.Townships.TryGetValue(township, out var credential) && credential.NextToken == next
            ? e.With(township, credential with { Token = next, NextToken = null, ExpiresAt = expiresAt ?? credential.ExpiresAt }) : e, cancellation);
        return expiresAt is not null;
    }
}
