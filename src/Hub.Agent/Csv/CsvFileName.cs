using Hub.Programmes;

namespace Hub.Agent.Csv;

/// <summary>What a CSV report does not say inside, by its name in a watched folder: <c>990101100 county-2025 2026-10.csv</c>; further words may follow.</summary>
internal sealed record CsvFileName(string Township, string Programme, Period Period)
{
    /// <summary>Whether a file is CSV; not what is hidden.</summary>
    public static bool IsOne(string name) => ReportFile.IsCsv(name) && !name.StartsWith("~$", StringComparison.Ordinal) && !name.StartsWith('.');

    /// <summary>Null where the name does not say it.</summary>
    public static CsvFileName? Parse(string name) =>
        Path.GetFileNameWithoutExtension(name).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var township, var programme, var month, ..]
        && Forms.IsTownshipCode(township) && Forms.IsProgrammeId(programme) && Period.TryParse(month, out var period) ? new(township, programme, period) : null;
}
