using Hub.Agent;
using Hub.Agent.Enrolling;
using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.EndToEnd.Agent;

/// <summary>An office with nothing but a folder and a data directory, at a hub on loopback; it enrolls by the commands that people type.</summary>
internal sealed class EnrolledOffice : IAsyncDisposable
{
    public const string Township = "990101100", Neighbour = "990101101";

    private readonly string root = Directory.CreateTempSubdirectory("hub-office-").FullName;

    private EnrolledOffice(TestHub hub)
    {
        Hub = hub;
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Data);
        Outbox = ReportOutbox.Open(Data);
    }

    public TestHub Hub { get; }
    public string Folder => Path.Combine(root, "reports");
    public string Data => Path.Combine(root, "agent");
    public ReportOutbox Outbox { get; }
    public TownshipCredential Credential => Enrolment.Read(Data).Townships[Township];

    public static async Task<EnrolledOffice> StartAsync() => new(await TestHub.StartWithCountyAsync());

    public async Task<CreateInvitationResponse> InviteAsync(string township = Township) =>
        await new AdministrationService.AdministrationServiceClient(Hub.Control).CreateInvitationAsync(new CreateInvitationRequest { Township = township });

    /// <summary>With a fresh code.</summary>
    public async Task EnrollAsync(string township = Township)
    {
        var enrolled = await AgentCommand.RunAsync(["enroll", $"http://{Hub.Server.Grpc}", (await InviteAsync(township)).Code, "--data", Data]);
        Assert.Equal((0, ""), (enrolled.ExitCode, enrolled.Error));
    }

    /// <summary>The scheduled service as a start makes it.</summary>
    public TownshipAgent Agent(IWorkbooks? workbooks = null) => new(
        new WatchedFolder(Folder), workbooks ?? new WorkbooksHere(), Outbox, TownshipCalls.Enrolled(Data, Connect), Schedule.Parse(null), new HubClock(Hub.Clock), NullLogger<TownshipAgent>.Instance);

    public async Task StepAsync(TownshipAgent agent, int times = 4)
    {
        for (var i = 0; i < times; i++) await agent.StepAsync(CancellationToken.None);
    }

    /// <summary>A filled workbook of a township, saved into the folder.</summary>
    public async Task<string> SaveAsync(string township = Township, string period = "2026-01")
    {
        var (elsewhere, file) = (Path.Combine(root, "being-filled.xlsx"), Path.Combine(Folder, $"{township} {period}.xlsx"));
        var made = await AgentCommand.TemplateAsync(Hub, await Hub.TokenAsync(Role.Township, township), period, elsewhere);
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        FilledWorkbook.FillBlanks(elsewhere, "达标");
        File.Move(elsewhere, file, overwrite: true);
        return file;
    }

    /// <summary>What the hub answers to a token: empty where it takes it.</summary>
    public async Task<string> RefusalOfAsync(string token)
    {
        try
        {
            await new ProgrammeService.ProgrammeServiceClient(Hub.Calls).ListProgrammesAsync(new ListProgrammesRequest(), TestHub.Bearer(token));
            return "";
        }
        catch (global::Grpc.Core.RpcException e)
        {
            return e.StatusCode.ToString();
        }
    }

    public HubCalls Connect(Enrolment enrolment)
    {
        var calls = HubCalls.Open(new Uri(enrolment.Hub!), "", new Retry(TimeProvider.System, TimeSpan.Zero), TimeProvider.System);
        calls.IsEnrolled = true;
        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        Outbox.Dispose();
        await Hub.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }
}
