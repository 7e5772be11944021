using System.Security.Cryptography.X509Certificates;
using Hub.Store;

namespace Hub.Server.Tls;

/// <summary>The certificate of a hub that serves: renewed before it expires, and read anew when <c>hub certs</c> has replaced it.</summary>
public sealed class ServingCertificate
{
    /// <summary>A hub that was away for a month still renews in time.</summary>
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(60);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromHours(1);

    private readonly CertificateFolder folder;
    private readonly Lock change = new();
    private X509Certificate2 current;
    private DateTime readFromWrittenAt;
    private DateTimeOffset nextTry;

    /// <exception cref="StoreException">The files cannot be used.</exception>
    public ServingCertificate(CertificateFolder folder)
    {
        this.folder = folder;
        // The time first: what replaces the file while it is read is then newer, and read again.
        readFromWrittenAt = File.GetLastWriteTimeUtc(folder.HubFile);
        current = folder.ReadHub();
    }

    /// <summary>Told why a certificate could not be renewed or read; the former one stays in use.</summary>
    public event Action<Exception, X509Certificate2>? Failed;

    /// <summary>Told of a certificate that is in use from now on.</summary>
    public event Action<X509Certificate2>? Replaced;

    /// <summary>For one handshake. Asked each time rather than by a timer: only a handshake needs it, and a look at the file costs microseconds.</summary>
    public X509Certificate2 Current()
    {
        lock (change)
        {
            if (folder.Time.GetUtcNow() < nextTry) return current;
            try
            {
                Reread();
                Renew();
            }
            catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
            {
                nextTry = folder.Time.GetUtcNow() + PauseAfterFailure;
                Failed?.Invoke(e, current);
            }
            return current;
        }
    }

    private void Renew()
    {
        if (folder.Time.GetUtcNow() < current.NotAfter - RenewedBefore) return;
        using (var root = folder.ReadRoot())
        {
            // Signed by a root that ends with it, another would end no later.
            if (root.NotAfter <= current.NotAfter) return;
        }
        folder.MakeHub(HostNames.Of(current));
        Reread();
    }

    private void Reread()
    {
        var writtenAt = File.GetLastWriteTimeUtc(folder.HubFile);
        if (writtenAt == readFromWrittenAt) return;
        // The former one is not disposed of: a handshake may be using it.
        current = folder.ReadHub();
        readFromWrittenAt = writtenAt;
        Replaced?.Invoke(current);
    }
}
