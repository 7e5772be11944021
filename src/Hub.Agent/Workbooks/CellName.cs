using System.Globalization;

namespace Hub.Agent.Workbooks;

/// <summary>Cells by name: column 3, row 7 = C7. Both count from 1.</summary>
internal static class CellName
{
    public const int MaxColumn = 16_384;
    public const int MaxRow = 1_048_576;

    public static string Of(int column, int row) => Column(column) + row.ToString(CultureInfo.InvariantCulture);

    public static string Column(int column)
    {
        var letters = "";
        for (; column > 0; column = (column - 1) / 26) letters = (char)('A' + (column - 1) % 26) + letters;
        return letters;
    }

    /// <summary>Column and row of a reference such as <c>C7</c> or <c>$C$7</c>; null for anything else.</summary>
    public static (int Column, int Row)? Parse(ReadOnlySpan<char> name)
    {
        int column = 0, row = 0, letters = 0, digits = 0;
        foreach (var c in name)
        {
            if (c == '$') continue;
            if (char.IsAsciiLetter(c) && digits == 0 && ++letters <= 3) column = column * 26 + (char.ToUpperInvariant(c) - 'A' + 1);
            else if (char.IsAsciiDigit(c) && letters > 0 && ++digits <= 7) row = row * 10 + (c - '0');
            else return null;
        }
        return column is > 0 and <= MaxColumn && row is > 0 and <= MaxRow ? (column, row) : null;
    }
}
