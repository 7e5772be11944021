using System.Numerics;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>From a report as sent to a valid one, or to everything that is wrong with it in words a clerk understands.</summary>
public static class ReportParser
{
    /// <summary>gRPC headers carry the violations and are often capped at 8 KB.</summary>
    public const int MaxViolations = 40;

    private const int BranchesOnStack = 1024;

    // Of a report that has no written part; never changed.
    private static readonly Narrative NoNarrative = new();
    private static readonly SignOff NoSignOff = new();

    public static Outcome<ValidReport> Parse(Report? report, Func<string, Programme?> findProgramme, Township township)
    {
        using var sent = report is null ? null : SentReport.Of(report);
        return Parse(sent, findProgramme, township);
    }

    public static Outcome<ValidReport> Parse(SentReport? report, Func<string, Programme?> findProgramme, Township township)
    {
        if (report is null) return Refusal.OfField("report", RefusalReason.FieldMissing, new("缺少报告", "the report is missing"));
        var wrong = new Violations();
        var programme = ParseProgramme(report, findProgramme, township, wrong);
        var period = ParsePeriod(report.Period, wrong);
        CheckTexts(report.Narrative ?? NoNarrative, report.SignOff ?? NoSignOff, wrong);
        if (report.BranchCount > Forms.MaxBranchesPerReport)
            wrong.Add("report.branches", RefusalReason.TooLarge, new($"支部超过 {Forms.MaxBranchesPerReport} 个", $"more than {Forms.MaxBranchesPerReport} branches"));
        var states = programme is not null && period is { } p && !wrong.TooMany ? ParseBranches(report, programme, township, p, wrong) : ReportedStates.None;
        return wrong.Any ? wrong.ToRefusal() : new ValidReport(programme!, township, period!.Value, states, report.Narrative, report.SignOff);
    }

    /// <summary>What is wrong first with a report's written part and sign-off, or null.</summary>
    public static Text? WhyUnfit(Narrative? narrative, SignOff? signOff)
    {
        if (narrative is null && signOff is null) return null;
        var wrong = new Violations();
        CheckTexts(narrative ?? NoNarrative, signOff ?? NoSignOff, wrong);
        return wrong.Any ? wrong.ToRefusal().Message : null;
    }

    private static Programme? ParseProgramme(SentReport report, Func<string, Programme?> find, Township township, Violations wrong)
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

    private static ReportedStates ParseBranches(SentReport report, Programme programme, Township township, Period period, Violations wrong)
    {
        var (branches, template) = (township.Branches, programme.Template);
        // More than there are branches cannot be right, however many were sent.
        var room = Math.Min(report.BranchCount, branches.Count);
        var parsed = new ReportedStates(new int[room], new ulong[room], new ulong[room]);
        Span<bool> seen = branches.Count <= BranchesOnStack ? stackalloc bool[branches.Count] : new bool[branches.Count];
        var (count, place, lastDay) = (0, -1, period.LastDay.DayNumber);
        for (var i = 0; i < report.BranchCount && !wrong.TooMany; i++)
        {
            // Most reports list the branches in code order.
            var code = report.CodeAt(i);
            place = branches.IndexOf(code, place + 1);
            if (place < 0) wrong.AddUnknown(i, report.CodeTextAt(i));
            else if (seen[place]) wrong.AddBranch(i, RefusalReason.BranchListedTwice, branches[place], "重复填报", "is listed twice");
            else if (template.StandardOf(branches.KindAt(place)) is not { Items.Count: > 0 } standard)
                wrong.AddBranch(i, RefusalReason.BranchWithoutStandard, branches[place], "的类别暂无标准，不应填报", "is of a kind that has no standard yet; leave it out");
            else if (!branches.IsActiveOn(place, lastDay))
                wrong.AddBranch(i, RefusalReason.BranchNotActive, branches[place], $"在 {period} 未启用或已撤销，不应填报", $"is not active in {period}; leave it out");
            else if (ParseStates(report, i, branches, place, standard, wrong) is var (met, notApplicable))
                (parsed.Places[count], parsed.Met[count], parsed.NotApplicable[count++]) = (place, met, notApplicable);
            if (place >= 0) seen[place] = true;
        }
        for (place = 0; place < branches.Count && !wrong.TooMany; place++)
            if (!seen[place] && branches.IsActiveOn(place, lastDay) && template.StandardOf(branches.KindAt(place)) is { Items.Count: > 0 })
                wrong.Add("report.branches", RefusalReason.BranchLeftOut, new($"漏报 {Named(branches[place])}", $"{Named(branches[place])} is left out"));
        if (!wrong.Any) parsed.Sort();
        return parsed;
    }

