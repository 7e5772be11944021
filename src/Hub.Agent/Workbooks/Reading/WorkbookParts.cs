using Hub.Programmes;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>Which sheets a workbook has and where they are stored.</summary>
/// <param name="SharedStrings">The part with the shared strings; null without one.</param>
/// <param name="Is1904">Whether dates count from 1904.</param>
internal sealed record WorkbookParts(IReadOnlyList<SheetPart> Sheets, string? SharedStrings, bool Is1904)
{
    public static WorkbookParts Read(Package package)
    {
        CheckContentTypes(package);
        var main = Relationships(package, "").Values.FirstOrDefault(r => r.Type.EndsWith("/officeDocument", StringComparison.Ordinal))?.Target;
        if (main is null || !package.Has(main)) throw NotAWorkbook();
        var related = Relationships(package, main);
        if (related.Values.Any(r => r.Type.EndsWith("/externalLink", StringComparison.Ordinal))) throw new UnreadableException("", "", new(
            "含有指向其他文件的链接，拒绝读取", "holds links to other files; not read"));
        var (listed, is1904) = Listed(package, main);
        var sheets = new List<SheetPart>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, id) in listed)
        {
            if (!names.Add(name)) throw new UnreadableException(name, "", new("工作表重名，拒绝读取", "two sheets have this name; not read"));
            if (!related.TryGetValue(id, out var target)) throw NotAWorkbook();
            // Chart sheets and the like hold no cells.
            if (target.Type.EndsWith("/worksheet", StringComparison.Ordinal)) sheets.Add(new SheetPart(name, target.Target));
        }
        var strings = related.Values.FirstOrDefault(r => r.Type.EndsWith("/sharedStrings", StringComparison.Ordinal))?.Target;
        return new WorkbookParts(sheets, strings is not null && package.Has(strings) ? strings : null, is1904);
    }

    private static (List<(string Name, string Id)> Sheets, bool Is1904) Listed(Package package, string main)
    {
        var sheets = new List<(string, string)>();
        var is1904 = false;
        var isWorkbook = false;
        using var xml = package.Read(main, main);
        while (xml.Read())
        {
            if (!xml.IsStart) continue;
            if (xml.Name == "workbook") isWorkbook = true;
            if (xml.Name == "workbookPr") is1904 = xml.Attribute("date1904") is "1" or "true";
            if (xml.Name != "sheet") continue;
            if (sheets.Count >= ReadingLimits.Sheets) throw new UnreadableException("", "", new(
                $"工作表超过 {ReadingLimits.Sheets} 张", $"more than {ReadingLimits.Sheets} sheets"));
            sheets.Add((xml.Attribute("name") ?? "", xml.RelationshipId() ?? ""));
        }
        return isWorkbook ? (sheets, is1904) : throw NotAWorkbook();
    }

    private static void CheckContentTypes(Package package)
    {
        const string part = "[Content_Types].xml";
        if (!package.Has(part)) throw NotAWorkbook();
        using var xml = package.Read(part, part);
        while (xml.Read())
        {
            var type = xml.IsStart ? xml.Attribute("ContentType") ?? "" : "";
            if (type.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) || type.Contains("vbaProject", StringComparison.OrdinalIgnoreCase))
                throw new UnreadableException("", "", new("含有宏，拒绝读取：请另存为 .xlsx", "holds macros; not read: save it as .xlsx"));
        }
    }

    private static Dictionary<string, Relationship> Relationships(Package package, string of)
    {
        var slash = of.LastIndexOf('/') + 1;
        var part = $"{of[..slash]}_rels/{of[slash..]}.rels";
        if (!package.Has(part)) throw NotAWorkbook();
        var found = new Dictionary<string, Relationship>(StringComparer.Ordinal);
        using var xml = package.Read(part, part);
        while (xml.Read())
        {
            if (!xml.IsStart || xml.Name != "Relationship" || xml.Attribute("TargetMode") == "External") continue;
            var target = (xml.Attribute("Target") ?? "").Replace('\\', '/');
            found[xml.Attribute("Id") ?? ""] = new(xml.Attribute("Type") ?? "", Resolve(of[..slash], target));
        }
        return found;
    }

    private static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/')) return target[1..];
        var parts = new List<string>();
        foreach (var step in (folder + target).Split('/'))
        {
            if (step == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (step is not (".." or "." or "")) parts.Add(step);
        }
        return string.Join('/', parts);
    }

    private static UnreadableException NotAWorkbook() => new("", "", new("不是 Excel 工作簿（.xlsx），或已损坏", "not an Excel workbook (.xlsx), or damaged"));

    private sealed record Relationship(string Type, string Target);
}

/// <summary>A sheet by its name and the part that holds it.</summary>
internal sealed record SheetPart(string Name, string Part);
