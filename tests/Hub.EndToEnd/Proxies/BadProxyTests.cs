using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Grpc.Core;
using Hub.Agent;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.CommandLine;
using Hub.EndToEnd.Agent;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Hub.Server.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.EndToEnd.Proxies;

/// <summary>Agents behind nginx as offices have it: without HTTP/2, slow, cutting, too small, asking for a sign-in, in front of a hub that is away. A report arrives
/// exactly once, or the words say what to do.</summary>
public sealed class BadProxyTests : IAsyncLifetime
{
    private const string Township = "990101100";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-reports-").FullName;
    private readonly string data = Directory.CreateTempSubdirectory("hub-outbox-").FullName;
    private readonly int port = NginxProcess.FreePort();
    private TestHub hub = null!;
    private CertificateFolder certificates = null!;
    private string token = "";

    private string Url => $"https://127.0.0.1:{port}";
    private string Filled => Path.Combine(data, "2026-01.xlsx");
    private string Saved => Path.Combine(folder, "2026-01.xlsx");

    public async Task InitializeAsync()
    {
        hub = await TestHub.StartWithCountyAsync();
        token = await hub.TokenAsync(Role.Township, Township);
        certificates = new CertificateFolder(Path.Combine(data, "certificates"), TimeProvider.System);
        certificates.MakeRoot();
        certificates.MakeHub(["127.0.0.1"]);
        var made = await AgentCommand.TemplateAsync(hub, token, "2026-01", Filled);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        FilledWorkbook.FillBlanks(Filled, "达标");
    }

    public async Task DisposeAsync()
    {
        await hub.DisposeAsync();
        foreach (var directory in new[] { folder, data }) Directory.Delete(directory, recursive: true);
    }

    [NginxFact]
    public async Task The_example_for_administrators_passes_gRPC_gRPC_Web_and_the_web_page()
    {
        await using var nginx = await NginxProcess.StartAsync(Example());
        var (calls, news) = Calls();
        using var _ = calls;
        using var web = new HttpClient(HubTrust.Handler(certificates.RootFile));

        var sent = await SubmitAsync();
        await calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None);
        using var signedIn = await web.PostAsync(new Uri(Url + "/sign-in"), new FormUrlEncodedContent([new("token", await hub.TokenAsync(Role.Official))]));

