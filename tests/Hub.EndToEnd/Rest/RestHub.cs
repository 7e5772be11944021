using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Rest;

/// <summary>A hub with one county, and another system of township 990101100 that speaks JSON with it.</summary>
public sealed class RestHub : IAsyncLifetime
{
    public const string ReportPath = "/v1/programmes/county-2025/townships/990101100/reports/2026-01";

    public TestHub Hub { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public string Token { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Hub = await TestHub.StartWithCountyAsync();
        Token = await Hub.TokenAsync(Role.Township, "990101100");
        Http = Client();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Hub.DisposeAsync();
    }

    public HttpClient Client(HttpMessageHandler? handler = null) =>
        new(handler ?? new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://{Hub.Server.Http}") };

    public static string Submission(string id, int version, string progress = "", string period = "2026-01")
    {
        var report = TestHub.Report(period: period);
        report.Narrative = new Narrative { Progress = progress };
        return JsonFormatter.Default.Format(new SubmitReportRequest { SubmissionId = id, ExpectedVersion = version, Report = report });
    }

    public async Task SubmitAsync(string id, int version) =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/v1/reports", Submission(id, version, id))).StatusCode);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body, string? bearer = null) =>
        SendAsync(method, path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } }, bearer);

    /// <param name="client">One that waits for the hub to ask for the body.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? bearer = null, string language = "en", HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? Token);
        request.Headers.AcceptLanguage.ParseAdd(language);
        if (client is not null) request.Headers.ExpectContinue = true;
        return await (client ?? Http).SendAsync(request);
    }

    public static async Task<string> ContentAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    public static async Task<Google.Rpc.Status> RefusedAsync(HttpResponseMessage answer, HttpStatusCode expected, string reason)
    {
        var status = RestCalls.StatusOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal((expected, "hub.v1", reason), (answer.StatusCode, status.GetDetail<ErrorInfo>()?.Domain, status.GetDetail<ErrorInfo>()?.Reason));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual("", status.Message);
        return status;
    }

    public static ByteArrayContent Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(bytes);
        return new ByteArrayContent(packed.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
    }
}
