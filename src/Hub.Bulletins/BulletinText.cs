using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Xml.Linq;
using Fluid;
using Fluid.Values;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Bulletins;

/// <summary>The words of a bulletin: the templates of <c>analytics/bulletins</c> in both languages. A county's own stand in
/// <c>DIR/bulletin-texts</c>, and the ones used go on record with each publication.</summary>
public sealed record BulletinText(string Chinese, string English)
{
    /// <summary>Folder of a data directory where a county's own templates stand in the place of the shipped ones.</summary>
    public const string Folder = "bulletin-texts";

    private const int MaxTemplateChars = 200_000, MaxSteps = 1_000_000, MaxRenderedChars = 4_000_000;

    // The engine calls itself for each level of nesting: a template that is nothing but nesting needs about this much.
    private const int StackBytes = 256 << 20;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly TemplateOptions InChinese = MakeOptions(Language.Chinese), InEnglish = MakeOptions(Language.English);

    public static string FileName(Language language) => language == Language.Chinese ? "bulletin.zh.liquid" : "bulletin.en.liquid";

    public static BulletinText Shipped { get; } = new(ReadShipped(Language.Chinese), ReadShipped(Language.English));

    /// <summary>The texts that a data directory's bulletins are made from.</summary>
    public static BulletinText In(string directory) => new(ReadIn(directory, Language.Chinese), ReadIn(directory, Language.English));

    public string Of(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>The document's content as the elements that README.md beside the templates lists. Every value is escaped by the template engine.</summary>
    /// <returns>Refused when the template cannot be read or yields anything else.</returns>
    internal Outcome<XElement> Render(Language language, BulletinHead head, BulletinFigures figures)
    {
        var text = Of(language);
        if (text.Length > MaxTemplateChars) return Invalid(language, new($"超过 {MaxTemplateChars} 字", $"longer than {MaxTemplateChars} characters"));
        // What a file in another encoding was read as.
        if (text.Contains('\uFFFD', StringComparison.Ordinal)) return Invalid(language, new("不是 UTF-8 编码，请另存为 UTF-8", "it is not in UTF-8: save it as UTF-8"));
        Outcome<string> rendered = "";
        var thread = new Thread(() => rendered = Render(text, Context(language, head, figures), language), StackBytes);
        thread.Start();
        thread.Join();
        if (rendered.IsRefused(out var refusal)) return refusal;
        var (article, problem) = BulletinMarkup.Read(rendered.Value);
        return problem is { } why ? Invalid(language, why) : article!;
    }

    private static Outcome<string> Render(string text, TemplateContext context, Language language)
    {
        try
        {
            if (!new FluidParser().TryParse(text, out var template, out var error)) return Invalid(language, new($"模板写法有误：{error}", $"its syntax is wrong: {error}"));
            using var rendered = new BoundedWriter();
            // Nothing in it waits: there is neither a file nor a network to read from.
            template.RenderAsync(rendered, Encoder, context).AsTask().GetAwaiter().GetResult();
            return rendered.ToString();
        }
        catch (TooLongException)
        {
            return Invalid(language, new($"写出的内容超过 {MaxRenderedChars} 字", $"it writes more than {MaxRenderedChars} characters"));
        }
        // The engine's only way of saying so.
        catch (InvalidOperationException e) when (e.Message.Contains("maximum level of recursion", StringComparison.Ordinal))
        {
            return Invalid(language, new($"循环过多，超过 {MaxSteps} 步", $"it loops for more than {MaxSteps} steps"));
        }
        // A filter may fail in any way on what it is given, and the template is the county's.
        catch (Exception e)
        {
            return Invalid(language, new($"运行出错：{e.Message}", $"it fails: {e.Message}"));
        }
    }

    private sealed class TooLongException : Exception;

    // Each append is the builder's own: the base's methods call one another.
    private sealed class BoundedWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value) => Check(GetStringBuilder().Append(value));
        public override void Write(char[] buffer, int index, int count) => Check(GetStringBuilder().Append(buffer, index, count));
        public override void Write(ReadOnlySpan<char> buffer) => Check(GetStringBuilder().Append(buffer));
        public override void Write(string? value) => Check(GetStringBuilder().Append(value));

