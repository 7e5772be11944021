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

/// <summary>Sends one report. The submission id follows from the content and the version that it follows, so that the same file sent again, after an
/// answer was lost or a day later, finds its first receipt, and a return to an earlier content is a new version.</summary>
internal sealed class Submission(HubCalls hub)
{
    private readonly ReportingService.ReportingServiceClient reporting = new(hub.Invoker);

    /// <param name="reading">A file without problems.</param>
    /// <param name="onWarnings">Told before anything is sent.</param>
    public async Task<Sent> SendAsync(WorkbookReading reading, Action<IReadOnlyList<Warning>> onWarnings, CancellationToken cancellation)
    {
        var report = reading.Report!;
        var versions = await FrameFromHub.VersionsAsync(hub, report.Programme, report.Township, report.Period, cancellation);
        var inForce = versions.Count > 0 ? versions[0].Version : 0;
        var follows = await IsInForceAsync(report, inForce, cancellation) ? inForce - 1 : inForce;
        var request = new SubmitReportRequest { SubmissionId = SubmissionId(report, follows), ExpectedVersion = follows, Report = report };
        try
        {
            if (follows == inForce)
            {
                var validate = new ValidateReportRequest { ExpectedVersion = follows, Report = report };
                onWarnings((await hub.CallAsync(o => reporting.ValidateReportAsync(validate, o), cancellation)).Warnings);
            }
            var kept = await hub.CallAsync(o => reporting.SubmitReportAsync(request, o), cancellation);
            var firstAt = kept.Receipt.Version == 1 ? kept.Receipt.ReceivedAt : versions.FirstOrDefault(v => v.Version == 1)?.ReceivedAt;
            var dueAt = reading.Frame!.Programme.Template.Cadence.DueAt(Period.Parse(report.Period));
            return new Sent(request.SubmissionId, report, kept.Receipt, kept.AlreadyKept, firstAt is null ? null : firstAt.ToDateTimeOffset() < dueAt, kept.Warnings);
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

    private async Task<bool> IsInForceAsync(Report report, int version, CancellationToken cancellation)
    {
        if (version == 0) return false;
        var request = new GetReportRequest { Programme = report.Programme, Township = report.Township, Period = report.Period, Version = version };
        var kept = await hub.CallAsync(o => reporting.GetReportAsync(request, o), cancellation);
        return kept.SubmissionId == SubmissionId(report, version - 1);
    }

    private static List<Problem> Violations(RpcException e, WorkbookReading reading) =>
        e.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.Select(v => reading.At(v.Field, new(v.Description, v.Description))).ToList() ?? [];
}
