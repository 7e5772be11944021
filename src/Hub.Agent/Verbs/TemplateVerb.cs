using System.CommandLine;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Writing;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent template</c>: the month's workbook with last month's states filled in.</summary>
internal static class TemplateVerb
{
    public static Command Make()
    {
        var hub = HubOptions.OfCommand();
        var programme = Verb.Required<string>("--programme", "项目编号", "programme id", "ID");
        var period = Verb.Required<string>("--period", "月份", "period", "YYYY-MM");
        var township = Verb.Optional<string>("--township", "乡镇编码，默认凭证所属乡镇", "township code, default the credential's own", "CODE");
        var output = Verb.Required<string>("--out", "写入的文件", "file to write", "FILE");
        var force = new Option<bool>("--force") { Description = Verb.Say("覆盖已有文件", "replace a file that is there") };
        var command = new Command("template", Verb.WithExample(Verb.Say("下载当月工作簿，已填入上期数据", "Makes the month's workbook, last month's states filled in"),
            "hub-agent template --data ./agent --programme county-2025 --period 2026-10 --out 2026-10.xlsx\n  HUB_TOKEN=... hub-agent template --hub http://127.0.0.1:8081 --programme county-2025 --period 2026-10 --out 2026-10.xlsx")) { programme, period, township, output, force };
        hub.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var month = AgentOptions.Period(parsed.GetRequiredValue(period));
            var path = parsed.GetRequiredValue(output);
            // It may be filled already.
            if (File.Exists(path) && !parsed.GetValue(force)) throw new CommandFailedException(new(
                $"{path} 已存在，可能已经填写；确要覆盖请加 --force", $"{path} exists and may be filled in: add --force to replace it"));
            using var calls = hub.Open(parsed, parsed.GetValue(township));
            var frame = await FrameFromHub.ReadAsync(calls, parsed.GetRequiredValue(programme), month, parsed.GetValue(township), cancellation);
            WorkbookWriter.WriteFile(frame, path);
            await hub.RotateAsync(parsed, frame.Township.Code, calls, cancellation);
            Console.WriteLine(path);
            var branches = frame.Kinds.Sum(k => k.Branches.Count);
            Console.WriteLine(Verb.Say($"{frame.Township.Name} {month}：{branches} 个支部，{frame.DueOn:yyyy-MM-dd} 前上报", $"{frame.Township.Name} {month}: {branches} branches, due by {frame.DueOn:yyyy-MM-dd}"));
            return 0;
        });
        return command;
    }
}

/// <summary>Options that several verbs have.</summary>
internal static class AgentOptions
{
    public static Option<string> Data() => Verb.Required<string>("--data", "报送端的数据目录", "the agent's data directory", "DIR");

    public static Option<string?> Root() => Verb.Optional<string>("--root", "县里发的根证书 root.pem，用于 https:// 地址；默认用本机信任的", "the county's root.pem, with an https:// address; default what this machine trusts", "FILE");

    public static Option<bool> Plain() => new("--plain") { Description = Verb.Say("允许向本机以外的地址不加密发送凭证", "let the credential go unencrypted to an address beyond this machine") };

    public static Text RootNeedsTls { get; } = new("--root 用于以 https:// 开头的地址", "--root goes with an address that begins with https://");

    public static Period Period(string text) => Programmes.Period.TryParse(text, out var period) ? period
        : throw new UsageException(new($"“{text}”不是 YYYY-MM 形式的月份", $"“{text}” is not a month YYYY-MM"));
}
