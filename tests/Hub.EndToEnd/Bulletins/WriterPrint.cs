using System.Diagnostics;
using Hub.Bulletins.Charts;
using Hub.EndToEnd.Agent;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A Word document printed by LibreOffice Writer. It sees one font alone, the one that the hub ships, so that every machine sets
/// the same lines.</summary>
internal static class WriterPrint
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<byte[]> ToPdfAsync(byte[] docx)
    {
        var folder = Directory.CreateTempSubdirectory("hub-writer-");
        try
        {
            string In(string name) => Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(In("bulletin.docx"), docx);
            await WriteFontsAsync(folder);
            var start = new ProcessStartInfo(LibreOfficeFactAttribute.Executable!, [
                $"-env:UserInstallation={new Uri(In("profile")).AbsoluteUri}", "--headless", "--convert-to", "pdf", "--outdir", folder.FullName, In("bulletin.docx"),
            ]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["FONTCONFIG_FILE"] = In("fonts.conf");
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
            Assert.True(File.Exists(In("bulletin.pdf")), await output + await error);
            return await File.ReadAllBytesAsync(In("bulletin.pdf"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteFontsAsync(DirectoryInfo folder)
    {
        var fonts = folder.CreateSubdirectory("fonts").FullName;
        await using (var source = ChartFont.OpenFile())
        await using (var target = File.Create(Path.Combine(fonts, "hub.ttf")))
            await source.CopyToAsync(target);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "fonts.conf"),
            $"""
            <?xml version="1.0"?>
            <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
            <fontconfig><dir>{fonts}</dir><cachedir>{Path.Combine(folder.FullName, "cache")}</cachedir></fontconfig>
            """);
    }
}