        Assert.StartsWith("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
        Assert.Empty(news);
        // The hub itself serves without TLS: it believes this proxy that the page came by https.
        Assert.Contains("; secure;", Assert.Single(signedIn.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task Through_a_proxy_that_speaks_HTTP_1_only_a_report_goes_by_gRPC_Web()
    {
        await using var nginx = await NginxProcess.StartAsync(Example().Replace(" ssl http2;", " ssl;", StringComparison.Ordinal));

        Assert.StartsWith("kept, on time, 2026-01 version 1", (await SubmitAsync()).Output, StringComparison.Ordinal);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task Through_a_proxy_with_HTTP_2_on_its_near_side_only_a_report_goes_by_gRPC_Web()
    {
        await using var nginx = await NginxProcess.StartAsync(Server(" http2"));

        Assert.StartsWith("kept, on time, 2026-01 version 1", (await SubmitAsync()).Output, StringComparison.Ordinal);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task Without_TLS_too()
    {
        await using var nginx = await NginxProcess.StartAsync($"server {{ listen 127.0.0.1:{port}; location / {{ {Pass} }} }}");

        Assert.StartsWith("kept, on time, 2026-01 version 1", (await AgentCommand.RunAsync(["submit", Filled, "--hub", $"http://127.0.0.1:{port}"], token)).Output, StringComparison.Ordinal);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task Through_a_proxy_of_tiny_buffers_that_trickles_a_report_arrives_once()
    {
        await using var nginx = await NginxProcess.StartAsync(Server(more: "limit_rate 8k; client_body_buffer_size 128; proxy_buffer_size 1k; proxy_buffers 2 1k; proxy_busy_buffers_size 1k; proxy_request_buffering off;"));

        Assert.StartsWith("kept, on time, 2026-01 version 1", (await SubmitAsync()).Output, StringComparison.Ordinal);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task The_refusals_of_the_hub_keep_their_words_through_gRPC_Web()
    {
        await using var nginx = await NginxProcess.StartAsync(Server());

        var wrong = await AgentCommand.RunAsync(["submit", Filled, "--hub", Url, "--root", certificates.RootFile], "wrong");

        Assert.Equal((1, "no credential, or it is wrong, expired or revoked; ask the county's administrator for a new one"), (wrong.ExitCode, wrong.Error));
    }

    [NginxFact]
    public async Task A_running_agent_says_once_that_HTTP_2_is_missing_and_the_receipt_lies_beside_the_workbook()
    {
        await using var nginx = await NginxProcess.StartAsync(Server());
        File.Copy(Filled, Saved);
        await using var agent = AgentProcess.Run(Url, folder, data, token, "--root", certificates.RootFile);

        await agent.SaysAsync("going on with gRPC-Web over HTTP/1.1");
        await agent.SaysAsync("kept, on time, 2026-01 version 1");
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task gRPC_is_tried_again_after_an_hour_and_the_change_is_said_once()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow()) { Timestamp = 0 };
        var (calls, news) = Calls(clock);
        using var _ = calls;
        async Task CallAsync() => await calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None);
        var hour = (long)(HubRoute.GrpcAgain.TotalSeconds * clock.TimestampFrequency);

        await using (await NginxProcess.StartAsync(Server()))
        {
            await CallAsync();
            clock.Timestamp += hour;
            await CallAsync();
        }
        await using (await NginxProcess.StartAsync(Example()))
        {
            await CallAsync();
            var before = news.Count;
            clock.Timestamp += hour;
            await CallAsync();
            Assert.Equal((1, 2), (before, news.Count));
        }

        Assert.Contains("going on with gRPC-Web", news[0], StringComparison.Ordinal);
        Assert.Equal("gRPC gets through again", news[1]);
    }

    [NginxFact]
    public async Task Where_gRPC_is_swallowed_when_it_is_tried_again_gRPC_Web_goes_on()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow()) { Timestamp = 0 };
        var (calls, news) = Calls(clock);
        using var _ = calls;
        async Task CallAsync() => await calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None);

        await using (await NginxProcess.StartAsync(Server())) await CallAsync();
        await using (await NginxProcess.StartAsync(Regex.Replace(Example(), "grpc_pass [^;]+;", "return 444;")))
        {
            clock.Timestamp += (long)(HubRoute.GrpcAgain.TotalSeconds * clock.TimestampFrequency);
            await CallAsync();
            await CallAsync();
        }

        Assert.Contains("going on with gRPC-Web", Assert.Single(news), StringComparison.Ordinal);
    }

    [NginxFact]
    public async Task Where_gRPC_is_swallowed_without_a_word_the_next_call_goes_by_gRPC_Web()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        await using var nginx = await NginxProcess.StartAsync(Regex.Replace(Example(), "grpc_pass [^;]+;", $"grpc_pass grpc://{hole.LocalEndpoint};"));
        // By a clock that is late, a call's thirty seconds are nearly over when it begins.
        var clock = new FixedClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(25)) { Timestamp = 0 };
        var (calls, news) = Calls(clock);
        using var _ = calls;
        async Task CallAsync() => await calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None);

        var swallowed = await Assert.ThrowsAsync<RpcException>(CallAsync);
        clock.Now = TimeProvider.System.GetUtcNow();
        await CallAsync();
        await CallAsync();

