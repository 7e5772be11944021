using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Hub.Agent;
using Hub.Protocol;
using Hub.Server.Tls;

namespace Hub.EndToEnd.Serving;

/// <summary>gRPC-Web is the same hub: the same services, credentials, refusals and limits, on the web's port and on the one with TLS.</summary>
public sealed class GrpcWebTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hub-web-").FullName;

    [Theory]
    [InlineData(false, "1.1", GrpcWebMode.GrpcWeb)]
    [InlineData(false, "1.1", GrpcWebMode.GrpcWebText)]
    [InlineData(true, "1.1", GrpcWebMode.GrpcWeb)]
    [InlineData(true, "2.0", GrpcWebMode.GrpcWeb)]
    public async Task Reports_are_kept_and_refused_as_over_gRPC(bool isTls, string version, GrpcWebMode mode)
    {
        var certificates = Certificates();
        await using var hub = await TestHub.StartWithCountyAsync(tls: isTls ? new ServingCertificate(certificates) : null);
        var token = await hub.TokenAsync(Role.Township, "990101100");
        using var channel = GrpcChannel.ForAddress(isTls ? $"https://{hub.Server.Grpc}" : $"http://{hub.Server.Http}", new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(mode, HubTrust.Handler(isTls ? certificates.RootFile : null)), HttpVersion = new Version(version), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact, DisposeHttpClient = true,
        });
        var reporting = new ReportingService.ReportingServiceClient(channel);
        Task SubmitAsync(Report report, string bearer) => reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "first-report", Report = report }, TestHub.Bearer(bearer)).ResponseAsync;
        var incomplete = TestHub.Report();
        incomplete.Branches[0].States[0] = ItemState.Unspecified;

        (await hub.RefusedAsync(() => SubmitAsync(TestHub.Report(), "wrong"))).Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
        (await hub.RefusedAsync(() => SubmitAsync(TestHub.Report("990101101"), token))).Is(StatusCode.PermissionDenied, "NOT_PERMITTED");
        var refused = await hub.RefusedAsync(() => SubmitAsync(incomplete, token));
        await SubmitAsync(TestHub.Report(), token);

        Assert.Equal((StatusCode.InvalidArgument, "report.branches[0].states[0]"), (refused.Status, refused.Violations[0].Field));
        Assert.Equal([["first-report", "1"]], await hub.SqlAsync("select submission_id, version from reports"));
    }

    [Theory]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/grpc-web", true)]
    [InlineData("application/grpc-web-text", false)]
    [InlineData("application/grpc-web-text", true)]
    public async Task A_message_over_the_limit_is_refused_inflated_or_not(string type, bool isPacked)
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, "990101100");
        var message = new byte[64 << 20];
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(message);
        byte[] sent = isPacked ? packed.ToArray() : message[..(5 << 20)];
        byte[] frame = [isPacked ? (byte)1 : (byte)0, (byte)(sent.Length >> 24), (byte)(sent.Length >> 16), (byte)(sent.Length >> 8), (byte)sent.Length, .. sent];

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{hub.Server.Http}/hub.v1.ReportingService/SubmitReport");
        request.Content = new ByteArrayContent(type.EndsWith("text", StringComparison.Ordinal) ? System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(frame)) : frame);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Add("authorization", $"Bearer {token}");
        request.Headers.Add("accept-language", "en");
        request.Headers.Add("accept", type);
        if (isPacked) request.Headers.Add("grpc-encoding", "gzip");
        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "8"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("grpc-status"))));
        var details = Assert.Single(answer.Headers.GetValues("grpc-status-details-bin"));
        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal("TOO_LARGE", status.GetDetail<Google.Rpc.ErrorInfo>().Reason);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private CertificateFolder Certificates()
    {
        var certificates = new CertificateFolder(Path.Combine(folder, "tls"), TimeProvider.System);
        certificates.MakeRoot();
        certificates.MakeHub(["127.0.0.1"]);
        return certificates;
    }
}
