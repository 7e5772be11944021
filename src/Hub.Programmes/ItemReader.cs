using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads one line of a standard.</summary>
internal sealed class ItemReader(IReadOnlyDictionary<string, Text> terms, TemplateErrors errors)
{
    private const int MaxThresholds = 20, MaxCheckpoints = 20;
    private const decimal MaxThreshold = 1_000_000_000;

    /// <summary>What the items of a section have in common.</summary>
    public sealed record Head(string Prefix, int Section, string Title, string Gloss, Track Track);

    /// <param name="number">Place in the section, from 1.</param>
    /// <param name="ordinal">Place in the standard, from 0.</param>
    public Item? Read(YamlNode node, Head head, int number, int ordinal)
    {
        var fields = TemplateFields.Of(node, errors,
            "id", "title", "gloss", "track", "condition", "condition_group", "minimum_star", "cycle", "thresholds", "checkpoints", "note");
        if (fields is null) return null;
        var id = fields.Text("id");
        var expected = $"{head.Prefix}{head.Section}.{number}";
        if (id.Length > 0 && head.Prefix.Length > 0 && id != expected)
            fields.Refuse("id", $"“{TemplateErrors.Quoted(id)}”应为 {expected}", $"'{TemplateErrors.Quoted(id)}' should be {expected}");
        return new Item(
            id, ordinal, head.Section, head.Title, fields.Has("track") ? fields.Choice("track", TemplateWords.Tracks) : head.Track,
            fields.Text("title"), fields.Text("gloss"), fields.Has("condition") ? fields.Text("condition") : null, ConditionGroup(fields),
            fields.Has("minimum_star") ? fields.Integer("minimum_star", 1, 5) : null, Thresholds(fields), Checkpoints(fields))
        {
            SectionGloss = head.Gloss,
            Cycle = fields.Has("cycle") ? fields.Choice("cycle", TemplateWords.Cycles) : null,
            Note = fields.Has("note") ? fields.Words("note") : null,
        };
    }

    /// <summary>Letters and digits only: no group can then be taken for the id of a single item, which has a dot.</summary>
    private static string? ConditionGroup(TemplateFields fields)
    {
        if (!fields.Has("condition_group")) return null;
        var group = fields.Text("condition_group");
        if (!group.All(char.IsAsciiLetterOrDigit)) fields.Refuse("condition_group", "只能含字母和数字", "letters and digits are expected");
        if (!fields.Has("condition")) fields.Refuse("condition_group", "没有 condition", "there is no condition");
        return group;
    }

    private List<Threshold> Thresholds(TemplateFields item)
    {
        var thresholds = new List<Threshold>();
        if (!item.Has("thresholds")) return thresholds;
        foreach (var node in item.List("thresholds", 1, MaxThresholds))
        {
            if (TemplateFields.Of(node, errors, "subject", "comparison", "value", "to", "unit", "soft", "per") is not { } fields) continue;
            var comparison = fields.Choice("comparison", TemplateWords.Comparisons);
            var value = fields.Number("value", MaxThreshold);
            thresholds.Add(new Threshold(
                Term(fields, "subject"), comparison, value, Term(fields, "unit"), fields.OptionalFlag("soft"),
                fields.Has("per") ? Term(fields, "per") : null)
            {
                To = UpperEnd(fields, comparison == "between", value),
            });
        }
        return thresholds;
    }

    private static decimal? UpperEnd(TemplateFields fields, bool isRange, decimal value)
    {
        if (!isRange && !fields.Has("to")) return null;
        var to = fields.Number("to", MaxThreshold);
        if (!isRange) fields.Refuse("to", "只用于 between", "only goes with between");
        else if (fields.Has("to") && to <= value) fields.Refuse("to", "应大于 value", "a number above value is expected");
        return to;
    }

    private string Term(TemplateFields fields, string key)
    {
        var term = fields.Text(key);
        if (term.Length > 0 && !terms.ContainsKey(term))
            fields.Refuse(key, $"“{TemplateErrors.Quoted(term)}”不在 terms 中", $"'{TemplateErrors.Quoted(term)}' is not among the terms");
        return term;
    }

    private List<string> Checkpoints(TemplateFields item) =>
        item.Has("checkpoints") ? [.. item.List("checkpoints", 1, MaxCheckpoints).Select(node => item.TextOf(node, "checkpoints"))] : [];
}
