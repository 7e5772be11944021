using Google.Protobuf;
using Grpc.Core;
using Hub.Agent.Enrolling;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>An enrolled credential in service: rotated wherever the agent is killed, revoked at once, and one for each township of an agent.</summary>
public sealed class CredentialLifeTests
{
    private const string Township = EnrolledOffice.Township;

    /// <summary>Where an agent is killed while it rotates.</summary>
    public enum KilledAfter { Nothing, TheTokenWasDrawn, TheHubHadItsHash, AMonthSinceTheHubHadIt }

    [Theory]
    [InlineData(KilledAfter.Nothing)]
    [InlineData(KilledAfter.TheTokenWasDrawn)]
    [InlineData(KilledAfter.TheHubHadItsHash)]
    [InlineData(KilledAfter.AMonthSinceTheHubHadIt)]
    public async Task A_credential_near_its_end_is_rotated_wherever_the_agent_is_killed(KilledAfter killed)
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var first = office.Credential;
        office.Hub.Clock.Now = first.ExpiresAt.AddDays(-40);
        using (var early = office.Agent()) await office.StepAsync(early, 2);
        Assert.Equal(first, office.Credential);
        office.Hub.Clock.Now = first.ExpiresAt.AddDays(-29);
        if (killed >= KilledAfter.TheTokenWasDrawn) await Enrolment.UpdateAsync(office.Data, e => e.With(Township, first with { NextToken = Enrolment.NewToken() }), CancellationToken.None);
        if (killed >= KilledAfter.TheHubHadItsHash) await RotateAsync(office, first.Token, office.Credential.NextToken!);
        if (killed >= KilledAfter.AMonthSinceTheHubHadIt) office.Hub.Clock.Now += TimeSpan.FromDays(28);
        var drawn = office.Credential.NextToken;

        using (var agent = office.Agent()) await office.StepAsync(agent, 3);
        var second = office.Credential;

