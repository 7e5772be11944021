using Hub.Agent;
using Hub.Agent.Verbs;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Agent.Workbooks.Writing;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Demo;

/// <summary>What a township's month left behind.</summary>
/// <param name="Changed">States that the clerk changed or chose.</param>
/// <param name="Notes">What the clerk was told to look at before the report was sent.</param>
internal sealed record ReportedMonth(int Changed, IReadOnlyList<string> Notes, Sent Sent);

/// <summary>A township's month as its office does it: the workbook fetched, filled, checked and sent, each step by the agent's own code over the
/// file on disk, as separate commands would.</summary>
internal static class TownshipMonth
{
    public const int Steps = 4;

    /// <param name="hub">The hub's gRPC address.</param>
    /// <param name="token">The township's own credential.</param>
    /// <param name="facts">What the made-up clerk knows of the month.</param>
    /// <param name="onStep">Told after each of the <see cref="Steps"/>.</param>
    public static async Task<ReportedMonth> ReportAsync(
        Uri hub, string token, Report facts, string workbook, Action onStep, CancellationToken cancellation)
    {
        using var calls = HubCalls.Open(hub, token);
        var frame = await FrameFromHub.ReadAsync(calls, facts.Programme, Period.Parse(facts.Period), township: null, cancellation);
        WorkbookWriter.WriteFile(frame, workbook);
        onStep();
        var changed = Clerk.Fill(workbook, new ItemIndex(frame.Programme.Template), facts);
        onStep();
        Check(workbook);
        onStep();
        var notes = new List<string>();
        var (sent, _) = await SubmitVerb.SendAsync(workbook, Check(workbook), monthIsNamed: false, calls, notes.Add, cancellation);
        onStep();
        return new(changed, notes, sent);
    }

    private static WorkbookReading Check(string workbook)
    {
        using var file = ReportFile.Open(workbook);
        var reading = WorkbookReader.Read(file);
        ReportFile.RefuseProblems(reading);
        return reading;
    }
}
