using System.Globalization;
using Hub.EndToEnd.Serving;
using Hub.Programmes;

namespace Hub.EndToEnd.Bulletins;

/// <summary>What the sentences with figures must say, asked from the views by SQL of the tests' own.</summary>
internal sealed class ExpectedSentences(TestHub hub, string period, Language language)
{
    private readonly string of = $"c.programme = '{TestHub.Programme}' and c.period = '{period}'";

    private string Say(string chinese, string english) => language == Language.Chinese ? chinese : english;

    private async Task<string[]> RowAsync(string sql) => Assert.Single(await hub.SqlAsync(sql));

    public async Task<List<string>> AllAsync() =>
        [await TotalsAsync(), await CourseAsync(), .. await StandingsAsync(), .. await ReportsAsync(), .. await CountsAsync(), .. await DuesAsync(), await SourceAsync()];

    private async Task<string> TotalsAsync()
    {
        var r = await RowAsync($"select c.branches, c.hardware_base, c.hardware_complete, c.software_base, c.software_complete, c.compliant, last_day(strptime('{period}-01', '%Y-%m-%d'))::date from county_completion c where {of}");
        var (hardware, software, last) = (Figures.Percent(r[2], r[1]), Figures.Percent(r[4], r[3]), Figures.Day(r[6], language));
        return Say(
            $"截至{last}，纳入本项目的党支部共{r[0]}个。硬件全部达标{r[2]}个，占应达标{r[1]}个的{hardware}；软件全部达标{r[4]}个，占应达标{r[3]}个的{software}；软硬件全面达标{r[5]}个。",
            $"On {last} the programme covered {r[0]} branches. Hardware was complete in {r[2]} of {r[1]} ({hardware}), software in {r[4]} of {r[3]} ({software}); {r[5]} were complete in both.");
    }

    private async Task<string> CourseAsync()
    {
        var r = await RowAsync($"select c.target_bp, c.pace, c.forecast_share, c.forecast_period, c.status from county_trend c where {of}");
        var target = Say($"硬件现行目标为{Figures.Target(r[0])}", $"The hardware target in force is {Figures.Target(r[0])}");
        if (r[1].Length > 0) target += Say($"，按时限推算的应有进度为{Figures.Percent(r[1])}", $", and the pace towards the next one {Figures.Percent(r[1])}");
        var status = r[4] switch
        {
            "missed" => Say("全县硬件达标率低于现行目标，须加快推进。", "The county is below the target in force."),
            "achieved" => Say("全县硬件已全部达标。", "All hardware is complete."),
            "on_track" => Say("全县硬件达标率达到应有进度。", "The county keeps the pace."),
            _ => Say("全县硬件达标率达到现行目标，但落后于应有进度。", "The county meets the target in force but is behind the pace."),
        };
        var forecast = string.CompareOrdinal(r[3], period) <= 0 ? "" : Say(
            $"按近三个月的速度推算，到{Figures.Month(r[3], language)}硬件达标率为{Figures.Percent(r[2])}。",
            $" At the rate of the last three months it will reach {Figures.Percent(r[2])} by {Figures.Month(r[3], language)}.");
        return target + Say("。", ". ") + status + forecast;
    }

    private async Task<List<string>> StandingsAsync()
    {
        var sentences = new List<string>();
        foreach (var (status, chinese, english) in ((string, string, string)[])[
            ("achieved", "硬件全部达标", "All hardware complete"), ("on_track", "达到应有进度", "On pace"), ("behind", "落后于应有进度", "Behind the pace"), ("missed", "未达现行目标", "Below the target in force")])
        {
            var names = (await hub.SqlAsync(
                $"""
                select t.name
                from township_completion c
                join township_ranking k using (programme, period, township)
                join townships t using (township)
                where {of} and c.status = '{status}'
                order by k.rank, c.township
                """)).Select(r => r[0]).ToList();
            sentences.Add(Listed(chinese, english, names));
        }
        return sentences;
    }

