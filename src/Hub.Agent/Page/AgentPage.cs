using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Page;

/// <summary>How it stands with a township's reports, as one page of HTML. Every value is encoded.</summary>
internal sealed class AgentPage
{
    private const int MostFiles = 50, MostMessages = 30;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder html = new();
    private readonly Language language;
    private readonly DateTimeOffset now;

    private AgentPage(Language language, DateTimeOffset now) => (this.language, this.now) = (language, now);

    /// <param name="now">By the hub's clock.</param>
    public static string Show(ReportOutbox outbox, IReadOnlyList<(string Township, Connection.Heard? Heard)> heard, DateTimeOffset now, Language language)
    {
        var page = new AgentPage(language, now);
        var townships = outbox.Inbox.Townships().Select(t => (Code: t, Messages: outbox.Inbox.All(t))).ToList();
        page.Head(townships.ToDictionary(t => t.Code, t => Name(t.Code, t.Messages), StringComparer.Ordinal), heard);
        page.Dues(townships);
        page.Files(outbox);
        page.Figures(townships);
        page.Messages([.. townships.SelectMany(t => t.Messages)]);
        return page.End();
    }

    private void Head(IReadOnlyDictionary<string, string> names, IReadOnlyList<(string Township, Connection.Heard? Heard)> heard)
    {
        var title = string.Join("、", names.Values.DefaultIfEmpty(Say("乡镇", "Township")));
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="{Say("zh-CN", "en")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(title)} · {Say("报送端", "hub-agent")}</title><link rel="stylesheet" href="/page.css"></head>
            <body><header><h1>{Encode(title)} <span>{Say("报送情况", "Reports")}</span></h1>
            """);
        html.Append("<div role=\"status\">");
        if (heard.All(h => h.Heard is null)) Standing("wait", Say("正在连接中心", "connecting to the hub"), null);
        // The hub is one: what all townships have in common is said once, and only what differs with their names.
        else foreach (var alike in heard.GroupBy(h => (h.Heard is null, h.Heard?.WhyNot)))
        {
            var of = heard.Count == alike.Count() ? "" : string.Join("、", alike.Select(h => names.GetValueOrDefault(h.Township, h.Township))) + Say("", " ");
            var (isFirst, whyNot) = alike.Key;
            if (isFirst) Standing("wait", Say($"{of}正在连接中心", $"{of}connecting to the hub"), null);
            else if (whyNot is { } why) Standing("wrong", Say($"{of}与中心的连接：不通。", $"{of}Connection to the hub: none. ") + why.In(language), alike.Max(h => h.Heard?.At));
            else Standing("good", Say($"{of}与中心的连接：正常", $"{of}Connection to the hub: in order"), alike.Max(h => h.Heard?.At));
        }
        html.Append("</div></header><main>");
    }

    private void Standing(string mark, string words, DateTimeOffset? at)
    {
        var last = at is { } instant ? Say($"（最近一次 {Minute(instant)}）", $" (last call {Minute(instant)})") : "";
        html.Append(CultureInfo.InvariantCulture, $"""<p><span class="mark {mark}">{Sign(mark)}{Encode(words)}</span> <span class="muted">{last}</span></p>""");
    }

    private void Dues(List<(string Code, List<KeptMessage> Messages)> townships)
    {
        Section("due", "下一次上报", "Next report");
        var rows = townships.SelectMany(t => t.Messages.Where(m => m.Message.DueReports is not null).SelectMany(m => m.Message.DueReports.Reports)
            .GroupBy(d => d.Programme, StringComparer.Ordinal).Select(g => (Due: g.MaxBy(d => d.Period, StringComparer.Ordinal)!, t.Messages))).ToList();
        if (rows.Count == 0) Nothing("还没有从中心得到截止时间", "the hub has not told a due day yet");
        else
        {
            Table(("项目", "Programme"), ("月份", "Month"), ("截止", "Due by"), ("情况", "State"));
            foreach (var (due, messages) in rows)
            {
                var (mark, words) = Met(due, messages);
                Row($"<th scope=\"row\">{Encode(Say(due.Title, due.Gloss))} <span class=\"muted\">{Encode(due.Programme)}</span></th>", Number(due.Period), Number(due.DueOn), $"<td><span class=\"mark {mark}\">{Sign(mark)}{Encode(words)}</span></td>");
            }
            html.Append("</tbody></table>");
        }
        html.Append("</section>");
    }

    private (string Mark, string Words) Met(DueReport due, List<KeptMessage> messages)
    {
        var received = messages.Select(m => m.Message.ReceivedReport).LastOrDefault(r => r is not null && r.Programme == due.Programme && r.Period == due.Period);
        if (received is not null) return received.Status == "late"
            ? ("wait", Say($"已上报第 {received.Receipt.Version} 版，迟报", $"sent, version {received.Receipt.Version}, late"))
            : ("good", Say($"已按时上报，第 {received.Receipt.Version} 版", $"sent on time, version {received.Receipt.Version}"));
        if (now >= due.DueAt.ToDateTimeOffset()) return ("wrong", Say("已过截止时间，尚未上报", "past due, not sent"));
        var days = HubTime.TryParseDay(due.DueOn, out var day) ? day.DayNumber - HubTime.LocalDay(now).DayNumber : 0;
        return ("wait", days == 0 ? Say("尚未上报，今天截止", "not sent yet, due today") : Say($"尚未上报，还有 {days} 天", $"not sent yet, {days} days left"));
    }

    private void Files(ReportOutbox outbox)
    {
        Section("files", "报告文件", "Report files");
        // A file that was taken away has nothing wrong with it any more.
        var wrong = outbox.AllWrong().Where(w => File.Exists(w.File)).Take(MostFiles).ToList();
        foreach (var (file, lines) in wrong)
        {
            var told = lines.In(language).Split('\n');
            html.Append(CultureInfo.InvariantCulture, $"""<article class="wrong"><h3><span class="mark wrong">{Sign("wrong")}{Encode(Path.GetFileName(file))}</span></h3><p>{Encode(told[^1])}</p>""");
            if (told.Length > 1) html.Append(CultureInfo.InvariantCulture, $"<ul>{string.Concat(told.SkipLast(1).Select(line => $"<li>{Encode(line)}</li>"))}</ul>");
            html.Append("</article>");
        }
        var entries = outbox.All();
        if (entries.Count == 0 && wrong.Count == 0) Nothing("还没有报告文件", "no report file yet");
        if (entries.Count > 0)
        {
            Table(("文件", "File"), ("月份", "Month"), ("情况", "State"));
            foreach (var entry in entries.TakeLast(MostFiles).Reverse())
            {
                var mark = entry.State switch { DeliveryState.Parked => "wrong", DeliveryState.Waiting => "wait", _ => "good" };
                Row($"<th scope=\"row\">{Encode(Path.GetFileName(entry.File))}</th>", Number(entry.Report.Period), $"<td><span class=\"mark {mark}\">{Sign(mark)}</span>{Encode(DeliveryWords.WithReconciled(entry).In(language))}</td>");
            }
            html.Append("</tbody></table>");
        }
        html.Append("</section>");
    }

    private void Figures(List<(string Code, List<KeptMessage> Messages)> townships)
    {
        Section("figures", "本乡镇数据", "Own figures");
        var all = townships.SelectMany(t => t.Messages).Select(m => (Figures: m.Message.OwnFigures ?? m.Message.ReceivedReport?.Figures, IsPublished: m.Message.OwnFigures is not null)).Where(f => f.Figures is not null);
        // Of each month what the bulletin printed, or else what stood when its report had come.
        var months = all.GroupBy(f => (f.Figures!.Programme, f.Figures.Period)).Select(g => g.OrderBy(f => f.IsPublished).Last())
            .OrderByDescending(f => f.Figures!.Period, StringComparer.Ordinal).ThenBy(f => f.Figures!.Programme, StringComparer.Ordinal).Take(12).ToList();
        if (months.Count == 0) Nothing("还没有数据", "no figures yet");
        else
        {
            Table(("月份", "Month"), ("排名", "Rank"), ("硬件达标", "Hardware complete"), ("软件达标", "Software complete"), ("均达标", "Both"), ("来源", "From"));
            foreach (var (figures, isPublished) in months)
                Row($"<th scope=\"row\">{Encode(figures!.Period)} <span class=\"muted\">{Encode(figures.Programme)}</span></th>",
                    Number(figures.Rank > 0 ? $"{figures.Rank} / {figures.Ranked}" : "—"),
                    Number(Share(figures.HardwareComplete, figures.HardwareBase, figures.HardwareBase > 0 ? figures.HardwareShare : null)),
                    Number(Share(figures.SoftwareComplete, figures.SoftwareBase, figures.SoftwareBase > 0 ? figures.SoftwareShare : null)),
                    Number($"{figures.Compliant} / {figures.Branches}"),
                    Cell(isPublished ? Say("通报", "bulletin") : Say("上报时，排名待通报", "when reported; the bulletin ranks")));
            html.Append("</tbody></table>");
        }
        html.Append("</section>");
    }

    private void Messages(List<KeptMessage> messages)
    {
        Section("messages", "消息", "Messages");
        if (messages.Count == 0) Nothing("还没有消息", "no message yet");
        else
        {
            html.Append("<ol class=\"messages\">");
            foreach (var message in messages.OrderByDescending(m => m.Message.Position).Take(MostMessages))
                html.Append(CultureInfo.InvariantCulture, $"""<li><time datetime="{HubTime.Instant(message.At)}">{Minute(message.At)}</time> <span>{Encode(message.Words.In(language))}</span></li>""");
            html.Append("</ol>");
        }
        html.Append("</section>");
    }

    private string End()
    {
        var version = typeof(AgentPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        html.Append(CultureInfo.InvariantCulture, $"""
            </main><footer><p>{Say("本页只在本机可见，只读；数据截至", "This page is seen on this machine alone and changes nothing; as of")} {Minute(now)}{Say("（北京时间）", " (Beijing time)")} · hub-agent {Encode(version)} · <a href="/">{Say("刷新", "refresh")}</a></p></footer></body></html>
            """);
        return html.ToString();
    }

    private void Section(string id, string chinese, string english) =>
        html.Append(CultureInfo.InvariantCulture, $"""<section aria-labelledby="{id}"><h2 id="{id}">{Say(chinese, english)}</h2>""");

    private void Table(params (string Chinese, string English)[] columns) =>
        html.Append(CultureInfo.InvariantCulture, $"<table><thead><tr>{string.Concat(columns.Select(c => $"<th scope=\"col\">{Say(c.Chinese, c.English)}</th>"))}</tr></thead><tbody>");

    private void Row(params string[] cells) => html.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(cells)}</tr>");

    private void Nothing(string chinese, string english) => html.Append(CultureInfo.InvariantCulture, $"<p class=\"muted\">{Say(chinese, english)}</p>");

    private string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;

    // The last name that the registry gave it.
    private static string Name(string code, List<KeptMessage> messages) =>
        messages.Select(m => m.Message.ChangedRegistry?.Name).LastOrDefault(name => !string.IsNullOrEmpty(name)) is { } name ? name : code;

    private static string Share(int complete, int of, double? share) => share is { } s ? $"{complete} / {of} ({Percent.OneDecimal(s)})" : $"{complete} / {of}";

    // Colour alone tells nothing to those who do not see it, or print it.
    private static string Sign(string mark) => mark switch { "good" => "✓ ", "wrong" => "✗ ", _ => "… " };

    private static string Cell(string text) => $"<td>{Encode(text)}</td>";

    private static string Number(string text) => $"<td class=\"number\">{Encode(text)}</td>";

    private static string Minute(DateTimeOffset instant) => HubTime.Local(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Encode(string text) => Encoder.Encode(text);
}
