using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Import;

namespace Hub.Cli.Verbs;

/// <summary><c>hub import</c>: a county folder as history, all of it or nothing.</summary>
internal static class ImportVerb
{
    private const int PartBytes = 256 << 10;

    public static Command Make()
    {
        var folder = new Argument<string>("FOLDER") { Description = Verb.Say($"县域文件夹：{string.Join("、", CountyFolder.Files)}", $"county folder: {string.Join(", ", CountyFolder.Files)}") };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var command = new Command("import", Verb.WithExample(Verb.Say("导入历史数据：全部导入或完全不导入", "Takes history: all of it or nothing"), "hub import ./county --data ./hub-data")) { folder, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var source = parsed.GetRequiredValue(folder);
            if (!Directory.Exists(source)) throw new CommandFailedException(new($"没有文件夹 {source}", $"there is no folder {source}"));
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: true, cancellation);
            var imported = await RunAsync(hub.Invoker, source, cancellation);
            Console.WriteLine(Verb.Say(
                $"已导入 {imported.Programmes} 个项目、{imported.Townships} 个乡镇、{imported.Branches} 个支部、{imported.Reports} 份报告；日志位置 {imported.Position}",
                $"imported {imported.Programmes} programmes, {imported.Townships} townships, {imported.Branches} branches, {imported.Reports} reports; log position {imported.Position}"));
            return 0;
        });
        return command;
    }

    public static async Task<ImportHistoryResponse> RunAsync(CallInvoker hub, string folder, CancellationToken cancellation)
    {
        using var call = new AdministrationService.AdministrationServiceClient(hub).ImportHistory(cancellationToken: cancellation);
        try
        {
            foreach (var name in CountyFolder.Files)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path)) await SendAsync(call.RequestStream, name, path, cancellation);
            }
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The hub refused before all was sent: the response says why.
        }
        return await call;
    }

    private static async Task SendAsync(IClientStreamWriter<ImportHistoryRequest> stream, string name, string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var buffer = new byte[PartBytes];
        var sent = 0L;
        var show = !Console.IsErrorRedirected && file.Length > PartBytes;
        int read;
        // An empty file is sent too: that it is there counts.
        do
        {
            read = await file.ReadAsync(buffer, cancellation);
            await stream.WriteAsync(new ImportHistoryRequest { File = name, Content = ByteString.CopyFrom(buffer, 0, read) }, cancellation);
            sent += read;
            if (show) await Console.Error.WriteAsync($"\r{name} {sent * 100 / file.Length,3}%");
        }
        while (read == PartBytes);
        if (show) await Console.Error.WriteLineAsync();
    }
}
