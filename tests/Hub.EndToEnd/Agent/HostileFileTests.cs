using System.IO.Compression;
using System.Text;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Agent;

/// <summary>Files made to fill the memory, checked by a process that is ended when its heap would pass 128 MB.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const long HeapBytes = 128 << 20;
    private const string Head = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";

    private readonly string folder = Directory.CreateTempSubdirectory("hub-agent-").FullName;

    public static TheoryData<string, string, string> Files => new()
    {
        { "a zip bomb", "xl/worksheets/sheet2.xml", "zip bomb" },
        { "a million rows", "xl/worksheets/sheet2.xml", "more than 50000 rows" },
        { "millions of cells of one branch", "xl/worksheets/sheet2.xml", "zip bomb" },
        { "one endless attribute", "xl/worksheets/sheet2.xml", "beyond any measure" },
        { "endless different names", "xl/worksheets/sheet2.xml", "too many different element names" },
        { "endless depth", "xl/worksheets/sheet2.xml", "nested too deeply" },
        { "huge shared strings", "xl/sharedStrings.xml", "too much text" },
        { "entities in entities", "xl/worksheets/sheet2.xml", "DTD" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_hostile_file_is_refused_in_bounded_memory(string name, string part, string reason)
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        var file = Path.Combine(folder, "made.xlsx");
        await AgentCommand.TemplateAsync(hub, await hub.TokenAsync(Role.Township, "990101100"), "2026-01", file);
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            zip.GetEntry(part)!.Delete();
            await using var content = new StreamWriter(zip.CreateEntry(part).Open(), new UTF8Encoding(false));
            Write(name, content);
        }

        var check = await AgentCommand.RunAsync(["check", file], heapBytes: HeapBytes);

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(reason, check.Output + check.Error, StringComparison.Ordinal);
        Assert.Single(check.Error.Split('\n'));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Pseudo-random fillers: what repeats is refused by its ratio before any of it is inflated.
    private static void Write(string name, StreamWriter to)
    {
        var random = new Random(5);
        switch (name)
        {
            case "a zip bomb":
                for (var i = 0; i < 1_000; i++) to.Write(new string(' ', 1 << 20));
                return;
            case "a million rows":
                to.Write(Head);
                for (var i = 1; i <= 1_000_000; i++) to.Write($"<row r=\"{i}\"/>");
                return;
            case "millions of cells of one branch":
                to.Write(Head);
                for (var i = 1; i <= 40_000; i++) to.Write($"<row r=\"{i}\"><c r=\"A{i}\"><v>99010110000001</v></c>{string.Concat(Enumerable.Range(2, 40).Select(_ => $"<c><v>{random.Next()}</v></c>"))}</row>");
                return;
            case "one endless attribute":
                to.Write(Head + "<row spans=\"");
                for (var i = 0; i < 3_000_000; i++) to.Write(random.Next(10).ToString(System.Globalization.CultureInfo.InvariantCulture));
                return;
            case "endless different names":
                to.Write(Head);
                for (var i = 0; i < 2_000_000; i++) to.Write($"<n{i:x}/>");
                return;
            case "endless depth":
                to.Write(Head);
                for (var i = 0; i < 1_000_000; i++) to.Write($"<a x=\"{random.Next()}\">");
                return;
            case "huge shared strings":
                to.Write("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">");
                for (var i = 0; i < 500; i++) to.Write($"<si><t>{string.Concat(Enumerable.Range(0, 2_000).Select(_ => random.Next()))}</t></si>");
                return;
            default:
                to.Write("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\">");
                for (var c = 'b'; c <= 'j'; c++) to.Write($"<!ENTITY {c} \"{string.Concat(Enumerable.Repeat($"&{(char)(c - 1)};", 10))}\">");
                to.Write("]><w>&j;</w>");
                return;
        }
    }
}
