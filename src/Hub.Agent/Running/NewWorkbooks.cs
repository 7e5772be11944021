using Grpc.Core;
using Hub.Agent.Outbox;
using Hub.Agent.Workbooks;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.Extensions.Logging;
using Period = Hub.Programmes.Period;

namespace Hub.Agent.Running;

/// <summary>When the registry has changed: a new workbook of the month that is reported next, in a folder of its own beside the clerk's, which nothing is sent
/// from. A file that is there is never replaced.</summary>
internal sealed class NewWorkbooks(WatchedFolder folder, IWorkbooks workbooks, TownshipInbox inbox, TownshipCalls hubs, ILogger log)
{
    private Text? whyNot;

    /// <summary>Where they are written.</summary>
    public static string FolderIn(string watched) => Path.Combine(watched, Verb.Say("新工作簿", "new-workbooks"));

    public async Task StepAsync(CancellationToken cancellation)
    {
        foreach (var message in inbox.WorkbooksDue())
        {
            if (hubs.Of(message.Township) is not { } hub) continue;
            try
            {
                await MakeAsync(message, hub, cancellation);
                inbox.WorkbooksMade(message);
                whyNot = null;
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                Warn(hub.WhyNot(e));
            }
            catch (CommandFailedException e)
            {
                Warn(e.Text);
            }
            catch (WorkFailedException e)
            {
                Warn(e.Why);
                // The next would be as long in failing.
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Warn(new(e.Message, e.Message));
            }
        }
    }

    private async Task MakeAsync(KeptMessage message, HubCalls hub, CancellationToken cancellation)
    {
        var asked = await hub.CallOnceAsync(o => new ProgrammeService.ProgrammeServiceClient(hub.Invoker).ListProgrammesAsync(new ListProgrammesRequest(), o), cancellation);
        foreach (var programme in asked.Programmes.Where(p => Forms.IsProgrammeId(p.Id) && message.Township.StartsWith(p.Area, StringComparison.Ordinal)))
        {
            var answers = await FrameFromHub.AskAsync(hub.WithoutPatience(), programme.Id, NextPeriod(programme, message.Township), message.Township, cancellation);
            // Its position tells one change from another: after a kill in between, the same one is not made again.
            await WriteAsync(answers, Path.Combine(FolderIn(folder.Path), $"{message.Township} {programme.Id} {answers.Period} ({message.Message.Position}).xlsx"), cancellation);
        }
    }

    /// <summary>The last month that has ended, or the one after it where that is reported.</summary>
    private Period NextPeriod(Protocol.Programme programme, string township)
    {
        if (!Period.TryParse(programme.LastPeriod, out var last)) return Period.Parse(programme.LaunchPeriod);
        var isReported = inbox.All(township).Any(m => m.Message.ReceivedReport is { } report && report.Programme == programme.Id && report.Period == programme.LastPeriod);
        return isReported ? last.Plus(1) : last;
    }

    private async Task WriteAsync(FrameAnswers answers, string file, CancellationToken cancellation)
    {
        if (File.Exists(file)) return;
        // A share that is away is not to be made in its place.
        if (!Directory.Exists(folder.Path)) throw new DirectoryNotFoundException(folder.Path);
        using var workbook = new MemoryStream();
        await workbooks.WriteAsync(answers, workbook, cancellation);
        if (workbook.Length == 0) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = file + ".part";
        await File.WriteAllBytesAsync(unfinished, workbook.ToArray(), cancellation);
        File.Move(unfinished, file, overwrite: false);
        log.Say(new(
            $"登记有变化，新工作簿：{file}。请把填好的内容改到新工作簿，保存到 {folder.Path}",
            $"the registry changed, the new workbook is {file}: fill that one in and save it to {folder.Path}"));
    }

    // Said once, until it is another reason.
    private void Warn(Text why)
    {
        if (whyNot != why) log.Warn(new($"新工作簿还没有写成（{why.Chinese}），稍后再试", $"the new workbook is not written yet ({why.English}); trying again later"));
        whyNot = why;
    }
}
