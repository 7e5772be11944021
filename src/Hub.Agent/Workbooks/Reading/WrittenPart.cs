using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent.Workbooks.Reading;

/// <summary>The written part and the sign-off: each value stands to the right of its label.</summary>
internal sealed class WrittenPart(Problems problems, bool is1904)
{
    private static readonly string[] Labels =
    [
        SheetWords.Progress, SheetWords.Problems, SheetWords.NextSteps, SheetWords.Matters, SheetWords.Practices,
        SheetWords.PreparedBy, SheetWords.PreparedOn, SheetWords.ApprovedBy, SheetWords.ApprovedOn,
    ];

    private static readonly string[] DayForms = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];

    private const int IsoDayLength = 10;

    private readonly Dictionary<string, CellText?> found = new(StringComparer.Ordinal);

    public (Narrative Narrative, SignOff SignOff) Read(SheetRows rows)
    {
        while (rows.Next() is { } cells)
        {
            for (var i = 0; i < cells.Count; i++)
            {
                if (LabelOf(cells[i].Text) is not { } label) continue;
                var value = i + 1 < cells.Count && LabelOf(cells[i + 1].Text) is null ? cells[i + 1] : (CellText?)null;
                if (!found.TryAdd(label, value)) problems.Add(SheetWords.Written, cells[i].Name, "", $"“{label}”重复", $"“{label}” stands twice");
            }
        }
        foreach (var label in Labels)
            if (!found.ContainsKey(label)) problems.Add(SheetWords.Written, "", "", $"缺少“{label}”一栏", $"the field “{label}” is missing");
        return (
            new Narrative
            {
                Progress = Words(SheetWords.Progress), Problems = Words(SheetWords.Problems), NextSteps = Words(SheetWords.NextSteps),
                MattersToCoordinate = Words(SheetWords.Matters), GoodPractices = Words(SheetWords.Practices),
            },
            new SignOff
            {
                PreparedByPost = Post(SheetWords.PreparedBy), PreparedOn = Day(SheetWords.PreparedOn),
                ApprovedByPost = Post(SheetWords.ApprovedBy), ApprovedOn = Day(SheetWords.ApprovedOn),
            });
    }

    // The label's cell goes on with what it asks for, in brackets.
    private static string? LabelOf(string text)
    {
        if (text.Length > 200) return null;
        var word = StateWords.Normal(text);
        var bracket = word.IndexOf('(', StringComparison.Ordinal);
        if (bracket >= 0) word = word[..bracket];
        return Array.Find(Labels, label => label == word.TrimEnd(':'));
    }

    private string Words(string label) => Text(label, Forms.MaxNarrativeLength, multiline: true);

    private string Post(string label) => Text(label, Forms.MaxPostLength, multiline: false);

    private string Text(string label, int maxLength, bool multiline)
    {
        if (found.GetValueOrDefault(label) is not { } cell) return "";
        var text = cell.Text.ReplaceLineEndings("\n").Trim();
        if (Forms.WhyUnfit(text, maxLength, multiline) is not { } why) return text;
        problems.Add(SheetWords.Written, cell.Name, "", $"“{label}”{why.Chinese}", $"“{label}” {why.English}");
        return "";
    }

    private string Day(string label)
    {
        if (found.GetValueOrDefault(label) is not { } cell) return "";
        if (DayOf(cell, is1904) is { } day) return HubTime.Day(day);
        problems.Add(SheetWords.Written, cell.Name, "", $"“{label}”填的“{ReportParser.Short(cell.Text)}”不是日期，请写成 2026-01-31 的形式",
            $"“{label}”: “{ReportParser.Short(cell.Text)}” is not a date; write it as 2026-01-31");
        return "";
    }

    private static DateOnly? DayOf(CellText cell, bool is1904)
    {
        var text = StateWords.Normal(cell.Text);
        // In the strict form days are ISO 8601 and may carry a time.
        if (text.Length > IsoDayLength && text[IsoDayLength] == 'T') text = text[..IsoDayLength];
        if (DateOnly.TryParseExact(text, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        if (!cell.IsNumber || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var serial) || serial is not (>= 61 and < 2_958_466)) return null;
        // Excel counts a 29 February 1900 that never was; days before March 1900 are of no use here.
        return new DateOnly(1899, 12, 30).AddDays((int)serial + (is1904 ? 1462 : 0) is var days && days < 2_958_466 ? days : 0);
    }
}
