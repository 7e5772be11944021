using System.CommandLine;
using System.Net;
using Grpc.Core;
using Hub.Agent.Enrolling;
using Hub.Agent.Running;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary>Which hub is called and with what: as <c>hub-agent enroll</c> has left it in the data directory, or as <c>--hub</c> and HUB_TOKEN say.</summary>
internal sealed class HubOptions(Option<string?> data)
{
    private readonly Option<string?> hub = Verb.Optional<string>("--hub", "中心的 gRPC 地址，默认登记时的", "the hub's gRPC address, default that of the enrolment", "URL");
    private readonly Option<string?> root = AgentOptions.Root();
    private readonly Option<bool> plain = AgentOptions.Plain();
    private DateTimeOffset? hubTime;

    /// <summary>For a verb that needs no data directory but to find its enrolment there.</summary>
    public static HubOptions OfCommand() => new(Verb.Optional<string>("--data", "登记所在的数据目录（未用 HUB_TOKEN 时）", "data directory of the enrolment (without HUB_TOKEN)", "DIR"));

    public void AddTo(Command command)
    {
        command.Add(hub);
        command.Add(root);
        command.Add(plain);
        command.Add(data);
    }

    /// <summary>Before a file is read: that a hub and a credential are named.</summary>
    public void Require(ParseResult parsed) => Address(parsed, Enrolled(parsed).Enrolment);

    /// <summary>For one township's command.</summary>
    /// <param name="township">Its code; null = the only one that is enrolled.</param>
    public HubCalls Open(ParseResult parsed, string? township)
    {
        var (enrolment, directory) = Enrolled(parsed);
        if (Token() is { } token)
        {
            if (Overruled(enrolment, directory) is { } both) Console.Error.WriteLine(both.In(Verb.Language));
            return Open(parsed, enrolment, directory, token);
        }
        var code = township ?? (enrolment.Townships.Count == 1 ? enrolment.Townships.Keys.First() : throw new UsageException(new(
            $"{directory} 登记了多个乡镇，请用 --township 指明", $"several townships are enrolled in {directory}: name one with --township")));
        return enrolment.Townships.TryGetValue(code, out var credential) ? Open(parsed, enrolment, directory, credential.Token) : throw new CommandFailedException(TownshipCalls.NotEnrolled(code));
    }

    /// <summary>For the scheduled service: each township's own.</summary>
    public TownshipCalls OpenAll(ParseResult parsed)
    {
        var (enrolment, directory) = Enrolled(parsed);
        return Token() is { } token ? TownshipCalls.OfToken(Open(parsed, enrolment, directory, token))
            : TownshipCalls.Enrolled(directory, now => Open(parsed, now, directory, ""));
    }

    /// <summary>Which credentials the scheduled service goes with, for its log.</summary>
    /// <returns>Whether a person should look: where there is HUB_TOKEN beside an enrolment, it may have been left from before.</returns>
    public (Text Words, bool IsForAPerson) InUse(ParseResult parsed)
    {
        var (enrolment, directory) = Enrolled(parsed);
        if (Token() is null) return (new($"凭证：{directory} 中登记的 {Codes(enrolment)}", $"credentials: those enrolled in {directory}, of {Codes(enrolment)}"), false);
        return Overruled(enrolment, directory) is { } both ? (both, true) : (new($"凭证：环境变量 {HubCalls.TokenVariable} 中的", $"credential: the one in the environment variable {HubCalls.TokenVariable}"), false);
    }

