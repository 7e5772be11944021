using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Status = Google.Rpc.Status;

namespace Hub.Server.Grpc;

/// <summary>From a refusal to the gRPC status and details that it leaves the hub with.</summary>
public static class Refusals
{
    public const string Domain = "hub.v1";

    // Violations travel in a trailer, base64, and proxies cap headers at 8 KB.
    private const int MaxDetailBytes = 4_000;

    public static RpcException ToException(this Refusal refusal, Language language) => refusal.ToStatus(language).ToRpcException();

    public static Status ToStatus(this Refusal refusal, Language language)
    {
        var status = new Status { Code = (int)StatusOf(refusal.Reason), Message = Message(refusal, language) };
        status.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = ReasonName(refusal.Reason) }));
        if (refusal.RetryAfter is { } delay) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        if (refusal.Violations.Count > 0) status.Details.Add(Any.Pack(ToBadRequest(refusal, language)));
        return status;
    }

    public static StatusCode StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.CredentialInvalid or RefusalReason.EnrolmentCodeUnknown => StatusCode.Unauthenticated,
        RefusalReason.NotPermitted => StatusCode.PermissionDenied,
        RefusalReason.PeriodBeforeLaunch or RefusalReason.PeriodNotEnded or RefusalReason.PeriodLocked or RefusalReason.PeriodNotLocked
            or RefusalReason.BulletinNotDue or RefusalReason.BranchIdentityFixed or RefusalReason.ProgrammeIdentityFixed
            or RefusalReason.EnrolmentCodeUsed or RefusalReason.EnrolmentCodeExpired or RefusalReason.CredentialNotEnrolled
            or RefusalReason.ProgrammeOverlaps or RefusalReason.BulletinTextInvalid or RefusalReason.BulletinTooLarge => StatusCode.FailedPrecondition,
        RefusalReason.NotFound => StatusCode.NotFound,
        RefusalReason.SubmissionIdUsed => StatusCode.AlreadyExists,
        RefusalReason.VersionStale => StatusCode.Aborted,
        RefusalReason.QueryTooSlow => StatusCode.DeadlineExceeded,
        RefusalReason.QueryTooLarge or RefusalReason.TooManyCalls or RefusalReason.TooLarge => StatusCode.ResourceExhausted,
        RefusalReason.StoreUnavailable or RefusalReason.Draining => StatusCode.Unavailable,
        RefusalReason.Unspecified => throw new ArgumentOutOfRangeException(nameof(reason)),
        _ => StatusCode.InvalidArgument,
    };

    /// <summary>The enum value's name in errors.proto without its prefix, e.g. <c>PERIOD_LOCKED</c>.</summary>
    public static string ReasonName(RefusalReason reason) =>
        ErrorsReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason).Name["REFUSAL_REASON_".Length..];

    private static string Message(Refusal refusal, Language language)
    {
        var more = refusal.Violations.Count - 1;
        if (more <= 0) return refusal.Message.In(language);
        return refusal.Message.In(language) + new Text($"（另有 {more} 处问题）", $" (and {more} more)").In(language);
    }

    private static BadRequest ToBadRequest(Refusal refusal, Language language)
    {
        var bad = new BadRequest();
        foreach (var violation in refusal.Violations.Take(ReportParser.MaxViolations))
        {
            var field = new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Message.In(language), Reason = ReasonName(violation.Reason) };
            if (bad.CalculateSize() + field.CalculateSize() > MaxDetailBytes) break;
            bad.FieldViolations.Add(field);
        }
        return bad;
    }
}
