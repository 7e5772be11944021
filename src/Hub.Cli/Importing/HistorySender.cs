using Google.Protobuf;
using Grpc.Core;
using Hub.Protocol;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>Sends a county's files to the hub's import, or to its check of them.</summary>
internal static class HistorySender
{
    private const int PartBytes = 256 << 10;

    /// <summary>The files of a county folder that are there, each open until the next is asked for.</summary>
    public static IEnumerable<(string Name, Stream Content)> FilesIn(string folder)
    {
        foreach (var name in CountyFolder.Files)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            using var file = File.OpenRead(path);
            yield return (name, file);
        }
    }

    public static async Task<ImportHistoryResponse> SendAsync(CallInvoker hub, IEnumerable<(string Name, Stream Content)> files, bool validateOnly, CancellationToken cancellation)
    {
        using var call = new AdministrationService.AdministrationServiceClient(hub).ImportHistory(cancellationToken: cancellation);
        try
        {
            foreach (var (name, content) in files) await SendAsync(call.RequestStream, name, content, validateOnly, cancellation);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The hub refused before all was sent: the response says why.
        }
        return await call;
    }

    private static async Task SendAsync(IClientStreamWriter<ImportHistoryRequest> stream, string name, Stream content, bool validateOnly, CancellationToken cancellation)
    {
        var buffer = new byte[PartBytes];
        var sent = 0L;
        var show = !Console.IsErrorRedirected && content.Length > PartBytes;
        int read;
        // An empty file is sent too: that it is there counts.
        do
        {
            read = await content.ReadAtLeastAsync(buffer, PartBytes, throwOnEndOfStream: false, cancellation);
            await stream.WriteAsync(new ImportHistoryRequest { File = name, Content = ByteString.CopyFrom(buffer, 0, read), ValidateOnly = validateOnly }, cancellation);
            sent += read;
            if (show) await Console.Error.WriteAsync($"\r{name} {sent * 100 / content.Length,3}%");
        }
        while (read == PartBytes);
        if (show) await Console.Error.WriteLineAsync();
    }
}
