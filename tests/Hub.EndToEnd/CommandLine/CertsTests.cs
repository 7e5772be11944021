using Hub.Server.Tls;

namespace Hub.EndToEnd.CommandLine;

/// <summary><c>hub certs</c> and the addresses that <c>hub serve</c> agrees to, as a shell sees them.</summary>
public sealed class CertsTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("hub-certs-").FullName;

    [Fact]
    public async Task Certificates_are_made_renewed_and_made_anew()
    {
        var folder = new CertificateFolder(data, TimeProvider.System);
        var made = await HubCommand.RunAsync("certs", "--data", data, "--host", "hub.county.example", "--host", "10.1.2.3");
        var (root, hub) = (await File.ReadAllTextAsync(folder.RootFile), await File.ReadAllTextAsync(folder.HubFile));
        var renewed = await HubCommand.RunAsync("certs", "--data", data);
        var (sameRoot, otherHub) = (await File.ReadAllTextAsync(folder.RootFile), await File.ReadAllTextAsync(folder.HubFile));
        using var certificate = folder.ReadHub();
        var anew = await HubCommand.RunAsync("certs", "--data", data, "--new-root");

        Assert.Equal((0, ""), (made.Code, made.Error));
        Assert.Matches("root's SHA-256 fingerprint ([0-9A-F]{2}:){31}[0-9A-F]{2}\n", made.Output);
        Assert.Equal((0, root), (renewed.Code, sameRoot));
        Assert.NotEqual(hub, otherHub);
        Assert.Equal(["hub.county.example", "10.1.2.3"], HostNames.Of(certificate));
        Assert.Equal(0, anew.Code);
        Assert.StartsWith("warning: the root is another one now", anew.Error, StringComparison.Ordinal);
        Assert.NotEqual(root, await File.ReadAllTextAsync(folder.RootFile));
    }

    [Fact]
    public async Task Only_the_owner_reads_private_keys()
    {
        var folder = new CertificateFolder(data, TimeProvider.System);
        await HubCommand.RunAsync("certs", "--data", data);

        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.RootKeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.HubFile));
        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(folder.RootFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_this_machine_a_hub_serves_with_TLS_or_plainly_when_asked_by_name()
    {
        (await HubCommand.RunAsync("serve", "--data", data, "--grpc", "0.0.0.0:0", "--http", "127.0.0.1:0")).FailedWith(2, "add --plain to serve without encryption");
        (await HubCommand.RunAsync("serve", "--data", data, "--http", "[::]:0")).FailedWith(2, "is not a loopback address");
        (await HubCommand.RunAsync("serve", "--data", data, "--listen", "0.0.0.0:0", "--plain")).FailedWith(2, "does not go with");
        (await HubCommand.RunAsync("serve", "--data", data, "--listen", "0.0.0.0:0")).FailedWith(1, "run hub certs");
        (await HubCommand.RunAsync("certs", "--data", data, "--host", "not a name")).FailedWith(2, "is not a host name");
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));

        Assert.StartsWith("gRPC 0.0.0.0:", await FirstLineAsync("--grpc", "0.0.0.0:0", "--http", "0.0.0.0:0", "--plain"), StringComparison.Ordinal);
        await HubCommand.RunAsync("certs", "--data", data);
        Assert.Matches(@"^gRPC and web https://0\.0\.0\.0:\d+ \(TLS\)", await FirstLineAsync("--listen", "0.0.0.0:0"));
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private async Task<string?> FirstLineAsync(params string[] more)
    {
        using var serving = HubCommand.Start(["serve", "--data", data, .. more]);
        _ = serving.StandardError.ReadToEndAsync();
        var line = await serving.StandardOutput.ReadLineAsync();
        serving.Kill();
        await serving.WaitForExitAsync();
        return line;
    }
}