        private static void Check(StringBuilder written)
        {
            if (written.Length > MaxRenderedChars) throw new TooLongException();
        }
    }

    private static TemplateContext Context(Language language, BulletinHead head, BulletinFigures figures) =>
        new TemplateContext(language == Language.Chinese ? InChinese : InEnglish)
            .SetValue("programme", head.Programme.Id)
            .SetValue("title", head.Programme.Template.Named)
            .SetValue("template", head.Programme.Template.Name)
            .SetValue("launch_year", head.Programme.LaunchYear)
            .SetValue("letterhead", head.Programme.Template.Letterhead)
            .SetValue("number", head.Number)
            .SetValue("published_on", head.PublishedAt is { } at ? HubTime.LocalDay(at) : null)
            .SetValue("draft", head.Number is null)
            .SetValue("demonstration_clock", head.DemonstrationClock)
            .SetValue("figures", figures);

    private static TemplateOptions MakeOptions(Language language)
    {
        var options = new TemplateOptions { CultureInfo = CultureInfo.InvariantCulture, MaxSteps = MaxSteps };
        options.MemberAccessStrategy.MemberNameStrategy = MemberNameStrategies.SnakeCase;
        foreach (var type in typeof(BulletinFigures).Assembly.GetTypes().Where(t => t.Namespace == typeof(BulletinFigures).Namespace && t.Name.EndsWith("Line", StringComparison.Ordinal)))
            options.MemberAccessStrategy.Register(type);
        foreach (var type in new[] { typeof(BulletinFigures), typeof(BulletinNumber), typeof(Letterhead) }) options.MemberAccessStrategy.Register(type);
        options.ValueConverters.Add(value => value switch
        {
            string text => new StringValue(BulletinMarkup.Plain(text)),
            Text text => new StringValue(BulletinMarkup.Plain(text.In(language))),
            Period period => new ObjectValue(period),
            DateOnly or DateTimeOffset => new ObjectValue(value),
            _ => null,
        });
        Filter(options, "percent", input => input.IsNil() ? "—" : Percent.OneDecimal((double)input.ToNumberValue()));
        Filter(options, "percent_bp", input => input.IsNil() ? "—" : Percent.OfBasisPoints((int)input.ToNumberValue()));
        Filter(options, "numeral", input => BulletinNames.Numeral((int)input.ToNumberValue()));
        Filter(options, "month", input => input.ToObjectValue() is Period period ? BulletinNames.Month(period, language) : "");
        Filter(options, "next_year", input => input.ToObjectValue() is Period period ? (period.Year + 1).ToString(CultureInfo.InvariantCulture) : "");
        Filter(options, "last_day", input => input.ToObjectValue() is Period period ? BulletinNames.Day(period.LastDay, language) : "");
        Filter(options, "day", input => input.ToObjectValue() is DateOnly day ? BulletinNames.Day(day, language) : "");
        Filter(options, "instant", input => input.ToObjectValue() is DateTimeOffset at ? HubTime.Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "");
        Filter(options, "stars", input => input.ToObjectValue() is GroupLine { StarMin: { } least, StarMax: { } most } ? BulletinNames.Stars(least, most, language) : "");
        Filter(options, "figure_name", input => RestatementWords.Figure(input.ToStringValue(), language));
        Filter(options, "cause", input => RestatementWords.Cause(input.ToStringValue(), language));
        options.Filters.AddFilter("figure_value", (input, arguments, _) =>
            new StringValue(RestatementWords.Value(input.IsNil() ? null : input.ToStringValue(), arguments.At(0).ToStringValue(), language)));
        // A report's text keeps its lines.
        options.Filters.AddFilter("lines", (input, _, _) => new StringValue(
            string.Join("<br/>", input.ToStringValue().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Encoder.Encode)), encode: false));
        return options;
    }

    private static void Filter(TemplateOptions options, string name, Func<FluidValue, string> text) =>
        options.Filters.AddFilter(name, (input, _, _) => new StringValue(text(input)));

    private static Refusal Invalid(Language language, Text why) => new(RefusalReason.BulletinTextInvalid, new(
        $"通报模板 {FileName(language)} 无法使用：{why.Chinese}", $"the bulletin's template {FileName(language)} cannot be used: {why.English}"));

    private static string ReadIn(string directory, Language language)
    {
        var file = Path.Combine(directory, Folder, FileName(language));
        return File.Exists(file) ? File.ReadAllText(file) : Shipped.Of(language);
    }

    private static string ReadShipped(Language language)
    {
        using var reader = new StreamReader(typeof(BulletinText).Assembly.GetManifestResourceStream("bulletins/" + FileName(language))!);
        return reader.ReadToEnd();
    }
}
