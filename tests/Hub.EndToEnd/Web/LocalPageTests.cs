using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Page;
using Hub.Agent.Running;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace Hub.EndToEnd.Web;

/// <summary>The agent's own page: on this machine alone, read-only, in the reader's language.</summary>
public sealed class LocalPageTests : IDisposable
{
    private const string Township = "990101100", Hostile = "<script>document.title='taken'</script>";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-reports-").FullName;
    private readonly string data = Directory.CreateTempSubdirectory("hub-outbox-").FullName;
    private readonly FixedClock clock = new(new(2026, 2, 2, 10, 0, 0, TimeSpan.FromHours(8)));
    private readonly int port = FreePort();

    [Fact]
    public async Task It_answers_by_its_own_name_alone_and_in_the_language_that_is_wanted()
    {
        await using var page = Start();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var (plain, english) = (await AskAsync(http, "/"), await AskAsync(http, "/", language: "en-GB, zh;q=0.5"));
        var (foreign, posted, nowhere, style) = (await AskAsync(http, "/", host: $"county.example:{port}"), await AskAsync(http, "/", HttpMethod.Post), await AskAsync(http, "/outbox.db"), await AskAsync(http, "/page.css"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.Status, english.Status));
        Assert.Contains("下一次上报", plain.Body, StringComparison.Ordinal);
        Assert.Contains("Next report", english.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.MisdirectedRequest, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound, HttpStatusCode.OK), (foreign.Status, posted.Status, nowhere.Status, style.Status));
        Assert.DoesNotContain("下一次上报", foreign.Body, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'self'", plain.Policy, StringComparison.Ordinal);
        Assert.Equal("text/css", style.Type);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_no_reason_to_stop()
    {
        await using (var first = Start())
        {
            Assert.NotNull(first);
            // By another agent, that nobody has visited yet or somebody has.
            Assert.Null(Start());
            Assert.Equal(HttpStatusCode.OK, await VisitAsync());
            Assert.Null(Start());
        }

        await using var next = Start();
        Assert.Equal(HttpStatusCode.OK, await VisitAsync());

        async Task<HttpStatusCode> VisitAsync()
        {
            // A connection that stays open does not keep the page from stopping.
            var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            return (await AskAsync(http, "/")).Status;
        }
    }

    [Fact]
    public async Task Of_several_townships_it_says_which_one_is_not_connected()
    {
        var (connection, none) = (Connection(out var heard), new Text("凭证已撤销", "the credential was revoked"));
        connection.Keep(new HashSet<string> { Township, "990101101" });
        await using var page = Start(connection);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        async Task<string> StandingAsync() => (await AskAsync(http, "/", language: "en")).Body.Split("role=\"status\"")[1].Split("</header>")[0];

        var neither = await StandingAsync();
        heard("990101101", null);
        var first = await StandingAsync();
        heard(Township, none);
        var one = await StandingAsync();
        heard("990101101", none);
        var both = await StandingAsync();
        connection.Keep(new HashSet<string> { "990101101" });
        heard("990101101", null);
        var left = await StandingAsync();

        Assert.Contains("connecting to the hub", neither, StringComparison.Ordinal);
        Assert.DoesNotContain("9901011", neither, StringComparison.Ordinal);
        Assert.Contains("✓ 990101101 Connection to the hub: in order", first, StringComparison.Ordinal);
        Assert.Contains("990101100 connecting to the hub", first, StringComparison.Ordinal);
        Assert.Contains("✗ 990101100 Connection to the hub: none. the credential was revoked", one, StringComparison.Ordinal);
        Assert.Contains("✓ 990101101 Connection to the hub: in order", one, StringComparison.Ordinal);
        Assert.Contains("✗ Connection to the hub: none. the credential was revoked", both, StringComparison.Ordinal);
        Assert.DoesNotContain("9901011", both, StringComparison.Ordinal);
        Assert.Contains("✓ Connection to the hub: in order", left, StringComparison.Ordinal);
        Assert.DoesNotContain("✗", left, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_clerk_sees_files_problems_figures_and_messages_and_no_text_is_markup()
    {
        await FillAsync();
        var connection = Connection(out var heard);
        heard(Township, null);
        await using var local = Start(connection);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await BulletinPageTests.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { Locale = "zh-CN", ViewportSize = new() { Width = 1100, Height = 900 } });
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        await page.GotoAsync($"http://127.0.0.1:{port}/");
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "artifacts", "gallery")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(pictures, "local-page.png"), FullPage = true });

