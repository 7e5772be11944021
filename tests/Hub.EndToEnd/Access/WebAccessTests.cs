using System.Net;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Access;

/// <summary>The web pages keep the same bounds: no session leads to the sign-in, a township sees no draft and no county figures.</summary>
public sealed class WebAccessTests
{
    private static string[] Files(string programme, string period) =>
        ["", $"/{programme}-{period}.docx", $"/{programme}-{period}.en.html", $"/{programme}-{period}-ranking.svg", $"/{programme}-{period}-ranking.png"];

    [Fact]
    public async Task Without_a_session_every_page_leads_to_the_sign_in()
    {
        await using var hub = await TwoCounties.StartAsync();
        using var browser = Browser(hub);
        foreach (var path in Files(TwoCounties.OwnProgramme, "2025-12").Select(f => $"/bulletins/{TwoCounties.OwnProgramme}/2025-12{f}").Append($"/programmes/{TwoCounties.OwnProgramme}/2025-12").Append("/"))
            foreach (var cookie in new[] { null, "hub-session=hub_wrong", "hub-session=" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (cookie is not null) request.Headers.Add("Cookie", cookie);
                using var response = await browser.SendAsync(request);
                Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (response.StatusCode, response.Headers.Location?.ToString()));
            }
        using var refused = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", "hub_wrong")]));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_township_sees_published_bulletins_of_its_programme_and_nothing_else()
    {
        await using var hub = await TwoCounties.StartAsync();
        using var browser = await SignInAsync(hub, await hub.TokenAsync(Role.Township, TwoCounties.Own));

        var home = await browser.GetStringAsync("/");
        Assert.Contains(TwoCounties.OwnProgramme, home, StringComparison.Ordinal);
        Assert.DoesNotContain(TwoCounties.ForeignProgramme, home, StringComparison.Ordinal);
        Assert.DoesNotContain("%", home, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d / \d", home);
        Assert.DoesNotContain("草稿", home, StringComparison.Ordinal);
        foreach (var file in Files(TwoCounties.OwnProgramme, "2025-12")) Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/bulletins/{TwoCounties.OwnProgramme}/2025-12{file}"));
        foreach (var file in Files(TwoCounties.OwnProgramme, "2026-01")) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"/bulletins/{TwoCounties.OwnProgramme}/2026-01{file}"));
        foreach (var file in Files(TwoCounties.ForeignProgramme, "2025-12")) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/bulletins/{TwoCounties.ForeignProgramme}/2025-12{file}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/bulletins/{TwoCounties.OwnProgramme}/2025-12/log.duckdb"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/bulletins/{TwoCounties.OwnProgramme}/2025-12/bulletin.zh.liquid%2F..%2F..%2Flog.duckdb"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"/programmes/{TwoCounties.OwnProgramme}/2025-12"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/programmes/{TwoCounties.ForeignProgramme}/2025-12"));
        using var foreign = await browser.GetAsync($"/bulletins/{TwoCounties.ForeignProgramme}/2025-12");
        using var missing = await browser.GetAsync($"/bulletins/{TwoCounties.MissingProgramme}/2025-12");
        Assert.Equal(missing.StatusCode, foreign.StatusCode);
        Assert.Equal(await missing.Content.ReadAsStringAsync(), await foreign.Content.ReadAsStringAsync());

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var response = await browser.GetAsync(path);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData(TwoCounties.OwnCounty, HttpStatusCode.OK, HttpStatusCode.NotFound)]
    [InlineData(TwoCounties.ForeignCounty, HttpStatusCode.NotFound, HttpStatusCode.OK)]
    // A smaller area holds only part of the programme: no draft, no sums of all of it.
    [InlineData(TwoCounties.Own, HttpStatusCode.Forbidden, HttpStatusCode.NotFound)]
    public async Task An_official_sees_drafts_of_programmes_that_lie_within_the_area(string area, HttpStatusCode own, HttpStatusCode foreign)
    {
        await using var hub = await TwoCounties.StartAsync();
        using var browser = await SignInAsync(hub, await hub.TokenAsync(Role.Official, area: area));

        using var ownDraft = await browser.GetAsync($"/bulletins/{TwoCounties.OwnProgramme}/2026-01");
        using var foreignDraft = await browser.GetAsync($"/bulletins/{TwoCounties.ForeignProgramme}/2026-01");
        Assert.Equal((own, foreign), (ownDraft.StatusCode, foreignDraft.StatusCode));
        var home = await browser.GetStringAsync("/");
        Assert.Equal(area != TwoCounties.Own, home.Contains('%', StringComparison.Ordinal));
    }

    private static HttpClient Browser(TestHub hub) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://{hub.Server.Http}") };

    private static async Task<HttpClient> SignInAsync(TestHub hub, string token)
    {
        var browser = Browser(hub);
        using var response = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("token", token)]));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        browser.DefaultRequestHeaders.Add("Cookie", response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return browser;
    }
}
