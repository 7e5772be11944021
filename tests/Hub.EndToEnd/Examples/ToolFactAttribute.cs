using System.Diagnostics;

namespace Hub.EndToEnd.Examples;

/// <summary>A fact that needs other people's tools: skipped with the reason where one does not run, but never in the gate.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tool">Its command.</param>
    /// <param name="probe">What it is asked to see that it runs.</param>
    public ToolFactAttribute(string tool, params string[] probe)
    {
        if (Environment.GetEnvironmentVariable("CI") is not "true" && !Runs(tool, probe)) Skip = $"needs {tool} {string.Join(' ', probe)}";
    }

    public static bool Runs(string tool, params string[] probe)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, probe) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            // What it says is little: it fits the pipes.
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
