using System.CommandLine;
using Google.Protobuf;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub verify</c>: every record of the log, and the projection against it.</summary>
internal static class VerifyVerb
{
    public static Command Make()
    {
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var known = Verb.Optional<string>("--head", "另行保存的末尾，写作 位置:校验值（64 位十六进制）", "a head kept elsewhere: POSITION:HASH (64 hex digits)", "POSITION:HASH");
        var again = new Option<bool>("--bulletins-again") { Description = Verb.Say("把已发布的通报重新生成一遍并逐字节比较", "make published bulletins again and compare them byte for byte") };
        var command = new Command("verify", Verb.WithExample(Verb.Say("核对每条日志记录，以及投影与日志是否一致", "Checks every record of the log, and the projection against it"),
            "hub verify --data ./hub-data")) { data, known, again };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new VerifyStoreRequest { BulletinsAgain = parsed.GetValue(again) };
            if (parsed.GetValue(known) is { } kept) (request.KnownPosition, request.KnownHash) = ParseHead(kept);
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            var verified = await new AdministrationService.AdministrationServiceClient(hub.Invoker).VerifyStoreAsync(request, cancellationToken: cancellation);
            foreach (var problem in verified.Problems) await Console.Error.WriteLineAsync(problem);
            if (verified.Problems.Count > 0) return Verb.Failed;
            var (head, bulletins) = ($"{verified.Records}:{Convert.ToHexStringLower(verified.HeadHash.Span)}", verified.Bulletins);
            if (bulletins > 0) Console.WriteLine(Verb.Say($"{bulletins} 期已发布通报的文件与记录一致", $"the files of {bulletins} published bulletins are as recorded"));
            if (verified.BulletinsAgain > 0) Console.WriteLine(Verb.Say($"其中 {verified.BulletinsAgain} 期重新生成，HTML、Word、SVG 逐字节相同", $"{verified.BulletinsAgain} of them made again: HTML, Word and SVG the same byte for byte"));
            if (verified.BulletinsOfOtherReleases > 0) Console.WriteLine(Verb.Say($"另有 {verified.BulletinsOfOtherReleases} 期由本程序的其他版本生成，未重新生成", $"{verified.BulletinsOfOtherReleases} were made by another release of this program and not made again"));
            Console.WriteLine(Verb.Say($"{verified.Records} 条记录全部无误，末尾 {head}", $"all {verified.Records} records hold; head {head}"));
            return 0;
        });
        return command;
    }

    private static (long, ByteString) ParseHead(string text)
    {
        var parts = text.Split(':');
        if (parts.Length == 2 && parts[1].Length == 64 && parts[1].All(char.IsAsciiHexDigit)) return (Verb.Position(parts[0]), ByteString.CopyFrom(Convert.FromHexString(parts[1])));
        throw new UsageException(new($"“{text}”不是 位置:校验值（半角冒号）", $"“{text}” is not POSITION:HASH"));
    }
}