        Assert.Equal(StatusCode.DeadlineExceeded, swallowed.StatusCode);
        // It cannot know whether it was the proxy.
        Assert.Contains("gRPC brought no answer and gRPC-Web over HTTP/1.1 did", Assert.Single(news), StringComparison.Ordinal);
    }

    [NginxFact]
    public Task A_line_that_was_dead_for_a_while_leaves_no_call_on_gRPC_Web() => DeadForAWhileAsync(hoursAsleep: 0);

    [NginxFact]
    public Task Nor_does_it_where_the_machine_has_slept_for_an_hour_meanwhile() => DeadForAWhileAsync(hoursAsleep: 1);

    private async Task DeadForAWhileAsync(int hoursAsleep)
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var clock = new FixedClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(25)) { Timestamp = 0 };
        var (calls, news) = Calls(clock);
        using var _ = calls;
        async Task CallAsync() => await calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None);

        RpcException swallowed, refused;
        await using (await NginxProcess.StartAsync(Regex.Replace(Example(), "(grpc|proxy)_pass [^;]+;", m => $"{m.Groups[1].Value}_pass {(m.Groups[1].Value == "grpc" ? "grpc" : "http")}://{hole.LocalEndpoint};")))
            swallowed = await Assert.ThrowsAsync<RpcException>(CallAsync);
        clock.Now = TimeProvider.System.GetUtcNow();
        clock.Timestamp += hoursAsleep * (long)(HubRoute.GrpcAgain.TotalSeconds * clock.TimestampFrequency);
        refused = await Assert.ThrowsAsync<RpcException>(CallAsync);
        await using (await NginxProcess.StartAsync(Example())) await CallAsync();

        Assert.Equal((StatusCode.DeadlineExceeded, StatusCode.Unavailable), (swallowed.StatusCode, refused.StatusCode));
        Assert.Empty(news);
    }

    [Fact]
    public async Task A_connection_that_does_not_come_about_is_told_before_the_call_has_lasted_its_time()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        using var calls = HubCalls.Open(new Uri($"https://{hole.LocalEndpoint}"), token, new Retry(TimeProvider.System, TimeSpan.Zero), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<RpcException>(() => calls.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), CancellationToken.None));

        Assert.Equal((StatusCode.Unavailable, $"cannot reach {hole.LocalEndpoint} (no answer in time): check address and network, and try again"), (refused.StatusCode, calls.WhyNot(refused).English));
    }

    [NginxFact]
    public async Task A_township_enrolls_through_a_proxy_with_a_certificate_of_its_own()
    {
        new CertificateFolder(hub.Directory, TimeProvider.System).MakeRoot();
        var administration = new AdministrationService.AdministrationServiceClient(hub.Control);
        var named = (await administration.CreateInvitationAsync(new CreateInvitationRequest { Township = Township })).Code;
        var without = (await administration.CreateInvitationAsync(new CreateInvitationRequest { Township = Township, WithoutRoot = true })).Code;
        Task<AgentCommand> EnrollAsync(string code, string agent, params string[] more) => AgentCommand.RunAsync(["enroll", Url, code, "--data", Path.Combine(data, agent), .. more]);
        await using var nginx = await NginxProcess.StartAsync(Example());

        var untrusted = await EnrollAsync(named, "first");
        var unknown = await EnrollAsync(without, "second");
        var (given, also) = (await EnrollAsync(named, "first", "--root", certificates.RootFile), await EnrollAsync(without, "second", "--root", certificates.RootFile));
        var sent = await AgentCommand.RunAsync(["submit", Filled, "--data", Path.Combine(data, "second")]);

        Assert.Equal((1, 1), (untrusted.ExitCode, unknown.ExitCode));
        Assert.Contains("a proxy with a certificate of its own (name that one's root with --root)", untrusted.Error, StringComparison.Ordinal);
        Assert.StartsWith("this machine does not trust the hub's certificate", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(((0, ""), (0, "")), ((given.ExitCode, given.Error), (also.ExitCode, also.Error)));
        Assert.StartsWith("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
    }

    [NginxFact]
    public async Task What_answers_in_place_of_the_root_is_said_before_the_code_is_sent()
    {
        new CertificateFolder(hub.Directory, TimeProvider.System).MakeRoot();
        var code = (await new AdministrationService.AdministrationServiceClient(hub.Control).CreateInvitationAsync(new CreateInvitationRequest { Township = Township })).Code;
        foreach (var (answer, words) in new[]
        {
            ("return 502;", "does not reach the hub (HTTP 502)"), ("return 407;", "asks for a sign-in (407)"), ("return 404;", "is not the hub (HTTP 404)"),
            ("return 302 https://sign-in.example/;", "leads to https://sign-in.example instead of the hub"),
        })
        {
            await using var nginx = await NginxProcess.StartAsync(Server(more: $"location = /root.pem {{ {answer} }}"));
            var told = await AgentCommand.RunAsync(["enroll", Url, code, "--data", Path.Combine(data, "agent")]);
            Assert.Equal(1, told.ExitCode);
            Assert.Contains(words, told.Error, StringComparison.Ordinal);
        }
    }

    [NginxFact]
    public async Task A_refusal_that_names_forty_places_comes_whole_through_the_example()
    {
        await using var nginx = await NginxProcess.StartAsync(Example());
        var (calls, news) = Calls();
        using var _ = calls;
        var report = TestHub.Report();
        report.Branches.Add(Enumerable.Range(0, 60).Select(i => new BranchStates { Branch = $"不在登记中的支部{i}", States = { ItemState.Met } }));
        var request = new SubmitReportRequest { SubmissionId = "wrong-0001", Report = report };

        var refused = await Assert.ThrowsAsync<RpcException>(() => calls.CallOnceAsync(o => new ReportingService.ReportingServiceClient(calls.Invoker).SubmitReportAsync(request, o), CancellationToken.None));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.True(refused.GetRpcStatus()!.CalculateSize() > 3_000);
        Assert.Empty(news);
    }

    [NginxFact]
    public async Task An_answer_cut_off_by_the_proxy_is_asked_for_again_until_there_is_a_receipt()
    {
        using var outbox = ReportOutbox.Open(data);
        // The hub has it by then: keeping a report takes longer than a millisecond, and the proxy waits no longer.
        await using (await NginxProcess.StartAsync(Server(more: Reporting(Pass + " proxy_read_timeout 1ms;")))) await StepAsync(outbox, 3);
        var cut = Assert.Single(outbox.All());
        outbox.Hasten(cut.SubmissionId, hub.Clock.Now);
        await using (await NginxProcess.StartAsync(Server())) await StepAsync(outbox, 1);

        Assert.Equal(DeliveryState.Waiting, cut.State);
        Assert.Contains("does not reach the hub (HTTP 504)", cut.Why!.Value.English, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(outbox.All()).Receipt?.Version);
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task A_proxy_killed_in_mid_call_and_started_again_loses_and_doubles_nothing()
    {
        // It passes on one byte of the answer a second: the hub has the report, the agent does not know it.
        var nginx = await NginxProcess.StartAsync(Server(more: Reporting(Pass + " limit_rate 1;")));
        File.Copy(Filled, Saved);
        await using var agent = AgentProcess.Run(Url, folder, data, token, "--root", certificates.RootFile);
        while ((await hub.SqlAsync("select count(*) from reports"))[0][0] == "0") await Task.Yield();
        await nginx.DisposeAsync();
        await using var again = await NginxProcess.StartAsync(Server());

        await agent.SaysAsync("kept, on time, 2026-01 version 1");
        await ArrivedOnceAsync();
    }

    [NginxFact]
    public async Task While_the_hub_behind_a_proxy_is_away_a_report_waits_and_says_so()
    {
        await using (await NginxProcess.StartAsync(Server(more: Reporting($"proxy_pass http://127.0.0.1:{NginxProcess.FreePort()};"))))
            Assert.Contains("does not reach the hub (HTTP 502): try again later, or ask the county whether the hub is running", await WaitsAsync(), StringComparison.Ordinal);
        await ArrivesAsync();
    }

    [NginxFact]
    public async Task A_limit_on_the_size_of_requests_is_named_with_its_setting()
    {
        await using (await NginxProcess.StartAsync(Server(more: "client_max_body_size 64;")))
        {
            Assert.Contains("nginx: client_max_body_size 8m", await WaitsAsync(), StringComparison.Ordinal);
            var sent = await SubmitAsync();
            Assert.Equal(1, sent.ExitCode);
            Assert.StartsWith("a proxy on the way takes no report of this size (413)", sent.Error, StringComparison.Ordinal);
        }
        await ArrivesAsync();
    }

    [NginxFact]
    public async Task A_report_is_not_parked_for_what_a_proxy_says()
    {
        (string Answer, string Words)[] answers =
        [
            ("return 407;", "set HTTPS_PROXY to http://user:password@proxy:port"),
            ("return 403;", "a proxy on the way refuses (HTTP 403)"),
            ("return 404;", "is not the hub (HTTP 404)"),
            ("default_type text/html; return 200 '<html>Sign in</html>';", "in a browser, the network may want a sign-in first"),
            ("return 302 http://portal.example/login;", "the network leads to http://portal.example instead of the hub"),
            ("return 308 https://hub.example:8443$request_uri;", "the hub has moved to https://hub.example:8443: ask the county whether this is so, then give --hub the new address"),
            // As a proxy that knows gRPC says it.
            ("default_type application/grpc; add_header grpc-status 7; add_header grpc-message denied; return 200 '';", "is not the hub, or was changed on the way (PermissionDenied: denied)"),
        ];
        foreach (var (answer, words) in answers)
        {
            await using var nginx = await NginxProcess.StartAsync(Server(" http2", more: Reporting(answer)));
            Assert.Contains(words, await WaitsAsync(), StringComparison.Ordinal);
            Assert.Contains(words, (await SubmitAsync()).Error, StringComparison.Ordinal);
        }
        await ArrivesAsync();
    }

    [NginxFact]
    public async Task The_proxy_that_the_machine_is_set_to_is_used_and_named_when_it_lets_nothing_through()
    {
        // nginx takes no CONNECT.
        await using var nginx = await NginxProcess.StartAsync($"server {{ listen 127.0.0.1:{port}; }}");

        var sent = await AgentCommand.RunAsync(["submit", Filled, "--hub", "https://hub.example:8443"], token, environment: ("HTTPS_PROXY", $"http://127.0.0.1:{port}"));

        Assert.Equal(1, sent.ExitCode);
        Assert.StartsWith("the proxy that this machine is set to lets nothing through to hub.example:8443", sent.Error, StringComparison.Ordinal);
    }

    private string Pass => $"proxy_pass http://{hub.Server.Http}; proxy_http_version 1.1;";

    /// <summary>As plain as proxies come: everything to the web listener, over HTTP/1.1.</summary>
    private string Server(string http2 = "", string more = "") => $$"""
        server {
          listen 127.0.0.1:{{port}} ssl{{http2}};
          ssl_certificate {{certificates.HubFile}};
          ssl_certificate_key {{certificates.HubFile}};
          {{more}}
          location / { {{Pass}} }
        }
        """;

    /// <summary>Something else for the calls with reports; the hub's clock is still learnt.</summary>
    private static string Reporting(string what) => $"location /hub.v1.ReportingService/ {{ {what} }}";

    /// <summary>The file that administrators are given, with the addresses of this test.</summary>
    private string Example() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nginx-example.conf"))
        .Replace("0.0.0.0:8443", $"127.0.0.1:{port}", StringComparison.Ordinal)
        .Replace("/etc/nginx/hub.pem", certificates.HubFile, StringComparison.Ordinal)
        .Replace("127.0.0.1:8081", hub.Server.Grpc.ToString(), StringComparison.Ordinal)
        .Replace("127.0.0.1:8080", hub.Server.Http.ToString(), StringComparison.Ordinal);

    private Task<AgentCommand> SubmitAsync() => AgentCommand.RunAsync(["submit", Filled, "--hub", Url, "--root", certificates.RootFile], token);

    private (HubCalls Calls, List<string> News) Calls(TimeProvider? time = null)
    {
        var news = new List<string>();
        var calls = HubCalls.Open(new Uri(Url), token, new Retry(TimeProvider.System, TimeSpan.Zero), time ?? TimeProvider.System, certificates.RootFile);
        calls.OnOtherWay = text => news.Add(text.English);
        return (calls, news);
    }

    /// <summary>Rounds of an agent that starts anew.</summary>
    private async Task StepAsync(ReportOutbox outbox, int rounds)
    {
        if (!File.Exists(Saved)) File.Copy(Filled, Saved);
        using var calls = Calls().Calls;
        using var agent = new TownshipAgent(new WatchedFolder(folder), new WorkbooksHere(), outbox, TownshipCalls.OfToken(calls), Schedule.Parse(null), new HubClock(TimeProvider.System), NullLogger<TownshipAgent>.Instance);
        for (var i = 0; i < rounds; i++) await agent.StepAsync(CancellationToken.None);
    }

    /// <summary>Lets an agent meet what is there now.</summary>
    /// <returns>Why its report waits.</returns>
    private async Task<string> WaitsAsync()
    {
        using var outbox = ReportOutbox.Open(data);
        foreach (var waiting in outbox.All()) outbox.Hasten(waiting.SubmissionId, hub.Clock.Now);
        await StepAsync(outbox, 3);
        var entry = Assert.Single(outbox.All());
        Assert.Equal(DeliveryState.Waiting, entry.State);
        return entry.Why!.Value.English;
    }

    /// <summary>Through a sound proxy all is well again.</summary>
    private async Task ArrivesAsync()
    {
        await using var nginx = await NginxProcess.StartAsync(Server());
        using var outbox = ReportOutbox.Open(data);
        outbox.Hasten(Assert.Single(outbox.All()).SubmissionId, hub.Clock.Now);
        await StepAsync(outbox, 1);
        Assert.Equal(1, Assert.Single(outbox.All()).Receipt?.Version);
        await ArrivedOnceAsync();
    }

    private async Task ArrivedOnceAsync() => Assert.Equal(["1"], Assert.Single(await hub.SqlAsync("select count(*) from reports")));
}
