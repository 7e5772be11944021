using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Hub.Agent;
using Hub.CommandLine;
using Hub.EndToEnd.Agent;
using Hub.Protocol;
using Hub.Server.Tls;

namespace Hub.EndToEnd.Serving;

/// <summary>A hub on one port with TLS, and an agent that trusts the county's root and nothing else.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-tls-").FullName;

    [Fact]
    public async Task A_workbook_is_fetched_and_sent_over_TLS_and_web_and_JSON_answer_on_the_same_port()
    {
        var certificates = Make(TimeProvider.System, "127.0.0.1");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));
        var (token, file, url) = (await hub.TokenAsync(Role.Township, "990101100"), Path.Combine(folder, "2026-01.xlsx"), $"https://{hub.Server.Grpc}");

        var made = await AgentCommand.RunAsync(["template", "--hub", url, "--root", certificates.RootFile, "--programme", TestHub.Programme, "--period", "2026-01", "--out", file], token);
        FilledWorkbook.FillBlanks(file, "达标");
        var sent = await AgentCommand.RunAsync(["submit", file, "--hub", url, "--root", certificates.RootFile], token);
        using var web = new HttpClient(HubTrust.Handler(certificates.RootFile));
        var page = await web.GetAsync(new Uri(url + "/sign-in"));
        using var asJson = new HttpRequestMessage(HttpMethod.Get, url + "/v1/programmes/county-2025/townships/990101100/reports/2026-01");
        asJson.Headers.Authorization = new("Bearer", token);
        using var report = await web.SendAsync(asJson);

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.StartsWith("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
        Assert.Equal((true, new Version(1, 1)), (page.IsSuccessStatusCode, page.Version));
        Assert.Equal(1, GetReportResponse.Parser.ParseJson(await report.Content.ReadAsStringAsync()).Receipt.Version);
    }

    [Fact]
    public async Task A_wrong_root_is_refused_in_one_line_and_so_is_none()
    {
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(Make(TimeProvider.System, "127.0.0.1")));
        var other = Make(TimeProvider.System, "127.0.0.1");

        var wrong = await AgentCommand.RunAsync(Template($"https://{hub.Server.Grpc}", other.RootFile), "token");
        var chinese = await AgentCommand.RunAsync(Template($"https://{hub.Server.Grpc}", other.RootFile), "token", language: "zh");
        var none = await CallAsync($"https://{hub.Server.Grpc}", null);

        Assert.Equal((1, $"the hub's certificate was not signed by {other.RootFile}: get the present root.pem from the county and compare its fingerprint; or this is another server, or a proxy with a certificate of its own (name that one's root with --root)"), (wrong.ExitCode, wrong.Error));
        Assert.StartsWith($"中心的证书不是由 {other.RootFile} 签发的", chinese.Error, StringComparison.Ordinal);
        Assert.Contains("add --root root.pem", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_for_its_dates()
    {
        // The hub's clock stands where the certificate is still good, as one that never renews.
        var twoYearsAgo = new FixedClock(TimeProvider.System.GetUtcNow().AddYears(-2));
        var certificates = Make(twoYearsAgo, "127.0.0.1");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));

        Assert.Contains("is not valid today", await CallAsync($"https://{hub.Server.Grpc}", certificates.RootFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_and_names_its_own()
    {
        var certificates = Make(TimeProvider.System, "hub.county.example", "10.1.2.3");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));

        Assert.Contains("not for this address but for hub.county.example, 10.1.2.3:", await CallAsync($"https://{hub.Server.Grpc}", certificates.RootFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_scheme_and_an_empty_port_are_told_apart()
    {
        var certificates = Make(TimeProvider.System, "127.0.0.1");
        await using var plain = await TestHub.StartWithCountyAsync();
        await using var tls = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Bound and not listening: nobody else can take it meanwhile.
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));

        // Once as gRPC and once as gRPC-Web: proxies without HTTP/2 break off just so.
        Assert.Contains("does not answer with TLS", await CallAsync($"https://{plain.Server.Grpc}", certificates.RootFile, attempts: 2), StringComparison.Ordinal);
        Assert.Contains("its address begins with https://", await CallAsync($"http://{tls.Server.Grpc}", null, TimeSpan.Zero, attempts: 2), StringComparison.Ordinal);
        Assert.Contains("nothing listens at", await CallAsync($"http://{taken.LocalEndPoint}", null, TimeSpan.Zero), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_renewed_for_the_next_connection()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow().AddDays(-330));
        var certificates = Make(clock, "127.0.0.1", "hub.county.example");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));
        var first = await ServedAsync(hub, certificates);

        clock.Now = new DateTimeOffset(first.NotAfter) - ServingCertificate.RenewedBefore - TimeSpan.FromSeconds(1);
        var early = await ServedAsync(hub, certificates);
        clock.Now += TimeSpan.FromSeconds(1);
        var renewed = await ServedAsync(hub, certificates);

        Assert.Equal(first.SerialNumber, early.SerialNumber);
        Assert.NotEqual(first.SerialNumber, renewed.SerialNumber);
        Assert.True(renewed.NotAfter > first.NotAfter.AddDays(290));
        Assert.Equal(HostNames.Of(first), HostNames.Of(renewed));
    }

    [Fact]
    public async Task A_certificate_made_beside_a_serving_hub_is_taken_without_a_restart()
    {
        var certificates = Make(TimeProvider.System, "127.0.0.1");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));
        var first = await ServedAsync(hub, certificates);

        certificates.MakeHub(["127.0.0.1"]);

        Assert.NotEqual(first.SerialNumber, (await ServedAsync(hub, certificates)).SerialNumber);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_renewed_stays_in_use()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow().AddDays(-330));
        var certificates = Make(clock, "127.0.0.1");
        await using var hub = await TestHub.StartWithCountyAsync(tls: new ServingCertificate(certificates));
        var first = await ServedAsync(hub, certificates);
        File.Move(certificates.RootKeyFile, certificates.RootKeyFile + ".away");
        clock.Now += TimeSpan.FromDays(330);

        var kept = await ServedAsync(hub, certificates);
        File.Move(certificates.RootKeyFile + ".away", certificates.RootKeyFile);
        clock.Now += TimeSpan.FromHours(1);

        Assert.Equal(first.SerialNumber, kept.SerialNumber);
        Assert.NotEqual(first.SerialNumber, (await ServedAsync(hub, certificates)).SerialNumber);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private CertificateFolder Make(TimeProvider time, params string[] names)
    {
        var certificates = new CertificateFolder(Path.Combine(folder, Guid.NewGuid().ToString("N")), time);
        certificates.MakeRoot();
        certificates.MakeHub(names);
        return certificates;
    }

    private string[] Template(string url, string root) =>
        ["template", "--hub", url, "--root", root, "--programme", TestHub.Programme, "--period", "2026-01", "--out", Path.Combine(folder, "none.xlsx")];

    /// <summary>What an agent says of its call; with patience, that it did not call twice.</summary>
    private static async Task<string> CallAsync(string url, string? root, TimeSpan? patience = null, int attempts = 1)
    {
        var made = 0;
        using var calls = HubCalls.Open(new Uri(url), "token", new Retry(TimeProvider.System, patience ?? Retry.Patience), TimeProvider.System, root);
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => calls.CallAsync(options =>
        {
            made++;
            return new ProgrammeService.ProgrammeServiceClient(calls.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), options);
        }, CancellationToken.None));
        Assert.Equal(attempts, made);
        return failed.Text.English;
    }

    private static async Task<X509Certificate2> ServedAsync(TestHub hub, CertificateFolder certificates)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(hub.Server.Grpc);
        await using var tls = new SslStream(connection.GetStream());
        using var root = certificates.ReadRoot();
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck },
        });
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }
}