    private static (ulong Met, ulong NotApplicable)? ParseStates(SentReport report, int index, BranchList branches, int place, Standard standard, Violations wrong)
    {
        var states = report.StatesAt(index);
        if (states.Length != standard.Items.Count)
        {
            wrong.Add($"report.branches[{index}].states", RefusalReason.StatesCountWrong,
                new($"{Named(branches[place])} 应填 {standard.Items.Count} 项，实填 {states.Length} 项",
                    $"{Named(branches[place])} needs {standard.Items.Count} states, one per item, and has {states.Length}"));
            return null;
        }
        var (met, notMet, notApplicable) = (report.BitsAt(index, ItemState.Met), report.BitsAt(index, ItemState.NotMet), report.BitsAt(index, ItemState.NotApplicable));
        if (BitOperations.TrailingZeroCount(~(met | notMet | notApplicable)) is var unknown && unknown < states.Length)
        {
            var item = Named(standard.Items[unknown]);
            wrong.Add($"report.branches[{index}].states[{unknown}]", RefusalReason.StateUnknown,
                new($"{Named(branches[place])} 的{item.Chinese}未填达标情况，或填写有误", $"{Named(branches[place])}, item {item.English}: the state is left out or unknown"));
            return null;
        }
        if (WhyUnfounded(standard, notApplicable) is { } unfounded)
        {
            wrong.Add($"report.branches[{index}].states[{unfounded.Item.Ordinal}]", RefusalReason.NotApplicableUnfounded,
                new($"{Named(branches[place])} 的{unfounded.Why.Chinese}", $"{Named(branches[place])}: {unfounded.Why.English}"));
            return null;
        }
        return (met, notApplicable);
    }

    /// <summary>Where "not applicable" has no ground: on an item without a condition, or on only some items of a group.</summary>
    public static (Item Item, Text Why)? WhyUnfounded(Standard standard, ulong notApplicable)
    {
        if (notApplicable == 0) return null;
        if ((notApplicable & ~standard.ConditionalMask) is var unconditional and not 0)
        {
            var item = standard.Items[BitOperations.TrailingZeroCount(unconditional)];
            return (item, new($"{Named(item).Chinese}没有“有条件的”前提，不能填“不适用”", $"item {Named(item).English} has no condition and cannot be “not applicable”"));
        }
        foreach (var group in standard.GroupMasks)
            if ((notApplicable & group) is var part && part != 0 && part != group) return Torn(standard, group, part);
        return null;
    }

    private static (Item Item, Text Why) Torn(Standard standard, ulong group, ulong part)
    {
        var item = standard.Items[BitOperations.TrailingZeroCount(part)];
        var ids = string.Join(' ', standard.Items.Where(i => (group >> i.Ordinal & 1) == 1).Select(i => i.Id));
        return (item, new($"{Named(item).Chinese}须与同组各项（{ids}）一并填“不适用”", $"item {Named(item).English} can be “not applicable” only together with all of {ids}"));
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

        /// <summary>A branch that stands in the report but not in the township.</summary>
        public void AddUnknown(int index, string code)
        {
            if (code.Length == 0) Add($"report.branches[{index}].branch", RefusalReason.FieldMissing, new($"第 {index + 1} 行缺少支部编码", $"branch {index + 1} has no code"));
            else
                Add($"report.branches[{index}].branch", RefusalReason.BranchUnknown,
                    new($"本乡镇没有编码为 {Short(code)} 的支部", $"this township has no branch {Short(code)}"));
        }

        /// <summary>A branch that should not stand in the report.</summary>
        public void AddBranch(int index, RefusalReason reason, Branch branch, string chinese, string english) =>
            Add($"report.branches[{index}].branch", reason, new($"{Named(branch)} {chinese}", $"{Named(branch)} {english}"));

        public Refusal ToRefusal() => Refusal.OfFields(list);
    }
}
