using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Agent.Workbooks;

/// <summary>Asks the hub for everything that a month's workbook is made of.</summary>
internal static class FrameFromHub
{
    private const int VersionsPerPage = 1_000;

    /// <param name="township">Null = the credential's own.</param>
    public static async Task<WorkbookFrame> ReadAsync(HubCalls hub, string programmeId, Period period, string? township, CancellationToken cancellation)
    {
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Invoker);
        var (programme, message) = await ProgrammeAsync(hub, programmeId, cancellation);
        if (period < programme.LaunchPeriod) throw new CommandFailedException(new(
            $"{period} 早于项目的首个报告月份 {programme.LaunchPeriod}", $"{period} is before the programme's first period {programme.LaunchPeriod}"));
        var own = await TownshipAsync(hub, township, cancellation);
        var listed = await hub.CallAsync(o => programmes.ListBranchesAsync(new ListBranchesRequest { Township = own.Code, Period = period.ToString() }, o), cancellation);
        var branches = listed.Branches
            .Select((b, i) => new Branch(i, b.Code, b.Name, b.Township, b.Kind, b.Star, Day(b.ActiveFrom), b.ActiveTo.Length > 0 ? Day(b.ActiveTo) : null));
        var dueOn = message.LastPeriod == period.ToString() ? Day(message.DueOn) : programme.Template.Cadence.DueOn(period);
        var last = await LastAsync(hub, programmeId, own.Code, period, cancellation);
        return new WorkbookFrame(programme, new Township(own.Code, own.Name, [.. branches]), period, dueOn, last);
    }

    public static async Task<(Programme Programme, Protocol.Programme Message)> ProgrammeAsync(HubCalls hub, string id, CancellationToken cancellation)
    {
        var response = await hub.CallAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).GetProgrammeAsync(new GetProgrammeRequest { Programme = id }, o), cancellation);
        var reading = TemplateReader.Read(response.TemplateText, response.Programme.Template);
        var template = reading.Template ?? throw new CommandFailedException(new(
            "本程序读不懂中心的标准，请更新 hub-agent", "this program cannot read the hub's template: update hub-agent"));
        return (new Programme(response.Programme.Id, template, response.TemplateText, response.Programme.LaunchYear, response.Programme.Area, 0), response.Programme);
    }

    /// <summary>The versions of all periods, latest period first, within it highest version first.</summary>
    public static async Task<IReadOnlyList<ReportVersion>> VersionsAsync(HubCalls hub, string programme, string township, string period, CancellationToken cancellation) =>
        (await hub.CallAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).ListReportsAsync(
            new ListReportsRequest { Programme = programme, Township = township, Period = period, PageSize = VersionsPerPage }, o), cancellation)).Reports;

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

    private static async Task<LastReport?> LastAsync(HubCalls hub, string programme, string township, Period period, CancellationToken cancellation)
    {
        var versions = await VersionsAsync(hub, programme, township, "", cancellation);
        if (versions.FirstOrDefault(v => Period.Parse(v.Period) <= period) is not { } last) return null;
        var request = new GetReportRequest { Programme = programme, Township = township, Period = last.Period, Version = last.Version };
        var kept = await hub.CallAsync(o => new ReportingService.ReportingServiceClient(hub.Invoker).GetReportAsync(request, o), cancellation);
        return LastReport.Of(kept.Report, last.Version);
    }

    private static DateOnly Day(string text) => HubTime.TryParseDay(text, out var day) ? day : throw new FormatException($"The hub gave the day {text}");
}
