using System.Text;
using YamlDotNet.RepresentationModel;

namespace Hub.Programmes;

/// <summary>One thing that is wrong in a template's text.</summary>
/// <param name="Line">From 1.</param>
public sealed record TemplateError(string File, int Line, Text Message)
{
    public override string ToString() => $"{File}:{Line}: {Message.English}";
}

/// <summary>A template, or everything that was found wrong in its text, by line; never both, never neither.</summary>
public sealed record TemplateReading(Template? Template, IReadOnlyList<TemplateError> Errors);

/// <summary>What was found wrong so far. Only the first <see cref="MaxErrors"/> are kept; all are counted.</summary>
internal sealed class TemplateErrors(string file)
{
    public const int MaxErrors = 100;

    private readonly List<TemplateError> found = [];

    public int Count { get; private set; }

    public IReadOnlyList<TemplateError> ByLine => [.. found.OrderBy(e => e.Line)];

    public void Add(YamlNode node, string chinese, string english) => Add(node.Start.Line, chinese, english);

    public void Add(long line, string chinese, string english)
    {
        Count++;
        if (found.Count < MaxErrors) found.Add(new TemplateError(file, (int)Math.Max(1, line), new Text(chinese, english)));
    }

    /// <summary>A value from the text as it may stand in a message: short and without control characters.</summary>
    public static string Quoted(string value, int maxRunes = 40)
    {
        var shown = new StringBuilder();
        foreach (var rune in value.EnumerateRunes().Take(maxRunes)) shown.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        if (value.EnumerateRunes().Count() > maxRunes) shown.Append('…');
        return shown.ToString();
    }
}
