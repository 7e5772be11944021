using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Hub.Store.Import;

namespace Hub.Cli.Importing;

/// <summary>One file of a county folder while it is being made: on disk, because thousands of workbooks need not fit into memory, and gone as soon as
/// it is closed.</summary>
internal sealed class SpooledCsv : IDisposable
{
    private readonly FileStream file;
    private readonly StreamWriter text;
    private readonly CsvWriter csv;
    private int nextLine = 1;

    /// <param name="name">Which of the county folder's files.</param>
    public SpooledCsv(string name)
    {
        file = new FileStream(Path.Combine(Path.GetTempPath(), $"hub-import-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        Add([.. CountyFolder.Columns[name].Select(column => column.TrimEnd('?'))]);
    }

    public long Bytes => file.Length;

    /// <summary>Returns the line that the row begins on; the header is line 1.</summary>
    public int Add(params ReadOnlySpan<string> cells)
    {
        var line = nextLine++;
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
            nextLine += cell.Count(c => c == '\n');
        }
        csv.NextRecord();
        return line;
    }

    /// <summary>What was written so far, from its beginning.</summary>
    public Stream Read()
    {
        csv.Flush();
        text.Flush();
        file.Position = 0;
        return file;
    }

    public void Dispose()
    {
        csv.Dispose();
        text.Dispose();
        file.Dispose();
    }
}
