using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads by what townships are ranked, and by what branches come onto the rectification list.</summary>
internal static class RankingReader
{
    private static readonly string[] KnownRankingKeys = ["hardware_share", "software_share", "mean_hardware_score"];
    private static readonly string[] KnownListKeys = ["hardware_score", "software_score", "months_noncompliant"];

    public static List<string> Ranking(TemplateFields template, TemplateErrors errors)
    {
        var keys = new List<string>();
        foreach (var node in template.List("ranking", 1, KnownRankingKeys.Length))
        {
            if (NewKey(node, "ranking", KnownRankingKeys, keys, errors) is { } key) keys.Add(key);
        }
        return keys;
    }

    /// <summary>Null where the template has no yearly list.</summary>
    public static RectificationRule? Rectification(TemplateFields template, TemplateErrors errors)
    {
        if (!template.Has("rectification")) return null;
        if (template.Mapping("rectification", "share_bp", "first_year", "keys") is not { } fields) return null;
        var years = fields.Year("first_year");
        // The list of a year stands on the December before it, which no report covers in the launch year itself.
        if (years == 0) fields.Refuse("first_year", "最早为 Y+1", "Y+1 at the earliest is expected");
        var keys = new List<SortKey>();
        foreach (var node in fields.List("keys", 1, KnownListKeys.Length))
        {
            if (TemplateFields.Of(node, errors, "key", "order") is not { } entry) continue;
            var descending = entry.Choice("order", ("ascending", false), ("descending", true));
            if (entry.Text("key").Length > 0 && NewKey(entry.At("key"), "key", KnownListKeys, keys.Select(k => k.Name), errors) is { } name)
            {
                keys.Add(new SortKey(name, descending));
            }
        }
        return new RectificationRule(fields.Integer("share_bp", 1, 10_000), years, keys);
    }

    private static string? NewKey(YamlNode node, string field, string[] known, IEnumerable<string> taken, TemplateErrors errors)
    {
        var name = (node as YamlScalarNode)?.Value ?? "";
        var shown = TemplateErrors.Quoted(name);
        if (!known.Contains(name))
            errors.Add(node, $"{field}：“{shown}”不在可选之列：{string.Join('、', known)}", $"{field}: '{shown}' is none of {string.Join(", ", known)}");
        else if (taken.Contains(name))
            errors.Add(node, $"{field}：“{shown}”重复", $"{field}: '{shown}' is listed twice");
        else
            return name;
        return null;
    }
}
