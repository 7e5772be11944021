namespace Hub.EndToEnd.Agent;

/// <summary>A fact that needs LibreOffice Calc: skipped with the reason where there is none, but never in the gate.</summary>
public sealed class LibreOfficeFactAttribute : FactAttribute
{
    private static readonly string[] Candidates = ["/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", @"C:\Program Files\LibreOffice\program\soffice.exe"];

    public LibreOfficeFactAttribute()
    {
        if (Executable is null && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs LibreOffice Calc";
    }

    public static string? Executable { get; } = Array.Find(Candidates, File.Exists);
}
