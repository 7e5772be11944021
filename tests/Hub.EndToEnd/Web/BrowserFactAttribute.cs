namespace Hub.EndToEnd.Web;

/// <summary>A fact that needs Chromium, Chrome or Edge: skipped with the reason where there is none, but never in the gate.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Candidates =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/microsoft-edge",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    public BrowserFactAttribute()
    {
        if (Executable is null && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs Chromium, Chrome or Edge";
    }

    public static string? Executable { get; } = Array.Find(Candidates, File.Exists);
}
