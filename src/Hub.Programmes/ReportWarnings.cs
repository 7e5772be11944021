using System.Numerics;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>What a person should look at before a report goes out. Warnings never refuse: the figures and signals of the county
/// come from the views alone.</summary>
public static class ReportWarnings
{
    private const int MaxWarnings = 100;

    /// <param name="before">States of the report in force by branch code; empty with no report yet.</param>
    public static IReadOnlyList<Warning> Of(ValidReport report, IReadOnlyDictionary<string, (ulong Met, ulong NotApplicable)> before, Language language)
    {
        var warnings = new List<Warning>();
        int won = 0, unmetBefore = 0;
        foreach (var branch in report.Branches)
        {
            WarnOfStars(branch, warnings, language);
            if (!before.TryGetValue(branch.Branch.Code, out var was)) continue;
            WarnOfLosses(branch, was.Met, warnings, language);
            var hardware = branch.Standard.Mask(Track.Hardware);
            var unmet = hardware & ~was.Met & ~was.NotApplicable;
            unmetBefore += BitOperations.PopCount(unmet);
            won += BitOperations.PopCount(unmet & branch.Met);
        }
        var signal = report.Programme.Template.Signals;
        if (won >= signal.BulkFlipItems && won * 10_000L >= signal.BulkFlipShareBp * (long)unmetBefore)
            warnings.Insert(0, Make(WarningReason.ManyWonAtOnce, "", "", new(
                $"与上期相比，{unmetBefore} 个未达标硬件项中有 {won} 个一次转为达标，请核实",
                $"{won} of {unmetBefore} unmet hardware items turned to met at once since the last report; please check"), language));
        return warnings.Count > MaxWarnings ? warnings.GetRange(0, MaxWarnings) : warnings;
    }

    private static void WarnOfStars(ValidBranch branch, List<Warning> warnings, Language language)
    {
        foreach (var item in branch.Standard.Items)
            if (item.MinimumStar > branch.Branch.Star && (branch.Met >> item.Ordinal & 1) == 1)
                warnings.Add(Make(WarningReason.StarsNotHeld, branch.Branch.Code, item.Id, new(
                    $"{ReportParser.Named(branch.Branch)} 的 {item.Id} 要求 {item.MinimumStar} 星以上，登记为 {branch.Branch.Star} 星",
                    $"{ReportParser.Named(branch.Branch)}: {item.Id} asks for {item.MinimumStar} stars, the registry shows {branch.Branch.Star}"), language));
    }

    private static void WarnOfLosses(ValidBranch branch, ulong metBefore, List<Warning> warnings, Language language)
    {
        foreach (var item in branch.Standard.Items)
            if ((metBefore & ~branch.Met & ~branch.NotApplicable) >> item.Ordinal is var bits && (bits & 1) == 1)
                warnings.Add(Make(WarningReason.ItemLost, branch.Branch.Code, item.Id, new(
                    $"{ReportParser.Named(branch.Branch)} 的 {item.Id}({item.Title})上期达标，本期未达标",
                    $"{ReportParser.Named(branch.Branch)}: {item.Id} was met in the last report and is not met now"), language));
    }

    private static Warning Make(WarningReason reason, string branch, string item, Text message, Language language) =>
        new() { Reason = reason, Branch = branch, Item = item, Message = message.In(language) };
}
