using System.CommandLine;
using Hub.Agent.Enrolling;
using Hub.Programmes;

namespace Hub.Agent.Verbs;

/// <summary><c>hub-agent enroll</c>: from the county's code to a credential of this machine's own.</summary>
internal static class EnrollVerb
{
    public static Command Make()
    {
        var url = new Argument<string>("URL") { Description = Verb.Say("中心的地址", "the hub's address") };
        var code = new Argument<string[]>("CODE") { Description = Verb.Say("县里给的登记码，分隔和大小写不限", "the county's enrolment code, in any case and grouping"), Arity = ArgumentArity.OneOrMore };
        var data = AgentOptions.Data();
        var root = Verb.Optional<string>("--root", "所信任的根证书，用于代替登记码里的：中心前面的代理用自己的证书时", "the root to trust instead of the code's: where a proxy before the hub has a certificate of its own", "FILE");
        var plain = AgentOptions.Plain();
        var command = new Command("enroll", Verb.WithExample(Verb.Say("用县里的登记码登记本机；一个数据目录可以登记多个乡镇", "Enrolls this machine with the county's code; one data directory can hold several townships"),
            "hub-agent enroll https://hub.county.example:8443 0K3ZT-… --data ./agent")) { url, code, data, root, plain };
        command.SetAction(async (parsed, cancellation) =>
        {
            var hub = HubOptions.Address(parsed.GetRequiredValue(url), parsed.GetValue(plain));
            if (parsed.GetValue(root) is not null && hub.Scheme != Uri.UriSchemeHttps) throw new UsageException(AgentOptions.RootNeedsTls);
            var typed = EnrolmentCode.Parse(string.Join(' ', parsed.GetRequiredValue(code)), out var problem) ?? throw new UsageException(problem);
            var directory = parsed.GetRequiredValue(data);
            var (township, credential) = await Enroller.EnrollAsync(hub, typed, parsed.GetValue(root), directory, cancellation);
            var until = HubTime.Instant(credential.ExpiresAt);
            Console.WriteLine(Verb.Say(
                $"已登记 {credential.Name} {township}，凭证有效至 {until}，运行中的 hub-agent 到期前自行更换。下一步：hub-agent run --folder ./上报 --data {directory}",
                $"enrolled {credential.Name} {township}; the credential is valid until {until} and a running hub-agent renews it before. Next: hub-agent run --folder ./reports --data {directory}"));
            return 0;
        });
        return command;
    }
}