    private async Task<List<string>> ReportsAsync()
    {
        var rate = await RowAsync($"select p.due_on, c.due, c.reported, c.on_time from reporting_rates c join periods p using (programme, period) where {of} and c.level = 'programme'");
        var (month, due) = (Figures.Month(period, language), Figures.Day(rate[0], language));
        const string status = """
            select t.name, s.days_late, k.stale_months
            from report_status s
            join township_completion k using (programme, period, township)
            join township_ranking r using (programme, period, township)
            join townships t using (township)
            """;
        Task<List<string[]>> Of(string word) => hub.SqlAsync($"{status} where s.programme = '{TestHub.Programme}' and s.period = '{period}' and s.status = '{word}' order by r.rank nulls last, s.township");
        return
        [
            Say($"{month}月报报送截止{due}，应报{rate[1]}个乡镇，已报{rate[2]}个，其中按时{rate[3]}个。",
                $"The report for {month} was due by the end of {due}: {rate[2]} of {rate[1]} townships reported, {rate[3]} of them on time."),
            Listed("迟报", "Late", [.. (await Of("late")).Select(r => Say($"{r[0]}（迟{r[1]}天）", $"{r[0]} (days late: {r[1]})"))]),
            Listed("未报", "Missing", [.. (await Of("missing")).Select(r => Say($"{r[0]}（沿用{r[2]}个月前的月报）", $"{r[0]} (figures carried forward, months since its last report: {r[2]})"))]),
        ];
    }

    private string Listed(string chinese, string english, List<string> names) => Say(
        $"{chinese}（{names.Count}个）：{(names.Count > 0 ? string.Join("、", names) : "无")}。",
        $"{english} ({names.Count}): {(names.Count > 0 ? string.Join(", ", names) : "none")}.");

    private async Task<List<string>> CountsAsync()
    {
        var sentences = new List<string>();
        var milestones = (await RowAsync($"select count(*) from milestone_townships c where {of}"))[0];
        sentences.Add(Say($"到本月底已到期的阶段目标{milestones}项，各乡镇完成情况如下。", $"{milestones} milestones have fallen due by the end of the month."));
        if (!period.EndsWith("-12", StringComparison.Ordinal)) return sentences;
        var year = int.Parse(period[..4], CultureInfo.InvariantCulture) + 1;
        var listed = (await RowAsync($"select count(*) from rectification_list where programme = '{TestHub.Programme}' and year = {year}"))[0];
        sentences.Add(Say($"按{Figures.Month(period, language)}数据倒排，列入{year}年度整顿提升名单的党支部{listed}个。",
            $"By the figures of {Figures.Month(period, language)}, {listed} branches are on the list of {year}."));
        return sentences;
    }

    private async Task<List<string>> DuesAsync()
    {
        var dues = await hub.SqlAsync($"select c.what, c.due_on, c.report_period, c.name, c.gloss, c.target_bp, c.months_ahead from upcoming_dues c where {of} and (c.what = 'report' or c.months_ahead <= 2)");
        return [.. dues.Select(r => (Day: Figures.Day(r[1], language), Row: r)).Select(d => d.Row[0] == "report"
            ? Say($"{Figures.Month(d.Row[2], language)}月报请于{d.Day}前（含当日）报送。", $"The report for {Figures.Month(d.Row[2], language)} is due by the end of {d.Day}.")
            : Say($"{d.Row[3]}（{Figures.Target(d.Row[5])}）：{d.Day}到期{(d.Row[6] == "1" ? "，即下月月报时判定" : "")}。",
                $"{d.Row[4]} ({Figures.Target(d.Row[5])}): due on {d.Day}{(d.Row[6] == "1" ? ", judged on next month's report" : "")}."))];
    }

    private async Task<string> SourceAsync()
    {
        var rules = (await RowAsync($"select defined_at from programmes where programme = '{TestHub.Programme}'"))[0];
        var (position, instant) = (hub.Server.Store.HeadPosition, HubTime.Local(hub.Clock.Now).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        return Say(
            $"（数据说明：项目 {TestHub.Programme}，取自日志位置 {position}，时点 {instant}（北京时间）；计算规则为模板 party-branch，启动年 2025，规则文本为日志第 {rules} 条。）",
            $"(Source: programme {TestHub.Programme}, figures from log position {position} as of {instant} (UTC+8); rules: template party-branch, launch year 2025, rules text in log record {rules}.)");
    }
}
