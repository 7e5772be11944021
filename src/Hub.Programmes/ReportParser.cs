using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>A report that passed every check of its fields: branches in code order, states as bits.</summary>
public sealed record ValidReport(Programme Programme, Township Township, Period Period, IReadOnlyList<ValidBranch> Branches, Narrative Narrative, SignOff SignOff);

/// <summary>Bit i of <paramref name="Met"/> or <paramref name="NotApplicable"/> is item i of the branch's standard.</summary>
public readonly record struct ValidBranch(Branch Branch, Standard Standard, ulong Met, ulong NotApplicable);

/// <summary>From a report as sent to a valid one, or to everything that is wrong with it in words a clerk understands.</summary>
public static class ReportParser
{
    /// <summary>gRPC headers carry the violations and are often capped at 8 KB.</summary>
    public const int MaxViolations = 40;

    public static Outcome<ValidReport> Parse(Report? report, Func<string, Programme?> findProgramme, Township township)
    {
        if (report is null) return Refusal.OfField("report", RefusalReason.FieldMissing, new("缺少报告", "the report is missing"));
        var wrong = new Violations();
        var programme = ParseProgramme(report, findProgramme, township, wrong);
        var period = ParsePeriod(report.Period, wrong);
        var narrative = report.Narrative ?? new Narrative();
        var signOff = report.SignOff ?? new SignOff();
        CheckTexts(narrative, signOff, wrong);
        if (report.Branches.Count > Forms.MaxBranchesPerReport)
            wrong.Add("report.branches", RefusalReason.TooLarge, new($"支部超过 {Forms.MaxBranchesPerReport} 个", $"more than {Forms.MaxBranchesPerReport} branches"));
        var branches = programme is not null && period is { } p && !wrong.TooMany ? ParseBranches(report, programme, township, p, wrong) : [];
        return wrong.Any ? wrong.ToRefusal() : new ValidReport(programme!, township, period!.Value, branches, narrative, signOff);
    }

    private static Programme? ParseProgramme(Report report, Func<string, Programme?> find, Township township, Violations wrong)
    {
        if (report.Programme.Length == 0)
        {
            wrong.Add("report.programme", RefusalReason.FieldMissing, new("缺少项目编号", "the programme is missing"));
            return null;
        }
        var programme = find(report.Programme);
        if (programme is not null && programme.Covers(township.Code)) return programme;
        wrong.Add("report.programme", RefusalReason.ProgrammeUnknown,
            new($"没有覆盖本乡镇的项目“{Short(report.Programme)}”", $"no programme “{Short(report.Programme)}” covers this township"));
        return null;
    }

    private static Period? ParsePeriod(string text, Violations wrong)
    {
        if (Period.TryParse(text, out var period)) return period;
        if (text.Length == 0) wrong.Add("report.period", RefusalReason.FieldMissing, new("缺少报告月份", "the period is missing"));
        else
            wrong.Add("report.period", RefusalReason.PeriodMalformed,
                new($"报告月份“{Short(text)}”不是 YYYY-MM 形式的月份", $"the period “{Short(text)}” is not a month YYYY-MM"));
        return null;
    }

    private static void CheckTexts(Narrative n, SignOff s, Violations wrong)
    {
        Check("narrative.progress", "进展情况", n.Progress, Forms.MaxNarrativeLength, true);
        Check("narrative.problems", "存在问题", n.Problems, Forms.MaxNarrativeLength, true);
        Check("narrative.next_steps", "下一步打算", n.NextSteps, Forms.MaxNarrativeLength, true);
        Check("narrative.matters_to_coordinate", "需协调事项", n.MattersToCoordinate, Forms.MaxNarrativeLength, true);
        Check("narrative.good_practices", "好经验好做法", n.GoodPractices, Forms.MaxNarrativeLength, true);
        Check("sign_off.prepared_by_post", "填报职务", s.PreparedByPost, Forms.MaxPostLength, false);
        Check("sign_off.approved_by_post", "审核职务", s.ApprovedByPost, Forms.MaxPostLength, false);
        CheckDay("sign_off.prepared_on", "填报日期", s.PreparedOn);
        CheckDay("sign_off.approved_on", "审核日期", s.ApprovedOn);

        void Check(string field, string name, string text, int maxLength, bool multiline)
        {
            if (Forms.WhyUnfit(text, maxLength, multiline) is { } why)
                wrong.Add($"report.{field}", RefusalReason.TextUnfit, new($"“{name}”{why.Chinese}", $"{field}: {why.English}"));
        }

        void CheckDay(string field, string name, string text)
        {
            if (text.Length > 0 && !HubTime.TryParseDay(text, out _))
                wrong.Add($"report.{field}", RefusalReason.FieldMalformed,
                    new($"“{name}”不是 YYYY-MM-DD 形式的日期", $"{field} is not a date YYYY-MM-DD"));
        }
    }

