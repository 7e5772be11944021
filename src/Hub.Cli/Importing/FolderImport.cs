using Google.Rpc;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>A folder, of CSV files or of workbooks, imported as a whole or refused in one line.</summary>
internal static class FolderImport
{
    public static async Task<ImportHistoryResponse> RunAsync(string folder, string data, CancellationToken cancellation)
    {
        using var workbooks = WorkbookFolder.IsOne(folder) ? WorkbookFolder.Read(folder, cancellation) : null;
        if (workbooks?.Problems is { Count: > 0 } problems) throw Refused(problems.Words.First().In(Verb.Language), problems.Count - 1);
        await using var hub = await HubConnection.OpenAsync(data, create: true, cancellation);
        try
        {
            return await HistorySender.SendAsync(hub.Invoker, workbooks?.Files() ?? HistorySender.FilesIn(folder), validateOnly: false, cancellation);
        }
        catch (RpcException e) when (PlaceIn(e) is var (file, line))
        {
            // The message begins with the place in what was sent: in a workbook it is another one.
            var (detail, sent) = (e.Status.Detail, ImportProblem.PlaceOf(file, line).In(Verb.Language));
            if (workbooks is not null && detail.StartsWith(sent, StringComparison.Ordinal))
                detail = workbooks.PlaceOf(file, line).Place.In(Verb.Language) + detail[sent.Length..];
            throw Refused(detail, more: 0);
        }
    }

    private static CommandFailedException Refused(string first, int more)
    {
        var words = more == 0 ? first : first + Verb.Say($"（另有 {more} 处问题）", $" (and {more} more)");
        return new(new($"{words}；全部未导入，加 --check 列出所有问题", $"{words}; nothing was imported, --check lists every problem"));
    }

    /// <summary>File and line that the hub refused first; null where it refused something else.</summary>
    private static (string File, int Line)? PlaceIn(RpcException e) =>
        e.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations is [var first, ..] && first.Field.Split(':') is [var file, var line] && int.TryParse(line, out var number)
            ? (file, number) : null;
}
