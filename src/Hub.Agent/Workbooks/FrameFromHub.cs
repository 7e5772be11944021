using Hub.Programmes;
using Hub.Protocol;
using Programme = Hub.Programmes.Programme;

namespace Hub.Agent.Workbooks;

/// <summary>Asks the hub for everything that a month's workbook is made of.</summary>
internal static class FrameFromHub
{
    private const int VersionsPerPage = 1_000;

    /// <param name="township">Null = the credential's own.</param>
    public static async Task<WorkbookFrame> ReadAsync(HubCalls hub, string programmeId, Period period, string? township, CancellationToken cancellation) =>
        (await AskAsync(hub, programmeId, period, township, cancellation)).ToFrame();

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<FrameAnswers> AskAsync(HubCalls hub, string programmeId, Period period, string? township, CancellationToken cancellation)
    {
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Invoker);
        var programme = await DefinitionAsync(hub, programmeId, cancellation);
        if (period < Period.Parse(programme.Programme.LaunchPeriod)) throw new CommandFailedException(new(
            $"{period} 早于项目的首个报告月份 {programme.Programme.LaunchPeriod}", $"{period} is before the programme's first period {programme.Programme.LaunchPeriod}"));
        var own = await TownshipAsync(hub, township, cancellation);
        var branches = await hub.CallAsync(o => programmes.ListBranchesAsync(new ListBranchesRequest { Township = own.Code, Period = period.ToString() }, o), cancellation);
        return new(period, programme, own, branches, await LastAsync(hub, programmeId, own.Code, period, cancellation));
    }

    public static async Task<(Programme Programme, Protocol.Programme Message)> ProgrammeAsync(HubCalls hub, string id, CancellationToken cancellation)
    {
        var response = await DefinitionAsync(hub, id, cancellation);
        return (FrameAnswers.Read(response), response.Programme);
    }

    /// <summary>The versions of all periods, latest period first, within it highest version first.</summary>
    public static async Task<IReadOnlyList<ReportVersion>> VersionsAsync(HubCalls hub, string programme, string township, string period, CancellationToken cancellation) =>
        (await hub.CallAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).ListReportsAsync(
            new ListReportsRequest { Programme = programme, Township = township, Period = period, PageSize = VersionsPerPage }, o), cancellation)).Reports;

    private static async Task<GetProgrammeResponse> DefinitionAsync(HubCalls hub, string id, CancellationToken cancellation) =>
        await hub.CallAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).GetProgrammeAsync(new GetProgrammeRequest { Programme = id }, o), cancellation);

    private static async Task<Protocol.Township> TownshipAsync(HubCalls hub, string? code, CancellationToken cancellation)
    {
        var request = new ListTownshipsRequest { Area = code ?? "", PageSize = 2 };
        var found = await hub.CallAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).ListTownshipsAsync(request, o), cancellation);
        return found.Townships switch
        {
            [var one] => one,
            [] => throw new CommandFailedException(new($"中心没有登记乡镇 {code}", $"the hub knows no township {code}")),
            _ => throw new UsageException(new("凭证管辖多个乡镇，请用 --township 指明", "the credential reaches several townships: name one with --township")),
        };
    }

    private static async Task<GetReportResponse?> LastAsync(HubCalls hub, string programme, string township, Period period, CancellationToken cancellation)
    {
        var versions = await VersionsAsync(hub, programme, township, "", cancellation);
        if (versions.FirstOrDefault(v => Period.Parse(v.Period) <= period) is not { } last) return null;
        var request = new GetReportRequest { Programme = programme, Township = township, Period = last.Period, Version = last.Version };
        return await hub.CallAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).GetReportAsync(request, o), cancellation);
    }
}
