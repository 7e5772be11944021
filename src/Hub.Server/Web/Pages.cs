using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Hub.Bulletins;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using Hub.Server.Grpc;
using Hub.Store;
using Programme = Hub.Programmes.Programme;

namespace Hub.Server.Web;

/// <summary>The plain pages around the bulletins. Every value is encoded.</summary>
internal static class Pages
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string SignIn(HubStore store, bool failed) => Frame(store, "登录", $"""
        <h2>登录 <span class="muted">Sign in</span></h2>
        <form id="sign-in" method="post" action="/sign-in">
          <label for="token">访问凭证 <span class="muted">Access token (hub token create)</span></label>
          <input id="token" name="token" type="password" autocomplete="off" required maxlength="200">
          {(failed ? """<p class="wrong" role="alert">凭证不正确、已过期或已撤销。The token is wrong, expired or revoked.</p>""" : "")}
          <button type="submit">登录 Sign in</button>
        </form>
        <script src="/assets/sign-in.js"></script>
        """);

    /// <summary>Programmes with their periods: county figures, reports in, the bulletin or its draft.</summary>
    public static string Home(HubStore store, Caller caller)
    {
        var body = new StringBuilder();
        using var reading = store.Read().OrRefuse();
        foreach (var programme in store.State.Programmes.Where(caller.Sees))
        {
            body.Append(CultureInfo.InvariantCulture, $"""<h2>{Encode(programme.Template.Title)} <span class="muted">{Encode(programme.Id)}</span></h2>""");
            body.Append("<table><thead><tr><th>月份</th><th>硬件达标率</th><th>软件达标率</th><th>已报 / 应报</th><th>按时</th><th>报送截止</th><th>通报</th></tr></thead><tbody>");
            var rows = reading.Query(
                """
                select c.period, c.hardware_share, c.software_share, r.due, r.reported, r.on_time, p.due_on
                from county_completion c
                join periods p on p.programme = c.programme and p.period = c.period
                left join reporting_rates r on r.programme = c.programme and r.period = c.period and r.level = 'programme'
                where c.programme = $programme order by c.period desc
                """, r => (Period: r.Text("period"), Hardware: r.DoubleOrNull("hardware_share"), Software: r.DoubleOrNull("software_share"),
                    Due: r.LongOrNull("due") ?? 0, Reported: r.LongOrNull("reported") ?? 0, OnTime: r.LongOrNull("on_time") ?? 0, DueOn: r.Day("due_on")), ("programme", programme.Id));
            foreach (var row in rows)
            {
                var link = Links(store, caller, programme, Period.Parse(row.Period));
                // The county's figures are for those who hold the whole programme.
                var (hardware, software, reported, onTime) = caller.Holds(programme)
                    ? (Share(row.Hardware), Share(row.Software), $"{row.Reported} / {row.Due}", $"{row.OnTime}") : ("", "", "", "");
                body.Append(CultureInfo.InvariantCulture, $"""<tr><td>{(caller.Holds(programme) ? $"<a href=\"/programmes/{Encode(programme.Id)}/{row.Period}\">{row.Period}</a>" : row.Period)}</td><td class="number">{hardware}</td><td class="number">{software}</td><td class="number">{reported}</td><td class="number">{onTime}</td><td>{HubTime.Day(row.DueOn)}</td><td>{link}</td></tr>""");
            }
            body.Append("</tbody></table>");
        }
        if (body.Length == 0) body.Append("<p>尚无项目。No programme yet.</p>");
        body.Append(CultureInfo.InvariantCulture, $"""<p class="muted">日志位置 {reading.Position} · {HubTime.Local(reading.AsOf):yyyy-MM-dd HH:mm}（北京时间）</p>""");
        return Frame(store, "首页", body.ToString());
    }

    public static string Problem(HubStore store, string message) => Frame(store, "无法显示", $"""<p class="wrong" role="alert">{Encode(message)}</p><p><a href="/">返回首页 Home</a></p>""");

    /// <summary>The bulletin's number and documents where it is published, its draft for those who may see one.</summary>
    internal static string Links(HubStore store, Caller caller, Programme programme, Period period)
    {
        var page = $"/bulletins/{Encode(programme.Id)}/{period}";
        var (chinese, english) = (BulletinNames.Stem(programme.Id, period, Language.Chinese), BulletinNames.Stem(programme.Id, period, Language.English));
        if (store.State.FindPublication(programme.Id, period) is not { } publication)
            return caller.Holds(programme) ? $"""<a href="{page}">草稿</a> · <a href="{page}/{chinese}.docx">Word</a> · <a href="{page}/{english}.html" lang="en">English</a>""" : "—";
        var pdf = publication.Kept?.Files.Any(f => f.Name == chinese + ".pdf") == true ? $""" · <a href="{page}/{chinese}.pdf">PDF</a>""" : "";
        return $"""<a href="{page}">〔{publication.Year}〕{publication.Number}号</a> · <a href="{page}/{chinese}.docx">Word</a>{pdf} · <a href="{page}/{english}.html" lang="en">English</a>""";
    }

    internal static string Frame(HubStore store, string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Encode(title)} · Hub</title><link rel="stylesheet" href="/assets/hub.css"></head>
        <body><header><h1>规范化建设报送中心 Hub</h1>{(store.State.DemonstrationClock is null ? "" : """<span class="mark">演示时钟 demonstration clock</span>""")}</header>
        <main>{body}</main></body></html>
        """;

    internal static string Share(double? share) => share is { } s ? Percent.OneDecimal(s) : "—";

    internal static string Encode(string text) => Encoder.Encode(text);
}
