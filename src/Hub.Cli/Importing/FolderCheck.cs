using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Import;
using Hub.Store.Log;

namespace Hub.Cli.Importing;

/// <summary>Everything for which an import of a folder would be refused, file by file. Changes nothing.</summary>
internal static class FolderCheck
{
    /// <exception cref="CommandFailedException">There are problems; they were printed.</exception>
    public static async Task RunAsync(string folder, string data, CancellationToken cancellation)
    {
        using var workbooks = WorkbookFolder.IsOne(folder) ? WorkbookFolder.Read(folder, cancellation) : null;
        var problems = workbooks?.Problems ?? new FolderProblems();
        // A hub that is not there yet is empty, and stays uncreated.
        var isNew = !File.Exists(Path.Combine(data, LogFile.FileName)) && !File.Exists(data);
        var stand = isNew ? Directory.CreateTempSubdirectory("hub-check-").FullName : null;
        ImportHistoryResponse judged;
        try
        {
            await using var hub = await HubConnection.OpenAsync(stand ?? data, create: true, cancellation);
            judged = await HistorySender.SendAsync(hub.Invoker, workbooks?.Files() ?? HistorySender.FilesIn(folder), validateOnly: true, cancellation);
        }
        finally
        {
            if (stand is not null) Directory.Delete(stand, recursive: true);
        }
        foreach (var problem in judged.Problems)
        {
            var (file, line, place) = workbooks?.PlaceOf(problem.File, problem.Line) ?? (problem.File, problem.Line, ImportProblem.PlaceOf(problem.File, problem.Line));
            problems.Add(file, line, place, new(problem.Message, problem.Message));
        }
        problems.AddUnlisted(judged.ProblemCount - judged.Problems.Count);
        Tell(problems, workbooks, judged);
    }

    private static void Tell(FolderProblems problems, WorkbookFolder? workbooks, ImportHistoryResponse judged)
    {
        var read = workbooks is null ? new Text("", "") : new($"{workbooks.Workbooks} 个工作簿，", $"{workbooks.Workbooks} workbooks, ");
        var listed = 0;
        foreach (var words in problems.Words)
        {
            Console.WriteLine(words.In(Verb.Language));
            listed++;
        }
        if (problems.Count > listed) Console.WriteLine(Verb.Say($"……另有 {problems.Count - listed} 处未列出", $"… and {problems.Count - listed} more"));
        if (problems.Count > 0) throw new CommandFailedException(new(
            $"{read.Chinese}{problems.Files} 个文件有 {problems.Count} 处问题，请改正后再校验", $"{read.English}{problems.Count} problems in {problems.Files} files: correct them and check again"));
        Console.WriteLine(Verb.Say(
            $"校验通过：{read.Chinese}可导入 {judged.Programmes} 个项目、{judged.Townships} 个乡镇、{judged.Branches} 个支部、{judged.Reports} 份报告",
            $"in order: {read.English}{judged.Programmes} programmes, {judged.Townships} townships, {judged.Branches} branches, {judged.Reports} reports to import"));
    }
}
