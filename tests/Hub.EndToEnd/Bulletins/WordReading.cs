using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A bulletin's Word document read back.</summary>
internal sealed class WordReading
{
    public WordReading(byte[] docx)
    {
        using var stream = new MemoryStream(docx);
        using var document = WordprocessingDocument.Open(stream, isEditable: false);
        Body = (Body)document.MainDocumentPart!.Document!.Body!.CloneNode(deep: true);
    }

    public Body Body { get; }

    public IEnumerable<string> Paragraphs => Body.Elements<Paragraph>().Select(Text);

    // A table's caption is the paragraph before it.
    public IReadOnlyList<ReadTable> Tables => [.. Body.Elements<Table>().Select(table => new ReadTable(
        "", Text(table.PreviousSibling<Paragraph>()!),
        Cells(table.Elements<TableRow>().First()), [.. table.Elements<TableRow>().Skip(1).Select(Cells)]))];

    private static IReadOnlyList<string> Cells(TableRow row) => [.. row.Elements<TableCell>().Select(Text)];

    private static string Text(OpenXmlElement element) => string.Concat(element.Descendants<Text>().Select(t => t.Text));
}
