using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using Hub.Protocol;

namespace Hub.EndToEnd.Rest;

/// <summary>What is no call, too much or from nobody is refused, with every slip named.</summary>
public sealed class RestRefusalTests(RestHub rest) : IClassFixture<RestHub>
{
    [Theory]
    [InlineData("{\"submissionId\": \"a\",\n  oops}", "line 2, byte 3")]
    [InlineData("", "line 1")]
    [InlineData("[]", "SubmitReportRequest")]
    [InlineData("null", "SubmitReportRequest")]
    [InlineData("{\"submision_id\": \"typo\"}", "submision_id")]
    [InlineData("{\"expectedVersion\": \"one\"}", "one")]
    [InlineData("{\"expectedVersion\": 99999999999}", "99999999999")]
    [InlineData("{\"report\": {\"branches\": [{\"states\": [\"ITEM_STATE_GOOD\"]}]}}", "ITEM_STATE_GOOD")]
    [InlineData("{\"report\": {\"branches\": {}}}", "SubmitReportRequest")]
    [InlineData("{\"report\": {}} {}", "line 1")]
    [InlineData("{\"submissionId\": \"\\uD800\"}", "")]
    public async Task A_body_that_is_no_request_is_refused_with_the_slip_named(string body, string named)
    {
        using var answer = await rest.SendAsync(HttpMethod.Post, "/v1/reports", body);

        var status = await RestHub.RefusedAsync(answer, HttpStatusCode.BadRequest, "FIELD_MALFORMED");
        Assert.Contains(named, status.Message, StringComparison.Ordinal);
        Assert.Equal("body", Assert.Single(status.GetDetail<BadRequest>().FieldViolations).Field);
    }

