using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Hub.Programmes;

namespace Hub.EndToEnd.Bulletins;

/// <summary>The files themselves: in order for the programs that open them, and the same whenever they are made.</summary>
[Collection(CountyInPrint.Collection)]
public sealed class DocumentFilesTests(CountyInPrint county)
{
    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public void The_Word_document_is_one_that_Word_opens(Language language) => Assert.Empty(Complaints(county.In(language).Docx));

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public async Task The_same_content_gives_the_same_bytes(Language language)
    {
        var again = await PrintedBulletin.DraftAsync(county.Hub, CountyInPrint.Period, language, ".html", ".docx");

        Assert.Equal(county.In(language).Html, again.Html);
        Assert.Equal(county.In(language).Docx, again.Docx);
    }

    /// <summary>What is wrong with a Word document by the schema of Office 2019.</summary>
    internal static List<string> Complaints(byte[] docx)
    {
        using var stream = new MemoryStream(docx);
        using var document = WordprocessingDocument.Open(stream, isEditable: false);
        return [.. new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}")];
    }
}
