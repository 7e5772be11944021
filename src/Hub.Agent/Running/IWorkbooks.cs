using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Agent.Workbooks.Writing;

namespace Hub.Agent.Running;

/// <summary>How the service has workbooks read and written: <see cref="WorkbooksApart"/>, or <see cref="WorkbooksHere"/> in its own process.</summary>
internal interface IWorkbooks
{
    /// <exception cref="WorkFailedException">The check itself failed; another try may not.</exception>
    Task<CheckedReport> CheckAsync(Stream content, CancellationToken cancellation);

    /// <summary>Writes nothing where the township has no branches to report.</summary>
    /// <exception cref="WorkFailedException">The writing itself failed; another try may not.</exception>
    Task WriteAsync(FrameAnswers answers, Stream output, CancellationToken cancellation);
}

internal sealed class WorkbooksHere : IWorkbooks
{
    public Task<CheckedReport> CheckAsync(Stream content, CancellationToken cancellation) => Task.FromResult(CheckedReport.Of(WorkbookReader.Read(content)));

    public Task WriteAsync(FrameAnswers answers, Stream output, CancellationToken cancellation)
    {
        if (answers.ToFrame() is var frame && frame.Kinds.Any()) WorkbookWriter.Write(frame, output);
        return Task.CompletedTask;
    }
}
