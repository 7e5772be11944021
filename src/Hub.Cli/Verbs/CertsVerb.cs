using System.CommandLine;
using System.Security.Cryptography;
using Hub.Programmes;
using Hub.Server.Tls;

namespace Hub.Cli.Verbs;

/// <summary><c>hub certs</c>: a private root and the hub's certificate, made or renewed.</summary>
internal static class CertsVerb
{
    public static Command Make()
    {
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var host = new Option<string[]>("--host")
        {
            Description = Verb.Say("乡镇访问中心所用的主机名或 IP 地址，可多个；默认沿用现有证书的，新证书为本机名和本机地址", "host names and IP addresses by which the hub is reached; default those of the certificate there is, at first this machine's name and loopback"),
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var newRoot = new Option<bool>("--new-root") { Description = Verb.Say("另建根证书：所有乡镇都要换成新的", "make another root: every township must then be given it") };
        var command = new Command("certs", Verb.WithExample(Verb.Say("生成或更新中心的 TLS 证书", "Makes or renews the hub's TLS certificates"),
            "hub certs --data ./hub-data --host hub.county.example 10.1.2.3")) { data, host, newRoot };
        command.SetAction(parsed =>
        {
            // The real clock also for a directory with a demonstration clock: clients judge certificates by theirs.
            var folder = new CertificateFolder(parsed.GetRequiredValue(data), TimeProvider.System);
            var names = parsed.GetValue(host) is { Length: > 0 } given ? given : folder.HasHub && !parsed.GetValue(newRoot) ? Kept(folder) : HostNames.OfThisMachine();
            if (names.FirstOrDefault(n => !HostNames.IsName(n)) is { } wrong) throw new UsageException(new(
                $"“{wrong}”不是主机名或 IP 地址", $"“{wrong}” is not a host name or an IP address"));
            var hadRoot = folder.HasRoot;
            if (!hadRoot || parsed.GetValue(newRoot)) folder.MakeRoot();
            folder.MakeHub(names);
            Tell(folder, names);
            if (hadRoot && parsed.GetValue(newRoot)) Console.Error.WriteLine(Verb.Say(
                "注意：根证书已更换，各乡镇在换用新的 root.pem 之前无法连接中心", "warning: the root is another one now; no township can connect until it has the new root.pem"));
            return 0;
        });
        return command;
    }

    private static IReadOnlyList<string> Kept(CertificateFolder folder)
    {
        using var hub = folder.ReadHub();
        return HostNames.Of(hub);
    }

    private static void Tell(CertificateFolder folder, IReadOnlyList<string> names)
    {
        using var root = folder.ReadRoot();
        using var hub = folder.ReadHub();
        var fingerprint = string.Join(':', root.GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
        var (rootUntil, hubUntil) = (HubTime.Instant(root.NotAfter), HubTime.Instant(hub.NotAfter));
        Console.WriteLine(Verb.Say($"根证书 {folder.RootFile}，有效至 {rootUntil}", $"root certificate {folder.RootFile}, valid until {rootUntil}"));
        Console.WriteLine(Verb.Say($"根证书指纹 SHA-256 {fingerprint}", $"root's SHA-256 fingerprint {fingerprint}"));
        Console.WriteLine(Verb.Say($"根证书私钥 {folder.RootKeyFile}（不要外传）", $"root's private key {folder.RootKeyFile} (give it to nobody)"));
        Console.WriteLine(Verb.Say($"中心证书 {folder.HubFile}，有效至 {hubUntil}，用于 {string.Join("、", names)}", $"hub's certificate {folder.HubFile}, valid until {hubUntil}, for {string.Join(", ", names)}"));
        Console.WriteLine(Verb.Say(
            "下一步：hub serve --data DIR --listen 0.0.0.0:8443；为各乡镇运行 hub token invite，乡镇用登记码运行 hub-agent enroll https://主机:8443 登记码，根证书由登记码核对（不登记的，另发 root.pem 并核对指纹）。正在运行的中心自动换用新证书，到期前自行更新",
            "next: hub serve --data DIR --listen 0.0.0.0:8443; make each township a code with hub token invite, with which it runs hub-agent enroll https://HOST:8443 CODE; the code verifies the root (without it, give out root.pem and have the fingerprint compared). A serving hub takes the new certificate by itself, and renews it before it expires"));
    }
}