        if (drawn is not null && killed != KilledAfter.AMonthSinceTheHubHadIt) Assert.Equal(drawn, second.Token);
        Assert.NotEqual(first.Token, second.Token);
        Assert.Null(second.NextToken);
        Assert.Equal(first.CredentialId, second.CredentialId);
        Assert.Equal(("Unauthenticated", ""), (await office.RefusalOfAsync(first.Token), await office.RefusalOfAsync(second.Token)));
        Assert.True((await AgentCommand.RunAsync(["template", "--data", office.Data, "--programme", TestHub.Programme, "--period", "2026-01", "--out", Path.Combine(office.Folder, "made.xlsx")])).ExitCode == 0);
    }

    [Fact]
    public async Task An_agent_that_is_killed_right_after_its_rotation_reports_with_the_new_token()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var first = office.Credential;
        office.Hub.Clock.Now = first.ExpiresAt.AddDays(-1);
        await using (var killed = AgentProcess.RunEnrolled(office.Folder, office.Data))
        {
            await killed.SaysAsync("青禾镇 990101100: the credential was renewed");
            await killed.KillAsync();
        }
        office.Hub.Clock.Now = first.ExpiresAt.AddDays(1);
        await using var agent = AgentProcess.RunEnrolled(office.Folder, office.Data);

        await office.SaveAsync(period: "2027-01");

        await agent.SaysAsync("2027-01 version 1");
        Assert.True(office.Credential.ExpiresAt > first.ExpiresAt.AddDays(360));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_enrolment_that_cannot_be_read_any_more_stops_no_report(bool isDueForRotation)
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        office.Hub.Clock.Timestamp = 0;
        using var agent = office.Agent();
        await office.StepAsync(agent, 1);
        var file = Path.Combine(office.Data, Enrolment.FileName);
        var sound = await File.ReadAllTextAsync(file);
        var token = office.Credential.Token;
        if (isDueForRotation) office.Hub.Clock.Now = office.Credential.ExpiresAt.AddDays(-20);
        await File.WriteAllTextAsync(file, "damaged");
        await office.SaveAsync(period: isDueForRotation ? "2026-12" : "2026-01");

        await office.StepAsync(agent);
        Hour();
        await File.WriteAllTextAsync(file, """{"townships": {"990101100": null}, "pending": {}}""");
        await office.StepAsync(agent, 1);
        Hour();
        File.Delete(file);
        await office.StepAsync(agent, 1);
        Hour();
        await File.WriteAllTextAsync(file, sound);
        await office.StepAsync(agent, 2);

        Assert.Equal(1, Assert.Single(office.Outbox.All()).Receipt?.Version);
        Assert.Equal(isDueForRotation, office.Credential.Token != token);

        void Hour()
        {
            office.Hub.Clock.Now += Reconciliation.Every;
            office.Hub.Clock.Timestamp += (long)(Reconciliation.Every.TotalSeconds * office.Hub.Clock.TimestampFrequency);
        }
    }

    [Fact]
    public async Task A_township_of_another_hub_is_not_enrolled_beside_one_that_reports()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await using var other = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var before = office.Credential;

        var refused = await AgentCommand.RunAsync(["enroll", $"http://{other.Hub.Server.Grpc}", (await other.InviteAsync(EnrolledOffice.Neighbour)).Code, "--data", office.Data]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("are enrolled at another hub", refused.Error, StringComparison.Ordinal);
        Assert.Equal(($"http://{office.Hub.Server.Grpc}/", before), (Enrolment.Read(office.Data).Hub, office.Credential));
    }

    [Fact]
    public async Task Guessing_codes_is_bounded_and_holds_up_nobody_else()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var (enrolment, token) = (new EnrolmentService.EnrolmentServiceClient(hub.Calls), await hub.TokenAsync(Role.Township, Township));
        hub.Clock.Timestamp = hub.Clock.GetTimestamp();
        var guess = new EnrollRequest { Secret = ByteString.CopyFrom(new byte[10]), TokenHash = Hash("hub_guess") };
        for (var i = 0; i < 400; i++) (await Refused.ByAsync(() => enrolment.EnrollAsync(guess).ResponseAsync)).Is(StatusCode.Unauthenticated, "ENROLMENT_CODE_UNKNOWN");

        var refused = await hub.RefusedAsync(() => enrolment.EnrollAsync(guess).ResponseAsync);

        refused.Is(StatusCode.ResourceExhausted, "TOO_MANY_CALLS");
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Equal(StatusCode.OK, await CallAsync(hub, token));
    }

    [Fact]
    public async Task The_token_in_use_counts_until_the_new_one_is_used_and_a_restarted_hub_knows_it()
    {
        var directory = Directory.CreateTempSubdirectory("hub-rotating-").FullName;
        var (old, fresh) = (Enrolment.NewToken(), Enrolment.NewToken());
        await using (var hub = await TestHub.StartWithCountyAsync(directory))
        {
            var invited = await new AdministrationService.AdministrationServiceClient(hub.Control).CreateInvitationAsync(new CreateInvitationRequest { Township = Township });
            var secret = Programmes.EnrolmentCode.Parse(invited.Code, out _)!.Secret;
            await new EnrolmentService.EnrolmentServiceClient(hub.Calls).EnrollAsync(new EnrollRequest { Secret = ByteString.CopyFrom(secret.Span), TokenHash = Hash(old) });
            await RotateAsync(hub, old, "hub_never_used");
            await RotateAsync(hub, old, fresh);
            Assert.Equal((StatusCode.OK, StatusCode.Unauthenticated), (await CallAsync(hub, old), await CallAsync(hub, "hub_never_used")));
        }
        await using (var hub = await TestHub.StartAsync("2026-02-09T09:59:00+08:00", directory))
        {
            Assert.Equal(StatusCode.OK, await CallAsync(hub, old));
            hub.Clock.Now += TimeSpan.FromMinutes(2);
            Assert.Equal(StatusCode.Unauthenticated, await CallAsync(hub, old));
            Assert.Equal(StatusCode.OK, await CallAsync(hub, fresh));
            hub.Clock.Now -= TimeSpan.FromMinutes(2);
            Assert.Equal(StatusCode.Unauthenticated, await CallAsync(hub, old));
            var head = hub.Server.Store.HeadPosition;
            Assert.Equal(StatusCode.OK, await CallAsync(hub, fresh));
            Assert.Equal(head, hub.Server.Store.HeadPosition);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_revoked_credential_ends_at_once_with_its_rotation_and_a_new_enrolment_goes_on_by_itself()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var (credential, next) = (office.Credential, Enrolment.NewToken());
        await RotateAsync(office, credential.Token, next);
        using var agent = office.Agent();
        await office.StepAsync(agent, 2);

        await new AdministrationService.AdministrationServiceClient(office.Hub.Control).RevokeCredentialAsync(new RevokeCredentialRequest { CredentialId = credential.CredentialId });
        var answers = (await office.RefusalOfAsync(credential.Token), await office.RefusalOfAsync(next));
        var file = await office.SaveAsync();
        await office.StepAsync(agent);
        var parked = Assert.Single(office.Outbox.All());
        var told = await File.ReadAllTextAsync(ResultFile.PathOf(file));
        await office.EnrollAsync();
        await office.StepAsync(agent);

        Assert.Equal(("Unauthenticated", "Unauthenticated"), answers);
        Assert.Equal(DeliveryState.Parked, parked.State);
        Assert.Contains("run hub-agent enroll", told, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(office.Outbox.All()).Receipt?.Version);
    }

    [Fact]
    public async Task Two_townships_report_from_one_folder_each_with_its_own_credential_and_one_that_is_not_enrolled_is_told()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var (own, neighbours) = (await office.SaveAsync(), await office.SaveAsync(EnrolledOffice.Neighbour));
        using var agent = office.Agent();

        await office.StepAsync(agent);
        var waiting = await File.ReadAllTextAsync(ResultFile.PathOf(neighbours));
        var first = await office.Hub.SqlAsync("select township from reports");
        await office.EnrollAsync(EnrolledOffice.Neighbour);
        await office.StepAsync(agent);
        var both = await office.Hub.SqlAsync("select township from reports order by township");
        var unnamed = await AgentCommand.RunAsync(["template", "--data", office.Data, "--programme", TestHub.Programme, "--period", "2026-01", "--out", Path.Combine(office.Data, "x.xlsx")]);
        var named = await AgentCommand.RunAsync(["template", "--data", office.Data, "--township", EnrolledOffice.Neighbour, "--programme", TestHub.Programme, "--period", "2026-01", "--out", Path.Combine(office.Data, "x.xlsx")]);
        var again = await AgentCommand.RunAsync(["submit", neighbours, "--data", office.Data]);

        Assert.Contains("kept, on time", await File.ReadAllTextAsync(ResultFile.PathOf(own)), StringComparison.Ordinal);
        Assert.Contains("township 990101101 is not enrolled here", waiting, StringComparison.Ordinal);
        Assert.Equal([[Township]], first);
        Assert.Equal([[Township], [EnrolledOffice.Neighbour]], both);
        Assert.Equal((2, 0), (unnamed.ExitCode, named.ExitCode));
        Assert.Contains("name one with --township", unnamed.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.All(office.Outbox.All(), e => Assert.NotNull(e.Receipt));
    }

    [Fact]
    public async Task Only_an_enrolled_credential_is_rotated()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var token = await hub.TokenAsync(Role.Township, Township);

        (await hub.RefusedAsync(() => RotateAsync(hub, token, "hub_next"))).Is(StatusCode.FailedPrecondition, "CREDENTIAL_NOT_ENROLLED");
    }

    private static Task RotateAsync(EnrolledOffice office, string token, string next) => RotateAsync(office.Hub, token, next);

    private static async Task RotateAsync(TestHub hub, string token, string next) =>
        await new EnrolmentService.EnrolmentServiceClient(hub.Calls).RotateCredentialAsync(new RotateCredentialRequest { TokenHash = Hash(next) }, TestHub.Bearer(token));

    private static ByteString Hash(string token) => ByteString.CopyFrom(Enrolment.HashOf(token));

    private static async Task<StatusCode> CallAsync(TestHub hub, string token)
    {
        try
        {
            await new ProgrammeService.ProgrammeServiceClient(hub.Calls).ListProgrammesAsync(new ListProgrammesRequest(), TestHub.Bearer(token));
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
