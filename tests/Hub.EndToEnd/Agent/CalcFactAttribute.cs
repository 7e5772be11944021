namespace Hub.EndToEnd.Agent;

/// <summary>A fact that drives LibreOffice Calc through its API: skipped with the reason where Calc or its Python is missing, but never in the gate.</summary>
public sealed class CalcFactAttribute : FactAttribute
{
    // A Python, and what shows that it knows LibreOffice's API.
    private static readonly (string Python, string Api)[] Candidates =
    [
        ("/usr/bin/python3", "/usr/lib/python3/dist-packages/uno.py"), ("/usr/lib/libreoffice/program/python", "/usr/lib/libreoffice/program/uno.py"),
        (@"C:\Program Files\LibreOffice\program\python.exe", @"C:\Program Files\LibreOffice\program\uno.py"),
    ];

    public CalcFactAttribute()
    {
        if ((LibreOfficeFactAttribute.Executable is null || Python is null) && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs LibreOffice Calc and its Python (python3-uno)";
    }

    public static string? Python { get; } = Array.Find(Candidates, c => File.Exists(c.Python) && File.Exists(c.Api)).Python;
}
