using System.IO.Compression;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The bulletin as a Word document after GB/T 9704-2012. The same content gives the same bytes.</summary>
internal static class WordDocument
{
    // Every entry of the archive carries it: the time of making would make two equal documents differ.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Write(XElement article, IReadOnlyDictionary<string, BulletinChart> charts, Language language)
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = document.AddMainDocumentPart();
            document.ChangeIdOfPart(main, "rId1");
            main.AddNewPart<StyleDefinitionsPart>("styles").Styles = WordStyles.Make(language);
            main.AddNewPart<DocumentSettingsPart>("settings").Settings = new Settings(
                new EvenAndOddHeaders(), new CharacterSpacingControl { Val = CharacterSpacingValues.CompressPunctuation });
            main.AddNewPart<FooterPart>("odd").Footer = WordStyles.PageNumber(JustificationValues.Right);
            main.AddNewPart<FooterPart>("even").Footer = WordStyles.PageNumber(JustificationValues.Left);
            var body = new WordBody(main, charts);
            main.Document = new Document(new Body([.. article.Elements().SelectMany(body.Blocks), WordStyles.Page()]));
            WriteTitle(document, BulletinMarkup.Title(article, language));
        }
        return Repacked(stream);
    }

    // The library would give the part a random name.
    private static void WriteTitle(WordprocessingDocument document, string title)
    {
        XNamespace core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", dc = "http://purl.org/dc/elements/1.1/";
        var part = document.AddCoreFilePropertiesPart();
        document.ChangeIdOfPart(part, "rId2");
        using var stream = part.GetStream(FileMode.Create);
        new XDocument(new XElement(core + "coreProperties", new XAttribute(XNamespace.Xmlns + "dc", dc), new XElement(dc + "title", title))).Save(stream);
    }

    private static byte[] Repacked(MemoryStream package)
    {
        package.Position = 0;
        using var packed = new MemoryStream();
        using (var source = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true))
        using (var target = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                var isPicture = entry.FullName.EndsWith(".png", StringComparison.Ordinal);
                var copy = target.CreateEntry(entry.FullName, isPicture ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
                copy.LastWriteTime = EntryTime;
                using var from = entry.Open();
                using var to = copy.Open();
                from.CopyTo(to);
            }
        }
        return packed.ToArray();
    }
}