    private static List<ValidBranch> ParseBranches(Report report, Programme programme, Township township, Period period, Violations wrong)
    {
        var parsed = new List<ValidBranch>(report.Branches.Count);
        var seen = new HashSet<string>(report.Branches.Count, StringComparer.Ordinal);
        for (var i = 0; i < report.Branches.Count && !wrong.TooMany; i++)
        {
            var sent = report.Branches[i];
            var field = $"report.branches[{i}]";
            if (sent.Branch.Length == 0)
                wrong.Add($"{field}.branch", RefusalReason.FieldMissing, new($"第 {i + 1} 行缺少支部编码", $"branch {i + 1} has no code"));
            else if (township.Find(sent.Branch) is not { } branch)
                wrong.Add($"{field}.branch", RefusalReason.BranchUnknown,
                    new($"本乡镇没有编码为 {Short(sent.Branch)} 的支部", $"this township has no branch {Short(sent.Branch)}"));
            else if (!seen.Add(sent.Branch))
                wrong.Add($"{field}.branch", RefusalReason.BranchListedTwice, new($"{Named(branch)} 重复填报", $"{Named(branch)} is listed twice"));
            else if (programme.Template.StandardOf(branch.Kind) is not { Items.Count: > 0 } standard)
                wrong.Add($"{field}.branch", RefusalReason.BranchWithoutStandard,
                    new($"{Named(branch)} 的类别暂无标准，不应填报", $"{Named(branch)} is of a kind that has no standard yet; leave it out"));
            else if (!branch.IsActiveIn(period))
                wrong.Add($"{field}.branch", RefusalReason.BranchNotActive,
                    new($"{Named(branch)} 在 {period} 未启用或已撤销，不应填报", $"{Named(branch)} is not active in {period}; leave it out"));
            else if (ParseStates(sent.States, branch, standard, field, wrong) is var (met, notApplicable))
                parsed.Add(new(branch, standard, met, notApplicable));
        }
        foreach (var branch in township.Branches)
        {
            if (wrong.TooMany) break;
            if (seen.Contains(branch.Code) || !branch.IsActiveIn(period) || programme.Template.StandardOf(branch.Kind) is not { Items.Count: > 0 }) continue;
            wrong.Add("report.branches", RefusalReason.BranchLeftOut, new($"漏报 {Named(branch)}", $"{Named(branch)} is left out"));
        }
        parsed.Sort((a, b) => string.CompareOrdinal(a.Branch.Code, b.Branch.Code));
        return parsed;
    }

    private static (ulong Met, ulong NotApplicable)? ParseStates(IReadOnlyList<ItemState> states, Branch branch, Standard standard, string field, Violations wrong)
    {
        if (states.Count != standard.Items.Count)
        {
            wrong.Add($"{field}.states", RefusalReason.StatesCountWrong,
                new($"{Named(branch)} 应填 {standard.Items.Count} 项，实填 {states.Count} 项",
                    $"{Named(branch)} needs {standard.Items.Count} states, one per item, and has {states.Count}"));
            return null;
        }
        ulong met = 0, notApplicable = 0;
        for (var i = 0; i < states.Count; i++)
        {
            if (states[i] == ItemState.Met) met |= 1UL << i;
            else if (states[i] == ItemState.NotApplicable) notApplicable |= 1UL << i;
            else if (states[i] != ItemState.NotMet)
            {
                wrong.Add($"{field}.states[{i}]", RefusalReason.StateUnknown,
                    new($"{Named(branch)} 的{Named(standard.Items[i]).Chinese}未填达标情况，或填写有误", $"{Named(branch)}, item {Named(standard.Items[i]).English}: the state is left out or unknown"));
                return null;
            }
        }
        if (WhyUnfounded(standard, notApplicable) is { } unfounded)
        {
            wrong.Add($"{field}.states[{unfounded.Item.Ordinal}]", RefusalReason.NotApplicableUnfounded,
                new($"{Named(branch)} 的{unfounded.Why.Chinese}", $"{Named(branch)}: {unfounded.Why.English}"));
            return null;
        }
        return (met, notApplicable);
    }

    /// <summary>Where "not applicable" has no ground: on an item without a condition, or on only some items of a group.</summary>
    public static (Item Item, Text Why)? WhyUnfounded(Standard standard, ulong notApplicable)
    {
        if (notApplicable == 0) return null;
        foreach (var item in standard.Items)
            if ((notApplicable >> item.Ordinal & 1) == 1 && item.Condition is null)
                return (item, new($"{Named(item).Chinese}没有“有条件的”前提，不能填“不适用”", $"item {Named(item).English} has no condition and cannot be “not applicable”"));
        foreach (var group in standard.GroupMasks)
            if ((notApplicable & group) is var part && part != 0 && part != group)
            {
                var item = standard.Items[System.Numerics.BitOperations.TrailingZeroCount(part)];
                var ids = string.Join(' ', standard.Items.Where(i => (group >> i.Ordinal & 1) == 1).Select(i => i.Id));
                return (item, new($"{Named(item).Chinese}须与同组各项（{ids}）一并填“不适用”", $"item {Named(item).English} can be “not applicable” only together with all of {ids}"));
            }
        return null;
    }

    /// <summary>A branch in words a clerk knows: name and code.</summary>
    public static string Named(Branch branch) => $"{branch.Name} ({branch.Code})";

    /// <summary>An item in the words of the standard.</summary>
    public static Text Named(Item item) => new($"“{item.Id} {item.Title}”", $"{item.Id} ({item.Gloss})");

    /// <summary>Text from outside, short enough to stand in a message.</summary>
    public static string Short(string text, int length = 40) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");

    private sealed class Violations
    {
        private readonly List<Violation> list = [];

        public bool Any => list.Count > 0;
        public bool TooMany => list.Count >= MaxViolations;

        public void Add(string field, RefusalReason reason, Text message)
        {
            if (!TooMany) list.Add(new(field, reason, message));
        }

        public Refusal ToRefusal() => Refusal.OfFields(list);
    }
}
