using Hub.Bulletins;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Server.Grpc;

/// <summary>What a message says to a clerk. The hub words it, so that an agent shows kinds that came after it.</summary>
internal static class InboxWords
{
    private const int MostNamed = 5;

    public static Text Of(InboxMessage message) => message.KindCase switch
    {
        InboxMessage.KindOneofCase.ReceivedReport => Of(message.ReceivedReport),
        InboxMessage.KindOneofCase.DueReports => Join(message.DueReports.Reports, "；", "; ", d => new(
            $"{d.Title}（{d.Programme}）：{d.Period} 的报告 {d.DueOn} 前上报", $"{d.Gloss} ({d.Programme}): the report of {d.Period} is due by {d.DueOn}")),
        InboxMessage.KindOneofCase.LockedPeriod => Of(message.LockedPeriod),
        InboxMessage.KindOneofCase.ReopenedPeriod => new(
            $"{message.ReopenedPeriod.Programme} {message.ReopenedPeriod.Period} 已为本乡镇重新开放，可再报一版。理由：{message.ReopenedPeriod.Reason}",
            $"{message.ReopenedPeriod.Programme} {message.ReopenedPeriod.Period} is open for one more version of this township. Reason: {message.ReopenedPeriod.Reason}"),
        InboxMessage.KindOneofCase.OwnFigures => Of(message.OwnFigures),
        InboxMessage.KindOneofCase.ChangedRegistry => Of(message.ChangedRegistry),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.KindCase, "No words for this kind of message"),
    };

    private static Text Of(ReceivedReport report)
    {
        var (period, version, at) = (report.Period, report.Receipt.Version, HubTime.Instant(report.Receipt.ReceivedAt.ToDateTimeOffset()));
        var (status, timely) = report.Status is "on_time" or "late"
            ? ("，" + StatusWords.Of(report.Status, Language.Chinese), ", " + StatusWords.Of(report.Status, Language.English)) : ("", "");
        var (imported, history) = report.Imported ? ("（历史导入）", " (imported as history)") : ("", "");
        var figures = report.Figures is { } f ? Shares(f) : new("", "");
        return new(
            $"已收妥 {report.Programme} {period} 第 {version} 版{imported}，收到时间 {at}{status}{figures.Chinese}",
            $"{report.Programme} {period} version {version} is kept{history}, received {at}{timely}{figures.English}");
    }

    private static Text Of(LockedPeriod locked) => new(
        $"{locked.Programme} {locked.Period} 的通报〔{locked.Year}〕{locked.Number}号已发布，本期锁定；如需更正，请说明理由，向县里申请重新开放",
        $"bulletin {locked.Number} of {locked.Year} on {locked.Programme} {locked.Period} is published and the period is locked; to correct it, ask the county to re-open it and say why");

    private static Text Of(OwnFigures figures)
    {
        var shares = Shares(figures);
        var rank = figures.Rank > 0 ? new Text($"，排名第 {figures.Rank}（共 {figures.Ranked} 个乡镇）", $", rank {figures.Rank} of {figures.Ranked}") : new("，不参加排名", ", not ranked");
        return new($"{figures.Programme} {figures.Period} 通报数据{rank.Chinese}{shares.Chinese}", $"figures of {figures.Programme} {figures.Period} as published{rank.English}{shares.English}");
    }

    private static Text Shares(OwnFigures f)
    {
        static string Share(bool has, double share) => has ? $" ({Percent.OneDecimal(share)})" : "";
        var (hardware, software) = (Share(f.HardwareBase > 0, f.HardwareShare), Share(f.SoftwareBase > 0, f.SoftwareShare));
        return new(
            $"；硬件达标 {f.HardwareComplete}/{f.HardwareBase}{hardware}，软件达标 {f.SoftwareComplete}/{f.SoftwareBase}{software}",
            $"; hardware complete {f.HardwareComplete}/{f.HardwareBase}{hardware}, software complete {f.SoftwareComplete}/{f.SoftwareBase}{software}");
    }

    private static Text Of(ChangedRegistry registry)
    {
        var name = registry.Name.Length > 0 ? new Text($"乡镇名称：{registry.Name}", $"township: {registry.Name}") : new("", "");
        var named = Join(registry.Branches.Take(MostNamed), "、", ", ", b => new($"{b.Branch.Name}（{What(b).Chinese}）", $"{b.Branch.Name} ({What(b).English})"));
        var more = registry.BranchCount > MostNamed ? new Text("等", " and others") : new("", "");
        var branches = registry.BranchCount > 0 ? new Text($"{registry.BranchCount} 个支部：{named.Chinese}{more.Chinese}", $"{registry.BranchCount} branches: {named.English}{more.English}") : new("", "");
        var both = Join(new[] { name, branches }.Where(t => t.Chinese.Length > 0), "；", "; ", t => t);
        return new($"登记有变化，{both.Chinese}。请改用新工作簿填报", $"the registry changed, {both.English}. Use a new workbook");
    }

    private static Text What(ChangedBranch branch) => Join(branch.Changes, "、", ", ", change => change switch
    {
        BranchChange.Added => new("新增", "added"),
        BranchChange.Closed => new($"{branch.Branch.ActiveTo} 撤销", $"closed {branch.Branch.ActiveTo}"),
        BranchChange.Opened => new("恢复", "open again"),
        BranchChange.Renamed => new("改名", "renamed"),
        BranchChange.Star => new($"改为 {branch.Branch.Star} 星", $"star {branch.Branch.Star}"),
        BranchChange.Starts => new($"{branch.Branch.ActiveFrom} 起", $"from {branch.Branch.ActiveFrom}"),
        _ => throw new ArgumentOutOfRangeException(nameof(branch), change, "No words for this change"),
    });

    private static Text Join<T>(IEnumerable<T> parts, string chinese, string english, Func<T, Text> words)
    {
        var texts = parts.Select(words).ToList();
        return new(string.Join(chinese, texts.Select(t => t.Chinese)), string.Join(english, texts.Select(t => t.English)));
    }
}
