using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads what the branches of each kind are judged by.</summary>
internal sealed class StandardReader(IReadOnlyDictionary<string, Text> terms, TemplateErrors errors)
{
    private const int MaxKinds = 16, MaxSections = 64, MaxListed = 1_000;

    private readonly HashSet<string> kinds = [], prefixes = [];

    public List<Standard> Read(TemplateFields template)
    {
        var before = errors.Count;
        var standards = new List<(Standard Standard, YamlNode Node)>();
        foreach (var node in template.List("kinds", 1, MaxKinds))
        {
            var fields = TemplateFields.Of(node, errors, "kind", "name", "gloss", "awaiting_standard", "prefix", "items", "sections");
            if (fields is not null) standards.Add((Kind(fields), node));
        }
        // With items missing or misread the denominator would be that of another standard.
        if (errors.Count == before) CheckDenominators(standards);
        return [.. standards.Select(s => s.Standard)];
    }

    private Standard Kind(TemplateFields fields)
    {
        var kind = fields.Identifier("kind");
        if (kind.Length > 0 && !kinds.Add(kind)) fields.Refuse("kind", $"“{kind}”重复", $"'{kind}' is listed twice");
        var (name, gloss) = (fields.Text("name"), fields.Text("gloss"));
        if (!fields.OptionalFlag("awaiting_standard")) return new Standard(kind, name, gloss, Items(fields));
        foreach (var key in new[] { "prefix", "items", "sections" })
            if (fields.Has(key)) fields.Refuse(key, "尚待制定标准的不应有此键", "a kind that awaits its standard cannot have it");
        return new Standard(kind, name, gloss, []);
    }

    private List<Item> Items(TemplateFields kind)
    {
        var prefix = Prefix(kind);
        var items = new List<Item>();
        var (section, listed) = (0, 0);
        foreach (var node in kind.List("sections", 1, MaxSections))
        {
            section++;
            if (TemplateFields.Of(node, errors, "title", "gloss", "track", "count", "items") is not { } fields) continue;
            var head = new ItemReader.Head(
                prefix, section, fields.Text("title"), fields.Text("gloss"), fields.Choice("track", TemplateWords.Tracks));
            var nodes = fields.List("items", 1, MaxListed);
            CheckCount(fields, "count", nodes.Count);
            for (var i = 0; i < nodes.Count; i++)
            {
                if (new ItemReader(terms, errors).Read(nodes[i], head, i + 1, listed + i) is { } item) items.Add(item);
            }
            listed += nodes.Count;
        }
        CheckCount(kind, "items", listed);
        if (listed > Standard.MaxItems)
        {
            kind.Refuse("items", $"一类至多 {Standard.MaxItems} 项，现有 {listed} 项",
                $"a kind has at most {Standard.MaxItems} items, found {listed}");
        }
        return items;
    }

    /// <summary>Empty, and recorded, where it is wrong; then ids are not checked against it.</summary>
    private string Prefix(TemplateFields kind)
    {
        var prefix = kind.Text("prefix");
        if (prefix.Length == 0) return "";
        if (prefix.Length > 3 || !prefix.All(char.IsAsciiLetterUpper))
            kind.Refuse("prefix", "应为 1 至 3 个大写字母", "1 to 3 capital letters are expected");
        else if (!prefixes.Add(prefix))
            kind.Refuse("prefix", $"“{prefix}”已用于另一类", $"'{prefix}' belongs to another kind");
        else
            return prefix;
        return "";
    }

    private void CheckCount(TemplateFields fields, string key, int listed)
    {
        var before = errors.Count;
        var declared = fields.Integer(key, 0, int.MaxValue);
        if (errors.Count == before && declared != listed)
            fields.Refuse(key, $"写明 {declared} 项，实列 {listed} 项", $"{declared} declared, {listed} listed");
    }

    private void CheckDenominators(IReadOnlyList<(Standard Standard, YamlNode Node)> standards)
    {
        foreach (var track in Enum.GetValues<Track>())
        {
            var denominator = 1L;
            foreach (var (standard, node) in standards)
            {
                denominator = standard.ApplicableCounts(track).Aggregate(denominator, BoundedLcm);
                if (denominator <= Template.MaxDenominator) continue;
                var limit = Template.MaxDenominator.ToString("N0", CultureInfo.InvariantCulture);
                var word = TemplateWords.Tracks.First(t => t.Value == track).Word;
                errors.Add(node, $"到这一类为止，{word} 得分的公分母超过 {limit}",
                    $"up to this kind, the common denominator of {word} scores exceeds {limit}");
                break;
            }
        }
    }

    /// <summary>Stops growing past the bound, where the exact number no longer matters and would in the end not fit.</summary>
    private static long BoundedLcm(long lcm, int count) => lcm > Template.MaxDenominator ? lcm : Template.Lcm(lcm, count);
}
