using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Rpc;
using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>Bytes as a client may send them, right or wrong, and the size of what comes back.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const int Ok = 0, Unknown = 2, InvalidArgument = 3, ResourceExhausted = 8, Unimplemented = 12, Internal = 13;

    private readonly HttpClient client = new();
    private TestHub hub = null!;
    private string token = "";

    public async Task InitializeAsync()
    {
        hub = await TestHub.StartWithCountyAsync();
        token = await hub.TokenAsync(Role.Township, "990101100");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await hub.DisposeAsync();
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task A_hundred_mistakes_give_at_most_forty_violations_and_trailers_under_8_KB(string language)
    {
        var name = string.Concat(Enumerable.Repeat("名", 55));
        await new ProgrammeService.ProgrammeServiceClient(hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Branches = { Enumerable.Range(0, 100).Select(i => { var b = TestHub.Branch($"990101100{i + 1000:D23}", "990101100", "agency"); b.Name = $"{name}{i:D5}"; return b; }) },
        });
        var report = TestHub.Report();
        report.Branches.Add(Enumerable.Range(0, 100).Select(i => new BranchStates { Branch = $"990101100{i + 1000:D23}", States = { Enumerable.Repeat(ItemState.NotApplicable, 30).Append(ItemState.Met) } }));

        var answer = await CallAsync(Frame(new SubmitReportRequest { SubmissionId = "first-report", Report = report }.ToByteArray()), language: language);

        Assert.Equal(InvalidArgument, answer.Status);
        Assert.InRange(answer.Bad!.FieldViolations.Count, 10, 40);
        Assert.All(answer.Bad.FieldViolations, v => Assert.Equal("NOT_APPLICABLE_UNFOUNDED", v.Reason));
        Assert.InRange(answer.TrailerBytes, 1, 8 * 1024 - 1);
    }

    [Fact]
    public async Task A_body_over_4_MiB_is_too_large()
    {
        var answer = await CallAsync(Frame(new SubmitReportRequest { SubmissionId = new string('x', 4 << 20) }.ToByteArray()));

        Assert.Equal((ResourceExhausted, "TOO_LARGE"), (answer.Status, answer.Reason));
        await ServesAsync();
    }

    [Fact]
    public async Task A_body_far_over_the_limit_is_too_large()
    {
        var answer = await CallAsync(Frame(new byte[24 << 20]));

        Assert.Equal((ResourceExhausted, "TOO_LARGE"), (answer.Status, answer.Reason));
        await ServesAsync();
    }

    [Fact]
    public async Task A_small_body_that_inflates_over_the_limit_is_too_large()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) await gzip.WriteAsync(new byte[64 << 20]);

        var answer = await CallAsync(Frame(packed.ToArray(), compressed: true), "gzip");

        Assert.Equal((ResourceExhausted, "TOO_LARGE"), (answer.Status, answer.Reason));
        await ServesAsync();
    }

    [Fact]
    public async Task A_compressed_report_is_kept()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(new SubmitReportRequest { SubmissionId = "first-report", Report = TestHub.Report() }.ToByteArray());

        Assert.Equal(Ok, (await CallAsync(Frame(packed.ToArray(), compressed: true), "gzip")).Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_answered_and_the_hub_goes_on()
    {
        byte[] whole = Frame(new SubmitReportRequest { SubmissionId = "first-report", Report = TestHub.Report() }.ToByteArray());
        byte[][] bodies =
        [
            [], [0], [0, 0, 0, 0], whole[..^1], [.. whole, .. whole], [0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0, 3, 1, 2, 3], [7, 0, 0, 0, 0],
            Frame([0xFF, 0xFF, 0xFF, 0xFF]), Frame([0x1A, 0xFF, 0xFF, 0xFF, 0x7F]), Frame(new byte[1000]), Frame([.. Enumerable.Repeat((byte)0x1B, 5000)]),
        ];
        foreach (var body in bodies)
            Assert.Contains((await CallAsync(body)).Status, new[] { Unknown, InvalidArgument, Unimplemented, Internal, ResourceExhausted });
        // A compression that was never declared.
        Assert.Contains((await CallAsync(Frame([1, 2, 3], compressed: true), "gzip")).Status, new[] { Unknown, Unimplemented, Internal });

        await ServesAsync();
        Assert.Equal(["0"], Assert.Single(await hub.SqlAsync("select count(*) from reports where period <> '2025-12'")));
    }

    [Fact]
    public async Task Mutated_reports_never_break_the_hub()
    {
        var random = new Random(20260202);
        var whole = Frame(new SubmitReportRequest { SubmissionId = "first-report", Report = TestHub.Report() }.ToByteArray());
        var statuses = new HashSet<int>();
        for (var i = 0; i < 300; i++)
        {
            var mutated = (byte[])whole.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) mutated[random.Next(5, mutated.Length)] = (byte)random.Next(256);
            statuses.Add((await CallAsync(mutated)).Status);
        }

        Assert.DoesNotContain(Internal, statuses);
        await ServesAsync();
        Assert.Empty((await new AdministrationService.AdministrationServiceClient(hub.Control).VerifyStoreAsync(new VerifyStoreRequest())).Problems);
    }

    private sealed record Answer(int Status, string Reason, BadRequest? Bad, int TrailerBytes);

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        var frame = new byte[message.Length + 5];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private async Task<Answer> CallAsync(byte[] body, string? encoding = null, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{hub.Server.Grpc}/hub.v1.ReportingService/SubmitReport") 
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("accept-language", language);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await response.Content.ReadAsByteArrayAsync();
        // A call that fails before its first message has its status among the headers.
        var trailers = response.TrailingHeaders.Concat(response.Headers).ToDictionary(h => h.Key, h => h.Value.First(), StringComparer.OrdinalIgnoreCase);
        var details = trailers.TryGetValue("grpc-status-details-bin", out var text) ? Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='))) : null;
        return new(int.Parse(trailers["grpc-status"], System.Globalization.CultureInfo.InvariantCulture), details?.GetDetail<ErrorInfo>()?.Reason ?? "", details?.GetDetail<BadRequest>(),
            trailers.Sum(t => t.Key.Length + t.Value.Length + 32));
    }

    private async Task ServesAsync()
    {
        var kept = await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = "still-serving", Report = TestHub.Report(period: "2025-12") }, TestHub.Bearer(token));
        Assert.Equal(1, kept.Receipt.Version);
    }
}
