using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hub.Programmes;
using Hub.Store;

namespace Hub.Server.Tls;

/// <summary>The certificates of a data directory, in <c>DIR/tls</c>: <c>root.pem</c> for whoever is to trust the hub, <c>root.key</c> its private key,
/// <c>hub.pem</c> the hub's own certificate with its key.</summary>
/// <param name="time">What their dates count from. In service the system's clock, also beside a demonstration clock: clients judge a
/// certificate by their own real clocks.</param>
public sealed class CertificateFolder(string directory, TimeProvider time)
{
    private const int RootYears = 10, HubYears = 1;

    // A client's clock may be slow.
    private static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    private readonly string folder = Path.Combine(Path.GetFullPath(directory), "tls");

    public string RootFile => Path.Combine(folder, "root.pem");
    public string RootKeyFile => Path.Combine(folder, "root.key");

    /// <summary>Certificate and key in one file, so that one rename replaces both.</summary>
    public string HubFile => Path.Combine(folder, "hub.pem");

    public bool HasRoot => File.Exists(RootFile) || File.Exists(RootKeyFile);
    public bool HasHub => File.Exists(HubFile);
    public TimeProvider Time => time;

    /// <summary>The root's certificate, without its key.</summary>
    public X509Certificate2 ReadRoot() => Read(RootFile, () => X509CertificateLoader.LoadCertificateFromFile(RootFile));

    /// <summary>The hub's certificate with its key.</summary>
    public X509Certificate2 ReadHub() => Read(HubFile, () =>
    {
        var certificate = X509Certificate2.CreateFromPemFile(HubFile);
        if (!OperatingSystem.IsWindows()) return certificate;
        // TLS on Windows takes no key that is only in memory.
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    });

    /// <summary>Makes the root, in place of one that is there.</summary>
    public void MakeRoot()
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        // Every root has a name of its own: two of one name are told apart by nobody.
        var request = new CertificateRequest($"CN=Hub root {RandomNumberGenerator.GetHexString(8, lowercase: true)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var root = request.CreateSelfSigned(now - Backdating, now.AddYears(RootYears));
        Replace(RootKeyFile, key.ExportPkcs8PrivateKeyPem() + "\n", secret: true);
        Replace(RootFile, root.ExportCertificatePem() + "\n", secret: false);
    }

    /// <summary>Makes the hub's certificate, signed by the root, in place of one that is there.</summary>
    /// <param name="names">DNS names and IP addresses by which clients reach the hub.</param>
    public void MakeHub(IReadOnlyList<string> names)
    {
        using var root = Read(RootKeyFile, () => X509Certificate2.CreateFromPemFile(RootFile, RootKeyFile));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        var request = new CertificateRequest("CN=Hub", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "server authentication")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(HostNames.Extension(names));
        // Nothing is valid outside the dates of what signed it.
        var (from, to) = (Later(now - Backdating, root.NotBefore), Earlier(now.AddYears(HubYears), root.NotAfter));
        using var made = request.Create(root, from, to, RandomNumberGenerator.GetBytes(16));
        Replace(HubFile, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n", secret: true);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static X509Certificate2 Read(string file, Func<X509Certificate2> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StoreException(new($"无法使用证书文件 {file}（{e.Message}）；放回原来的文件，或用 hub certs --new-root 重新生成",
                $"cannot use the certificate file {file} ({e.Message}): put the former one back, or make all anew with hub certs --new-root"));
        }
    }

    /// <summary>Whole or not at all, and never readable by others in between.</summary>
    private static void Replace(string file, string pem, bool secret)
    {
        var (fresh, options) = (file + ".new", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
        // A leftover keeps the mode it was created with.
        File.Delete(fresh);
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (secret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(pem));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }
}
