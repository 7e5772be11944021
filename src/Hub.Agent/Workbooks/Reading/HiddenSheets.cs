using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>What the workbook carries for the agent: where it comes from, the standard, the branches, and last month's states.</summary>
internal sealed class HiddenSheets(Package package, WorkbookParts parts, SharedStrings strings)
{
    private const int MaxTemplateCharacters = 1 << 20;

    /// <summary>The frame that the workbook was made for. A workbook that was not made by the agent, or whose hidden sheets were changed, cannot be
    /// read.</summary>
    public WorkbookFrame Read()
    {
        var origin = Origin();
        var text = TemplateText();
        if (WorkbookFrame.VersionOf(text) != Value(origin, SheetWords.Keys.StandardVersion)) throw Changed(SheetWords.TemplateText);
        var template = TemplateReader.Read(text, SheetWords.TemplateText).Template ?? throw Changed(SheetWords.TemplateText);
        if (!int.TryParse(Value(origin, SheetWords.Keys.LaunchYear), NumberStyles.None, CultureInfo.InvariantCulture, out var launchYear)
            || launchYear is < Template.FirstLaunchYear or > Template.LastLaunchYear
            || !Period.TryParse(Value(origin, SheetWords.Keys.Period), out var period)
            || !HubTime.TryParseDay(Value(origin, SheetWords.Keys.DueOn), out var dueOn)) throw Changed(SheetWords.Origin);
        var programme = new Programme(Value(origin, SheetWords.Keys.Programme), template, text, launchYear, Value(origin, SheetWords.Keys.Area), 0);
        var code = Value(origin, SheetWords.Keys.Township);
        var township = new Township(code, Value(origin, SheetWords.Keys.TownshipName), Branches(code));
        return new WorkbookFrame(programme, township, period, dueOn, Last(origin, template, township));
    }

    private Dictionary<string, string> Origin()
    {
        var part = parts.Sheets.FirstOrDefault(s => s.Name == SheetWords.Origin) ?? throw new UnreadableException("", "", new(
            "不是 hub-agent template 生成的工作簿（缺少隐藏表 _hub）", "not a workbook made by hub-agent template (its hidden sheet _hub is missing)"));
        var origin = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, cells) in Rows(part))
            if (!origin.TryAdd(cells.GetValueOrDefault(1, "").Trim(), cells.GetValueOrDefault(2, "").Trim())) throw Changed(SheetWords.Origin);
        var format = Value(origin, SheetWords.Keys.Format);
        return format == SheetWords.FormatValue ? origin : throw new UnreadableException(SheetWords.Origin, "", new(
            $"工作簿格式“{ReportParser.Short(format)}”与本程序不符，请重新下载", $"the workbook's form “{ReportParser.Short(format)}” is not this program's; make it again"));
    }

    private string TemplateText()
    {
        var packed = string.Concat(Rows(Find(SheetWords.TemplateText)).Select(row => row.Cells.GetValueOrDefault(1, "").Trim()));
        try
        {
            using var inflated = new StreamReader(new DeflateStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress), Encoding.UTF8);
            var text = new char[MaxTemplateCharacters];
            var length = inflated.ReadBlock(text);
            return length < text.Length ? new string(text, 0, length) : throw Changed(SheetWords.TemplateText);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw Changed(SheetWords.TemplateText);
        }
    }

    private BranchList Branches(string township)
    {
        var branches = new List<Branch>();
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (row, cells) in Rows(Find(SheetWords.Branches)))
        {
            if (row == 1) continue;
            var code = cells.GetValueOrDefault(1, "");
            DateOnly? to = null;
            if (cells.TryGetValue(6, out var closed)) to = HubTime.TryParseDay(closed, out var day) ? day : throw Changed(SheetWords.Branches);
            if (!Forms.IsBranchCode(code) || !codes.Add(code) || branches.Count >= Forms.MaxBranchesPerReport
                || !int.TryParse(cells.GetValueOrDefault(4, ""), NumberStyles.None, CultureInfo.InvariantCulture, out var star) || star > 5
                || !HubTime.TryParseDay(cells.GetValueOrDefault(5, ""), out var from)) throw Changed(SheetWords.Branches);
            branches.Add(new Branch(branches.Count, code, cells.GetValueOrDefault(2, ""), township, cells.GetValueOrDefault(3, ""), star, from, to));
        }
        return [.. branches];
    }

    private LastReport? Last(Dictionary<string, string> origin, Template template, Township township)
    {
        var period = Value(origin, SheetWords.Keys.LastPeriod);
        if (period.Length == 0) return null;
        if (!Period.TryParse(period, out var lastPeriod)
            || !int.TryParse(Value(origin, SheetWords.Keys.LastVersion), NumberStyles.None, CultureInfo.InvariantCulture, out var version)) throw Changed(SheetWords.Origin);
        var states = new Dictionary<string, IReadOnlyList<ItemState>>(StringComparer.Ordinal);
        foreach (var part in parts.Sheets.Where(s => s.Name.StartsWith(SheetWords.LastPrefix, StringComparison.Ordinal)))
        {
            foreach (var (row, cells) in Rows(part))
            {
                if (row == 1 || township.Find(cells.GetValueOrDefault(1, "")) is not { } branch || template.StandardOf(branch.Kind) is not { Items.Count: > 0 } standard) continue;
                var items = standard.Items.Select(i => StateWords.Parse(cells.GetValueOrDefault(SheetWords.FirstItemColumn + i.Ordinal, ""))).ToList();
                // A branch that the last report did not list has no states there.
                if (items.TrueForAll(i => i is not null)) states[branch.Code] = [.. items.Select(i => i!.Value)];
            }
        }
        return new LastReport(lastPeriod, version, states);
    }

    private SheetPart Find(string name) => parts.Sheets.FirstOrDefault(s => s.Name == name) ?? throw Changed(name);

    private IEnumerable<(int Row, Dictionary<int, string> Cells)> Rows(SheetPart part)
    {
        using var rows = new SheetRows(package, part, strings);
        while (rows.Next() is { } cells)
        {
            var row = new Dictionary<int, string>();
            foreach (var cell in cells) row[cell.Column] = cell.Text;
            yield return (cells[0].Row, row);
        }
    }

    private static string Value(Dictionary<string, string> origin, string key) => origin.GetValueOrDefault(key, "");

    private static UnreadableException Changed(string sheet) => new(sheet, "", new(
        "隐藏表被改动或缺失，请用 hub-agent template 重新下载工作簿", "a hidden sheet was changed or is missing: make the workbook again with hub-agent template"));
}
