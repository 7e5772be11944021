using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>The shipped party-branch text with one place changed, as an official's slip would. A § in the new text marks the line
/// that the refusal must name.</summary>
internal sealed class EditedTemplate
{
    public const string File = "county.yml";

    private EditedTemplate(string text) => (Text, MarkedLine) = (text.Replace("§", "", StringComparison.Ordinal), LineOf(text));

    public string Text { get; }

    /// <summary>From 1; 0 without a mark.</summary>
    public int MarkedLine { get; }

    /// <summary>Changes the first place that reads <paramref name="old"/>; <c>\n</c> stands for a line end in both.</summary>
    public static EditedTemplate With(string old, string changed)
    {
        var shipped = ShippedTemplates.Text("party-branch")!;
        var at = shipped.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The shipped template does not contain: {old}");
        return new EditedTemplate(string.Concat(shipped.AsSpan(0, at), changed, shipped.AsSpan(at + old.Length)));
    }

    public TemplateReading Read() => TemplateReader.Read(Text, File);

    private static int LineOf(string text)
    {
        var mark = text.IndexOf('§', StringComparison.Ordinal);
        return mark < 0 ? 0 : text.AsSpan(0, mark).Count('\n') + 1;
    }
}
