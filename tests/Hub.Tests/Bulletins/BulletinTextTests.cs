using Hub.Bulletins;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Bulletins;

/// <summary>What a county's template may and may not be. Whatever it is, it is used or refused with the reason: nothing it holds stops the hub.</summary>
public sealed class BulletinTextTests
{
    private static readonly BulletinHead Head = new(new("county", ShippedTemplates.Read("party-branch"), "", 2025, "990101", 1), null, null, false);

    private static readonly BulletinFigures Empty = new(
        Period.Of(2026, 1), new(0, 0, 0, null, null, 0, 0, null, null, 0, null), 4000, null, new(2026, 2, 3), [], [], [], [], [], [], [], [], new(0, 0, 0), [], [], [], [], [], [], false, [], [], 1, 1, DateTimeOffset.UnixEpoch);

    [Fact]
    public void The_shipped_texts_stand_without_any_figures()
    {
        foreach (var language in Enum.GetValues<Language>()) Assert.Null(Bulletin.Make(Head, Empty, BulletinText.Shipped, language).Refusal);
    }

    /// <summary>Template, and a part of the reason in Chinese and in English.</summary>
    private static (string Template, string Chinese, string English)[] Broken() =>
    [
        ("<p>未完", "标记不成对", "not well formed"),
        ("<p>a</b></p>", "标记不成对", "not well formed"),
        ("<p>a&nbsp;b</p>", "标记不成对", "not well formed"),
        ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><p>&e;</p>", "标记不成对", "not well formed"),
        ("<p>a</p><script>alert(1)</script>", "不认识的元素 <script>", "unknown element <script>"),
        ("<p>a</p><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "不认识的元素", "unknown element"),
        ("<p onclick=\"x\">a</p>", "<p> 不能有属性 onclick", "<p> cannot have the attribute onclick"),
        ("<p style=\"background:url(http://x)\">a</p>", "<p> 不能有属性 style", "<p> cannot have the attribute style"),
        ("<p>a<p>b</p></p>", "<p> 里不能有 <p>", "<p> cannot hold <p>"),
        ("<tr><td>a</td></tr>", "<tr> 不能单独成段", "<tr> cannot stand by itself"),
        ("<table><tbody><tr>a</tr></tbody></table>", "文字“a”", "the text \"a\""),
        ("文字", "文字“文字”", "the text \"文字\""),
        ($"<p>{string.Concat(Enumerable.Repeat("<b>", 9000))}{string.Concat(Enumerable.Repeat("</b>", 9000))}</p>", "嵌套过深", "nested too deeply"),
        ("<p>{{ figures.county.branches }</p>", "模板写法有误", "its syntax is wrong"),
        ("{% if draft %}<p>a</p>", "模板写法有误", "its syntax is wrong"),
        ("<p>{{ 1 | nosuch: }}</p>{% unknown %}", "模板写法有误", "its syntax is wrong"),
        (string.Concat(Enumerable.Repeat("{%if 1%}", 11_000)) + string.Concat(Enumerable.Repeat("{%endif%}", 11_000)), "没有写出内容", "it writes nothing"),
        ("", "没有写出内容", "it writes nothing"),
        ("{% for i in (1..9000000) %}{% endfor %}<p>a</p>", "循环过多", "it loops for more than"),
        ("{% for i in (1..3000) %}{% for j in (1..3000) %}{% endfor %}{% endfor %}<p>a</p>", "循环过多", "it loops for more than"),
        ($"{{% for i in (1..100000) %}}<p>{new string('长', 1000)}</p>{{% endfor %}}", "写出的内容超过", "it writes more than"),
        ("<p>{{ 1 | divided_by: 0 }}</p>", "运行出错", "it fails"),
        ("<p>{{ 100 | numeral }}</p>", "运行出错", "it fails"),
        ("<p>{{ 99999999999999 | percent_bp }}</p>", "运行出错", "it fails"),
        ("{% include 'other' %}", "运行出错", "it fails"),
        ($"<p>{new string('x', 300_000)}</p>", "超过 200000 字", "longer than 200000 characters"),
    ];

    [Fact]
    public void A_template_that_cannot_be_used_is_refused_with_the_file_and_the_reason()
    {
        foreach (var language in Enum.GetValues<Language>())
            foreach (var (template, chinese, english) in Broken())
            {
                var refusal = Bulletin.Make(Head, Empty, new(template, template), language).Refusal;
                Assert.True(refusal?.Reason == RefusalReason.BulletinTextInvalid, template[..Math.Min(80, template.Length)]);
                Assert.All([refusal.Message.Chinese, refusal.Message.English], message => Assert.Contains(BulletinText.FileName(language), message, StringComparison.Ordinal));
                Assert.Contains(chinese, refusal.Message.Chinese, StringComparison.Ordinal);
                Assert.Contains(english, refusal.Message.English, StringComparison.Ordinal);
                Assert.InRange(refusal.Message.Chinese.Length, 1, 1000);
            }
    }

    [Theory]
    [InlineData("<p>{{ a | append: 1 }}<b>b</b> <span class=\"missed x\">c</span><br/></p><hr/><figure chart=\"none\"></figure><table></table><table><tbody><tr></tr></tbody></table>")]
    [InlineData("{% if draft %}<p class=\"of my own\">a</p>{% endif %}<!-- <script> --><p><![CDATA[<b>]]></p>")]
    public void What_is_out_of_the_ordinary_and_does_no_harm_is_used(string template)
    {
        var bulletin = Bulletin.Make(Head, Empty, new(template, template), Language.Chinese).Value;

        Assert.NotEmpty(bulletin.Html().Content);
        Assert.NotEmpty(bulletin.Docx().Content);
    }

    // Each level of nesting is a call in the engine.
    [Fact]
    public void Nesting_without_end_does_not_stop_the_hub()
    {
        static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        foreach (var template in new[] { Times("{%if 1%}", 11_000) + "<p>a</p>" + Times("{%endif%}", 11_000), "<p>{{ 1" + Times("|abs", 49_000) + "}}</p>", "<p>{{ a" + Times("[a", 60_000) + Times("]", 60_000) + "}}</p>" })
            Assert.Null(Bulletin.Make(Head, Empty, new(template, template), Language.Chinese).Refusal);
    }
}
