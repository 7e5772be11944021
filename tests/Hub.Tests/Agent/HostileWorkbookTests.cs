using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;

namespace Hub.Tests.Agent;

/// <summary>Files made to hurt, or not what they say: refused with the reason, never thrown at the caller.</summary>
public sealed class HostileWorkbookTests
{
    private const string SheetXml = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{0}</sheetData></worksheet>";

    [Fact]
    public void A_zip_bomb_is_refused_by_its_directory_and_by_what_comes_out()
    {
        Refused("zip bomb", WithPart("xl/worksheets/sheet2.xml", Zeros(40 << 20)));
        Refused("zip bomb", WithPart("xl/media/picture.bin", Zeros(30 << 20)));
        Refused("zip bomb", [.. Enumerable.Range(0, 4).Aggregate(SampleWorkbook.Make().Bytes, (bytes, i) => WithPart($"xl/filler{i}.xml", Noise(31 << 20), bytes))]);
    }

    [Fact]
    public void A_part_that_is_larger_than_it_claims_is_refused()
    {
        var bytes = WithPart("xl/worksheets/sheet2.xml", Encoding.UTF8.GetBytes(string.Format(null, SheetXml, Rows(20_000, "<c t=\"inlineStr\"><is><t>达标</t></is></c>"))));
        Overwrite(bytes, "xl/worksheets/sheet2.xml", claimed: 1000);
        Assert.Null(Read(bytes).Report);
    }

    [Theory]
    [InlineData("<!DOCTYPE worksheet [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet>&x;</worksheet>")]
    [InlineData("<!DOCTYPE worksheet SYSTEM \"http://127.0.0.1/x.dtd\"><worksheet/>")]
    [InlineData("<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><w>&c;</w>")]
    public void External_entities_and_DTDs_are_refused_with_their_sheet(string xml)
    {
        var bytes = WithPart("xl/worksheets/sheet2.xml", Encoding.UTF8.GetBytes(xml));
        Refused("DTD", bytes);
        Assert.NotEmpty(Assert.Single(Read(bytes).Problems).Sheet);
    }

    [Fact]
    public void Macros_links_connections_and_embedded_objects_are_refused()
    {
        Refused("macros", WithPart("xl/vbaProject.bin", [1]));
        Refused("links to other files", WithPart("xl/externalLinks/externalLink1.xml", [1]));
        Refused("connections", WithPart("xl/connections.xml", [1]));
        Refused("embedded objects", WithPart("xl/embeddings/oleObject1.bin", [1]));
        Refused("macros", Replaced("[Content_Types].xml", "spreadsheetml.sheet.main+xml", "macroEnabled.main+xml", "application/vnd.ms-excel.sheet."));
    }

    [Fact]
    public void Encrypted_old_truncated_and_foreign_files_are_refused()
    {
        var whole = SampleWorkbook.Make().Bytes;

        Refused("encrypted", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]);
        Refused("not an Excel workbook", Encoding.UTF8.GetBytes("branch,states\n"));
        Refused("not an Excel workbook", []);
        Refused("not an Excel workbook", Zip(("hello.txt", "hello"u8.ToArray())));
        Refused("damaged", whole[..(whole.Length / 2)]);
        Refused("damaged", whole[..^10]);
        Refused("larger than", new byte[11 << 20]);
        Refused("not a workbook made by hub-agent", SampleWorkbook.Make().Change(w => w.Workbook!.Descendants<Sheet>().Single(s => s.Name == "_hub").Name = "hub").Bytes);
    }

    [Fact]
    public void A_million_rows_endless_names_and_depth_are_refused()
    {
        Refused("more than 50000 rows", Sheet(Rows(1_000_000, "")));
        Refused("nested too deeply", Sheet(string.Concat(Enumerable.Repeat("<a>", 200)) + string.Concat(Enumerable.Repeat("</a>", 200))));
        Refused("too many different", Sheet(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<n{i}/>"))));
        Refused("more than 32767 characters", Sheet($"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{new string('x', 40_000)}</t></is></c></row>"));
        Refused("beyond any measure", Sheet($"<row r=\"1\" spans=\"{Random(2 << 20)}\"/>"));
        Refused("the file is damaged", Sheet("<row r=\"1\"><c r=\"B7\"><v>1</v></c></row>"));
        Refused("refers to a text that is not there", Sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>999999</v></c></row>"));
    }

    [Fact]
    public void Huge_shared_strings_are_refused()
    {
        var item = $"<si><t>{Random(30_000)}</t></si>";
        var xml = $"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{string.Concat(Enumerable.Repeat(item, 290))}</sst>";
        Refused("too much text", WithPart("xl/sharedStrings.xml", Encoding.UTF8.GetBytes(xml)));
    }

    [Fact]
    public void Two_parts_or_two_sheets_of_one_name_are_refused()
    {
        Refused("inside twice", WithPart("XL/workbook.xml", [1]));
        Refused("two sheets have this name", SampleWorkbook.Make().Change(w => w.Workbook!.Descendants<Sheet>().ElementAt(2).Name = "村党支部").Bytes);
    }

    private static void Refused(string reason, byte[] bytes)
    {
        var reading = Read(bytes);
        Assert.Null(reading.Report);
        Assert.Contains(reading.Problems, p => p.In(Language.English).Contains(reason, StringComparison.Ordinal));
    }

    private static WorkbookReading Read(byte[] bytes) => WorkbookReader.Read(new MemoryStream(bytes));

    private static byte[] Sheet(string rows) => WithPart("xl/worksheets/sheet2.xml", Encoding.UTF8.GetBytes(string.Format(null, SheetXml, rows)));

    private static string Rows(int count, string cells) => string.Concat(Enumerable.Range(1, count).Select(i => $"<row r=\"{i}\">{cells}</row>"));

    private static byte[] Zeros(int length) => Encoding.UTF8.GetBytes(new string('0', length));

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        // Compresses about tenfold: under the ratio, over the sum.
        var random = new Random(7);
        for (var i = 0; i < length; i += 64) bytes[i] = (byte)random.Next(256);
        return bytes;
    }

    private static string Random(int length)
    {
        var random = new Random(11);
        return string.Create(length, random, (span, r) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = (char)('a' + r.Next(26));
        });
    }

    private static byte[] WithPart(string name, byte[] content, byte[]? workbook = null)
    {
        var stream = new MemoryStream();
        stream.Write(workbook ?? SampleWorkbook.Make().Bytes);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(name)?.Delete();
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }
        return stream.ToArray();
    }

    private static byte[] Replaced(string part, string from, string to, string before)
    {
        using var zip = new ZipArchive(new MemoryStream(SampleWorkbook.Make().Bytes));
        using var reader = new StreamReader(zip.GetEntry(part)!.Open());
        return WithPart(part, Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("application/vnd.openxmlformats-officedocument." + from, before + to, StringComparison.Ordinal)));
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] parts)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in parts)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return stream.ToArray();
    }

    // The uncompressed size as the central directory claims it.
    private static void Overwrite(byte[] zip, string name, int claimed)
    {
        var names = Encoding.ASCII.GetBytes(name);
        for (var i = zip.Length - names.Length; i > 46; i--)
        {
            if (!zip.AsSpan(i, names.Length).SequenceEqual(names) || !zip.AsSpan(i - 46, 4).SequenceEqual("PK\u0001\u0002"u8)) continue;
            BitConverter.TryWriteBytes(zip.AsSpan(i - 46 + 24, 4), claimed);
            return;
        }
    }
}
