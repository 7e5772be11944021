using System.CommandLine;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub bulletin</c>: the month's bulletin with its charts, and its publication.</summary>
internal static class BulletinVerb
{
    public static Command Make()
    {
        var programme = Verb.Required<string>("--programme", "项目编号", "programme id", "ID");
        var period = Verb.Required<string>("--period", "月份", "period", "YYYY-MM");
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var output = Verb.Required<string>("--out", "写入的文件夹", "folder to write to", "DIR");
        var publish = new Option<bool>("--publish") { Description = Verb.Say("发布：记录在案并锁定本期（截止时间之后）", "publish: put it on record and lock the period (from the due time on)") };
        var draft = new Option<bool>("--draft") { Description = Verb.Say("即使已发布也另出草稿", "a draft even where the bulletin is published") };
        var language = Verb.Optional<string>("--language", "zh、en 或 both", "zh, en or both", "zh|en|both");
        language.DefaultValueFactory = _ => "zh";
        language.AcceptOnlyFromAmong("zh", "en", "both");
        var (at, asOf) = PointOptions();
        var command = new Command("bulletin", Verb.WithExample(Verb.Say("生成月度通报（草稿不改变任何数据）", "Makes the month's bulletin (a draft changes nothing)"),
            "hub bulletin --programme county-2025 --period 2026-10 --data ./hub-data --out ./bulletin")) { programme, period, data, output, publish, draft, language, at, asOf };
        command.SetAction(async (parsed, cancellation) =>
        {
            var point = Point(parsed, at, asOf);
            if (parsed.GetValue(publish) && (point is not null || parsed.GetValue(draft))) throw new UsageException(new("--publish 不能与 --draft、--at、--as-of 同用", "--publish goes not with --draft, --at or --as-of"));
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            var client = new BulletinService.BulletinServiceClient(hub.Invoker);
            var request = new GetBulletinRequest { Programme = parsed.GetRequiredValue(programme), Period = parsed.GetRequiredValue(period), At = point };
            if (parsed.GetValue(publish))
            {
                var published = await client.PublishBulletinAsync(new PublishBulletinRequest { Programme = request.Programme, Period = request.Period }, cancellationToken: cancellation);
                Console.WriteLine(Verb.Say($"{(published.AlreadyPublished ? "此前已发布" : "已发布")}：〔{published.Year}〕{published.Number}号，日志位置 {published.Position}",
                    $"{(published.AlreadyPublished ? "published before" : "published")}: 〔{published.Year}〕{published.Number}, log position {published.Position}"));
            }
            DocumentLanguage[] languages = parsed.GetValue(language) switch
            {
                "zh" => [DocumentLanguage.Chinese],
                "en" => [DocumentLanguage.English],
                _ => [DocumentLanguage.Chinese, DocumentLanguage.English],
            };
            foreach (var chosen in languages)
            {
                request.Language = chosen;
                var bulletin = point is null && !parsed.GetValue(draft) ? await PublishedOrDraftAsync(client, request, cancellation) : await DraftAsync(client, request, cancellation);
                await WriteAsync(bulletin, parsed.GetRequiredValue(output), cancellation);
            }
            return 0;
        });
        return command;
    }

    // A published bulletin is what the county issued; nobody expects another one under its name.
    private static async Task<GetBulletinResponse> PublishedOrDraftAsync(BulletinService.BulletinServiceClient client, GetBulletinRequest request, CancellationToken cancellation)
    {
        try
        {
            return await client.GetBulletinAsync(request, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return await DraftAsync(client, request, cancellation);
        }
    }

    private static async Task<GetBulletinResponse> DraftAsync(BulletinService.BulletinServiceClient client, GetBulletinRequest request, CancellationToken cancellation) =>
        await client.GetBulletinAsync(new GetBulletinRequest(request) { Draft = true }, cancellationToken: cancellation);

    /// <summary><c>--at</c> sets the log position, <c>--as-of</c> the clock; each leaves the other at its default.</summary>
    public static (Option<string?> At, Option<string?> AsOf) PointOptions() => (
        Verb.Optional<string>("--at", "日志位置，默认末尾", "log position, default the head", "POSITION"),
        Verb.Optional<string>("--as-of", "时刻，默认中心的时钟", "instant, default the hub's clock", "INSTANT"));

    public static ReadingPoint? Point(ParseResult parsed, Option<string?> at, Option<string?> asOf)
    {
        if (parsed.GetValue(at) is null && parsed.GetValue(asOf) is null) return null;
        var point = new ReadingPoint();
        if (parsed.GetValue(at) is { } position) point.Position = Verb.Position(position);
        if (parsed.GetValue(asOf) is { } instant) point.AsOf = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(Verb.Instant(instant));
        return point;
    }

    public static async Task WriteAsync(GetBulletinResponse bulletin, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var charts = 0;
        foreach (var file in bulletin.Files)
        {
            // The name is a file name: nothing that the hub says may lead out of the folder.
            var path = Path.Combine(folder, Path.GetFileName(file.Name));
            await File.WriteAllBytesAsync(path, file.Content.ToByteArray(), cancellation);
            if (file.Name.EndsWith(".svg", StringComparison.Ordinal) || file.Name.EndsWith(".png", StringComparison.Ordinal)) charts++;
            else Console.WriteLine(path);
        }
        if (charts > 0) Console.WriteLine(Verb.Say($"{Path.GetFullPath(folder)}：另有图表文件 {charts} 个（SVG、PNG）", $"{Path.GetFullPath(folder)}: and {charts} files of charts (SVG, PNG)"));
        if (bulletin.WhyNoPdf.Length > 0) await Console.Error.WriteLineAsync(bulletin.WhyNoPdf);
        Console.WriteLine(Verb.Say($"数据取自日志位置 {bulletin.At.Position}，时点 {HubTime.Instant(bulletin.At.AsOf.ToDateTimeOffset())}",
            $"figures from log position {bulletin.At.Position}, as of {HubTime.Instant(bulletin.At.AsOf.ToDateTimeOffset())}"));
    }
}
