using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>The written part with sign-off by post.</summary>
internal static class WrittenSheet
{
    private const int FirstRow = 3;

    public static SheetContent Make(WorkbookFrame frame, CellTexts cells)
    {
        // The words of a month are its own; only a correction of the same month starts from them.
        var words = frame.Last is { } last && last.Period == frame.Period ? last.Narrative : new();
        (string Label, string Text, string Hint, double Height)[] fields =
        [
            (SheetWords.Progress, words.Progress, "本月做了什么，完成多少", 110), (SheetWords.Problems, words.Problems, "未达标的主要原因", 110),
            (SheetWords.NextSteps, words.NextSteps, "下月怎么做，何时完成", 110), (SheetWords.Matters, words.MattersToCoordinate, "要县里协调的；没有可不填", 72),
            (SheetWords.Practices, words.GoodPractices, "值得推广的；没有可不填", 72),
        ];
        var rows = new List<Row>
        {
            new([cells.Text(1, 1, $"{frame.Township.Name} {frame.Period.Year}年{frame.Period.Month}月 {SheetWords.Written}", CellLook.Title)]) { RowIndex = 1, Height = 32, CustomHeight = true },
            new([cells.Text(1, 2, $"写工作，不写个人姓名；签署写职务。每栏不超过 {Forms.MaxNarrativeLength} 字，写不下可以拖高行。", CellLook.Subtitle)]) { RowIndex = 2, Height = 26, CustomHeight = true },
        };
        for (var i = 0; i < fields.Length; i++)
        {
            var row = FirstRow + i;
            rows.Add(new([
                cells.Text(1, row, $"{fields[i].Label}\n（{fields[i].Hint}）", CellLook.Label),
                cells.Text(2, row, fields[i].Text, CellLook.Written), CellTexts.Empty(3, row, CellLook.Written), CellTexts.Empty(4, row, CellLook.Written),
            ]) { RowIndex = (uint)row, Height = fields[i].Height, CustomHeight = true });
        }
        var sign = FirstRow + fields.Length;
        // Posts stay from month to month; whoever signs says when.
        var signed = frame.Last?.SignOff ?? new();
        rows.Add(SignRow(sign, SheetWords.PreparedBy, signed.PreparedByPost, SheetWords.PreparedOn, cells));
        rows.Add(SignRow(sign + 1, SheetWords.ApprovedBy, signed.ApprovedByPost, SheetWords.ApprovedOn, cells));
        return new SheetContent
        {
            Name = SheetWords.Written,
            ToFill = true,
            Widths = [28, 30, 16, 24],
            Rows = rows,
            Merged = ["A1:D1", "A2:D2", .. Enumerable.Range(FirstRow, fields.Length).Select(row => $"B{row}:D{row}")],
            Validations =
            [
                Length($"B{FirstRow}:B{sign - 1}", Forms.MaxNarrativeLength), Length($"B{sign}:B{sign + 1}", Forms.MaxPostLength), Day($"D{sign}:D{sign + 1}", frame.Period),
            ],
            Footer = $"{frame.Township.Name} {frame.Period} {SheetWords.Written}",
        };
    }

    private static Row SignRow(int row, string post, string lastPost, string day, CellTexts cells) => new([
        cells.Text(1, row, post, CellLook.Label), cells.Text(2, row, lastPost, CellLook.Post),
        cells.Text(3, row, day, CellLook.Label), CellTexts.Empty(4, row, CellLook.Day),
    ]) { RowIndex = (uint)row, Height = 30, CustomHeight = true };

    private static DataValidation Length(string cells, int max) => new(new Formula1(max.ToString(CultureInfo.InvariantCulture)))
    {
        Type = DataValidationValues.TextLength, Operator = DataValidationOperatorValues.LessThanOrEqual, AllowBlank = true, ShowErrorMessage = true,
        ErrorTitle = "过长", Error = $"最多 {max} 字。", SequenceOfReferences = new ListValue<StringValue> { InnerText = cells },
    };

    private static DataValidation Day(string cells, Period period) => new(
        new Formula1($"DATE({period.Year},{period.Month},1)"))
    {
        Type = DataValidationValues.Date, Operator = DataValidationOperatorValues.GreaterThanOrEqual, AllowBlank = true, ShowErrorMessage = true, ShowInputMessage = true,
        ErrorTitle = "请填写日期", Error = $"请填写日期，不早于 {period.Year}年{period.Month}月1日。",
        PromptTitle = "日期", Prompt = $"如 {HubTime.Day(period.Plus(1).FirstDay)}", SequenceOfReferences = new ListValue<StringValue> { InnerText = cells },
    };
}
