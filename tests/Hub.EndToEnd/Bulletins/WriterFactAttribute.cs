using Hub.EndToEnd.Agent;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A fact that needs LibreOffice Writer: skipped with the reason where there is none, but never in the gate.</summary>
public sealed class WriterFactAttribute : FactAttribute
{
    private static readonly string[] Candidates = ["/usr/lib/libreoffice/program/libswlo.so", @"C:\Program Files\LibreOffice\program\swlo.dll"];

    public WriterFactAttribute()
    {
        if ((LibreOfficeFactAttribute.Executable is null || !Array.Exists(Candidates, File.Exists)) && Environment.GetEnvironmentVariable("CI") is not "true") Skip = "needs LibreOffice Writer";
    }
}
