using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>Making and ending credentials. The token leaves once, with the answer; the log keeps its hash.</summary>
public static class Credentials
{
    public static Outcome<Decision<CreateCredentialResponse>> Create(CreateCredentialRequest request, HubState state, DateTimeOffset now)
    {
        var isTownship = request.Role == Role.Township;
        if (!System.Enum.IsDefined(request.Role) || request.Role == Role.Unspecified) return Refusal.OfField("role", RefusalReason.FieldMissing,
            new("缺少角色：township、official、analyst 或 administrator", "the role is missing: township, official, analyst or administrator"));
        if (isTownship && state.FindTownship(request.Township) is null) return Refusal.OfField("township", RefusalReason.TownshipUnknown,
            new($"乡镇“{ReportParser.Short(request.Township)}”未登记", $"township “{ReportParser.Short(request.Township)}” is not registered"));
        if (!isTownship && request.Township.Length > 0) return Refusal.OfField("township", RefusalReason.FieldMalformed,
            new("只有 township 角色可以指定乡镇", "a township goes with the township role only"));
        if (isTownship && request.Area.Length > 0 || !Forms.IsArea(request.Area)) return Refusal.OfField("area", RefusalReason.FieldMalformed,
            new("区域须为 2、4、6 或 9 位数字，且不用于 township 角色", "the area must be 2, 4, 6 or 9 digits, and goes not with the township role"));
        var expiry = Expiry(request.ExpiresAt, now);
        if (expiry.IsRefused(out var refused)) return refused;

        var token = "hub_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var created = new CredentialCreated
        {
            CredentialId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            TokenHash = ByteString.CopyFrom(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token))),
            Role = request.Role,
            Township = request.Township,
            Area = request.Area,
        };
        if (expiry.Value is { } e) created.ExpiresAtUs = HubTime.ToMicroseconds(e);
        return new Decision<CreateCredentialResponse>([new Draft(new LogRecord { CredentialCreated = created })],
            _ => new CreateCredentialResponse { Token = token, CredentialId = created.CredentialId });
    }

    /// <summary>The last instant that a request gives; null where it gives none.</summary>
    internal static Outcome<DateTimeOffset?> Expiry(Timestamp? given, DateTimeOffset now)
    {
        if (given is null) return (DateTimeOffset?)null;
        if (!HubTime.TryFromTimestamp(given, out var instant)) return Refusal.OfField("expires_at", RefusalReason.FieldMalformed, new("expires_at 不是有效时刻", "expires_at is not a valid instant"));
        if (instant <= now) return Refusal.OfField("expires_at", RefusalReason.FieldMalformed, new("有效期已过", "it would have expired already"));
        return instant;
    }

    public static Outcome<Decision<long>> Revoke(string id, HubState state)
    {
        if (state.FindCredential(id) is null && state.FindInvitation(id) is null) return new Refusal(RefusalReason.NotFound, new("没有这个凭证", "there is no such credential"));
        return new Decision<long>([new Draft(new LogRecord { CredentialRevoked = new CredentialRevoked { CredentialId = id } })], kept => kept[0].Position);
    }
}
