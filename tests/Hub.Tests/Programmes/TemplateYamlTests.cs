using System.Diagnostics;
using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>No text, however broken or hostile, makes the reader throw, overflow or hang.</summary>
public sealed class TemplateYamlTests
{
    private static TemplateError First(string text)
    {
        var reading = TemplateReader.Read(text, "county.yml");
        Assert.Null(reading.Template);
        Assert.NotEmpty(reading.Errors);
        Assert.All(reading.Errors, e => Assert.InRange(e.Line, 1, int.MaxValue));
        return reading.Errors[0];
    }

    [Theory]
    [InlineData("", 1, "one mapping")]
    [InlineData("# only a comment\n", 1, "one mapping")]
    [InlineData("- a\n- b\n", 1, "one mapping")]
    [InlineData("\njust words\n", 2, "one mapping")]
    [InlineData("template: x\ntitle: [a, b\n", 3, "not well-formed")]
    [InlineData("template: x\n\ttitle: y\n", 2, "not with a tab")]
    [InlineData("cadence:\n  a: 1\n\tdue_day: 3\n", 3, "not with a tab")]
    [InlineData("cadence:\n\tdue_day: 3\n", 2, "not with a tab")]
    [InlineData("title: y\ntemplate: \"x\n\n", 2, "not well-formed")]
    [InlineData("template: x\ntitle: y\ntemplate: z\n", 3, "duplicate key 'template'")]
    [InlineData("cadence: { due_day: 1,\n  due_day: 2 }\n", 2, "duplicate key 'due_day'")]
    [InlineData("template: x\ntitle: &a y\n", 2, "anchors")]
    [InlineData("template: x\ntitle: *a\n", 2, "not accepted")]
    [InlineData("template: !!str x\n", 1, "tags")]
    [InlineData("template: x\n? [a, b]\n: y\n", 2, "a key must be a word")]
    [InlineData("template: x\n---\ntemplate: y\n", 2, "only one YAML document")]
    public void Text_that_is_no_template_is_refused_with_its_line(string text, int line, string reason)
    {
        var error = First(text);
        Assert.Contains(reason, error.Message.English, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Fact]
    public void Anchors_that_multiply_are_refused_before_they_do()
    {
        var bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";
        Assert.Contains("anchors", First(bomb).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_512_KiB_are_refused()
    {
        var shipped = ShippedTemplates.Text("party-branch")!;
        var bytes = System.Text.Encoding.UTF8.GetByteCount(shipped);
        var full = shipped + "#" + new string('x', 512 * 1024 - bytes - 1);
        Assert.Empty(TemplateReader.Read(full, "county.yml").Errors);
        Assert.Contains("larger than 512 KiB", First(full + "x").Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{ a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: b: ")]
    [InlineData("\"")]
    [InlineData("*a ")]
    [InlineData("&a ")]
    [InlineData("!")]
    [InlineData("a\n")]
    [InlineData("|\n")]
    [InlineData("x: y\n")]
    [InlineData("%")]
    [InlineData("---\n")]
    [InlineData("'")]
    [InlineData(", ")]
    [InlineData("[a: ")]
    public void Deep_or_repeated_syntax_is_refused_soon(string part)
    {
        var watch = Stopwatch.StartNew();
        First(string.Concat(Enumerable.Repeat(part, 500_000 / part.Length)));
        First("template: " + string.Concat(Enumerable.Repeat(part, 500_000 / part.Length)));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_accepted()
    {
        var windows = "\uFEFF" + ShippedTemplates.Text("party-branch")!.Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Empty(TemplateReader.Read(windows, "county.yml").Errors);
    }

    [Fact]
    public void Errors_are_capped_and_quote_only_short_clean_values()
    {
        var many = string.Concat(Enumerable.Range(0, 5_000).Select(i => FormattableString.Invariant($"k{i}: 1\n")));
        Assert.Equal(100, TemplateReader.Read(many, "county.yml").Errors.Count);
        var error = First($"\"{new string('键', 500)}\\e[31m\": 1\n");
        Assert.InRange(error.Message.Chinese.Length, 1, 80);
        Assert.DoesNotContain(First("\"a\\e[31m\": 1\n").Message.English, char.IsControl);
    }

    [Fact]
    public void Random_damage_yields_a_template_or_errors_but_never_an_exception()
    {
        var random = new Random(20261102);
        var shipped = ShippedTemplates.Text("party-branch")!;
        const string alphabet = "[]{}:,-?&*!|>'\"%@`#~ \n\tY+1é年\0\uD800";
        for (var round = 0; round < 150; round++)
        {
            var text = shipped.ToCharArray();
            for (var hit = random.Next(1, 6); hit > 0; hit--) text[random.Next(text.Length)] = alphabet[random.Next(alphabet.Length)];
            var length = random.Next(4) == 0 ? random.Next(text.Length) : text.Length;
            var reading = TemplateReader.Read(new string(text, 0, length), "county.yml");
            Assert.Equal(reading.Template is null, reading.Errors.Count > 0);
        }
    }
}
