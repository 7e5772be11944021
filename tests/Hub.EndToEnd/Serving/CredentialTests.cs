using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Protocol;
using Role = Hub.Protocol.Role;

namespace Hub.EndToEnd.Serving;

/// <summary>Calls without a valid credential, and too many calls with one.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private TestHub hub = null!;

    public async Task InitializeAsync() => hub = await TestHub.StartWithCountyAsync();

    public async Task DisposeAsync() => await hub.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer hub_garbage")]
    [InlineData("Bearer control-socket")]
    [InlineData("Basic aHViOmh1Yg==")]
    public async Task No_credential_or_garbage_is_unauthenticated_before_anything_else_is_looked_at(string? authorization)
    {
        var headers = new Metadata { { "accept-language", "en" } };
        if (authorization is not null) headers.Add("authorization", authorization);

        var refused = await hub.RefusedAsync(() => Reporting.SubmitReportAsync(new SubmitReportRequest(), headers).ResponseAsync);
        var query = await hub.RefusedAsync(() => new AdministrationService.AdministrationServiceClient(hub.Calls).RunQuery(new RunQueryRequest { Sql = "?" }, headers).ResponseStream.MoveNext());

        refused.Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
        query.Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
        Assert.StartsWith("no credential", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_token_is_unauthenticated()
    {
        var refused = await hub.RefusedAsync(() => SubmitAsync(new string('x', 5000)));

        refused.Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task A_credential_ends_right_after_its_last_instant()
    {
        var last = hub.Clock.Now.AddDays(1);
        var token = (await Administration.CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Township, Township = "990101100", ExpiresAt = Timestamp.FromDateTimeOffset(last) })).Token;

        hub.Clock.Now = last.AddMilliseconds(1);
        (await hub.RefusedAsync(() => SubmitAsync(token))).Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
        hub.Clock.Now = last;

        Assert.Equal(1, (await SubmitAsync(token)).Receipt.Version);
    }

    [Fact]
    public async Task A_revoked_credential_ends_at_once()
    {
        var created = await Administration.CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Township, Township = "990101100" });
        await SubmitAsync(created.Token);
        await Administration.RevokeCredentialAsync(new RevokeCredentialRequest { CredentialId = created.CredentialId });

        (await hub.RefusedAsync(() => SubmitAsync(created.Token))).Is(StatusCode.Unauthenticated, "CREDENTIAL_INVALID");
        (await hub.RefusedAsync(() => Administration.RevokeCredentialAsync(new RevokeCredentialRequest { CredentialId = created.CredentialId }).ResponseAsync)).Is(StatusCode.NotFound, "NOT_FOUND");
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(1_800_000_000, -1)]
    [InlineData(0, 0)]
    public async Task An_expiry_that_is_no_instant_or_has_passed_is_refused(long seconds, int nanos)
    {
        var refused = await hub.RefusedAsync(() => Administration.CreateCredentialAsync(new CreateCredentialRequest
        {
            Role = Role.Analyst,
            ExpiresAt = new Timestamp { Seconds = seconds, Nanos = nanos },
        }).ResponseAsync);

        refused.Is(StatusCode.InvalidArgument, "FIELD_MALFORMED");
        Assert.Equal("expires_at", Assert.Single(refused.Violations).Field);
    }

    [Fact]
    public async Task Too_many_calls_are_told_how_long_to_wait_and_others_go_on()
    {
        var greedy = TestHub.Bearer(await hub.TokenAsync(Role.Township, "990101100"));
        var modest = TestHub.Bearer(await hub.TokenAsync(Role.Township, "990101101"));
        hub.Clock.Timestamp = hub.Clock.GetTimestamp();
        for (var i = 0; i < 400; i++) await Programmes.ListProgrammesAsync(new ListProgrammesRequest(), greedy);

        var refused = await hub.RefusedAsync(() => Programmes.ListProgrammesAsync(new ListProgrammesRequest(), greedy).ResponseAsync);

        refused.Is(StatusCode.ResourceExhausted, "TOO_MANY_CALLS");
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Single((await Programmes.ListProgrammesAsync(new ListProgrammesRequest(), modest)).Programmes);
        hub.Clock.Timestamp += (long)(refused.RetryAfter.Value.TotalSeconds * hub.Clock.TimestampFrequency);
        Assert.Single((await Programmes.ListProgrammesAsync(new ListProgrammesRequest(), greedy)).Programmes);
    }

    private ReportingService.ReportingServiceClient Reporting => new(hub.Calls);
    private ProgrammeService.ProgrammeServiceClient Programmes => new(hub.Calls);
    private AdministrationService.AdministrationServiceClient Administration => new(hub.Control);

    private Task<SubmitReportResponse> SubmitAsync(string token) =>
        Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "first-report", Report = TestHub.Report() }, TestHub.Bearer(token)).ResponseAsync;
}
