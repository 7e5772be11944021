using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub token</c>: credentials made and ended.</summary>
internal static class TokenVerb
{
    public static Command Make() => new("token", Verb.Say("凭证的创建与撤销", "Makes and revokes credentials")) { Create(), Invite(), Revoke() };

    private static Command Create()
    {
        var role = Verb.Required<string>("--role", "township、official、analyst 或 administrator", "township, official, analyst or administrator", "ROLE");
        role.AcceptOnlyFromAmong("township", "official", "analyst", "administrator");
        var township = Verb.Optional<string>("--township", "乡镇编码（township 角色必填）", "township code (with the township role)", "CODE");
        var area = Verb.Optional<string>("--area", "县级角色的区域编码前缀，默认全部", "code prefix for the county roles, default everything", "PREFIX");
        var expires = Verb.Optional<string>("--expires", "有效期的最后一天，YYYY-MM-DD", "last day it is valid, YYYY-MM-DD", "DATE");
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("create", Verb.WithExample(Verb.Say("创建凭证；只显示一次", "Makes a credential; it is shown once"),
            "hub token create --role township --township 360935100 --data ./hub-data")) { role, township, area, expires, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new CreateCredentialRequest
            {
                Role = System.Enum.Parse<Role>(parsed.GetRequiredValue(role), ignoreCase: true),
                Township = parsed.GetValue(township) ?? "",
                Area = parsed.GetValue(area) ?? "",
            };
            if (request.Role == Role.Township != request.Township.Length > 0) throw new UsageException(new(
                "--township 与 township 角色须同时使用", "--township goes with the township role, and only with it"));
            if (parsed.GetValue(expires) is { } day) request.ExpiresAt = LastInstantOf(day);
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: true, cancellation);
            var created = await new AdministrationService.AdministrationServiceClient(hub.Invoker).CreateCredentialAsync(request, cancellationToken: cancellation);
            Console.WriteLine(created.Token);
            await Console.Error.WriteLineAsync(Verb.Say($"凭证编号 {created.CredentialId}；凭证不会再次显示", $"credential id {created.CredentialId}; the token cannot be shown again"));
            return 0;
        });
        return command;
    }

    private static Command Invite()
    {
        var township = Verb.Required<string>("--township", "乡镇编码", "township code", "CODE");
        var expires = Verb.Optional<string>("--expires", "登记码可用的最后一天，YYYY-MM-DD，默认 7 天", "last day the code can be used, YYYY-MM-DD, default 7 days", "DATE");
        var withoutRoot = new Option<bool>("--without-root") { Description = Verb.Say("登记码不含根证书：中心前面的代理用自己的证书时", "the code does not name the hub's root: where a proxy before the hub has a certificate of its own") };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("invite", Verb.WithExample(Verb.Say("为乡镇生成一次性的登记码，可以在电话里念", "Makes a township's enrolment code, used once, which can be read over the telephone"),
            "hub token invite --township 360935100 --data ./hub-data")) { township, expires, withoutRoot, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new CreateInvitationRequest { Township = parsed.GetRequiredValue(township), WithoutRoot = parsed.GetValue(withoutRoot) };
            if (parsed.GetValue(expires) is { } day) request.ExpiresAt = LastInstantOf(day);
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            var invited = await new AdministrationService.AdministrationServiceClient(hub.Invoker).CreateInvitationAsync(request, cancellationToken: cancellation);
            Console.WriteLine(invited.Code);
            var until = HubTime.Instant(invited.ExpiresAt.ToDateTimeOffset());
            await Console.Error.WriteLineAsync(Verb.Say(
                $"凭证编号 {invited.CredentialId}；登记码只能用一次，{until} 前有效，不会再次显示。乡镇运行：hub-agent enroll https://主机:8443 {invited.Code} --data ./agent",
                $"credential id {invited.CredentialId}; the code can be used once, until {until}, and cannot be shown again. The township runs: hub-agent enroll https://HOST:8443 {invited.Code} --data ./agent"));
            return 0;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("CREDENTIAL_ID") { Description = Verb.Say("凭证编号", "credential id") };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("revoke", Verb.WithExample(Verb.Say("立即撤销凭证，或未用的登记码", "Ends a credential, or an unused enrolment code, at once"), "hub token revoke 0123456789abcdef --data ./hub-data")) { id, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            await new AdministrationService.AdministrationServiceClient(hub.Invoker).RevokeCredentialAsync(
                new RevokeCredentialRequest { CredentialId = parsed.GetRequiredValue(id) }, cancellationToken: cancellation);
            Console.WriteLine(Verb.Say("已撤销", "revoked"));
            return 0;
        });
        return command;
    }

    private static Timestamp LastInstantOf(string day) => HubTime.TryParseDay(day, out var date)
        ? Timestamp.FromDateTimeOffset(new DateTimeOffset(date.AddDays(1), TimeOnly.MinValue, HubTime.ShanghaiOffset).AddTicks(-TimeSpan.TicksPerMicrosecond))
        : throw new UsageException(new($"“{day}”不是 YYYY-MM-DD", $"“{day}” is not a date YYYY-MM-DD"));
}
