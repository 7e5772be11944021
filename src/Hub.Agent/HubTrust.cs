using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Hub.Programmes;

namespace Hub.Agent;

/// <summary>Which hub is believed to be the hub, and in words why a connection to it did not come about.</summary>
internal static class HubTrust
{
    /// <summary>A line that lets nothing through must not look like an answer that takes long.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="rootFile">PEM of the only root that is trusted; null for the machine's own.</param>
    public static SocketsHttpHandler Handler(string? rootFile)
    {
        // Proxies are the machine's (HTTPS_PROXY, NO_PROXY, or the system's settings). A credential follows no redirect.
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout };
        if (rootFile is not null) handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { ReadRoot(rootFile) },
            // A county's own root keeps no list of revoked certificates.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        // What is wrong with a certificate is known here only; afterwards there is but a sentence of the runtime.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None ? true : throw new UntrustedHubException(WhyUntrusted(certificate as X509Certificate2, chain, errors, rootFile));
        return handler;
    }

    /// <summary>What does not heal by waiting: a certificate that is refused, or no TLS behind an https address; null for anything else.</summary>
    public static Text? WhyNotTrusted(RpcException e, Uri hub) => Causes(e).OfType<AuthenticationException>().FirstOrDefault() switch
    {
        UntrustedHubException untrusted => untrusted.Text,
        { } => new($"{hub.Authority} 没有用 TLS 应答：检查端口；中心未启用 TLS 时地址以 http:// 开头", $"{hub.Authority} does not answer with TLS: check the port; if that hub serves without TLS, its address begins with http://"),
        null => null,
    };

    /// <summary>Why no connection came about, after the attempts; null where the hub itself has answered.</summary>
    public static Text? WhyUnreachable(RpcException e, Uri hub) => WhyUnreachable(e.Status.DebugException ?? e.InnerException, hub);

    public static Text? WhyUnreachable(Exception? e, Uri hub)
    {
        var causes = Causes(e).ToList();
        if (InsteadOfHub(causes) is { } instead) return instead.Text;
        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket) return socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => new($"{hub.Authority} 没有程序在监听：检查地址和端口，或请县里确认中心已启动", $"nothing listens at {hub.Authority}: check address and port, or ask the county whether the hub is running"),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => new($"找不到主机 {hub.Host}：检查地址和网络", $"there is no host {hub.Host}: check the address and the network"),
            _ => new($"连不上 {hub.Authority}（{socket.Message}）：检查网络后再试", $"cannot reach {hub.Authority} ({socket.Message}): check the network and try again"),
        };
        // So the handler tells that no connection came about in its time.
        if (causes.Any(c => c is TimeoutException)) return new(
            $"连不上 {hub.Authority}（没有等到应答）：检查地址和网络后再试", $"cannot reach {hub.Authority} (no answer in time): check address and network, and try again");
        if (!causes.Any(c => c is HttpRequestException or HttpIOException or IOException)) return null;
        return hub.Scheme == Uri.UriSchemeHttp
            ? new($"{hub.Authority} 中断了连接：中心启用 TLS 时地址应以 https:// 开头，并加 --root root.pem", $"{hub.Authority} broke the connection off: if that hub serves with TLS, its address begins with https:// and --root root.pem is needed")
            : new($"{hub.Authority} 中断了连接：检查地址和端口，稍后再试", $"{hub.Authority} broke the connection off: check address and port, and try again later");
    }

    /// <summary>What has answered in the hub's place; null where nothing has.</summary>
    public static NotTheHubException? InsteadOfHub(RpcException e) => InsteadOfHub(Causes(e));

    /// <summary>Whether another way may help: HTTP/2 was refused or misunderstood, or somebody else has answered. Not where nothing was reached at all.</summary>
    public static bool IsSpoiledOnTheWay(RpcException e) => InsteadOfHub(e) is not null || Causes(e).Any(c =>
        (c as HttpRequestException)?.HttpRequestError is HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse
        // Where TLS knows no HTTP/2 it breaks off, as it does where there is no TLS: the other way shows which.
        || c is AuthenticationException and not UntrustedHubException
        || (c as HttpIOException)?.HttpRequestError is HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse);

    private static NotTheHubException? InsteadOfHub(IEnumerable<Exception> causes) => causes.OfType<NotTheHubException>().FirstOrDefault();

    private static IEnumerable<Exception> Causes(RpcException e) => Causes(e.Status.DebugException ?? e.InnerException);

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static Text WhyUntrusted(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, string? rootFile)
    {
        var problems = chain?.ChainStatus.Select(s => s.Status).Where(s => s != X509ChainStatusFlags.NoError).ToList() ?? [];
        if (certificate is null || problems.Any(p => p != X509ChainStatusFlags.NotTimeValid)) return rootFile is null
            ? new("本机不信任中心的证书：向县里取得 root.pem，核对指纹后加 --root root.pem", "this machine does not trust the hub's certificate: get root.pem from the county, compare its fingerprint, and add --root root.pem")
            : new($"中心的证书不是由 {rootFile} 签发的：向县里取得现在的 root.pem 并核对指纹；也可能连到了别的服务器，或中心前面有自带证书的代理（用 --root 指明签发那个证书的根证书）",
                $"the hub's certificate was not signed by {rootFile}: get the present root.pem from the county and compare its fingerprint; or this is another server, or a proxy with a certificate of its own (name that one's root with --root)");
        if (problems.Count > 0) return new(
            $"中心的证书或其根证书不在有效期内（证书有效期 {Day(certificate.NotBefore)} 至 {Day(certificate.NotAfter)}）：检查本机时钟，或请县里运行 hub certs",
            $"the hub's certificate or its root is not valid today (the certificate is from {Day(certificate.NotBefore)} to {Day(certificate.NotAfter)}): check this machine's clock, or ask the county to run hub certs");
        var names = string.Join(", ", certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(s => s.EnumerateDnsNames().Concat(s.EnumerateIPAddresses().Select(a => a.ToString()))));
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? new($"中心的证书不用于这个地址，只用于 {names}：用其中之一，或请县里运行 hub certs --host", $"the hub's certificate is not for this address but for {names}: use one of them, or ask the county to run hub certs --host")
            : new($"中心的证书无效（{errors}）：请县里运行 hub certs", $"the hub's certificate is not valid ({errors}): ask the county to run hub certs");
    }

    private static string Day(DateTime day) => HubTime.Day(HubTime.LocalDay(day));

    /// <exception cref="CommandFailedException">It is none.</exception>
    public static X509Certificate2 ReadRoot(string file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(new($"无法读取根证书 {file}：应为县里发的 root.pem（{e.Message}）", $"cannot read the root certificate {file}: it should be the county's root.pem ({e.Message})"));
        }
    }
}

/// <summary>A hub's certificate is not to be believed.</summary>
internal sealed class UntrustedHubException(Text message) : AuthenticationException(message.English)
{
    public Text Text { get; } = message;
}