        Assert.Equal("青禾镇 报送情况", await page.InnerTextAsync("h1"));
        Assert.Equal("✓ 与中心的连接：正常", await page.InnerTextAsync("header .mark"));
        Assert.Contains("已按时上报，第 1 版", await page.InnerTextAsync("section[aria-labelledby=due] tbody"), StringComparison.Ordinal);
        Assert.Contains("村党支部!Q10 桐源村党支部", await page.InnerTextAsync("article.wrong li"), StringComparison.Ordinal);
        Assert.StartsWith("✓ 已收妥，按时，2026-01 第 1 版", await page.InnerTextAsync("section[aria-labelledby=files] tbody tr td:last-child"), StringComparison.Ordinal);
        Assert.Contains("1 / 13", await page.InnerTextAsync("section[aria-labelledby=figures] tbody"), StringComparison.Ordinal);
        Assert.Contains(Hostile, await page.InnerTextAsync(".messages"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("script").CountAsync());
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        Assert.Empty(complaints);
    }

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Directory.Delete(data, recursive: true);
    }

    private LocalPage? Start(Connection? connection = null)
    {
        using (ReportOutbox.Open(data))
        {
        }
        return LocalPage.Start(port, data, connection ?? Connection(out _), clock, NullLogger.Instance);
    }

    private Connection Connection(out Action<string, Text?> heard)
    {
        var connection = new Connection(new HubClock(clock));
        heard = connection.Ended;
        return connection;
    }

    /// <summary>A township in the middle of its month: one report sent, one workbook with problems, last month published.</summary>
    private async Task FillAsync()
    {
        using var outbox = ReportOutbox.Open(data);
        var (received, due) = (Timestamp.FromDateTimeOffset(clock.Now), new DateTimeOffset(2026, 2, 4, 0, 0, 0, TimeSpan.FromHours(8)));
        var receipt = new Receipt { Position = 163, Version = 1, ReceivedAt = received, Hash = Google.Protobuf.ByteString.CopyFrom(new byte[32]) };
        outbox.Put(new OutboxEntry("report-0001", TestHub.Report(), Path.Combine(folder, "青禾镇 2026-01.xlsx"), clock.Now, "", clock.Now, due, 0));
        outbox.Kept("report-0001", receipt, onTime: true);
        var bad = Path.Combine(folder, "青禾镇 2026-02.xlsx");
        await File.WriteAllTextAsync(bad, "");
        outbox.Wrong(bad,
        [
            new("村党支部!Q10 桐源村党支部 (99010110000007) V3.3 未填达标情况", "V3.3 is blank"),
            new("村党支部!R11 鹤岗村党支部 (99010110000009) V3.4 填的“已建”不是 达标、未达标 或 不适用", "V3.4 is no state"),
            new("有 2 处问题，未上报：请改正后保存", "2 problems, not sent: correct them and save"),
        ]);
        InboxMessage[] messages =
        [
            new() { Position = 3, ChangedRegistry = new ChangedRegistry { Name = "青禾镇", BranchCount = 35 }, WordsZh = "登记有变化，35 个支部：桐源村党支部（新增）等。请改用新工作簿填报", WordsEn = "the registry changed" },
            new() { Position = 150, At = received, OwnFigures = new OwnFigures { Programme = TestHub.Programme, Period = "2025-12", Branches = 35, HardwareBase = 35, HardwareComplete = 31, HardwareShare = 31 / 35.0, SoftwareBase = 30, SoftwareComplete = 24, SoftwareShare = 0.8, Compliant = 22, Rank = 1, Ranked = 13 }, WordsZh = "county-2025 2025-12 通报数据，排名第 1（共 13 个乡镇）；硬件达标 31/35 (88.6%)，软件达标 24/30 (80.0%)", WordsEn = "figures" },
            new() { Position = 151, At = received, LockedPeriod = new LockedPeriod { Programme = TestHub.Programme, Period = "2025-12", Year = 2026, Number = 1 }, WordsZh = "county-2025 2025-12 的通报〔2026〕1号已发布，本期锁定；如需更正，请说明理由，向县里申请重新开放", WordsEn = "locked" },
            new() { Position = 160, DueReports = new DueReports { Reports = { new DueReport { Programme = TestHub.Programme, Title = "基层党组织规范化建设", Gloss = "Branch standard", Period = "2026-01", DueOn = "2026-02-03", DueAt = Timestamp.FromDateTimeOffset(due) } } }, WordsZh = "基层党组织规范化建设（county-2025）：2026-01 的报告 2026-02-03 前上报", WordsEn = "due" },
            new() { Position = 163, At = received, ReceivedReport = new ReceivedReport { Programme = TestHub.Programme, Period = "2026-01", Receipt = receipt, Status = "on_time", Figures = new OwnFigures { Programme = TestHub.Programme, Period = "2026-01", Branches = 35, HardwareBase = 35, HardwareComplete = 33, HardwareShare = 33 / 35.0, SoftwareBase = 30, SoftwareComplete = 27, SoftwareShare = 0.9, Compliant = 26 } }, WordsZh = "已收妥 county-2025 2026-01 第 1 版，收到时间 2026-02-02T10:00:00+08:00，按时；硬件达标 33/35 (94.3%)，软件达标 27/30 (90.0%)", WordsEn = "kept" },
            new() { Position = 170, At = received, ReopenedPeriod = new ReopenedPeriod { Programme = TestHub.Programme, Period = "2025-12", Reason = Hostile }, WordsZh = $"county-2025 2025-12 已为本乡镇重新开放，可再报一版。理由：{Hostile}", WordsEn = "open" },
        ];
        outbox.Inbox.Put(new ReadInboxResponse { Township = Township, NextAfter = 170, Messages = { messages } }, 0, clock.Now);
    }

    private static async Task<(HttpStatusCode Status, string Body, string Policy, string? Type)> AskAsync(HttpClient http, string path, HttpMethod? method = null, string? host = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (host is not null) request.Headers.Host = host;
        if (language is not null) request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), string.Concat(answer.Headers.GetValues("content-security-policy")), answer.Content.Headers.ContentType?.MediaType);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
