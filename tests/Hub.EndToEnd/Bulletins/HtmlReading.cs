using System.Text;
using System.Xml.Linq;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A bulletin's page read back: what it writes between its body tags is well-formed.</summary>
internal sealed class HtmlReading
{
    public HtmlReading(byte[] html)
    {
        Text = Encoding.UTF8.GetString(html);
        var body = Text.Split("<body>\n")[1].Split("\n</body>")[0];
        Article = XElement.Parse(body, LoadOptions.PreserveWhitespace);
    }

    public string Text { get; }
    public XElement Article { get; }

    public IEnumerable<string> Paragraphs => Article.Elements("p").Select(p => p.Value);

    public IReadOnlyList<ReadTable> Tables => [.. Article.Elements("table").Select(table => new ReadTable(
        (string)table.Attribute("class")!, table.Element("caption")!.Value, Cells(table.Element("thead")!.Element("tr")!), [.. table.Element("tbody")!.Elements("tr").Select(Cells)]))];

    private static IReadOnlyList<string> Cells(XElement row) => [.. row.Elements().Select(cell => cell.Value)];
}
