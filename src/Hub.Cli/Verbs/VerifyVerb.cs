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
        var head = Verb.Optional<string>("--head", "另行保存的末尾：位置：校验值（64 位十六进制）", "a head kept elsewhere: POSITION:HASH (64 hex digits)", "POSITION:HASH");
        var command = new Command("verify", Verb.WithExample(Verb.Say("核对每条日志记录，以及投影与日志是否一致", "Checks every record of the log, and the projection against it"),
            "hub verify --data ./hub-data")) { data, head };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new VerifyStoreRequest();
            if (parsed.GetValue(head) is { } known) (request.KnownPosition, request.KnownHash) = ParseHead(known);
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            var verified = await new AdministrationService.AdministrationServiceClient(hub.Invoker).VerifyStoreAsync(request, cancellationToken: cancellation);
            foreach (var problem in verified.Problems) await Console.Error.WriteLineAsync(problem);
            if (verified.Problems.Count > 0) return Verb.Failed;
            Console.WriteLine(Verb.Say($"{verified.Records} 条记录全部无误，末尾 {verified.Records}:{Convert.ToHexStringLower(verified.HeadHash.Span)}",
                $"all {verified.Records} records hold; head {verified.Records}:{Convert.ToHexStringLower(verified.HeadHash.Span)}"));
            return 0;
        });
        return command;
    }

    private static (long, ByteString) ParseHead(string text)
    {
        var parts = text.Split(':');
        if (parts.Length == 2 && parts[1].Length == 64 && parts[1].All(char.IsAsciiHexDigit)) return (Verb.Position(parts[0]), ByteString.CopyFrom(Convert.FromHexString(parts[1])));
        throw new UsageException(new($"“{text}”不是 位置：校验值", $"“{text}” is not POSITION:HASH"));
    }
}
