using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Hub.Server.Tls;

/// <summary>The names and addresses that a certificate is for.</summary>
public static class HostNames
{
    /// <summary>What this machine answers to without anybody saying so.</summary>
    public static IReadOnlyList<string> OfThisMachine() =>
        [.. new[] { Dns.GetHostName(), "localhost", "127.0.0.1", "::1" }.Where(IsName).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static bool IsName(string text) => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;

    /// <summary>As the extension that clients compare with the name they called.</summary>
    public static X509Extension Extension(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        return builder.Build(critical: true);
    }

    public static IReadOnlyList<string> Of(X509Certificate2 certificate) =>
        [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())))];
}
