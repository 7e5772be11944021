namespace Hub.Agent.Workbooks;

/// <summary>Which files of a folder are workbooks.</summary>
internal static class WorkbookFileName
{
    public const string Extension = ".xlsx";

    /// <summary>Whether a file is one, in whatever letters; not what spreadsheet programs keep beside an open one, hidden: <c>~$</c> and <c>.~</c>.</summary>
    public static bool IsOne(string name) => name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && !name.StartsWith("~$", StringComparison.Ordinal) && !name.StartsWith('.');
}
