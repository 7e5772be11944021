using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>An enrolment code as it leaves the hub, once.</summary>
public sealed record Invited(Invitation Invitation, byte[] Secret);

/// <summary>A township's own way to its credential: invited by the county, made with a token that the agent has drawn, rotated while it lives.</summary>
public static class Enrolment
{
    private const int CredentialYears = 1;
    private static readonly TimeSpan CodeLasts = TimeSpan.FromDays(7), CodeLastsAtMost = TimeSpan.FromDays(90);

    public static Outcome<Decision<Invited>> Invite(CreateInvitationRequest request, HubState state, DateTimeOffset now)
    {
        if (state.FindTownship(request.Township) is null) return Refusal.OfField("township", RefusalReason.TownshipUnknown,
            new($"乡镇“{ReportParser.Short(request.Township)}”未登记", $"township “{ReportParser.Short(request.Township)}” is not registered"));
        var expiry = Credentials.Expiry(request.ExpiresAt, now);
        if (expiry.IsRefused(out var refused)) return refused;
        var expiresAt = expiry.Value ?? now + CodeLasts;
        if (expiresAt > now + CodeLastsAtMost) return Refusal.OfField("expires_at", RefusalReason.FieldMalformed, new(
            $"登记码最多有效 {CodeLastsAtMost.Days} 天", $"an enrolment code is valid for {CodeLastsAtMost.Days} days at most"));
        var secret = RandomNumberGenerator.GetBytes(EnrolmentCode.SecretBytes);
        // To whole microseconds, as the log keeps it.
        var expiresAtUs = HubTime.ToMicroseconds(expiresAt);
        var invitation = new Invitation(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), request.Township, HubTime.FromMicroseconds(expiresAtUs));
        var created = new InvitationCreated
        {
            CredentialId = invitation.Id, SecretHash = ByteString.CopyFrom(SHA256.HashData(secret)), Township = request.Township, ExpiresAtUs = expiresAtUs,
        };
        return new Decision<Invited>([new Draft(new LogRecord { InvitationCreated = created })], _ => new Invited(invitation, secret));
    }

    /// <summary>Only whoever has the secret learns that a code was used or has expired: to all others it does not exist.</summary>
    public static Outcome<Decision<EnrollResponse>> Enroll(EnrollRequest request, HubState state, DateTimeOffset now)
    {
        if (request.Secret.Length != EnrolmentCode.SecretBytes) return Refusal.OfField("secret", RefusalReason.FieldMalformed,
            new($"secret 应为 {EnrolmentCode.SecretBytes} 个字节", $"secret must be {EnrolmentCode.SecretBytes} bytes"));
        if (WrongHash(request.TokenHash) is { } wrong) return wrong;
        var hash = Sha256Value.Of(request.TokenHash.Span);
        if (state.FindInvitation(Sha256Value.Of(SHA256.HashData(request.Secret.Span))) is not { } invitation) return new Refusal(RefusalReason.EnrolmentCodeUnknown, new(
            "没有这个登记码：请与县里核对，或要一个新的", "there is no such enrolment code: compare it with the county, or ask for a new one"));
        if (state.FindCredential(invitation.Id) is { } enrolled) return state.FindCredentialByTokenHash(hash)?.Id == invitation.Id
            ? new Decision<EnrollResponse>([], _ => Answer(enrolled.ExpiresAt!.Value))
            : new Refusal(RefusalReason.EnrolmentCodeUsed, new(
                $"登记码已用过：请向县里要一个新的；如果不是本单位用的，请告诉县里撤销 {invitation.Id}",
                $"this enrolment code has been used: ask the county for a new one; if it was not this office, tell the county to revoke {invitation.Id}"));
        if (invitation.ExpiresAt < now) return new Refusal(RefusalReason.EnrolmentCodeExpired, new(
            $"登记码已于 {HubTime.Instant(invitation.ExpiresAt)} 过期：请向县里要一个新的", $"this enrolment code expired at {HubTime.Instant(invitation.ExpiresAt)}: ask the county for a new one"));
        if (state.FindCredentialByTokenHash(hash) is not null) return InUse();
        var expiresAtUs = HubTime.ToMicroseconds(now.AddYears(CredentialYears));
        var created = new CredentialCreated
        {
            CredentialId = invitation.Id, TokenHash = request.TokenHash, Role = Role.Township, Township = invitation.Township, ExpiresAtUs = expiresAtUs,
        };
        return new Decision<EnrollResponse>([new Draft(new LogRecord { CredentialCreated = created })], _ => Answer(HubTime.FromMicroseconds(expiresAtUs)));

        EnrollResponse Answer(DateTimeOffset expiresAt) => new()
        {
            CredentialId = invitation.Id, Township = invitation.Township, TownshipName = state.FindTownship(invitation.Township)!.Name, ExpiresAt = Timestamp.FromDateTimeOffset(expiresAt),
        };
    }

    /// <param name="id">The caller's credential.</param>
    public static Outcome<Decision<RotateCredentialResponse>> Rotate(string id, RotateCredentialRequest request, HubState state, DateTimeOffset now)
    {
        if (WrongHash(request.TokenHash) is { } wrong) return wrong;
        if (state.FindCredential(id) is not { } credential || state.FindInvitation(id) is null) return new Refusal(RefusalReason.CredentialNotEnrolled, new(
            "该凭证不是登记得到的，不能自动更换：请向县里申请新凭证", "this credential does not come from an enrolment and is not rotated: ask the county for a new one"));
        if (state.FindCredentialByTokenHash(Sha256Value.Of(request.TokenHash.Span)) is { } known)
            return known.Id == id ? new Decision<RotateCredentialResponse>([], _ => Answer(credential.ExpiresAt!.Value)) : InUse();
        var expiresAtUs = HubTime.ToMicroseconds(now.AddYears(CredentialYears));
        var rotated = new CredentialRotated { CredentialId = id, TokenHash = request.TokenHash, ExpiresAtUs = expiresAtUs };
        return new Decision<RotateCredentialResponse>([new Draft(new LogRecord { CredentialRotated = rotated })], _ => Answer(HubTime.FromMicroseconds(expiresAtUs)));

        static RotateCredentialResponse Answer(DateTimeOffset expiresAt) => new() { ExpiresAt = Timestamp.FromDateTimeOffset(expiresAt) };
    }

    /// <summary>The newest token was used. Of several first uses at once one is put on record.</summary>
    public static Outcome<Decision<bool>> EndRotation(string id, HubState state) => new Decision<bool>(
        state.IsRotating(id) ? [new Draft(new LogRecord { CredentialRotationEnded = new CredentialRotationEnded { CredentialId = id } })] : [], _ => true);

    private static Refusal? WrongHash(ByteString hash) => hash.Length == SHA256.HashSizeInBytes ? null : Refusal.OfField("token_hash", RefusalReason.FieldMalformed,
        new($"token_hash 应为 {SHA256.HashSizeInBytes} 个字节", $"token_hash must be {SHA256.HashSizeInBytes} bytes"));

    private static Refusal InUse() => Refusal.OfField("token_hash", RefusalReason.FieldMalformed, new("token_hash 已被使用", "token_hash is in use already"));
}
