using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hub.EndToEnd.Serving;
using Hub.EndToEnd.Web;
using Hub.Programmes;
using Microsoft.Playwright;

namespace Hub.EndToEnd.Bulletins;

/// <summary>The page is one file: it fetches nothing, runs nothing and brings its own font, on whichever machine it is opened.</summary>
public sealed partial class SelfContainedPageTests
{
    // Two rare characters that the font has, in a county of hostile names.
    private const string Rare = "堽𫭟镇";

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public async Task Whatever_the_page_refers_to_is_in_it(Language language)
    {
        await using var hub = await HardCounty.StartAsync([.. HardCounty.Names, Rare]);

        var page = new HtmlReading((await PrintedBulletin.DraftAsync(hub, HardCounty.Period, language, ".html")).Html);

        Assert.Contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:\">", page.Text, StringComparison.Ordinal);
        var head = page.Text.Split("<body>")[0];
        Assert.True(head.IndexOf("Content-Security-Policy", StringComparison.Ordinal) < head.IndexOf("<style>", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Article.DescendantsAndSelf().Attributes(), a => a.Name.LocalName is not ("class" or "alt" or "src"));
        Assert.All(page.Article.DescendantsAndSelf().Attributes("src"), source => Assert.StartsWith("data:image/svg+xml;base64,", source.Value, StringComparison.Ordinal));
        Assert.All(Links().Matches(head), link => Assert.StartsWith("data:", link.Groups[1].Value, StringComparison.Ordinal));
        Assert.Single(Links().Matches(head));
        Assert.DoesNotContain("@import", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@FONT@", page.Text, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Opened_from_disk_it_asks_for_nothing_and_shows_names_in_its_own_font()
    {
        await using var hub = await HardCounty.StartAsync([.. HardCounty.Names, Rare]);
        var file = Path.Combine(hub.Directory, "bulletin.html");
        await File.WriteAllBytesAsync(file, (await PrintedBulletin.DraftAsync(hub, HardCounty.Period, Language.Chinese, ".html")).Html);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Executable ?? throw new InvalidOperationException("The gate must have a browser: install chromium"),
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        var (said, asked) = (new List<string>(), new List<string>());
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        page.Request += (_, request) => asked.Add(request.Url);

        await page.GotoAsync(new Uri(file).AbsoluteUri, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        await page.EvaluateAsync("document.fonts.ready");

        // Nothing was fetched besides the file, and nothing of it is other than it was written.
        Assert.All(asked.Skip(1), url => Assert.StartsWith("data:", url, StringComparison.Ordinal));
        Assert.Equal(new Uri(file).AbsoluteUri, asked[0]);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('script, link, iframe, object, embed, [onclick], [onerror], a').length"));
        Assert.Equal("（草稿）关于党支部规范化建设2026年12月进展情况的通报", await page.TitleAsync());
        Assert.True(await page.EvaluateAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth > 0)"));
        var names = await page.Locator("table.ranking td.name").AllTextContentsAsync();
        Assert.Equal(HardCounty.Names.Append(Rare).Select(n => n.Replace('\uFFFE', '\uFFFD')).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        // The names fit the sheet.
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));

        // Rare characters are set in the font that it brought, of which this machine need have nothing.
        Assert.Equal(["loaded"], await page.EvaluateAsync<string[]>("[...document.fonts].map(f => f.status)"));
        Assert.Equal([(true, 3)], await FontsOfAsync(page, Rare));
        Assert.Empty(said);
    }

    /// <summary>What the browser draws a name of the ranking with: fonts of the page or of the machine, and how many glyphs of each.</summary>
    private static async Task<List<(bool IsOfThePage, int Glyphs)>> FontsOfAsync(IPage page, string name)
    {
        // Another machine may have the official typefaces, which come first in the style.
        await page.EvaluateAsync("name => { const cell = [...document.querySelectorAll('table.ranking td.name')].find(c => c.textContent === name); cell.id = 'name'; cell.style.fontFamily = '\"Hub Sans\"'; }", name);
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("DOM.enable");
        await session.SendAsync("CSS.enable");
        var root = (await session.SendAsync("DOM.getDocument"))!.Value.GetProperty("root").GetProperty("nodeId").GetInt32();
        var cell = (await session.SendAsync("DOM.querySelector", new() { ["nodeId"] = root, ["selector"] = "#name" }))!.Value.GetProperty("nodeId").GetInt32();
        var fonts = (await session.SendAsync("CSS.getPlatformFontsForNode", new() { ["nodeId"] = cell }))!.Value.GetProperty("fonts");
        return [.. fonts.EnumerateArray().Select(f => (f.GetProperty("isCustomFont").GetBoolean(), f.GetProperty("glyphCount").GetInt32()))];
    }

    [GeneratedRegex(@"url\(\s*[""']?([^""')]{0,40})", RegexOptions.IgnoreCase)]
    private static partial Regex Links();
}
