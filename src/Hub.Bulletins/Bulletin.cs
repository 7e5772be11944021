using System.Text;
using System.Xml.Linq;
using Hub.Programmes;
using Hub.Protocol;
using Programme = Hub.Programmes.Programme;

namespace Hub.Bulletins;

/// <summary>One file of a bulletin.</summary>
public sealed record BulletinFile(string Name, byte[] Content);

/// <summary>The number that a published bulletin took: the n-th of its programme in the year.</summary>
public sealed record BulletinNumber(int Year, int Number);

/// <summary>What stands around a bulletin's figures.</summary>
/// <param name="Number">Null = a draft, like <paramref name="PublishedAt"/>.</param>
/// <param name="DemonstrationClock">Whether the hub runs on one: every document says so.</param>
public sealed record BulletinHead(Programme Programme, BulletinNumber? Number, DateTimeOffset? PublishedAt, bool DemonstrationClock);

/// <summary>The month's bulletin in one language: a page, a Word document, a PDF where a browser is found, and its charts.</summary>
public sealed class Bulletin
{
    /// <summary>What a document of a county holds; a programme of more is for the analyst, not for paper.</summary>
    public const int MaxTownships = 200;

    private readonly XElement article;
    private readonly Language language;
    private readonly string stem;
    private readonly IReadOnlyList<BulletinChart> charts;
    private readonly Dictionary<string, BulletinChart> chartsById;

    private Bulletin(XElement article, Language language, string stem, IReadOnlyList<BulletinChart> charts)
    {
        (this.article, this.language, this.stem, this.charts) = (article, language, stem, charts);
        chartsById = charts.ToDictionary(c => c.Id, StringComparer.Ordinal);
    }

    /// <summary>Puts words and figures together; pictures and files are made when they are asked for.</summary>
    public static Outcome<Bulletin> Make(BulletinHead head, BulletinFigures figures, BulletinText text, Language language)
    {
        if (figures.Townships.Count > MaxTownships) return new Refusal(RefusalReason.BulletinTooLarge, new(
            $"项目有 {figures.Townships.Count} 个乡镇，通报最多 {MaxTownships} 个；请按较小的地区设立项目",
            $"the programme has {figures.Townships.Count} townships, a bulletin holds at most {MaxTownships}: define programmes of smaller areas"));
        var article = text.Render(language, head, figures);
        if (article.IsRefused(out var refusal)) return refusal;
        return new Bulletin(article.Value, language, BulletinNames.Stem(head.Programme.Id, figures.Period, language), new BulletinCharts(head.Programme, figures, language).All());
    }

    public string HtmlName => stem + ".html";
    public string DocxName => stem + ".docx";
    public string PdfName => stem + ".pdf";

    public BulletinFile Html() => new(HtmlName, HtmlDocument.Write(article, chartsById, language));

    public BulletinFile Docx() => new(DocxName, WordDocument.Write(article, chartsById, language));

    /// <summary>The pictures of the text in its order, by the names of their files.</summary>
    public IReadOnlyList<BulletinPicture> Pictures => [.. charts.SelectMany(chart => chart.Pictures)];

    public IEnumerable<BulletinFile> Svgs() => Pictures.Select(p => new BulletinFile(p.Name + ".svg", Encoding.UTF8.GetBytes(p.Svg.Value)));

    /// <summary>Page, Word document, PDF where it can be made, then each picture as SVG and PNG; only what is wanted is made.</summary>
    /// <param name="names">Empty = all.</param>
    public async Task<BulletinFiles> FilesAsync(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        bool IsWanted(string name) => names.Count == 0 || names.Contains(name);
        var html = IsWanted(HtmlName) || IsWanted(PdfName) ? Html() : null;
        // The browser works while the pictures are drawn.
        var printing = IsWanted(PdfName) ? Browser.PrintAsync(html!.Content, cancellation) : Task.FromResult(new Printed(null, null));
        var files = new List<BulletinFile>();
        if (IsWanted(HtmlName)) files.Add(html!);
        if (IsWanted(DocxName)) files.Add(Docx());
        var pictures = Pictures.SelectMany(Forms).Where(f => IsWanted(f.Name)).Select(f => new BulletinFile(f.Name, f.Draw())).ToList();
        var printed = await printing;
        if (printed.Pdf is { } pdf) files.Add(new(PdfName, pdf));
        return new([.. files, .. pictures], printed.WhyNone);
    }

    private static IEnumerable<(string Name, Func<byte[]> Draw)> Forms(BulletinPicture picture) =>
        [(picture.Name + ".svg", () => Encoding.UTF8.GetBytes(picture.Svg.Value)), (picture.Name + ".png", () => picture.Png.Value)];
}

/// <summary>The files of a bulletin, documents first.</summary>
/// <param name="WhyNoPdf">Null where there is one, or none was wanted.</param>
public sealed record BulletinFiles(IReadOnlyList<BulletinFile> Files, Text? WhyNoPdf);
