using System.Globalization;
using System.Text;
using Hub.Programmes;

namespace Hub.Tests.Bulletins;

/// <summary>Draws every chart for the eye: <c>artifacts/gallery/index.html</c> beside the tests' own files.</summary>
public sealed class ChartGalleryTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "artifacts", "gallery");

    [Fact]
    public void The_gallery_shows_all_ten_charts_at_5_20_and_40_townships_in_both_languages()
    {
        Directory.CreateDirectory(Folder);
        var page = new StringBuilder("""
            <!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>通报图表</title>
            <style>body{margin:24px;background:#eee;font-family:sans-serif}h2{margin:32px 0 8px}
            .row{display:flex;gap:16px;align-items:flex-start}.row a{width:32%}.row img{width:100%;background:#fff}.grey img{filter:grayscale(1)}</style>
            <h1>通报图表</h1><p><label><input type="checkbox" onchange="document.body.classList.toggle('grey')">黑白</label></p>
            """);
        foreach (var language in Enum.GetValues<Language>()) Draw(page, language);
        File.WriteAllText(Path.Combine(Folder, "index.html"), page.ToString());
    }

    private static void Draw(StringBuilder page, Language language)
    {
        var sizes = new[] { 5, 20, 40 }.Select(n => (Townships: n, Charts: ChartSamples.All(n, i => Name(language, i, n), language))).ToList();
        var ending = language == Language.Chinese ? "" : "-en";
        for (var chart = 0; chart < sizes[0].Charts.Count; chart++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{sizes[0].Charts[chart].Name}</h2><div class=\"row\">");
            foreach (var (townships, charts) in sizes)
            {
                var file = string.Create(CultureInfo.InvariantCulture, $"{charts[chart].Name}-{townships}{ending}");
                File.WriteAllBytes(Path.Combine(Folder, file + ".png"), charts[chart].Png());
                File.WriteAllText(Path.Combine(Folder, file + ".svg"), charts[chart].Svg());
                page.Append(CultureInfo.InvariantCulture, $"<a href=\"{file}.png\"><img src=\"{file}.svg\" alt=\"{file}\"></a>");
            }
            page.Append("</div>");
        }

        Assert.Equal(10, sizes[0].Charts.Count);
        Assert.Equal(30, sizes.SelectMany(size => size.Charts.Select(c => $"{c.Name}-{size.Townships}{ending}.svg")).Count(file => new FileInfo(Path.Combine(Folder, file)).Length > 2000));
    }

    private static string Name(Language language, int i, int townships) => language == Language.Chinese
        ? ChartSamples.Name(i, townships == 5 ? 3 : 2 + i * 7 % 11)
        : ChartSamples.Name(language, i, townships == 5 ? 9 : 5 + i * 7 % 26);
}
