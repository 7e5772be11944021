using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Hub.Agent.Enrolling;
using Hub.EndToEnd.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Tls;

namespace Hub.EndToEnd.Agent;

/// <summary>From the county's code, read over the telephone, to a report that is kept: over real TLS, by the commands that people type.</summary>
public sealed class EnrolmentTests : IDisposable
{
    private const string Township = "990101100";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-enrolment-").FullName;

    private string Data => Path.Combine(folder, "agent");

    [Fact]
    public async Task One_line_enrolls_and_the_workbook_goes_with_no_other_setting()
    {
        await using var hub = await StartAsync("hub");
        var invited = await HubCommand.RunAsync("token", "invite", "--township", Township, "--data", hub.Directory);
        var (code, file) = (invited.Output.Trim(), Path.Combine(folder, "2026-01.xlsx"));

        var enrolled = await EnrollAsync(hub, code);
        var made = await AgentCommand.RunAsync(["template", "--data", Data, "--programme", TestHub.Programme, "--period", "2026-01", "--out", file]);
        FilledWorkbook.FillBlanks(file, "达标");
        var sent = await AgentCommand.RunAsync(["submit", file, "--data", Data]);
        var status = await AgentCommand.RunAsync(["status", "--data", Data]);

        Assert.Equal(0, invited.Code);
        Assert.Matches("^([0-9A-Z]{5}-){7}[0-9A-Z]{5}$", code);
        Assert.Contains("can be used once, until 2026-02-09T10:00:00+08:00", invited.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (enrolled.ExitCode, enrolled.Error));
        Assert.StartsWith("enrolled 青禾镇 990101100; the credential is valid until 2027-02-02T10:00:00+08:00", enrolled.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.StartsWith("kept, on time, 2026-01 version 1", sent.Output, StringComparison.Ordinal);
        Assert.StartsWith("990101100 青禾镇: enrolled", status.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, Enrolment.FileName)));
        // The hub keeps neither the secret nor the token.
        foreach (var kept in Directory.EnumerateFiles(hub.Directory).Where(f => Path.GetFileName(f) is not "hub.sock"))
        {
            await using var stream = new FileStream(kept, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            Assert.Equal((-1, -1), (bytes.AsSpan().IndexOf(Secret(code)), bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Enrolment.Read(Data).Townships[Township].Token))));
        }
    }

    [Fact]
    public async Task A_code_is_used_once_and_nobody_learns_of_codes_that_they_do_not_have()
    {
        await using var hub = await StartAsync("hub");
        var invited = await InviteAsync(hub);
        await EnrollAsync(hub, invited.Code);
        var again = await EnrollAsync(hub, invited.Code, "elsewhere");
        var guessed = await EnrollAsync(hub, Guess(invited.Code), "elsewhere");

        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"has been used: ask the county for a new one; if it was not this office, tell the county to revoke {invited.CredentialId}", again.Error, StringComparison.Ordinal);
        Assert.Equal((1, "there is no such enrolment code: compare it with the county, or ask for a new one"), (guessed.ExitCode, guessed.Error));
        Assert.Empty(Enrolment.Read(Path.Combine(folder, "elsewhere")).Pending);
    }

    [Fact]
    public async Task A_typo_is_told_by_its_group_before_anybody_is_called()
    {
        await using var hub = await StartAsync("hub");
        var code = (await InviteAsync(hub)).Code;
        var wrong = code[..8] + (code[8] == '7' ? '8' : '7') + code[9..];

        var typed = await AgentCommand.RunAsync(["enroll", "https://127.0.0.1:9", wrong, "--data", Data]);

        Assert.Equal(2, typed.ExitCode);
        Assert.StartsWith("group 2 of the enrolment code", typed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_code_expires_by_the_hubs_clock()
    {
        await using var hub = await StartAsync("hub");
        var code = (await InviteAsync(hub)).Code;
        hub.Clock.Now += TimeSpan.FromDays(7) + TimeSpan.FromMilliseconds(1);

        var late = await EnrollAsync(hub, code);

        Assert.Equal(1, late.ExitCode);
        Assert.StartsWith("this enrolment code expired at 2026-02-09T10:00:00+08:00", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_of_another_hub_is_not_sent_even_where_that_hub_shows_the_right_root()
    {
        await using var hub = await StartAsync("hub");
        await using var other = await StartAsync("other");
        var code = (await InviteAsync(hub)).Code;

        var wrong = await EnrollAsync(other, code);
        Assert.False(File.Exists(Path.Combine(Data, Enrolment.FileName)));
        File.Copy(Path.Combine(hub.Directory, "tls", "root.pem"), Path.Combine(other.Directory, "tls", "root.pem"), overwrite: true);
        var posing = await EnrollAsync(other, code);
        var right = await EnrollAsync(hub, code);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("is not the hub that gave this code", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(1, posing.ExitCode);
        Assert.StartsWith("the hub's certificate was not signed by", posing.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (right.ExitCode, right.Error));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_given_again_for_the_same_token_only()
    {
        await using var office = await EnrolledOffice.StartAsync();
        var invited = await office.InviteAsync();
        var name = Convert.ToHexStringLower(SHA256.HashData(Secret(invited.Code)));
        var drawn = await Enrolment.UpdateAsync(office.Data, e => e.WithPending(name, Enrolment.NewToken()), CancellationToken.None);
        var enrolment = new EnrolmentService.EnrolmentServiceClient(office.Hub.Calls);
        var request = new EnrollRequest { Secret = ByteString.CopyFrom(Secret(invited.Code)), TokenHash = ByteString.CopyFrom(Enrolment.HashOf(drawn.Pending[name])) };
        var lost = await enrolment.EnrollAsync(request);
        var other = new EnrollRequest(request) { TokenHash = ByteString.CopyFrom(Enrolment.HashOf("hub_other")) };
        office.Hub.Clock.Now += TimeSpan.FromDays(30);

        (await office.Hub.RefusedAsync(() => enrolment.EnrollAsync(other).ResponseAsync)).Is(global::Grpc.Core.StatusCode.FailedPrecondition, "ENROLMENT_CODE_USED");
        var again = await AgentCommand.RunAsync(["enroll", $"http://{office.Hub.Server.Grpc}", invited.Code, "--data", office.Data]);

        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Equal(new TownshipCredential("青禾镇", lost.CredentialId, drawn.Pending[name], lost.ExpiresAt.ToDateTimeOffset()), office.Credential);
        Assert.Equal("", await office.RefusalOfAsync(office.Credential.Token));
    }

    [Fact]
    public async Task An_unused_code_is_revoked_and_neither_code_nor_credential_goes_plainly_beyond_this_machine()
    {
        await using var hub = await StartAsync("hub");
        var invited = await InviteAsync(hub);
        var revoked = await HubCommand.RunAsync("token", "revoke", invited.CredentialId, "--data", hub.Directory);

        var enrolled = await EnrollAsync(hub, invited.Code);
        var plain = await AgentCommand.RunAsync(["enroll", "http://hub.county.example", invited.Code, "--data", Data]);
        // Each verb that calls, before anybody is called.
        foreach (var verb in (string[][])[["submit", "none.xlsx"], ["template", "--programme", TestHub.Programme, "--period", "2026-01", "--out", Path.Combine(folder, "none.xlsx")], ["run", "--folder", folder, "--data", Data]])
        {
            var told = await AgentCommand.RunAsync([.. verb, "--hub", "http://hub.county.example"], "hub_token");
            Assert.Equal(2, told.ExitCode);
            Assert.Contains("would travel unencrypted", told.Error, StringComparison.Ordinal);
        }
        var meant = await AgentCommand.RunAsync(["submit", "none.xlsx", "--hub", "http://hub.county.example", "--plain"], "hub_token");
        var none = await AgentCommand.RunAsync(["submit", "none.xlsx", "--data", Data]);

        Assert.Equal(0, revoked.Code);
        Assert.StartsWith("there is no such enrolment code", enrolled.Error, StringComparison.Ordinal);
        Assert.Equal(2, plain.ExitCode);
        Assert.Contains("would travel unencrypted", plain.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unencrypted", meant.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, none.ExitCode);
    }

    [Fact]
    public async Task Where_a_token_is_set_beside_an_enrolment_it_is_said_which_is_used()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        var (url, token) = ($"http://{office.Hub.Server.Grpc}", await office.Hub.TokenAsync(Role.Township, EnrolledOffice.Neighbour));
        string[] template = ["template", "--hub", url, "--data", office.Data, "--programme", TestHub.Programme, "--period", "2026-01", "--out"];

        var both = await AgentCommand.RunAsync([.. template, Path.Combine(office.Folder, "both.made")], token);
        var enrolled = await AgentCommand.RunAsync([.. template, Path.Combine(office.Folder, "enrolled.made")]);
        await using (var running = AgentProcess.Run(url, office.Folder, office.Data, token)) await running.SaysAsync("the environment variable HUB_TOKEN is used, not those enrolled in");
        await using (var running = AgentProcess.RunEnrolled(office.Folder, office.Data)) await running.SaysAsync($"credentials: those enrolled in {office.Data}, of {Township}");

        Assert.Equal((0, $"the credential in the environment variable HUB_TOKEN is used, not those enrolled in {office.Data} ({Township}): to use these, unset the variable"), (both.ExitCode, both.Error));
        Assert.StartsWith(Path.Combine(office.Folder, "both.made"), both.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (enrolled.ExitCode, enrolled.Error));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A hub with TLS whose certificates lie in its own data directory, as <c>hub certs</c> makes them.</summary>
    private async Task<TestHub> StartAsync(string name)
    {
        var directory = Path.Combine(folder, name);
        var certificates = new CertificateFolder(directory, TimeProvider.System);
        certificates.MakeRoot();
        certificates.MakeHub(["127.0.0.1"]);
        return await TestHub.StartWithCountyAsync(directory, new ServingCertificate(certificates));
    }

    private static async Task<CreateInvitationResponse> InviteAsync(TestHub hub) =>
        await new AdministrationService.AdministrationServiceClient(hub.Control).CreateInvitationAsync(new CreateInvitationRequest { Township = Township });

    private Task<AgentCommand> EnrollAsync(TestHub hub, string code, string agent = "agent") =>
        AgentCommand.RunAsync(["enroll", $"https://{hub.Server.Grpc}", code, "--data", Path.Combine(folder, agent)]);

    private static byte[] Secret(string code) => EnrolmentCode.Parse(code, out _)!.Secret.ToArray();

    /// <summary>A well-formed code for the same hub with another secret.</summary>
    private static string Guess(string code)
    {
        var read = EnrolmentCode.Parse(code, out _)!;
        var secret = read.Secret.ToArray();
        secret[0] ^= 1;
        return new EnrolmentCode(secret, read.RootFingerprint).ToString();
    }
}
