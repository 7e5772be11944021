using System.Globalization;

namespace Hub.Benchmarks.Nation;

/// <summary>What Linux says of a process. Zero where the machine has no <c>/proc</c>.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;

    public static double PeakMb(int process) => StatusKb(process, "VmHWM:") / 1024.0;

    public static double RestingMb(int process) => StatusKb(process, "VmRSS:") / 1024.0;

    /// <summary>Seconds of processor time so far.</summary>
    public static (double User, double System) Cpu(int process)
    {
        var file = $"/proc/{process}/stat";
        if (!File.Exists(file)) return default;
        // The name in brackets may hold spaces: fields are counted behind it.
        var text = File.ReadAllText(file);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) / TicksPerSecond, double.Parse(fields[12], CultureInfo.InvariantCulture) / TicksPerSecond);
    }

    /// <summary>How many files a process may have open once it has raised its limit, as .NET does at its start.</summary>
    public static int OpenFilesLimit()
    {
        const string file = "/proc/self/limits";
        if (!File.Exists(file)) return int.MaxValue;
        var fields = File.ReadLines(file).First(l => l.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.TryParse(fields[4], CultureInfo.InvariantCulture, out var hard) ? hard : int.MaxValue;
    }

    private static long StatusKb(int process, string key)
    {
        var file = $"/proc/{process}/status";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line.Split(' ', '\t').First(f => f.Length > 0 && char.IsDigit(f[0])), CultureInfo.InvariantCulture);
    }
}
