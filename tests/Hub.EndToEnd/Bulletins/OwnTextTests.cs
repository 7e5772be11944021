using System.Text;
using Grpc.Core;
using Hub.Bulletins;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Language = Hub.Programmes.Language;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A county's own words in the data directory: used where they can be, refused before anything happens where they cannot.</summary>
public sealed class OwnTextTests
{
    private static readonly Period Ended = Period.Of(2025, 12);

    private const string Good = "<p class=\"issuer\">青禾县委</p>\n<h1>第{{ figures.county.branches }}号\n<br/>小结 &amp; 其他</h1>\n<p>{{ figures.period | month }}，<b>共</b>{{ figures.townships | map: 'name' | join: '、' }}。</p><table></table>";

    [Fact]
    public async Task The_countys_own_template_is_used_for_its_language_alone()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        Write(hub, "bulletin.zh.liquid", Good);

        var chinese = await PrintedBulletin.DraftAsync(hub, Ended, Language.Chinese, ".html", ".docx");
        var english = new HtmlReading((await PrintedBulletin.DraftAsync(hub, Ended, Language.English, ".html")).Html);

        Assert.Equal(["青禾县委", "2025年12月，共青禾镇、云溪乡。"], new HtmlReading(chinese.Html).Paragraphs);
        Assert.Contains("2025年12月，共青禾镇、云溪乡。", new WordReading(chinese.Docx).Paragraphs);
        Assert.Empty(DocumentFilesTests.Complaints(chinese.Docx));
        Assert.Contains("progress in December 2025", english.Article.Element("h1")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_cannot_be_used_is_refused_and_publishing_takes_nothing()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        hub.Clock.Now = new DateTimeOffset(2026, 2, 4, 9, 0, 0, HubTime.ShanghaiOffset);
        var client = new BulletinService.BulletinServiceClient(hub.Control);
        foreach (var (template, language, reason) in new[]
        {
            ("<p>未完", "zh", "标记不成对"), ("<p>a</p><script>alert(1)</script>", "en", "unknown element <script>"), ("<p>{{ title }</p>", "zh", "模板写法有误"),
            ("{% for i in (1..9000000) %}{% endfor %}", "en", "it loops for more than"), ($"<p>{new string('x', 300_000)}</p>", "zh", "超过 200000 字"),
        })
        {
            Write(hub, "bulletin.zh.liquid", template);
            var refused = await hub.RefusedAsync(() => client.PublishBulletinAsync(Publish, new Metadata { { "accept-language", language } }).ResponseAsync);
            refused.Is(StatusCode.FailedPrecondition, "BULLETIN_TEXT_INVALID");
            Assert.Contains("bulletin.zh.liquid", refused.Message, StringComparison.Ordinal);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }

        // Nothing is locked: a report is taken.
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = "still-open", Report = TestHub.Report("990101100", Ended.ToString()) }, TestHub.Bearer(await hub.TokenAsync(Role.Township, "990101100")));
        Assert.Empty(await hub.SqlAsync("from bulletins"));
        Assert.False(Directory.Exists(Path.Combine(hub.Directory, "bulletins")) && Directory.EnumerateFiles(Path.Combine(hub.Directory, "bulletins"), "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task Once_mended_it_is_published_and_kept_with_the_words_it_was_made_from()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        hub.Clock.Now = new DateTimeOffset(2026, 2, 4, 9, 0, 0, HubTime.ShanghaiOffset);
        var client = new BulletinService.BulletinServiceClient(hub.Control);
        Write(hub, "bulletin.zh.liquid", "<p>{{ title }");
        await hub.RefusedAsync(() => client.PublishBulletinAsync(Publish).ResponseAsync);

        Write(hub, "bulletin.zh.liquid", Good);
        var published = await client.PublishBulletinAsync(Publish);
        // What comes later does not touch it.
        Write(hub, "bulletin.zh.liquid", "<script/>");

        Assert.Equal((2026, 1), (published.Year, published.Number));
        var kept = await PrintedBulletin.GetAsync(hub, new GetBulletinRequest { Programme = TestHub.Programme, Period = Ended.ToString() }, Language.Chinese, ".html");
        Assert.Equal(["青禾县委", "2025年12月，共青禾镇、云溪乡。"], new HtmlReading(kept.Html).Paragraphs);
        Assert.Equal([Good, BulletinText.Shipped.English], hub.Server.Store.FindRecord(published.Position)!.Content.BulletinPublished.Texts.Select(t => t.Text));
        var verified = await new AdministrationService.AdministrationServiceClient(hub.Control).VerifyStoreAsync(new VerifyStoreRequest { BulletinsAgain = true });
        Assert.Empty(verified.Problems);
    }

    [Fact]
    public async Task A_file_in_another_encoding_is_refused_and_a_byte_order_mark_is_not()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        Write(hub, "bulletin.zh.liquid", Good, Encoding.GetEncoding("GB18030"));
        var refused = await hub.RefusedAsync(() => PrintedBulletin.DraftAsync(hub, Ended, Language.Chinese, ".html"));
        Assert.Equal("BULLETIN_TEXT_INVALID", refused.Reason);
        Assert.Contains("UTF-8", refused.Message, StringComparison.Ordinal);

        Write(hub, "bulletin.zh.liquid", Good, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        var page = new HtmlReading((await PrintedBulletin.DraftAsync(hub, Ended, Language.Chinese, ".html")).Html);
        Assert.Equal("青禾县委", page.Paragraphs.First());
    }

    [Fact]
    public async Task What_a_page_would_read_as_markup_in_comments_and_sections_does_not_reach_it()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        Write(hub, "bulletin.zh.liquid", "<p>甲<![CDATA[><script>x</script>]]>乙</p><!--><img src=x onerror=y>--><p><?x ><script>z</script>?>丙</p>");

        var draft = await PrintedBulletin.DraftAsync(hub, Ended, Language.Chinese, ".html", ".docx");

        Assert.Equal(["甲><script>x</script>乙", "丙"], new HtmlReading(draft.Html).Paragraphs);
        Assert.Equal(["甲><script>x</script>乙", "丙"], new WordReading(draft.Docx).Paragraphs);
        var body = Encoding.UTF8.GetString(draft.Html).Split("<body>")[1];
        Assert.DoesNotContain("<script", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<!", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<?", body, StringComparison.Ordinal);
    }

    private static PublishBulletinRequest Publish => new() { Programme = TestHub.Programme, Period = Ended.ToString() };

    private static void Write(TestHub hub, string name, string text, Encoding? encoding = null) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(hub.Directory, "bulletin-texts")).FullName, name), text, encoding ?? new UTF8Encoding(false));
}
