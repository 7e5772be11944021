using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>From a figure of <c>township_completion</c> to its branches, items, report version, receipt and log position.</summary>
internal static class Explanation
{
    /// <summary>The figures that can be explained, with the rule each follows.</summary>
    private static readonly Dictionary<string, Text> Rules = new(StringComparer.Ordinal)
    {
        ["stale_months"] = new("距现行报告的月数，本期有报告为 0", "periods since the report in force; 0 with its own report"),
        ["branches"] = new("本期有标准的在册支部数", "active branches with a standard"),
        ["hardware_base"] = new("至少有一个适用硬件项的支部数", "branches with at least one applicable hardware item"),
        ["hardware_complete"] = new("适用硬件项全部达标的支部数", "branches whose applicable hardware items are all met"),
        ["hardware_share"] = new("硬件达标支部数 ÷ 硬件基数", "hardware_complete / hardware_base"),
        ["mean_hardware_score"] = new("硬件基数内各支部（达标项 ÷ 适用项）的平均", "mean of met / applicable over the hardware base"),
        ["software_base"] = new("至少有一个适用软件项的支部数", "branches with at least one applicable software item"),
        ["software_complete"] = new("适用软件项全部达标的支部数", "branches whose applicable software items are all met"),
        ["software_share"] = new("软件达标支部数 ÷ 软件基数", "software_complete / software_base"),
        ["mean_software_score"] = new("软件基数内各支部（达标项 ÷ 适用项）的平均", "mean of met / applicable over the software base"),
        ["compliant"] = new("在所属各类基数中均达标的支部数", "branches complete in every track in whose base they are"),
        ["target_bp"] = new("截至本期末最近一个硬件总目标（基点）", "target of the latest all-branches hardware milestone due by the period's end, basis points"),
        ["pace"] = new("按天数在各硬件总目标之间直线推算的进度", "straight line by days through the all-branches hardware milestones"),
        ["status"] = new("依次判定：未达目标、已全部达标、达到进度、落后进度", "the first that holds: missed, achieved, on_track, behind"),
    };

    public static Outcome<ExplainFigureResponse> Of(Programmes.Programme programme, string township, Period period, string figure, Reading reading, Language language)
    {
        if (!Rules.TryGetValue(figure, out var rule)) return Refusal.OfField("figure", RefusalReason.FigureUnknown, new(
            $"不能说明“{ReportParser.Short(figure)}”；可用：{string.Join("、", Rules.Keys)}", $"“{ReportParser.Short(figure)}” cannot be explained; name one of {string.Join(", ", Rules.Keys)}"));
        var key = new (string, object?)[] { ("programme", programme.Id), ("township", township), ("month", period.Index) };
        // The name comes from the table above, never from the request.
        var values = reading.Query($"select {figure}::varchar as value from township_completion where programme = $programme and township = $township and period = $period",
            r => r.TextOrNull("value") ?? "", ("programme", programme.Id), ("township", township), ("period", period.ToString()));
        if (values.Count == 0) return new Refusal(RefusalReason.NotFound, new($"{period} 没有这一数字", $"there is no such figure for {period}"));
        var response = new ExplainFigureResponse { Value = values[0], Rule = rule.In(language) };
        foreach (var (reportPeriod, receipt, imported) in reading.Query(
            """
            select r.period, r.version, r.received_at, r.position, r.hash, r.imported
            from reports_in_force f join reports r on r.position = f.report_position
            where f.programme = $programme and f.township = $township and f.month = $month
            """, r => (r.Text("period"), new Receipt
            {
                Position = r.Long("position"),
                Version = r.Int("version"),
                ReceivedAt = Timestamp.FromDateTimeOffset(r.Instant("received_at")),
                Hash = ByteString.CopyFrom(Convert.FromHexString(r.Text("hash"))),
            }, r.Bool("imported")), key))
            (response.ReportPeriod, response.Receipt, response.Imported) = (reportPeriod, receipt, imported);
        response.Branches.AddRange(Branches(reading, key));
        return response;
    }

    private static IEnumerable<ExplainedBranch> Branches(Reading reading, (string, object?)[] key)
    {
        var branches = reading.Query(
            """
            select c.branch, b.name, c.kind, c.star, c.listed, c.hardware_applicable, c.hardware_met, c.software_applicable, c.software_met
            from branch_completion c join branches b on b.branch = c.branch
            where c.programme = $programme and c.township = $township and c.month = $month
            order by c.branch
            """, r => new ExplainedBranch
            {
                Branch = r.Text("branch"),
                Name = r.Text("name"),
                Kind = r.Text("kind"),
                Star = r.Int("star"),
                Listed = r.Bool("listed"),
                HardwareApplicable = r.Int("hardware_applicable"),
                HardwareMet = r.Int("hardware_met"),
                SoftwareApplicable = r.Int("software_applicable"),
                SoftwareMet = r.Int("software_met"),
            }, key);
        var byCode = branches.ToDictionary(b => b.Branch, StringComparer.Ordinal);
        foreach (var (branch, item, state) in reading.Query(
            """
            select branch, item, state from item_states
            where programme = $programme and township = $township and month = $month and state <> 'met'
            order by branch, ordinal
            """, r => (r.Text("branch"), r.Text("item"), r.Text("state")), key))
            (state == "not_met" ? byCode[branch].ItemsNotMet : byCode[branch].ItemsNotApplicable).Add(item);
        return branches;
    }
}
