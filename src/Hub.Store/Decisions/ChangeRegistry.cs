using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Protocol.Branch;
using Township = Hub.Protocol.Township;

namespace Hub.Store.Decisions;

/// <summary>Registers townships and branches or changes them: all of them or none.</summary>
public static class ChangeRegistry
{
    public const int MaxTownships = 5_000;
    public const int MaxBranches = 20_000;

    public static Outcome<Decision<long>> Decide(ChangeRegistryRequest request, HubState state)
    {
        var wrong = new List<Violation>();
        if (request.Townships.Count > MaxTownships || request.Branches.Count > MaxBranches) return new Refusal(RefusalReason.TooLarge, new(
            $"一次最多 {MaxTownships} 个乡镇、{MaxBranches} 个支部", $"at most {MaxTownships} townships and {MaxBranches} branches at once"));
        if (request.Townships.Count + request.Branches.Count == 0) return Refusal.OfField("branches", RefusalReason.FieldMissing,
            new("没有要登记的内容", "nothing to register"));
        var newTownships = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Townships.Count && wrong.Count < ReportParser.MaxViolations; i++)
        {
            var t = request.Townships[i];
            if (WhyInvalid(t) is { } why) wrong.Add(new($"townships[{i}]", why.Reason, why.Message));
            else if (!newTownships.Add(t.Code)) wrong.Add(new($"townships[{i}].code", RefusalReason.FieldMalformed, new($"乡镇 {t.Code} 重复", $"township {t.Code} is listed twice")));
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Branches.Count && wrong.Count < ReportParser.MaxViolations; i++)
        {
            var b = request.Branches[i];
            if (WhyInvalid(b, state, newTownships) is { } why) wrong.Add(new($"branches[{i}]", why.Reason, why.Message));
            else if (!seen.Add(b.Code)) wrong.Add(new($"branches[{i}].code", RefusalReason.BranchListedTwice, new($"支部 {b.Code} 重复", $"branch {b.Code} is listed twice")));
        }
        if (wrong.Count > 0) return Refusal.OfFields(wrong);
        var changed = new RegistryChanged { Townships = { request.Townships }, Branches = { request.Branches } };
        return new Decision<long>([new Draft(new LogRecord { RegistryChanged = changed })], kept => kept[0].Position);
    }

    /// <summary>What is wrong with a township row by itself, or null.</summary>
    internal static (RefusalReason Reason, Text Message)? WhyInvalid(Township t)
    {
        if (!Forms.IsTownshipCode(t.Code)) return (RefusalReason.FieldMalformed,
            new($"乡镇编码“{ReportParser.Short(t.Code)}”不是 9 位数字", $"township code “{ReportParser.Short(t.Code)}” is not 9 digits"));
        return WhyNameUnfit(t.Name, t.Code);
    }

    /// <summary>What is wrong with a branch row against the registry, or null.</summary>
    internal static (RefusalReason Reason, Text Message)? WhyInvalid(Branch b, HubState state, IReadOnlySet<string> newTownships)
    {
        if (!Forms.IsBranchCode(b.Code)) return (RefusalReason.FieldMalformed,
            new($"支部编码“{ReportParser.Short(b.Code)}”须为 1 至 32 位字母、数字或连字符", $"branch code “{ReportParser.Short(b.Code)}” must be 1 to 32 letters, digits or hyphens"));
        if (WhyNameUnfit(b.Name, b.Code) is { } name) return name;
        if (state.FindTownship(b.Township) is null && !newTownships.Contains(b.Township)) return (RefusalReason.TownshipUnknown,
            new($"支部 {b.Code} 所属乡镇 {ReportParser.Short(b.Township)} 未登记", $"branch {b.Code}: township {ReportParser.Short(b.Township)} is not registered"));
        if (!IsKindNamed(b.Kind, state)) return (RefusalReason.KindUnknown,
            new($"支部 {b.Code} 的类别“{ReportParser.Short(b.Kind)}”不在模板所列类别之中", $"branch {b.Code}: the template names no kind “{ReportParser.Short(b.Kind)}”"));
        if (b.Star is < 0 or > 5) return (RefusalReason.FieldMalformed, new($"支部 {b.Code} 的星级 {b.Star} 不在 0 至 5 之间", $"branch {b.Code}: star {b.Star} is not 0 to 5"));
        if (!HubTime.TryParseDay(b.ActiveFrom, out var from)) return (RefusalReason.FieldMalformed,
            new($"支部 {b.Code} 的启用日期不是 YYYY-MM-DD", $"branch {b.Code}: active_from is not a date YYYY-MM-DD"));
        if (b.ActiveTo.Length > 0 && (!HubTime.TryParseDay(b.ActiveTo, out var to) || to < from)) return (RefusalReason.FieldMalformed,
            new($"支部 {b.Code} 的撤销日期不是不早于启用日期的 YYYY-MM-DD", $"branch {b.Code}: active_to is not a date YYYY-MM-DD on or after active_from"));
        if (state.FindBranch(b.Code) is { } known && (known.Township != b.Township || known.Kind != b.Kind)) return (RefusalReason.BranchIdentityFixed,
            new($"支部 {b.Code} 的乡镇和类别不能更改；请撤销后另设编码", $"township and kind of branch {b.Code} cannot change; close it and open another"));
        return null;
    }

    /// <summary>A kind is known when the template of some programme, or one that the hub ships, names it.</summary>
    private static bool IsKindNamed(string kind, HubState state) =>
        state.Programmes.Any(p => p.Template.StandardOf(kind) is not null) || ShippedTemplates.Names.Any(n => ShippedTemplates.Read(n).StandardOf(kind) is not null);

    private static (RefusalReason Reason, Text Message)? WhyNameUnfit(string name, string code)
    {
        if (name.Length == 0) return (RefusalReason.FieldMissing, new($"{code} 缺少名称", $"{code} has no name"));
        return Forms.WhyUnfit(name, Forms.MaxNameLength) is { } why
            ? (RefusalReason.TextUnfit, new($"{code} 的名称{why.Chinese}", $"{code}: the name is unfit: {why.English}")) : null;
    }
}
