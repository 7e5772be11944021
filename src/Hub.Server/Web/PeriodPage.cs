using System.Globalization;
using System.Text;
using Hub.Bulletins;
using Hub.Programmes;
using Hub.Server.Grpc;
using Hub.Store;
using Programme = Hub.Programmes.Programme;

namespace Hub.Server.Web;

/// <summary>One month of a programme: who has reported, the bulletin, its charts.</summary>
internal static class PeriodPage
{
    public static string Show(HubStore store, Bulletins bulletins, Caller caller, Programme programme, Period period)
    {
        if (!caller.Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        using var reading = store.Read().OrRefuse();
        var draft = bulletins.RecentDraft(programme, period, Language.Chinese);
        var page = $"/bulletins/{Pages.Encode(programme.Id)}/{period}";
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"""
            <h2>{Pages.Encode(programme.Template.Title)} {period} <span class="muted">{Pages.Encode(programme.Id)}</span></h2>
            <p>通报 Bulletin：{Pages.Links(store, caller, programme, period)}　<a href="/">返回首页 Home</a></p>
            {(store.State.FindPublication(programme.Id, period) is null ? "" : """<p class="muted">通报和图表是发布时的；下表是现在的数据，此后的更正见下期通报。</p>""")}
            <h3>报送情况 <span class="muted">Reports</span></h3>
            <table><thead><tr><th>乡镇</th><th>报送</th><th>首次收到</th><th>版本</th><th>填报岗位</th><th>硬件达标</th><th>状态</th></tr></thead><tbody>
            """);
        foreach (var r in Reports(reading, programme, period))
            body.Append(CultureInfo.InvariantCulture, $"""
                <tr><td>{Pages.Encode(r.Name)}</td><td class="{r.Status}">{StatusWords.Of(r.Status, Language.Chinese)}{(r.DaysLate is { } days ? $" {days} 天" : "")}</td><td>{r.ReceivedAt}</td><td class="number">{r.Versions}</td><td>{Pages.Encode(r.Post)}</td><td class="number">{r.Complete} / {r.Base}</td><td class="{r.Standing}">{StatusWords.Of(r.Standing, Language.Chinese)}</td></tr>
                """);
        body.Append("</tbody></table><h3>图表 <span class=\"muted\">Charts</span></h3>");
        foreach (var picture in draft.Pictures)
            body.Append(CultureInfo.InvariantCulture, $"""
                <figure><img src="{page}/{Pages.Encode(picture.Name)}.svg" alt="{Pages.Encode(picture.Title)}" loading="lazy"><figcaption>{Pages.Encode(picture.Title)} · <a href="{page}/{Pages.Encode(picture.Name)}.svg">SVG</a> · <a href="{page}/{Pages.Encode(picture.Name)}.png">PNG</a></figcaption></figure>
                """);
        return Pages.Frame(store, period.ToString(), body.ToString());
    }

    private sealed record ReportRow(string Name, string Status, int? DaysLate, string ReceivedAt, int Versions, string Post, int Complete, int Base, string? Standing);

    private static List<ReportRow> Reports(Store.Star.Reading reading, Programme programme, Period period) => reading.Query(
        """
        select t.name, s.status, s.days_late, s.versions, f.first_received_at, v.prepared_by_post, c.hardware_complete, c.hardware_base, c.status as standing
        from report_status s
        join townships t on t.township = s.township
        join township_completion c on c.programme = s.programme and c.period = s.period and c.township = s.township
        left join (select programme, period, township, min(received_at) as first_received_at from reports group by all) f
          on f.programme = s.programme and f.period = s.period and f.township = s.township
        left join reports v on v.programme = s.programme and v.period = s.period and v.township = s.township and v.version = s.version_in_force
        where s.programme = $programme and s.period = $period
        order by s.township
        """, r => new ReportRow(r.Text("name"), r.Text("status"), r.IntOrNull("days_late"),
            r.TextOrNull("prepared_by_post") is null ? "—" : HubTime.Local(r.Instant("first_received_at")).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture),
            r.Int("versions"), r.TextOrNull("prepared_by_post") ?? "", r.Int("hardware_complete"), r.Int("hardware_base"), r.TextOrNull("standing")),
        ("programme", programme.Id), ("period", period.ToString()));
}
