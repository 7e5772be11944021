using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;

namespace Hub.Tests.Agent;

/// <summary>A workbook, part by part, to be written in a form that another program gives it.</summary>
internal sealed class OtherForm
{
    public static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private readonly SortedDictionary<string, string> parts = new(StringComparer.Ordinal);

    public static OtherForm Of(SampleWorkbook workbook)
    {
        var form = new OtherForm();
        using var zip = new ZipArchive(new MemoryStream(workbook.Bytes));
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            form.parts.Add(entry.FullName, reader.ReadToEnd());
        }
        return form;
    }

    /// <summary>Changes the text of every part.</summary>
    public OtherForm Text(Func<string, string> change)
    {
        foreach (var name in parts.Keys.ToList()) parts[name] = change(parts[name]);
        return this;
    }

    /// <summary>Changes the root element of the parts whose names contain <paramref name="name"/>.</summary>
    public OtherForm Xml(string name, Action<XElement> change)
    {
        foreach (var part in parts.Keys.Where(p => p.Contains(name, StringComparison.Ordinal)).ToList())
        {
            var document = XDocument.Parse(parts[part], LoadOptions.PreserveWhitespace);
            change(document.Root!);
            parts[part] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n" + document.ToString(SaveOptions.DisableFormatting);
        }
        return this;
    }

    /// <summary>Names the spreadsheet's elements with this prefix; "" = with none.</summary>
    public OtherForm Prefix(string prefix) => Xml("xl/", root =>
    {
        if (root.Name.Namespace != Main) return;
        foreach (var element in root.DescendantsAndSelf()) element.Attributes().Where(a => a.IsNamespaceDeclaration && a.Value == Main.NamespaceName).Remove();
        root.Add(new XAttribute(prefix.Length == 0 ? "xmlns" : XNamespace.Xmlns + prefix, Main.NamespaceName));
    });

    public OtherForm Add(string part, string text)
    {
        parts.Add(part, text);
        return this;
    }

    public WorkbookReading Read(Encoding? encoding = null, Func<string, string>? naming = null, bool withFolders = false)
    {
        var output = new MemoryStream();
        // A stream that cannot seek has the sizes behind the data, as programs write that pack while they go.
        using (var zip = new ZipArchive(new OneWay(output), ZipArchiveMode.Create))
        {
            if (withFolders)
                foreach (var folder in new[] { "_rels/", "xl/", "xl/_rels/", "xl/worksheets/" }) zip.CreateEntry(folder);
            foreach (var (name, text) in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(naming?.Invoke(name) ?? name).Open(), encoding ?? new UTF8Encoding(false));
                writer.Write(encoding is null ? text : text.Replace("encoding=\"UTF-8\"", $"encoding=\"{encoding.WebName}\"", StringComparison.OrdinalIgnoreCase));
            }
        }
        return WorkbookReader.Read(new MemoryStream(output.ToArray()));
    }

    /// <summary>Takes away where rows and cells stand, and fills the gaps, so that each stands behind the one before it.</summary>
    public static void Unplace(XElement sheet)
    {
        foreach (var data in sheet.Elements(Main + "sheetData"))
        {
            var rows = 0;
            foreach (var row in data.Elements(Main + "row").ToList())
            {
                for (var number = (int)row.Attribute("r")!; rows + 1 < number; rows++) row.AddBeforeSelf(new XElement(Main + "row"));
                rows++;
                row.Attribute("r")!.Remove();
                row.Attribute("spans")?.Remove();
                var columns = 0;
                foreach (var cell in row.Elements(Main + "c").ToList())
                {
                    for (var column = CellName.Parse((string)cell.Attribute("r")!)!.Value.Column; columns + 1 < column; columns++) cell.AddBeforeSelf(new XElement(Main + "c"));
                    columns++;
                    cell.Attribute("r")!.Remove();
                }
            }
        }
    }

    private sealed class OneWay(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
