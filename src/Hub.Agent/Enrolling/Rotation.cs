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
    /// <returns>Whether the hub has said so; else the new token is taken in the hope that it has it, or the township is enrolled no more.</returns>
    /// <exception cref="RpcException">It did not come about, and may be tried again.</exception>
    /// <exception cref="CommandFailedException">The enrolment cannot be read.</exception>
    public static async Task<bool> RunAsync(string directory, string township, HubCalls hub, CancellationToken cancellation)
    {
        var wasBegun = false;
        var enrolment = await Enrolment.UpdateAsync(directory, e =>
        {
            if (!e.Townships.TryGetValue(township, out var own)) return e;
            wasBegun = own.NextToken is not null;
            return wasBegun ? e : e.With(township, own with { NextToken = Enrolment.NewToken() });
        }, cancellation);
        // Removed by hand while this process goes on with what it has read.
        if (enrolment.Townships.GetValueOrDefault(township)?.NextToken is not { } next) return false;
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
