using System.Collections.Concurrent;
using System.Text;

namespace Hub.Programmes;

/// <summary>The templates built into the executable from <c>analytics/programmes/NAME.yml</c>. A programme keeps the text it was created
/// with in the log, so that a newer executable changes no figure.</summary>
public static class ShippedTemplates
{
    private const string Folder = "programmes/", Extension = ".yml";

    private static readonly ConcurrentDictionary<string, Template> ReadOnce = new(StringComparer.Ordinal);

    /// <summary>Names in ordinal order, e.g. <c>party-branch</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ShippedTemplates).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal))
            .Select(resource => resource[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The template's YAML; null for a name that is not shipped.</summary>
    public static string? Text(string name)
    {
        using var stream = typeof(ShippedTemplates).Assembly.GetManifestResourceStream(Folder + name + Extension);
        if (stream is null) return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The template of a shipped name. Asking for another name, or shipping a text with mistakes, is a bug.</summary>
    public static Template Read(string name) => ReadOnce.GetOrAdd(name, static name =>
    {
        var text = Text(name) ?? throw new ArgumentException($"No template is shipped as {name}", nameof(name));
        var reading = TemplateReader.Read(text, name + Extension);
        return reading.Template ?? throw new InvalidOperationException(string.Join(Environment.NewLine, reading.Errors));
    });
}
