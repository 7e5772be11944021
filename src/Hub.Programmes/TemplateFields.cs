using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>The fields of one mapping in a template. Whatever is missing or of a wrong type is recorded and read as an empty value, so
/// that reading goes on and finds the next mistake: a caller keeps what it built only when the errors have not grown.</summary>
internal sealed class TemplateFields
{
    public const int MaxTextLength = 200;
    public const int MaxYearsAfterLaunch = 99;

    private readonly YamlMappingNode mapping;
    private readonly TemplateErrors errors;

    public TemplateFields(YamlMappingNode mapping, TemplateErrors errors, params ReadOnlySpan<string> known)
    {
        (this.mapping, this.errors) = (mapping, errors);
        foreach (var key in mapping.Children.Keys.Cast<YamlScalarNode>())
        {
            if (known.Contains(key.Value)) continue;
            var shown = TemplateErrors.Quoted(key.Value ?? "");
            errors.Add(key, $"不认识的键“{shown}”", $"unknown key '{shown}'");
        }
    }

    public YamlNode Node => mapping;

    /// <summary>Null, and recorded, where the node is not a mapping.</summary>
    public static TemplateFields? Of(YamlNode node, TemplateErrors errors, params ReadOnlySpan<string> known)
    {
        if (node is YamlMappingNode mapping) return new TemplateFields(mapping, errors, known);
        errors.Add(node, "应为“键： 值”的映射", "a mapping of keys to values is expected");
        return null;
    }

    public bool Has(string key) => mapping.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>The value's node, or the mapping itself where there is none: a place to point at.</summary>
    public YamlNode At(string key) => mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : mapping;

    public void Refuse(string key, string chinese, string english) => errors.Add(At(key), $"{key}：{chinese}", $"{key}: {english}");

    public TemplateFields? Mapping(string key, params ReadOnlySpan<string> known) => Required(key) is { } node ? Of(node, errors, known) : null;

    public IReadOnlyList<YamlNode> List(string key, int min, int max)
    {
        if (Required(key) is not { } node) return [];
        if (node is not YamlSequenceNode list)
        {
            Refuse(key, "应为列表", "a list is expected");
            return [];
        }
        if (list.Children.Count >= min && list.Children.Count <= max) return [.. list.Children];
        Refuse(key, $"应有 {min} 至 {max} 项，现有 {list.Children.Count} 项", $"{min} to {max} entries are expected, found {list.Children.Count}");
        return list.Children.Count > max ? [] : [.. list.Children];
    }

    public string Text(string key) => Required(key) is { } node ? TextOf(node, key) : "";

    public string TextOf(YamlNode node, string key)
    {
        var text = node is YamlScalarNode { Value: { } value } scalar && !(scalar.Style == ScalarStyle.Plain && value is "~" or "null") ? value : "";
        if (!string.IsNullOrWhiteSpace(text) && text.Length <= MaxTextLength && !text.Any(char.IsControl)) return text;
        errors.Add(node, $"{key}：应为 1 至 {MaxTextLength} 字的一行文字", $"{key}: a line of text of 1 to {MaxTextLength} characters is expected");
        return "";
    }

    /// <summary>A name for programs: a lower-case letter, then letters, digits, <c>_</c> or <c>-</c>; at most 40 characters.</summary>
    public string Identifier(string key)
    {
        var text = Text(key);
        if (text.Length == 0 || IsIdentifier(text)) return text;
        Refuse(key, $"“{TemplateErrors.Quoted(text)}”不是标识（小写字母开头，只含小写字母、数字、_、-）",
            $"'{TemplateErrors.Quoted(text)}' is not an identifier (a lower-case letter, then lower-case letters, digits, _ or -)");
        return "";
    }

    public static bool IsIdentifier(string text) =>
        text.Length is > 0 and <= 40 && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    public int Integer(string key, int min, int max)
    {
        if (Required(key) is not { } node) return min;
        if (node is not YamlScalarNode scalar || !int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            Refuse(key, "应为整数", "a whole number is expected");
        else if (number < min || number > max)
            Refuse(key, $"应在 {min} 至 {max} 之间，现为 {number}", $"{min} to {max} is expected, found {number}");
        else
            return number;
        return min;
    }

    public decimal Number(string key, decimal max)
    {
        if (Required(key) is not { } node) return 0;
        if (node is YamlScalarNode scalar
            && decimal.TryParse(scalar.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= max)
        {
            return number;
        }
        Refuse(key, $"应为 0 至 {max} 的数", $"a number from 0 to {max} is expected");
        return 0;
    }

    public bool Flag(string key) => Choice(key, [("true", true), ("false", false)]);

    /// <summary>False where the key is absent.</summary>
    public bool OptionalFlag(string key) => Has(key) && Flag(key);

    public T Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (Required(key) is not { } node) return choices[0].Value;
        var words = new string[choices.Length];
        for (var i = 0; i < choices.Length; i++)
        {
            words[i] = choices[i].Word;
            if (node is YamlScalarNode scalar && scalar.Value == words[i]) return choices[i].Value;
        }
        var found = node is YamlScalarNode other ? TemplateErrors.Quoted(other.Value ?? "") : "…";
        Refuse(key, $"“{found}”不在可选之列：{string.Join("、", words)}", $"'{found}' is none of {string.Join(", ", words)}");
        return choices[0].Value;
    }

    /// <summary><c>Y</c>, <c>Y+1</c>, <c>Y+2</c> …, as years after the launch year.</summary>
    public int Year(string key)
    {
        if (Required(key) is not { } node) return 0;
        var text = (node as YamlScalarNode)?.Value ?? "";
        if (text == "Y") return 0;
        if (text.StartsWith("Y+", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var years) && years <= MaxYearsAfterLaunch)
        {
            return years;
        }
        Refuse(key, $"应写作 Y、Y+1 …… Y+{MaxYearsAfterLaunch}（Y 为启动年）",
            $"Y, Y+1 ... Y+{MaxYearsAfterLaunch} is expected (Y is the launch year)");
        return 0;
    }

    /// <summary>Both languages of a message: <c>{ zh: ..., en: ... }</c>.</summary>
    public Text Words(string key) =>
        Mapping(key, "zh", "en") is { } words ? new Text(words.Text("zh"), words.Text("en")) : default;

    private YamlNode? Required(string key)
    {
        if (mapping.Children.TryGetValue(new YamlScalarNode(key), out var node)) return node;
        errors.Add(mapping, $"缺少键“{key}”", $"missing key '{key}'");
        return null;
    }
}
