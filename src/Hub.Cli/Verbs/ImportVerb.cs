using System.CommandLine;
using Hub.Cli.Importing;
using Hub.Programmes;
using Hub.Store.Import;

namespace Hub.Cli.Verbs;

/// <summary><c>hub import</c>: a county folder, or a folder of filled workbooks, as history, all of it or nothing.</summary>
internal static class ImportVerb
{
    public static Command Make()
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = Verb.Say(
                $"县域文件夹（{string.Join("、", CountyFolder.Files)}），或填好的工作簿（*.xlsx）的文件夹，附 submissions.csv：file、version、received_at 三列",
                $"county folder ({string.Join(", ", CountyFolder.Files)}), or a folder of filled workbooks (*.xlsx) with a submissions.csv: file, version, received_at"),
        };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var check = new Option<bool>("--check") { Description = Verb.Say("只检查：按文件列出所有问题，不导入", "only check: list every problem by file, import nothing") };
        var command = new Command("import", Verb.WithExample(Verb.Say("导入历史数据：全部导入或完全不导入", "Takes history: all of it or nothing"),
            "hub import ./county --data ./hub-data\n  hub import ./workbooks-2025 --data ./hub-data --check")) { folder, data, check };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (source, directory) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(data));
            if (!Directory.Exists(source)) throw new CommandFailedException(new($"没有文件夹 {source}", $"there is no folder {source}"));
            if (parsed.GetValue(check))
            {
                await FolderCheck.RunAsync(source, directory, cancellation);
                return 0;
            }
            var imported = await FolderImport.RunAsync(source, directory, cancellation);
            Console.WriteLine(Verb.Say(
                $"已导入 {imported.Programmes} 个项目、{imported.Townships} 个乡镇、{imported.Branches} 个支部、{imported.Reports} 份报告；日志位置 {imported.Position}",
                $"imported {imported.Programmes} programmes, {imported.Townships} townships, {imported.Branches} branches, {imported.Reports} reports; log position {imported.Position}"));
            return 0;
        });
        return command;
    }
}
