using System.Numerics;
using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>What a person should look at before a report goes out. Warnings never refuse: the figures and signals of the county
/// come from the views alone.</summary>
public static class ReportWarnings
{
    private const int MaxWarnings = 100;

    /// <param name="before">States of the report in force, of branches of the same township; none with no report yet.</param>
    public static IReadOnlyList<Warning> Of(ValidReport report, ReportedStates before, Language language)
    {
        var (warnings, branches, states) = (new List<Warning>(), report.Township.Branches, report.States);
        int won = 0, unmetBefore = 0, last = 0;
        for (var i = 0; i < states.Count; i++)
        {
            var place = states.Places[i];
            var standard = report.Programme.Template.StandardOf(branches.KindAt(place))!;
            if ((states.Met[i] & standard.MaskAbove(branches.StarAt(place))) is var above and not 0) WarnOfStars(branches[place], standard, above, warnings, language);
            while (last < before.Count && before.Places[last] < place) last++;
            if (last == before.Count || before.Places[last] != place) continue;
            if ((before.Met[last] & ~states.Met[i] & ~states.NotApplicable[i]) is var lost and not 0) WarnOfLosses(branches[place], standard, lost, warnings, language);
            var unmet = standard.Mask(Track.Hardware) & ~before.Met[last] & ~before.NotApplicable[last];
            unmetBefore += BitOperations.PopCount(unmet);
            won += BitOperations.PopCount(unmet & states.Met[i]);
        }
        var signal = report.Programme.Template.Signals;
        if (won >= signal.BulkFlipItems && won * 10_000L >= signal.BulkFlipShareBp * (long)unmetBefore)
            warnings.Insert(0, Make(WarningReason.ManyWonAtOnce, "", "", new(
                $"与上期相比，{unmetBefore} 个未达标硬件项中有 {won} 个一次转为达标，请核实",
                $"{won} of {unmetBefore} unmet hardware items turned to met at once since the last report; please check"), language));
        return warnings.Count > MaxWarnings ? warnings.GetRange(0, MaxWarnings) : warnings;
    }

    private static void WarnOfStars(Branch branch, Standard standard, ulong above, List<Warning> warnings, Language language)
    {
        var named = ReportParser.Named(branch);
        foreach (var item in standard.Items)
            if ((above >> item.Ordinal & 1) == 1 && warnings.Count < MaxWarnings)
                warnings.Add(Make(WarningReason.StarsNotHeld, branch.Code, item.Id, new(
                    $"{named} 的 {item.Id} 要求 {item.MinimumStar} 星以上，登记为 {branch.Star} 星",
                    $"{named}: {item.Id} asks for {item.MinimumStar} stars, the registry shows {branch.Star}"), language));
    }

    private static void WarnOfLosses(Branch branch, Standard standard, ulong lost, List<Warning> warnings, Language language)
    {
        var named = ReportParser.Named(branch);
        foreach (var item in standard.Items)
            if ((lost >> item.Ordinal & 1) == 1 && warnings.Count < MaxWarnings)
                warnings.Add(Make(WarningReason.ItemLost, branch.Code, item.Id, new(
                    $"{named} 的 {item.Id}({item.Title})上期达标，本期未达标",
                    $"{named}: {item.Id} was met in the last report and is not met now"), language));
    }

    private static Warning Make(WarningReason reason, string branch, string item, Text message, Language language) =>
        new() { Reason = reason, Branch = branch, Item = item, Message = message.In(language) };
}
