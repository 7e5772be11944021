namespace Hub.Agent.Workbooks.Reading;

/// <summary>Bounds of a workbook, far above what the 10,000 branches of the largest report need (about 2 MB as a file, 16 MB inflated) and low
/// enough that no file takes <see cref="MemoryBytes"/> of memory.</summary>
internal static class ReadingLimits
{
    public const int MemoryBytes = 200 << 20;
    public const int FileBytes = 10 << 20;
    public const int Entries = 1_000;
    public const int PartBytes = 32 << 20;
    public const int InflatedBytes = 96 << 20;

    /// <summary>Deflate reaches 1,032; columns of equal words stay under 100.</summary>
    public const int Ratio = 200;
    public const int RatioCountsFromBytes = 1 << 20;

    /// <summary>Bytes of markup or text without an opening bracket: an attribute is held in memory whole.</summary>
    public const int RunBytes = 1 << 20;
    public const int Depth = 64;
    public const int DistinctNames = 5_000;
    public const int Sheets = 100;
    public const int RowsPerSheet = 50_000;
    public const int CellsPerSheet = 4_000_000;
    public const int MergedRanges = 10_000;
    public const int MergedRows = 200_000;

    /// <summary>Excel's own limit for a cell.</summary>
    public const int CellCharacters = 32_767;
    public const int SharedStrings = 500_000;
    public const int SharedCharacters = 8_000_000;

    /// <summary>A sheet without item ids in its first rows is somebody's notes.</summary>
    public const int HeaderSearchRows = 30;
}
