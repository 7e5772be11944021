using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub token</c>: credentials made and ended.</summary>
internal static class TokenVerb
{
    public static Command Make() => new("token", Verb.Say("凭证的创建与撤销", "Makes and revokes credentials")) { Create(), Revoke() };

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

    private static Command Revoke()
    {
        var id = new Argument<string>("CREDENTIAL_ID") { Description = Verb.Say("凭证编号", "credential id") };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("revoke", Verb.WithExample(Verb.Say("立即撤销凭证", "Ends a credential at once"), "hub token revoke 0123456789abcdef --data ./hub-data")) { id, data };
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
