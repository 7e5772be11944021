using System.Text.Encodings.Web;
using System.Text.Json;
using Hub.Programmes;

namespace Hub.Agent;

/// <summary>The hub's receipt as it is kept beside the file that was sent: <c>FILE.receipt.json</c>.</summary>
internal static class ReceiptFile
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string PathOf(string file) => file + ".receipt.json";

    public static async Task<string> WriteAsync(string file, Sent sent, CancellationToken cancellation)
    {
        var path = PathOf(file);
        var json = JsonSerializer.Serialize(new
        {
            sent.Report.Programme,
            sent.Report.Township,
            sent.Report.Period,
            sent.Receipt.Version,
            sent.Receipt.Position,
            ReceivedAt = HubTime.Instant(sent.Receipt.ReceivedAt.ToDateTimeOffset()),
            Hash = Convert.ToHexStringLower(sent.Receipt.Hash.Span),
            sent.OnTime,
            sent.SubmissionId,
        }, Form);
        // Whole or not at all: a receipt that is cut off proves nothing.
        var unfinished = path + ".part";
        await File.WriteAllTextAsync(unfinished, json + "\n", cancellation);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    /// <summary>The receipt in words.</summary>
    public static Text InWords(Sent sent)
    {
        var (receipt, brief) = (sent.Receipt, InBrief(sent));
        var at = HubTime.Instant(receipt.ReceivedAt.ToDateTimeOffset());
        var hash = Convert.ToHexStringLower(receipt.Hash.Span);
        return new(
            $"{brief.Chinese}，收到时间 {at}，日志位置 {receipt.Position}，校验值 {hash}",
            $"{brief.English}, received {at}, log position {receipt.Position}, hash {hash}");
    }

    /// <summary>Kept, whether on time, and as which version.</summary>
    public static Text InBrief(Sent sent)
    {
        var (onTime, timely) = sent.OnTime switch { true => ("，按时", ", on time"), false => ("，逾期", ", late"), null => ("", "") };
        return new(
            $"{(sent.AlreadyKept ? "此前已收妥" : "已收妥")}{onTime}，{sent.Report.Period} 第 {sent.Receipt.Version} 版",
            $"{(sent.AlreadyKept ? "kept before" : "kept")}{timely}, {sent.Report.Period} version {sent.Receipt.Version}");
    }
}
