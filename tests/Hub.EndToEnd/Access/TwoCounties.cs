using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Access;

/// <summary>Someone with a credential. A fresh one is made before the limit of calls per credential is near.</summary>
internal sealed class Someone(TestHub hub, Role role, string area)
{
    private const int CallsPerCredential = 300;

    private int left;
    private string token = "";

    public Role Role { get; } = role;

    /// <summary>The township's code, or the area; empty = everything.</summary>
    public string Area { get; } = area;

    public bool IsTownship => Role == Role.Township;

    /// <summary>Whether a programme of this area is any of theirs.</summary>
    public bool Sees(string programmeArea) => Area.StartsWith(programmeArea, StringComparison.Ordinal) || programmeArea.StartsWith(Area, StringComparison.Ordinal);

    public async Task<string> TokenAsync()
    {
        if (left-- == 0)
        {
            token = IsTownship ? await hub.TokenAsync(Role, Area) : await hub.TokenAsync(Role, area: Area);
            left = CallsPerCredential;
        }
        return token;
    }

    public async Task<Metadata> HeadersAsync() => TestHub.Bearer(await TokenAsync());

    public override string ToString() => $"{Role} of {(Area.Length == 0 ? "everything" : Area)}";
}

/// <summary>Two counties, each with its programme, two townships and reports, and one published bulletin each.</summary>
internal static class TwoCounties
{
    public const string Own = "990101100", Other = "990101101", Missing = "990101199";
    public const string Foreign = "990202100", ForeignMissing = "990202199";
    public const string OwnCounty = "990101", ForeignCounty = "990202", MissingCounty = "990303";
    public const string OwnProgramme = TestHub.Programme, ForeignProgramme = "other-2025", MissingProgramme = "nowhere-2025";

    public static readonly string[] Places = ["", Own, Other, Missing, Foreign, ForeignMissing, "99", OwnCounty, ForeignCounty, MissingCounty, "990101100'", "%"];
    public static readonly string[] Programmes = [OwnProgramme, ForeignProgramme, MissingProgramme, ""];

    private static readonly MadeDirectory Made = new(MakeAsync);

    public static Task<TestHub> StartAsync() => TestHub.StartAsync(TestHub.Now, begun: Made);

    private static async Task MakeAsync(string directory)
    {
        await using var hub = await TestHub.StartWithCountyAsync(directory);
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        await programmes.DefineProgrammeAsync(new DefineProgrammeRequest { Programme = ForeignProgramme, Template = "party-branch", LaunchYear = 2025, Area = ForeignCounty });
        await programmes.ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Townships = { new Township { Code = Foreign, Name = "远山镇" } },
            Branches = { TestHub.Branch(Foreign + "00001", Foreign, "village") },
        });
        foreach (var (township, programme) in new[] { (Own, OwnProgramme), (Other, OwnProgramme), (Foreign, ForeignProgramme) })
            foreach (var period in new[] { "2025-12", "2026-01" })
                await SubmitAsync(hub, township, programme, period);
        foreach (var programme in new[] { OwnProgramme, ForeignProgramme })
            await new BulletinService.BulletinServiceClient(hub.Control).PublishBulletinAsync(new PublishBulletinRequest { Programme = programme, Period = "2025-12" });
    }

    /// <summary>A township, and each county role with everything, with the township's county, and with another.</summary>
    public static List<Someone> Everyone(TestHub hub) =>
    [
        new(hub, Role.Township, Own),
        .. from role in new[] { Role.Official, Role.Analyst, Role.Administrator } from area in new[] { "", OwnCounty, ForeignCounty } select new Someone(hub, role, area),
    ];

    private static async Task SubmitAsync(TestHub hub, string township, string programme, string period)
    {
        var report = TestHub.Report(township == Own ? Own : Other, period);
        (report.Programme, report.Township) = (programme, township);
        foreach (var branch in report.Branches) branch.Branch = township + branch.Branch[9..];
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = $"{township}-{period}", Report = report }, TestHub.Bearer(await hub.TokenAsync(Role.Township, township)));
    }
}
