using System.Net;
using System.Text;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Rest;

/// <summary>Another system speaks JSON with the hub: the same calls and the same answers.</summary>
public sealed class RestTests : IAsyncLifetime
{
    private readonly RestHub rest = new();

    public Task InitializeAsync() => rest.InitializeAsync();

    public Task DisposeAsync() => rest.DisposeAsync();

    [Fact]
    public async Task A_report_is_sent_kept_and_read_back()
    {
        var report = TestHub.Report();
        report.Branches[0].States[2] = ItemState.NotMet;
        (report.Narrative, report.SignOff) = (new Narrative { Progress = "“进展”\n\t🙂" }, new SignOff { PreparedByPost = "组织委员" });
        var json = new ReportingService.ReportingServiceClient(new RestCalls(rest.Http));
        var grpc = new ReportingService.ReportingServiceClient(rest.Hub.Calls);
        var request = new SubmitReportRequest { SubmissionId = "by-rest-1", Report = report };

        var kept = await json.SubmitReportAsync(request, TestHub.Bearer(rest.Token));
        var again = await json.SubmitReportAsync(request, TestHub.Bearer(rest.Token));
        var byGrpc = await grpc.SubmitReportAsync(request, TestHub.Bearer(rest.Token));

        Assert.Equal((1, false), (kept.Receipt.Version, kept.AlreadyKept));
        Assert.Equal((kept.Receipt, true), (again.Receipt, again.AlreadyKept));
        Assert.Equal(again, byGrpc);
        var get = new GetReportRequest { Programme = report.Programme, Township = report.Township, Period = report.Period };
        var read = await json.GetReportAsync(get, TestHub.Bearer(rest.Token));
        Assert.Equal((report, kept.Receipt, "by-rest-1"), (read.Report, read.Receipt, read.SubmissionId));
        Assert.Equal(await grpc.GetReportAsync(get, TestHub.Bearer(rest.Token)), read);
        Assert.Empty((await json.ReconcileAsync(new ReconcileRequest { Receipts = { new HeldReceipt { SubmissionId = "by-rest-1", Position = kept.Receipt.Position, Hash = kept.Receipt.Hash } } }, TestHub.Bearer(rest.Token))).Missing);
    }

    [Fact]
    public async Task A_wrong_report_is_refused_for_the_same_fields_as_by_gRPC()
    {
        var report = TestHub.Report();
        report.Branches[1].States[3] = ItemState.Unspecified;
        report.Branches[3].States[0] = (ItemState)9;
        var request = new SubmitReportRequest { SubmissionId = "wrong-report", Report = report };

        var byRest = await rest.Hub.RefusedAsync(async () => await new ReportingService.ReportingServiceClient(new RestCalls(rest.Http)).SubmitReportAsync(request, TestHub.Bearer(rest.Token)));
        var byGrpc = await rest.Hub.RefusedAsync(async () => await new ReportingService.ReportingServiceClient(rest.Hub.Calls).SubmitReportAsync(request, TestHub.Bearer(rest.Token)));

        Assert.Equal(2, byRest.Violations.Count);
        Assert.Equal(byGrpc.Violations, byRest.Violations);
        Assert.Equal((byGrpc.Status, byGrpc.Reason, byGrpc.Message), (byRest.Status, byRest.Reason, byRest.Message));
    }

    [Fact]
    public async Task Reading_at_a_point_is_asked_for_in_the_query()
    {
        await rest.SubmitAsync("first-report", 0);
        var after = rest.Hub.Server.Store.HeadPosition;
        await rest.SubmitAsync("second-report", 1);

        Assert.Equal(2, (await ListAsync("")).Reports.Count);
        Assert.Single((await ListAsync($"&at.position={after}")).Reports);
        Assert.Empty((await ListAsync("&at.asOf=2026-02-01T00:00:00%2B08:00")).Reports);
        Assert.Single((await ListAsync("&page_size=1")).Reports);

        async Task<ListReportsResponse> ListAsync(string query) =>
            ListReportsResponse.Parser.ParseJson(await RestHub.ContentAsync(await rest.SendAsync(HttpMethod.Get, $"/v1/programmes/county-2025/reports?period=2026-01{query}")));
    }

    [Fact]
    public async Task Each_refusal_has_the_status_of_HTTP_that_its_kind_has()
    {
        await rest.SubmitAsync("first-report", 0);
        var official = await rest.Hub.TokenAsync(Role.Official, area: "990101");

        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Get, RestHub.ReportPath, bearer: "hub_wrong"), HttpStatusCode.Unauthorized, "CREDENTIAL_INVALID");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Get, RestHub.ReportPath.Replace("990101100", "990101101", StringComparison.Ordinal)), HttpStatusCode.Forbidden, "NOT_PERMITTED");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Post, "/v1/reports", RestHub.Submission("by-official", 1), official), HttpStatusCode.Forbidden, "NOT_PERMITTED");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Get, RestHub.ReportPath + "?version=9"), HttpStatusCode.NotFound, "NOT_FOUND");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Get, "/v1/programmes/nowhere"), HttpStatusCode.BadRequest, "PROGRAMME_UNKNOWN");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Post, "/v1/reports", RestHub.Submission("stale-version", 0, "changed")), HttpStatusCode.Conflict, "VERSION_STALE");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Post, "/v1/reports", RestHub.Submission("first-report", 1, "changed")), HttpStatusCode.Conflict, "SUBMISSION_ID_USED");
        await RestHub.RefusedAsync(await rest.SendAsync(HttpMethod.Post, "/v1/reports", RestHub.Submission("next-month", 0, period: "2026-02")), HttpStatusCode.BadRequest, "PERIOD_NOT_ENDED");
    }

    [Fact]
    public async Task A_packed_report_is_kept()
    {
        var content = RestHub.Packed(Encoding.UTF8.GetBytes(RestHub.Submission("packed-report", 0)));
        content.Headers.ContentType = new("application/json");
        Assert.Equal(HttpStatusCode.OK, (await rest.SendAsync(HttpMethod.Post, "/v1/reports", content)).StatusCode);
    }
}
