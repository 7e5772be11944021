using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Enrolling;

/// <summary>An enrolment, step by step: the hub is known by its root before the secret is sent, and the token is on disk before its hash is.</summary>
internal static class Enroller
{
    private const int MaxRootBytes = 64 << 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <param name="givenRoot">PEM of the root to trust whatever the code says; null = that of the code, or else what the machine trusts.</param>
    /// <returns>The township's code and its credential.</returns>
    /// <exception cref="CommandFailedException">It is not the hub, or the hub refuses the code.</exception>
    public static async Task<(string Township, TownshipCredential Credential)> EnrollAsync(Uri hub, EnrolmentCode code, string? givenRoot, string directory, CancellationToken cancellation)
    {
        using var root = hub.Scheme != Uri.UriSchemeHttps ? null : givenRoot is not null ? HubTrust.ReadRoot(givenRoot) : code.HasFingerprint ? await VerifiedRootAsync(hub, code, cancellation) : null;
        var rootFile = root is null ? null : await KeepAsync(root, directory, cancellation);
        RefuseOtherHub(Enrolment.Read(directory), null, hub, rootFile, directory);
        var name = Convert.ToHexStringLower(SHA256.HashData(code.Secret.Span));
        // An earlier try of this code may have arrived: the same token again.
        var pending = await Enrolment.UpdateAsync(directory, e => e.Pending.ContainsKey(name) ? e : e.WithPending(name, Enrolment.NewToken()), cancellation);
        var token = pending.Pending[name];
        var request = new EnrollRequest { Secret = ByteString.CopyFrom(code.Secret.Span), TokenHash = ByteString.CopyFrom(Enrolment.HashOf(token)) };
        using var calls = HubCalls.OpenWithoutCredential(hub, rootFile is null ? null : Path.Combine(directory, rootFile));
        try
        {
            var answer = await calls.CallAsync(o => new EnrolmentService.EnrolmentServiceClient(calls.Invoker).EnrollAsync(request, o), cancellation);
            var credential = new TownshipCredential(answer.TownshipName, answer.CredentialId, token, answer.ExpiresAt.ToDateTimeOffset());
            await Enrolment.UpdateAsync(directory, e =>
            {
                RefuseOtherHub(e, answer.Township, hub, rootFile, directory);
                return e.With(answer.Township, credential).WithPending(name, null) with { Hub = hub.ToString(), RootFile = rootFile };
            }, cancellation);
            return (answer.Township, credential);
        }
        catch (RpcException e) when (e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason is "ENROLMENT_CODE_UNKNOWN" or "ENROLMENT_CODE_USED" or "ENROLMENT_CODE_EXPIRED")
        {
            // Its token will never count.
            await Enrolment.UpdateAsync(directory, before => before.WithPending(name, null), cancellation);
            throw new CommandFailedException(calls.WhyNot(e));
        }
    }

    /// <summary>All townships of one data directory report to one hub: its address may change, or its root, but not both under the other townships.</summary>
    /// <param name="township">That is enrolled; null while only the hub knows it.</param>
    private static void RefuseOtherHub(Enrolment enrolment, string? township, Uri hub, string? rootFile, string directory)
    {
        if (enrolment.Hub is not { } former || new Uri(former) == hub || (rootFile is not null && rootFile == enrolment.RootFile)) return;
        if (township is null ? enrolment.Townships.Count < 2 : enrolment.Townships.Keys.All(known => known == township)) return;
        throw new CommandFailedException(new($"{directory} 中的乡镇登记在另一个中心 {former}：为 {hub} 另用一个 --data 目录；若是同一个中心换了地址，不用重新登记，各命令加 --hub {hub}",
            $"the townships in {directory} are enrolled at another hub, {former}: use another --data directory for {hub}; if it is the same hub at a new address, they need not enroll again but give --hub {hub} to each command"));
    }

    /// <summary>Fetches the root over a connection that is not trusted yet; it is the one of the code.</summary>
    private static async Task<X509Certificate2> VerifiedRootAsync(Uri hub, EnrolmentCode code, CancellationToken cancellation)
    {
        var root = ReadRoot(hub, await FetchRootAsync(hub, cancellation));
        if (Fingerprint(root).SequenceEqual(code.RootFingerprint.Span)) return root;
        root.Dispose();
        throw new CommandFailedException(new(
            $"{hub.Authority} 不是发出登记码的中心：它的根证书不是登记码所指的那个。登记码没有发出；请向县里核对地址，县里换过根证书的要一个新登记码",
            $"{hub.Authority} is not the hub that gave this code: its root certificate is another one. The code was not sent; check the address with the county, and ask for a new code if its root was made anew"));
    }

    private static ReadOnlySpan<byte> Fingerprint(X509Certificate2 root) => root.GetCertHash(HashAlgorithmName.SHA256).AsSpan(0, EnrolmentCode.FingerprintBytes);

    /// <returns>The name of its file in the data directory.</returns>
    private static async Task<string> KeepAsync(X509Certificate2 root, string directory, CancellationToken cancellation)
    {
        var name = $"root-{Convert.ToHexStringLower(Fingerprint(root))}.pem";
        await Enrolment.UpdateAsync(directory, e =>
        {
            Enrolment.Replace(Path.Combine(directory, name), root.ExportCertificatePem() + "\n");
            return e;
        }, cancellation);
        return name;
    }

    private static async Task<byte[]> FetchRootAsync(Uri hub, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        // Whoever answers: what is fetched is public, nothing is sent, and the code says whether it is right.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var http = new HttpClient(handler) { Timeout = Deadline, MaxResponseContentBufferSize = MaxRootBytes };
        var address = new Uri(hub, "/root.pem");
        try
        {
            using var response = await http.GetAsync(address, cancellation);
            if (response.IsSuccessStatusCode) return await response.Content.ReadAsByteArrayAsync(cancellation);
            throw new CommandFailedException(NotTheHubException.For(response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location, address).Text);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            throw new CommandFailedException(NotTheHubException.ForTunnel(hub).Text);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandFailedException(HubTrust.WhyUnreachable(e, hub) ?? new(
                $"取不到中心的根证书 {address}（{e.Message}）：检查地址和端口，稍后再试", $"cannot fetch the hub's root certificate {address} ({e.Message}): check address and port, and try again"));
        }
    }

    private static X509Certificate2 ReadRoot(Uri hub, byte[] pem)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(pem);
        }
        catch (CryptographicException e)
        {
            throw new CommandFailedException(new($"{hub.Authority} 给的不是根证书（{e.Message}）：检查地址", $"what {hub.Authority} gave is no root certificate ({e.Message}): check the address"));
        }
    }
}
