using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads the phased targets and where the pace line starts. Dates that depend on the launch year are compared for every launch
/// year from <see cref="Template.FirstLaunchYear"/> to <see cref="Template.LastLaunchYear"/>: Spring Festival moves between
/// January 21 and February 21, so two milestones may change places.</summary>
internal static class MilestoneReader
{
    private const int MaxMilestones = 32;

    private static readonly int[] LaunchYears =
        [.. Enumerable.Range(Template.FirstLaunchYear, Template.LastLaunchYear - Template.FirstLaunchYear + 1)];

    private sealed record Placed(MilestoneRule Rule, TemplateFields Fields, DateOnly[] Due);

    public static List<MilestoneRule> Read(TemplateFields template, Cadence cadence, TemplateErrors errors)
    {
        var placed = new List<Placed>();
        var ids = new HashSet<string>();
        foreach (var node in template.List("milestones", 0, MaxMilestones))
        {
            var before = errors.Count;
            if (TemplateFields.Of(node, errors, "id", "title", "gloss", "track", "scope", "due", "target_bp") is not { } fields) continue;
            var id = fields.Identifier("id");
            var (starMin, starMax) = Stars(fields);
            var rule = new MilestoneRule(
                id, fields.Text("title"), fields.Choice("track", TemplateWords.Tracks), starMin, starMax, Due(fields, "due"),
                fields.Integer("target_bp", 0, 10_000))
            {
                Gloss = fields.Text("gloss"),
            };
            if (id.Length > 0 && !ids.Add(id)) fields.Refuse("id", $"“{id}”重复", $"'{id}' is used twice");
            if (errors.Count == before) placed.Add(new Placed(rule, fields, [.. LaunchYears.Select(rule.Due.In)]));
        }
        foreach (var milestone in placed) CheckAgainstFirstPeriod(milestone, cadence);
        for (var later = 1; later < placed.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++) CheckPair(placed[earlier], placed[later]);
        }
        return [.. placed.Select(p => p.Rule)];
    }

    /// <summary>Null where the template has no pace line.</summary>
    public static PaceRule? Pace(TemplateFields template, IReadOnlyList<MilestoneRule> milestones, TemplateErrors errors)
    {
        if (!template.Has("pace") || template.Mapping("pace", "start") is not { } fields) return null;
        var before = errors.Count;
        var starts = Due(fields, "start");
        if (errors.Count > before) return null;
        var targets = milestones.Where(m => m.AllBranches && m.Track == Track.Hardware).ToList();
        if (targets.Count == 0)
            fields.Refuse("start", "没有面向全部支部的硬件时限，画不出进度线", "there is no hardware milestone of scope all to draw the pace line to");
        foreach (var target in targets)
        {
            if (FirstYear(launch => starts.In(launch) >= target.Due.In(launch)) is not { } year) continue;
            fields.Refuse("start", $"不早于“{target.Id}”的时限（启动年 {year}）", $"not before the due date of '{target.Id}' (launch year {year})");
        }
        return new PaceRule(starts);
    }

    private static (int? Min, int? Max) Stars(TemplateFields milestone)
    {
        if (milestone.Has("scope") && milestone.At("scope") is YamlScalarNode)
        {
            milestone.Choice("scope", ("all", 0));
            return (null, null);
        }
        if (milestone.Mapping("scope", "star_min", "star_max") is not { } fields) return (null, null);
        int? min = fields.Has("star_min") ? fields.Integer("star_min", 0, 5) : null;
        int? max = fields.Has("star_max") ? fields.Integer("star_max", 0, 5) : null;
        if (min > max) milestone.Refuse("scope", "star_min 大于 star_max", "star_min is above star_max");
        if ((min ?? 0) == 0 && (max ?? 5) == 5) milestone.Refuse("scope", "包括全部星级，应写作 all", "covers every star: write all");
        return (min, max);
    }

    private static DueRule Due(TemplateFields owner, string key)
    {
        var nowhere = new DueRule(0, 1, 1, null);
        if (owner.Mapping(key, "year", "day", "days_before_spring_festival") is not { } fields) return nowhere;
        var years = fields.Year("year");
        if (fields.Has("day") == fields.Has("days_before_spring_festival"))
        {
            owner.Refuse(key, "day 与 days_before_spring_festival 应有且只有一个", "either day or days_before_spring_festival is expected");
            return nowhere;
        }
        if (fields.Has("days_before_spring_festival"))
        {
            if (Template.LastLaunchYear + years > SpringFestival.LastYear)
            {
                var (last, launch) = (SpringFestival.LastYear, Template.LastLaunchYear);
                fields.Refuse("year", $"春节超出历法：历法到 {last} 年为止，启动年可至 {launch} 年",
                    $"Spring Festival is outside the calendar, which ends in {last} (launch years run to {launch})");
            }
            return new DueRule(years, 0, 0, fields.Integer("days_before_spring_festival", 0, 60));
        }
        var text = fields.Text("day");
        // 2001 has no February 29: the day must exist in every year.
        if (DateOnly.TryParseExact($"2001-{text}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DueRule(years, day.Month, day.Day, null);
        if (text.Length > 0) fields.Refuse("day", "应为每年都有的日子 MM-DD", "a day of every year as MM-DD is expected");
        return nowhere;
    }

    /// <summary>A milestone is first judged in the period of its due date, so that period must be one that is reported on.</summary>
    private static void CheckAgainstFirstPeriod(Placed milestone, Cadence cadence)
    {
        if (FirstYear(launch => milestone.Rule.Due.In(launch) < cadence.FirstPeriod.In(launch).FirstDay) is { } year)
            milestone.Fields.Refuse("due", $"早于首个报送月（启动年 {year}）", $"before the first reported period (launch year {year})");
    }

    /// <summary>Names the first launch year in which the two cannot stand together.</summary>
    private static void CheckPair(Placed a, Placed b)
    {
        if (a.Rule.Track != b.Rule.Track) return;
        var sameScope = (a.Rule.StarMin ?? 0) == (b.Rule.StarMin ?? 0) && (a.Rule.StarMax ?? 5) == (b.Rule.StarMax ?? 5);
        for (var i = 0; i < LaunchYears.Length; i++)
        {
            var launch = LaunchYears[i];
            var (first, second) = a.Due[i] < b.Due[i] ? (a, b) : (b, a);
            if (sameScope && a.Due[i] == b.Due[i])
            {
                b.Fields.Refuse("due", $"与“{a.Rule.Id}”的软硬件、范围和时限相同（启动年 {launch}）",
                    $"same track, scope and due date as '{a.Rule.Id}' (launch year {launch})");
                return;
            }
            if (!a.Rule.AllBranches || !b.Rule.AllBranches || second.Rule.TargetBp >= first.Rule.TargetBp) continue;
            second.Fields.Refuse("target_bp", $"低于更早的“{first.Rule.Id}”（启动年 {launch}）",
                $"below the earlier '{first.Rule.Id}' (launch year {launch})");
            return;
        }
    }

    private static int? FirstYear(Func<int, bool> holds)
    {
        foreach (var year in LaunchYears)
        {
            if (holds(year)) return year;
        }
        return null;
    }
}
