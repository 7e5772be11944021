using System.Globalization;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Cli;
using Hub.Protocol;
using Hub.Server;
using Hub.Server.Tls;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.EndToEnd.Serving;

/// <summary>A hub that really serves: Kestrel on free loopback ports over a fresh data directory, with a clock that the test moves.</summary>
public sealed class TestHub : IAsyncDisposable
{
    public const string Programme = "county-2025";

    /// <summary>Where the clock of <see cref="StartWithCountyAsync"/> stands.</summary>
    public const string Now = "2026-02-02T10:00:00+08:00";

    private readonly GrpcChannel channel;
    private readonly GrpcChannel control;
    private readonly bool directoryGoes;

    private TestHub(string directory, bool goes, FixedClock clock, HubServer server)
    {
        (Directory, directoryGoes, Clock, Server) = (directory, goes, clock, server);
        channel = GrpcChannel.ForAddress($"http://{server.Grpc}", new GrpcChannelOptions { MaxReceiveMessageSize = 64 << 20 });
        control = HubConnection.Connect(server.SocketPath);
    }

    public string Directory { get; }
    public FixedClock Clock { get; }
    public HubServer Server { get; }

    /// <summary>Calls without a credential unless one is given with <see cref="Bearer"/>.</summary>
    public CallInvoker Calls => channel.CreateCallInvoker();

    /// <summary>Calls through the control socket: an administrator of everything.</summary>
    public CallInvoker Control => control.CreateCallInvoker();

    /// <param name="directory">A data directory that outlives the hub; null for one that goes with it.</param>
    /// <param name="tls">Its certificate, for one port with TLS; <see cref="Calls"/> is then of no use.</param>
    /// <param name="begun">What a directory that goes with the hub is a copy of; null = an empty store.</param>
    internal static async Task<TestHub> StartAsync(string now, string? directory = null, ServingCertificate? tls = null, MadeDirectory? begun = null)
    {
        var goes = directory is null;
        if (directory is null) (begun ?? MadeDirectory.EmptyStore).CopyTo(directory = System.IO.Directory.CreateTempSubdirectory("hub-e2e-").FullName);
        var clock = new FixedClock(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        return new TestHub(directory, goes, clock, await HubServer.StartAsync(directory, () => HubStore.Open(directory, clock), new Listeners(loopback, loopback, Reflection: true, tls), CancellationToken.None));
    }

    /// <summary>A hub with one programme launched in 2025 and two townships: 990101100 with four branches (one of each kind), 990101101 with
    /// one. Its clock stands on 2026-02-02, so that 2025-12 and 2026-01 have ended.</summary>
    public static async Task<TestHub> StartWithCountyAsync(string? directory = null, ServingCertificate? tls = null)
    {
        var hub = await StartAsync(Now, directory, tls);
        await RegisterCountyAsync(hub.Control);
        return hub;
    }

    /// <summary>The programme, townships and branches of <see cref="StartWithCountyAsync"/>.</summary>
    /// <param name="control">An administrator of everything.</param>
    public static async Task RegisterCountyAsync(CallInvoker control)
    {
        var programmes = new ProgrammeService.ProgrammeServiceClient(control);
        await programmes.DefineProgrammeAsync(new DefineProgrammeRequest { Programme = Programme, Template = "party-branch", LaunchYear = 2025, Area = "990101" });
        await programmes.ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Townships = { new Township { Code = "990101100", Name = "青禾镇" }, new Township { Code = "990101101", Name = "云溪乡" } },
            Branches =
            {
                Branch("99010110000001", "990101100", "village"), Branch("99010110000002", "990101100", "agency"),
                Branch("99010110000003", "990101100", "community"), Branch("99010110000004", "990101100", "enterprise"),
                Branch("99010110100001", "990101101", "village"),
            },
        });
    }

    public static Branch Branch(string code, string township, string kind, int star = 3) =>
        new() { Code = code, Name = $"{code[^2..]}号党支部", Township = township, Kind = kind, Star = star, ActiveFrom = "2020-01-01" };

    /// <summary>Number of items of each kind in party-branch.</summary>
    public static int Items(string kind) => kind switch { "village" => 24, "agency" => 31, "community" => 23, "enterprise" => 20, _ => throw new ArgumentOutOfRangeException(nameof(kind)) };

    /// <summary>A valid report of 990101100 or 990101101: every item met unless the test changes it.</summary>
    public static Report Report(string township = "990101100", string period = "2026-01")
    {
        var report = new Report { Programme = Programme, Township = township, Period = period };
        var kinds = township == "990101100" ? new[] { "village", "agency", "community", "enterprise" } : ["village"];
        for (var i = 0; i < kinds.Length; i++)
            report.Branches.Add(new BranchStates { Branch = $"{township}{i + 1:D5}", States = { Enumerable.Repeat(ItemState.Met, Items(kinds[i])) } });
        return report;
    }

    /// <summary>The refusal of a call, after which the log stands where it stood.</summary>
    public async Task<Refused> RefusedAsync(Func<Task> call)
    {
        // The month's end is put on record now, so that nothing but the call could move the log.
        await Server.Store.WriteAsync(EndPeriods.Decide, CancellationToken.None);
        var before = Server.Store.HeadPosition;
        var refused = await Refused.ByAsync(call);
        Assert.Equal(before, Server.Store.HeadPosition);
        return refused;
    }

    /// <summary>A new credential's token.</summary>
    public async Task<string> TokenAsync(Role role, string township = "", string area = "") =>
        (await new AdministrationService.AdministrationServiceClient(Control).CreateCredentialAsync(new CreateCredentialRequest { Role = role, Township = township, Area = area })).Token;

    public static Metadata Bearer(string token, string language = "en") => new() { { "authorization", $"Bearer {token}" }, { "accept-language", language } };

    /// <summary>Sends a county folder through the control socket.</summary>
    public async Task<ImportHistoryResponse> ImportAsync(IReadOnlyDictionary<string, string> files)
    {
        using var call = new AdministrationService.AdministrationServiceClient(Control).ImportHistory(new Metadata { { "accept-language", "en" } });
        foreach (var (name, content) in files)
            await call.RequestStream.WriteAsync(new ImportHistoryRequest { File = name, Content = ByteString.CopyFromUtf8(content) });
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    /// <summary>Rows of one SELECT through the control socket, cells as text, null as empty.</summary>
    public async Task<List<string[]>> SqlAsync(string sql, ReadingPoint? at = null)
    {
        using var call = new AdministrationService.AdministrationServiceClient(Control).RunQuery(new RunQueryRequest { Sql = sql, At = at }, new Metadata { { "accept-language", "en" } });
        var rows = new List<string[]>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            rows.AddRange(response.Rows.Select(r => r.Cells.Select(Text).ToArray()));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        control.Dispose();
        await Server.DisposeAsync();
        if (directoryGoes) System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string Text(QueryCell cell) => cell.ValueCase switch
    {
        QueryCell.ValueOneofCase.Boolean => cell.Boolean ? "true" : "false",
        QueryCell.ValueOneofCase.Integer => cell.Integer.ToString(CultureInfo.InvariantCulture),
        QueryCell.ValueOneofCase.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        _ => cell.Text,
    };
}
