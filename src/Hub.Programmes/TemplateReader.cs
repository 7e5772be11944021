using System.Collections.Concurrent;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>Reads a programme's template from YAML. The form is described at the head of <c>analytics/programmes/party-branch.yml</c>.</summary>
public static class TemplateReader
{
    private const int MaxTerms = 500;
    private const int MaxRemembered = 64;

    // A text is read when it is decided on, applied and projected, and at each replay; a template never changes once it is read.
    private static readonly ConcurrentDictionary<string, Template> Remembered = new(StringComparer.Ordinal);

    /// <summary>The template, or every mistake that was found, each with its line, in Chinese and English. No text makes it throw.</summary>
    /// <param name="file">What the errors call the text, e.g. its file name.</param>
    public static TemplateReading Read(string text, string file)
    {
        if (Remembered.TryGetValue(text, out var known)) return new TemplateReading(known, []);
        var errors = new TemplateErrors(file);
        var template = TemplateYaml.Root(text, errors) is { } root ? Read(root, errors) : null;
        if (errors.Count > 0) return new TemplateReading(null, errors.ByLine);
        if (Remembered.Count >= MaxRemembered) Remembered.Clear();
        if (template is not null) Remembered[text] = template;
        return new TemplateReading(template, []);
    }

    private static Template Read(YamlMappingNode root, TemplateErrors errors)
    {
        var fields = new TemplateFields(root, errors,
            "template", "title", "gloss", "cadence", "milestones", "pace", "ranking", "rectification", "signals", "terms", "kinds", "letterhead");
        var terms = Terms(fields, errors);
        var cadence = CadenceReader.Read(fields, errors);
        var milestones = MilestoneReader.Read(fields, cadence, errors);
        return new Template(
            fields.Identifier("template"), fields.Text("title"), fields.Text("gloss"), cadence, new StandardReader(terms, errors).Read(fields),
            milestones, MilestoneReader.Pace(fields, milestones, errors), RankingReader.Ranking(fields, errors),
            RankingReader.Rectification(fields, errors), Signals(fields))
        {
            Terms = terms,
            Letterhead = Letterhead(fields),
        };
    }

    /// <summary>Absent = none: a template without thresholds needs no words for them.</summary>
    private static Dictionary<string, Text> Terms(TemplateFields fields, TemplateErrors errors)
    {
        var terms = new Dictionary<string, Text>();
        if (!fields.Has("terms")) return terms;
        if (fields.At("terms") is not YamlMappingNode mapping || mapping.Children.Count > MaxTerms)
        {
            fields.Refuse("terms", $"应为至多 {MaxTerms} 项的映射", $"a mapping of at most {MaxTerms} entries is expected");
            return terms;
        }
        string[] names = [.. mapping.Children.Keys.Select(key => ((YamlScalarNode)key).Value ?? "")];
        var entries = new TemplateFields(mapping, errors, names);
        foreach (var name in names)
        {
            if (!TemplateFields.IsIdentifier(name))
                entries.Refuse(name, "应为小写字母开头的标识", "an identifier that starts with a lower-case letter is expected");
            terms[name] = entries.Words(name);
        }
        return terms;
    }

    private static Letterhead Letterhead(TemplateFields fields)
    {
        if (!fields.Has("letterhead") || fields.Mapping("letterhead", "issuer", "number_word", "recipients") is not { } head) return Programmes.Letterhead.Plain;
        return new Letterhead(head.Words("issuer"), head.Text("number_word"), head.Words("recipients"));
    }

    private static SignalRules Signals(TemplateFields fields)
    {
        if (fields.Mapping("signals", "bulk_flip", "uniform", "unchanged") is not { } signals) return new SignalRules(0, 0, 0, 0);
        const int many = 100_000;
        var bulkFlip = signals.Mapping("bulk_flip", "share_bp", "items");
        return new SignalRules(
            bulkFlip?.Integer("share_bp", 1, 10_000) ?? 0,
            bulkFlip?.Integer("items", 1, many) ?? 0,
            signals.Mapping("uniform", "branches")?.Integer("branches", 2, many) ?? 0,
            signals.Mapping("unchanged", "periods")?.Integer("periods", 2, 24) ?? 0);
    }
}
