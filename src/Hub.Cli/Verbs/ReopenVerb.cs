using System.CommandLine;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub reopen</c>: lets one township correct a locked period, once.</summary>
internal static class ReopenVerb
{
    public static Command Make()
    {
        var programme = Verb.Required<string>("--programme", "项目编号", "programme id", "ID");
        var period = Verb.Required<string>("--period", "月份", "period", "YYYY-MM");
        var township = Verb.Required<string>("--township", "乡镇编码", "township code", "CODE");
        var reason = Verb.Required<string>("--reason", "理由，记录在案", "why; it stays on record", "TEXT");
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("reopen", Verb.WithExample(Verb.Say("为一个乡镇重新开放已锁定的月份", "Opens a locked period again for one township"),
            "hub reopen --programme county-2025 --period 2026-09 --township 360935100 --reason \"数据更正\" --data ./hub-data")) { programme, period, township, reason, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            var reopened = await new BulletinService.BulletinServiceClient(hub.Invoker).ReopenPeriodAsync(new ReopenPeriodRequest
            {
                Programme = parsed.GetRequiredValue(programme),
                Period = parsed.GetRequiredValue(period),
                Township = parsed.GetRequiredValue(township),
                Reason = parsed.GetRequiredValue(reason),
            }, cancellationToken: cancellation);
            Console.WriteLine(Verb.Say($"已重新开放，日志位置 {reopened.Position}", $"re-opened, log position {reopened.Position}"));
            return 0;
        });
        return command;
    }
}
