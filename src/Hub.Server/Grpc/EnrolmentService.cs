using Grpc.Core;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.Server.Grpc;

/// <summary>How a township's agent comes to its credential, and rotates it.</summary>
public sealed class EnrolmentService(HubStore store) : Protocol.EnrolmentService.EnrolmentServiceBase
{
    public override async Task<EnrollResponse> Enroll(EnrollRequest request, ServerCallContext context)
    {
        // Judged first beside the writer: a stranger who guesses holds up nobody's report.
        Enrolment.Enroll(request, store.State, store.Clock.GetUtcNow()).OrRefuse();
        return (await store.WriteAsync((state, now) => Enrolment.Enroll(request, state, now), context.CancellationToken)).OrRefuse();
    }

    public override async Task<RotateCredentialResponse> RotateCredential(RotateCredentialRequest request, ServerCallContext context) =>
        (await store.WriteAsync((state, now) => Enrolment.Rotate(context.Caller().Credential.Id, request, state, now), context.CancellationToken)).OrRefuse();
}
