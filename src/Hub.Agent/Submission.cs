using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent;

/// <summary>What became of a report that was sent.</summary>
/// <param name="OnTime">Decided by the month's first version; null where the hub no longer lists it.</param>
internal sealed record Sent(string SubmissionId, Report Report, Receipt Receipt, bool AlreadyKept, bool? OnTime, IReadOnlyList<Warning> Warnings);

/// <summary>Sends one report. What is in force already is not sent again, whoever sent it: its receipt is found. The submission id follows from the content and the version
/// that it follows, so that a call whose answer was lost finds its receipt, and a return to an earlier content is a new version.</summary>
internal sealed class Submission(HubCalls hub)
{
    private readonly ReportingService.ReportingServiceClient reporting = new(hub.Invoker);

    /// <param name="reading">A file without problems.</param>
    /// <param name="onWarnings">Told before anything is sent.</param>
    public async Task<Sent> SendAsync(WorkbookReading reading, Action<IReadOnlyList<Warning>> onWarnings, CancellationToken cancellation)
    {
        var report = reading.Report!;
        var versions = await FrameFromHub.VersionsAsync(hub, report.Programme, report.Township, report.Period, cancellation);
        var follows = versions.Count > 0 ? versions[0].Version : 0;
        var dueAt = reading.Frame!.Programme.Template.Cadence.DueAt(Period.Parse(report.Period));
        bool? IsOnTime(Receipt receipt) => (receipt.Version == 1 ? receipt.ReceivedAt : versions.FirstOrDefault(v => v.Version == 1)?.ReceivedAt) is { } firstAt ? firstAt.ToDateTimeOffset() < dueAt : null;
        if (follows > 0 && await WithContentAsync(report, follows, cancellation) is { } before) return new Sent(before.SubmissionId, report, before.Receipt, AlreadyKept: true, IsOnTime(before.Receipt), []);
        var request = new SubmitReportRequest { SubmissionId = SubmissionId(report, follows), ExpectedVersion = follows, Report = report };
        try
        {
            var validate = new ValidateReportRequest { ExpectedVersion = follows, Report = report };
            onWarnings((await hub.CallAsync(o => reporting.ValidateReportAsync(validate, o), cancellation)).Warnings);
            var kept = await hub.CallAsync(o => reporting.SubmitReportAsync(request, o), cancellation);
            return new Sent(request.SubmissionId, report, kept.Receipt, kept.AlreadyKept, IsOnTime(kept.Receipt), kept.Warnings);
        }
        catch (RpcException e) when (Violations(e, reading) is { Count: > 1 } problems)
        {
            ReportFile.RefuseProblems(reading with { Report = null, Problems = problems, ProblemCount = problems.Count });
            throw;
        }
    }

    /// <summary>Form of the ids: up to 64 characters of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public static string SubmissionId(Report report, int follows) =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(ReportDigest.Of(report))[..48]}-{follows}");

    /// <summary>A version if it has this content, whoever sent it under whatever id; else null.</summary>
    private async Task<GetReportResponse?> WithContentAsync(Report report, int version, CancellationToken cancellation)
    {
        var request = new GetReportRequest { Programme = report.Programme, Township = report.Township, Period = report.Period, Version = version };
        var kept = await hub.CallAsync(o => reporting.GetReportAsync(request, o), cancellation);
        return ReportDigest.Of(kept.Report).AsSpan().SequenceEqual(ReportDigest.Of(report)) ? kept : null;
    }

    private static List<Problem> Violations(RpcException e, WorkbookReading reading) =>
        e.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.Select(v => reading.At(v.Field, new(v.Description, v.Description))).ToList() ?? [];
}
