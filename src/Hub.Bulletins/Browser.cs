using System.Diagnostics;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>A PDF, or why there is none.</summary>
public sealed record Printed(byte[]? Pdf, Text? WhyNone);

/// <summary>Prints a page with the Chromium, Chrome or Edge of this machine: the one program that sets Chinese text well and is found
/// nearly everywhere.</summary>
public static class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Commands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable"];

    private static readonly string[] WindowsPrograms =
        [@"Microsoft\Edge\Application\msedge.exe", @"Google\Chrome\Application\chrome.exe", @"Chromium\Application\chrome.exe"];

    /// <summary>The browser's path; null where none is found. <c>HUB_BROWSER</c> names one, or is empty for none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HUB_BROWSER") is { } named) return File.Exists(named) ? named : null;
        return Candidates().FirstOrDefault(File.Exists);
    }

    public static async Task<Printed> PrintAsync(byte[] html, CancellationToken cancellation)
    {
        if (Find() is not { } browser) return new(null, new(
            "本机没有 Chromium、Chrome 或 Edge，未生成 PDF；请用任意一台电脑的浏览器打开 HTML 通报打印", "no Chromium, Chrome or Edge on this machine, so no PDF; open the HTML bulletin in any browser and print it"));
        var folder = Directory.CreateTempSubdirectory("hub-print-");
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "bulletin.html"), Path.Combine(folder.FullName, "bulletin.pdf"));
            await File.WriteAllBytesAsync(page, html, cancellation);
            var said = await RunAsync(browser, Arguments(folder.FullName, page, pdf), cancellation);
            if (File.Exists(pdf)) return new(await File.ReadAllBytesAsync(pdf, cancellation), null);
            return new(null, new($"{browser} 没有打印出 PDF：{said}", $"{browser} printed no PDF: {said}"));
        }
        finally
        {
            await DeleteAsync(folder);
        }
    }

    private static IEnumerable<string> Candidates()
    {
        if (OperatingSystem.IsWindows())
            return new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData }
                .Select(Environment.GetFolderPath).SelectMany(root => WindowsPrograms.Select(program => Path.Combine(root, program)));
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Commands.SelectMany(command => folders.Select(folder => Path.Combine(folder, command)))
            .Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome").Append("/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge");
    }

    private static IEnumerable<string> Arguments(string folder, string page, string pdf)
    {
        yield return "--headless";
        yield return "--disable-gpu";
        yield return "--disable-dev-shm-usage";
        yield return "--disable-extensions";
        yield return "--disable-background-networking";
        yield return "--disable-component-update";
        yield return "--disable-sync";
        yield return "--no-first-run";
        yield return "--no-pdf-header-footer";
        // The browser's own sandbox does not start for root. The page is ours, has no script and may fetch nothing.
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root") yield return "--no-sandbox";
        yield return $"--user-data-dir={Path.Combine(folder, "profile")}";
        yield return $"--print-to-pdf={pdf}";
        yield return new Uri(page).AbsoluteUri;
    }

    /// <returns>The last line that it said.</returns>
    private static async Task<string> RunAsync(string browser, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var process = Process.Start(new ProcessStartInfo(browser, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            // Unread, a full pipe would stop it.
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await Task.WhenAll(output, error, process.WaitForExitAsync(limit.Token));
            return (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{Patience.TotalSeconds:0} s";
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    // A helper process of the browser may still write into its profile.
    private static async Task DeleteAsync(DirectoryInfo folder)
    {
        for (var tries = 5; tries > 0; tries--)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(50);
            }
        }
        // What is left over then, the system clears with its temporary folder.
    }
}