    [Fact]
    public async Task Nesting_beyond_what_any_request_needs_is_refused()
    {
        using var answer = await rest.SendAsync(HttpMethod.Post, "/v1/reports", string.Concat(Enumerable.Repeat("{\"report\":", 100_000)));
        Assert.Contains("depth", (await RestHub.RefusedAsync(answer, HttpStatusCode.BadRequest, "FIELD_MALFORMED")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?perod=2026-01", "perod", "no such parameter")]
    [InlineData("?pageSize=many", "pageSize", "“many” is not an integer")]
    [InlineData("?page_size=1&page_size=2", "page_size", "once")]
    [InlineData("?at=1", "at", "no such parameter")]
    [InlineData("?at.asOf=yesterday", "at.asOf", "not an instant")]
    [InlineData("?programme=other-2025", "programme", "no such parameter")]
    [InlineData("?pageSize=1001", "page_size", "0 to 1000")]
    [InlineData("?at.position=99999", "at.position", "position")]
    public async Task A_parameter_that_is_none_is_refused_by_its_name(string query, string field, string said)
    {
        using var answer = await rest.SendAsync(HttpMethod.Get, "/v1/programmes/county-2025/reports" + query);

        var status = RestCalls.StatusOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var violation = Assert.Single(status.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal(field, violation.Field);
        Assert.Contains(said, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_in_the_readers_language()
    {
        using var chinese = await rest.SendAsync(HttpMethod.Get, RestHub.ReportPath, bearer: "hub_wrong", language: "zh-CN");
        using var english = await rest.SendAsync(HttpMethod.Get, RestHub.ReportPath, bearer: "hub_wrong", language: "en-GB");

        Assert.StartsWith("缺少凭证", RestCalls.StatusOf(await chinese.Content.ReadAsStringAsync()).Message, StringComparison.Ordinal);
        Assert.StartsWith("no credential", RestCalls.StatusOf(await english.Content.ReadAsStringAsync()).Message, StringComparison.Ordinal);
        Assert.Equal("Bearer", english.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("GET", "/v1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/programmes//ranking", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/v1/programmes/county-2025", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/v1/programmes/county-2025/ranking", HttpStatusCode.MethodNotAllowed)]
    public async Task A_call_that_is_none_is_answered_as_one(string method, string path, HttpStatusCode expected)
    {
        using var answer = await rest.SendAsync(new HttpMethod(method), path);

        Assert.Equal(expected, answer.StatusCode);
        var status = RestCalls.StatusOf(await answer.Content.ReadAsStringAsync());
        Assert.Equal((int)StatusCode.Unimplemented, status.Code);
        Assert.Contains("/openapi.json", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", "", "content-type")]
    [InlineData("application/x-www-form-urlencoded", "", "content-type")]
    [InlineData("application/json; charset=gb18030", "", "content-type")]
    [InlineData("application/json", "br", "content-encoding")]
    [InlineData("application/json", "gzip", "content-encoding")]
    public async Task What_is_not_JSON_is_refused(string type, string encoding, string field)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(RestHub.Submission("first-report", 0)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding.Length > 0) content.Headers.ContentEncoding.Add(encoding);

        using var answer = await rest.SendAsync(HttpMethod.Post, "/v1/reports", content);

        var status = await RestHub.RefusedAsync(answer, HttpStatusCode.BadRequest, "FIELD_MALFORMED");
        Assert.Equal(field, Assert.Single(status.GetDetail<BadRequest>().FieldViolations).Field);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_body_over_4_MiB_is_refused_as_sent_and_as_inflated(bool chunked, bool packed)
    {
        var bytes = Encoding.UTF8.GetBytes($"{{\"submissionId\": \"{new string('x', 4 << 20)}\"}}");
        HttpContent content = packed ? RestHub.Packed(bytes) : new ByteArrayContent(bytes);
        if (chunked) content = new StreamContent(new Chunked(bytes));
        content.Headers.ContentType = new("application/json");

        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Post, "/v1/reports", content), HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE");
        Assert.Equal(HttpStatusCode.OK, (await rest.SendAsync(HttpMethod.Get, "/v1/programmes")).StatusCode);
    }

    [Fact]
    public async Task Mutated_requests_never_break_the_hub()
    {
        var random = new Random(20260202);
        var whole = Encoding.UTF8.GetBytes(RestHub.Submission("first-report", 0));
        var statuses = new HashSet<HttpStatusCode>();
        for (var i = 0; i < 200; i++)
        {
            var mutated = (byte[])whole.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            var content = new ByteArrayContent(mutated) { Headers = { ContentType = new("application/json") } };
            using var answer = await rest.SendAsync(HttpMethod.Post, "/v1/reports:validate", content);
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode != HttpStatusCode.OK) Assert.NotEmpty(RestCalls.StatusOf(await answer.Content.ReadAsStringAsync()).Details);
        }
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden }, statuses);
    }

    [Fact]
    public async Task One_credential_has_at_most_16_calls_at_once()
    {
        // The hub asks for a body only when it has let the call in.
        using var patient = rest.Client(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        var held = Enumerable.Range(0, 16).Select(_ => new HeldContent("{}")).ToList();
        var calls = held.Select(content => rest.SendAsync(HttpMethod.Post, "/v1/receipts:reconcile", content, client: patient)).ToList();
        await Task.WhenAll(held.Select(h => h.Asked.Task));

        using var refused = await rest.SendAsync(HttpMethod.Get, "/v1/programmes");
        using var other = await rest.SendAsync(HttpMethod.Get, "/v1/programmes", bearer: await rest.Hub.TokenAsync(Role.Analyst));
        var status = await RestHub.RefusedAsync(refused, HttpStatusCode.TooManyRequests, "TOO_MANY_CALLS");
        Assert.NotNull(status.GetDetail<RetryInfo>());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        foreach (var h in held) h.Go.SetResult();
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await rest.SendAsync(HttpMethod.Get, "/v1/programmes")).StatusCode);
    }

    [Fact]
    public async Task The_cookie_of_the_web_page_opens_nothing_here()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, RestHub.ReportPath);
        request.Headers.Add("Cookie", "hub-session=" + rest.Token);
        using var answer = await rest.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Contains("default-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    /// <summary>A body whose length nobody knows beforehand.</summary>
    private sealed class Chunked(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>A body that waits, once it is asked for.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly byte[] bytes;

        public HeldContent(string json)
        {
            bytes = Encoding.UTF8.GetBytes(json);
            Headers.ContentType = new("application/json");
        }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Asked.SetResult();
            await Go.Task;
            await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
