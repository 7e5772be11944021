using System.IO.Compression;
using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>The zip archive that a workbook is. What must not be inside is refused before anything is inflated.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly InflatedBudget budget = new();

    private Package(ZipArchive archive) => this.archive = archive;

    /// <summary>Opens it over <paramref name="file"/>, which stays the caller's.</summary>
    public static Package Open(Stream file)
    {
        CheckForm(file);
        var package = new Package(new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
        try
        {
            package.CheckEntries();
            return package;
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    public bool Has(string part) => entries.ContainsKey(part);

    /// <param name="sheet">What problems call the part.</param>
    public PartReader Read(string part, string sheet)
    {
        if (!entries.TryGetValue(part, out var entry)) throw Unreadable($"工作簿不完整，缺少 {Shown(part)}", $"not a whole workbook: {Shown(part)} is missing");
        return new PartReader(new BoundedStream(entry.Open(), sheet, budget), sheet);
    }

    public void Dispose() => archive.Dispose();

    private static void CheckForm(Stream file)
    {
        if (file.Length > ReadingLimits.FileBytes) throw Unreadable(
            $"文件超过 {ReadingLimits.FileBytes >> 20} MB", $"the file is larger than {ReadingLimits.FileBytes >> 20} MB");
        Span<byte> head = stackalloc byte[8];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (head[..read].StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0])) throw Unreadable(
            "文件已加密，或是旧版 .xls：请去掉密码并另存为 .xlsx", "encrypted, or an old .xls: remove the password and save it as .xlsx");
        if (!head[..read].StartsWith("PK"u8)) throw Unreadable("不是 Excel 工作簿（.xlsx）", "not an Excel workbook (.xlsx)");
    }

    private void CheckEntries()
    {
        long inflated = 0;
        foreach (var entry in archive.Entries)
        {
            if (entries.Count >= ReadingLimits.Entries) throw Unreadable("压缩包内文件过多，拒绝读取", "too many files inside; not read");
            var name = entry.FullName.TrimStart('/').Replace('\\', '/');
            if (!entries.TryAdd(name, entry)) throw Unreadable($"压缩包内 {Shown(name)} 重复，拒绝读取", $"{Shown(name)} is inside twice; not read");
            if (entry.IsEncrypted) throw Unreadable("文件已加密：请去掉密码后再试", "encrypted: remove the password first");
            inflated += entry.Length;
            var bomb = entry.Length > ReadingLimits.PartBytes || inflated > ReadingLimits.InflatedBytes
                || (entry.Length > ReadingLimits.RatioCountsFromBytes && entry.Length / ReadingLimits.Ratio > entry.CompressedLength);
            if (bomb) throw Unreadable($"{Shown(name)} 解压后过大，疑似压缩炸弹，拒绝读取", $"{Shown(name)} is too large when inflated, as a zip bomb is; not read");
            if (WhyForbidden(name.ToLowerInvariant()) is { } why) throw Unreadable($"含有{why.Chinese}（{Shown(name)}），拒绝读取", $"holds {why.English} ({Shown(name)}); not read");
        }
    }

    private static Text? WhyForbidden(string name)
    {
        if (name.Contains("vbaproject", StringComparison.Ordinal) || name.Contains("/macrosheets/", StringComparison.Ordinal)) return new("宏", "macros");
        if (name.Contains("/externallinks/", StringComparison.Ordinal)) return new("指向其他文件的链接", "links to other files");
        if (name.EndsWith("/connections.xml", StringComparison.Ordinal) || name.Contains("/querytables/", StringComparison.Ordinal)) return new("外部数据连接", "connections to data outside");
        if (name.Contains("/embeddings/", StringComparison.Ordinal) || name.Contains("/activex/", StringComparison.Ordinal)) return new("嵌入对象", "embedded objects");
        return null;
    }

    private static string Shown(string name) => ReportParser.Short(string.Concat(name.Where(c => !char.IsControl(c))));

    private static UnreadableException Unreadable(string chinese, string english) => new("", "", new(chinese, english));
}