    /// <summary>After a command's own work: a credential that ends soon is given another token, where nobody runs the service.</summary>
    public async Task RotateAsync(ParseResult parsed, string township, HubCalls calls, CancellationToken cancellation)
    {
        if (Token() is not null || hubTime is not { } now) return;
        var (enrolment, directory) = Enrolled(parsed);
        if (!enrolment.Townships.TryGetValue(township, out var credential) || !Rotation.IsDue(credential, now)) return;
        try
        {
            await Rotation.RunAsync(directory, township, calls, cancellation);
        }
        // What was asked for is done, and the next command tries again.
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            await TellAsync(calls.WhyNot(e));
        }
        catch (CommandFailedException e)
        {
            await TellAsync(e.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await TellAsync(new(e.Message, e.Message));
        }

        static async Task TellAsync(Text why) => await Console.Error.WriteLineAsync(Verb.Say($"凭证未能更换（{why.Chinese}），下次再试", $"the credential could not be renewed ({why.English}); the next command tries again"));
    }

    private static Text? Overruled(Enrolment enrolment, string directory) => enrolment.Townships.Count == 0 ? null : new(
        $"用的是环境变量 {HubCalls.TokenVariable} 中的凭证，不是 {directory} 中登记的（{Codes(enrolment)}）：要用登记的，请取消这个变量",
        $"the credential in the environment variable {HubCalls.TokenVariable} is used, not those enrolled in {directory} ({Codes(enrolment)}): to use these, unset the variable");

    private static string Codes(Enrolment enrolment) => string.Join(", ", enrolment.Townships.Keys.Order(StringComparer.Ordinal));

    private static string? Token() => Environment.GetEnvironmentVariable(HubCalls.TokenVariable)?.Trim() is { Length: > 0 } token ? token : null;

    private (Enrolment Enrolment, string Directory) Enrolled(ParseResult parsed)
    {
        var directory = parsed.GetValue(data);
        var enrolment = directory is null ? Enrolment.None : Enrolment.Read(directory);
        if (Token() is null && enrolment.Townships.Count == 0) throw new UsageException(new(
            $"没有凭证：先用县里的登记码运行 hub-agent enroll，再用 --data 指明其目录；或把凭证放在环境变量 {HubCalls.TokenVariable} 中",
            $"there is no credential: run hub-agent enroll with the county's code and name its directory with --data, or put the credential's token into the environment variable {HubCalls.TokenVariable}"));
        return (enrolment, directory ?? "");
    }

    /// <summary>A hub's address that somebody has typed.</summary>
    /// <param name="isPlain">Whether a credential may go there unencrypted.</param>
    public static Uri Address(string url, bool isPlain)
    {
        var address = HubCalls.Address(url);
        if (address.Scheme == Uri.UriSchemeHttps || isPlain || (IPAddress.TryParse(address.Host, out var ip) ? IPAddress.IsLoopback(ip) : address.Host == "localhost")) return address;
        throw new UsageException(new(
            $"{address} 不是本机地址，不加密会泄露凭证：用 https:// 地址；确要不加密，请加 --plain", $"{address} is not a loopback address, and the credential would travel unencrypted: use an https:// address, or add --plain"));
    }

    // Whoever enrolled with an address that is not encrypted has said --plain then.
    private Uri Address(ParseResult parsed, Enrolment enrolment) => parsed.GetValue(hub) is { } given ? Address(given, parsed.GetValue(plain))
        : HubCalls.Address(enrolment.Hub ?? throw new UsageException(new("请用 --hub 指明中心的地址", "name the hub's address with --hub")));

    private HubCalls Open(ParseResult parsed, Enrolment enrolment, string directory, string token)
    {
        var address = Address(parsed, enrolment);
        var given = parsed.GetValue(root);
        if (given is not null && address.Scheme != Uri.UriSchemeHttps) throw new UsageException(AgentOptions.RootNeedsTls);
        var rootFile = given ?? (enrolment.RootFile is { } own && address.Scheme == Uri.UriSchemeHttps ? Path.Combine(directory, own) : null);
        var calls = HubCalls.Open(address, token, new Retry(TimeProvider.System, Retry.Patience), TimeProvider.System, rootFile);
        calls.IsEnrolled = Token() is null;
        calls.OnHubTime = told => hubTime = told;
        return calls;
    }
}
