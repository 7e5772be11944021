using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.Playwright;

namespace Hub.EndToEnd.Web;

/// <summary>The web page as an official sees it, in a real browser.</summary>
public sealed class BulletinPageTests
{
    [BrowserFact]
    public async Task An_official_signs_in_by_link_and_reads_the_draft_with_its_chart()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        await ReportAsync(hub, "990101100");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var (page, complaints) = await SignInAsync(hub, browser);
        Assert.Contains("2026-01", await page.InnerTextAsync("tbody tr:first-child"), StringComparison.Ordinal);
        await page.ClickAsync("a[href='/bulletins/county-2025/2026-01']");
        await page.WaitForSelectorAsync("figure img");
        // The font must have come: a machine without a Chinese one would show boxes.
        await page.EvaluateAsync("document.fonts.ready");

        Assert.Contains("草稿", await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        Assert.Contains("100.0%", await page.InnerTextAsync("article"), StringComparison.Ordinal);
        Assert.Equal(2, await page.Locator("table.ranking tbody tr").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth > 0)"));
        Assert.Empty(complaints);
    }

    [BrowserFact]
    public async Task The_page_of_a_month_lists_reports_bulletin_and_charts()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        await ReportAsync(hub, "990101100");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var (page, complaints) = await SignInAsync(hub, browser);
        await page.ClickAsync("a[href='/programmes/county-2025/2026-01']");
        await page.WaitForSelectorAsync("figure img");

        Assert.Equal(["青禾镇", "云溪乡"], await page.Locator("tbody tr td:first-child").AllInnerTextsAsync());
        Assert.Equal(["按时", "待报"], await page.Locator("tbody tr td:nth-child(2)").AllInnerTextsAsync());
        Assert.Equal(9, await page.Locator("figure img").CountAsync());
        await page.EvaluateAsync("document.querySelectorAll('img').forEach(i => i.loading = 'eager')");
        Assert.True(await page.EvaluateAsync<bool>("Promise.all([...document.images].map(i => i.decode())).then(() => true)"));
        Assert.Empty(complaints);
    }

    [BrowserFact]
    public async Task A_name_that_is_markup_is_only_text_on_the_page_and_in_the_chart()
    {
        const string hostile = "</svg><script>document.title='taken'</script>";
        await using var hub = await TestHub.StartWithCountyAsync();
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest { Townships = { new Township { Code = "990101101", Name = hostile } } });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var (page, _) = await SignInAsync(hub, browser);
        await page.GotoAsync($"http://{hub.Server.Http}/bulletins/county-2025/2026-01");

        Assert.Contains("进展情况的通报", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("script").CountAsync());
        Assert.Contains(hostile, await page.InnerTextAsync("table.ranking tbody"), StringComparison.Ordinal);
    }

    /// <summary>An official's home page, and what the browser's console complains of from here on.</summary>
    private static async Task<(IPage Page, List<string> Complaints)> SignInAsync(TestHub hub, IBrowser browser)
    {
        var page = await browser.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        await page.GotoAsync($"http://{hub.Server.Http}/sign-in#{await hub.TokenAsync(Role.Official)}");
        await page.WaitForURLAsync($"http://{hub.Server.Http}/");
        return (page, complaints);
    }

    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = BrowserFactAttribute.Executable ?? throw new InvalidOperationException("The gate must have a browser: install chromium"),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    private static async Task ReportAsync(TestHub hub, string township) => await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
        new SubmitReportRequest { SubmissionId = $"report-{township}", Report = TestHub.Report(township) }, TestHub.Bearer(await hub.TokenAsync(Role.Township, township)));
}
