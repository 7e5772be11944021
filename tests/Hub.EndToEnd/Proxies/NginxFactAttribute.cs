namespace Hub.EndToEnd.Proxies;

/// <summary>A fact that needs nginx: skipped with the reason where there is none, but never in the gate.</summary>
public sealed class NginxFactAttribute : FactAttribute
{
    private static readonly string[] Candidates = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"];

    public NginxFactAttribute()
    {
        if (Executable is null && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs nginx";
    }

    public static string? Executable { get; } = Array.Find(Candidates, File.Exists);
}
