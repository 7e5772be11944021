using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Item = Hub.Programmes.Item;
using Standard = Hub.Programmes.Standard;

namespace Hub.Agent.Workbooks.Writing;

/// <summary>The sheet of one kind: a row per branch, a column per item, last month's states filled in, and beside it the hidden sheet that keeps
/// them for comparison.</summary>
internal sealed class KindSheet(WorkbookFrame frame, Standard standard, IReadOnlyList<Branch> branches, int ordinal, CellTexts cells)
{
    private const int FirstRow = SheetWords.HeaderRows + 1;
    private const int MaxPrompt = 255, MaxPromptTitle = 32;

    private readonly int lastColumn = SheetWords.FirstItemColumn + standard.Items.Count - 1;
    private readonly int lastRow = SheetWords.HeaderRows + branches.Count;

    public string Name { get; } = SheetWords.OfKind(standard);

    /// <summary>The range of all states, e.g. <c>'村党支部'!$C$4:$Z$30</c>.</summary>
    public string States => $"'{Name}'!${CellName.Column(SheetWords.FirstItemColumn)}${FirstRow}:${CellName.Column(lastColumn)}${lastRow}";

    public int BranchCount => branches.Count;

    public int Count(ItemState? state) => branches.Sum(branch => standard.Items.Count(item => StateOf(branch, item) == state));

    public SheetContent Visible() => new()
    {
        Name = Name,
        Landscape = true,
        ToFill = true,
        Widths = [14.5, 19, .. standard.Items.Select(_ => 7.3), 24],
        Rows = HeaderRows().Concat(branches.Select(BranchRow)),
        FrozenRows = SheetWords.HeaderRows,
        FrozenColumns = SheetWords.FirstItemColumn - 1,
        Filter = $"A{SheetWords.HeaderRows}:{CellName.Of(lastColumn, lastRow)}",
        Merged = [.. Sections().Where(s => s.First < s.Last).Select(s => $"{CellName.Of(ColumnOf(s.First), 2)}:{CellName.Of(ColumnOf(s.Last), 2)}")],
        Formats = Formats(),
        Validations = [.. standard.Items.Select(Choice)],
        DigitTexts = $"A{FirstRow}:A{lastRow}",
        Header = $"{frame.Township.Name} {frame.Period.Year}年{frame.Period.Month}月 {Name}",
        Footer = $"{frame.Township.Name} {frame.Period} {Name}",
    };

    /// <summary>Last month's states: codes in column A, ids in row 1, as on the visible sheet.</summary>
    public SheetContent Last() => new()
    {
        Name = SheetWords.OfLast(ordinal),
        Hidden = true,
        Widths = [17, 22],
        Rows = branches.Select((branch, i) => new Row([
            cells.Text(1, i + 2, branch.Code, CellLook.Plain),
            .. standard.Items.Where(item => StateOf(branch, item) is not null).Select(item => cells.Text(ColumnOf(item.Ordinal), i + 2, StateWords.Of(StateOf(branch, item)!.Value), CellLook.Plain)),
        ]) { RowIndex = (uint)i + 2 }).Prepend(new Row([
            cells.Text(1, 1, SheetWords.CodeHeader, CellLook.Plain), .. standard.Items.Select(item => cells.Text(ColumnOf(item.Ordinal), 1, item.Id, CellLook.Plain)),
        ]) { RowIndex = 1 }),
    };

    public IEnumerable<DefinedName> Names(uint sheet)
    {
        yield return new DefinedName($"'{Name}'!$A${SheetWords.HeaderRows}:${CellName.Column(lastColumn)}${lastRow}") { Name = "_xlnm._FilterDatabase", LocalSheetId = sheet, Hidden = true };
        yield return new DefinedName($"'{Name}'!$A:$B,'{Name}'!$1:${SheetWords.HeaderRows}") { Name = "_xlnm.Print_Titles", LocalSheetId = sheet };
        // The notes are not for the printed report.
        yield return new DefinedName($"'{Name}'!$A$1:${CellName.Column(lastColumn)}${lastRow}") { Name = "_xlnm.Print_Area", LocalSheetId = sheet };
        if (frame.Last is not null)
            yield return new DefinedName($"'{SheetWords.OfLast(ordinal)}'!$A$1:${CellName.Column(lastColumn)}${branches.Count + 1}") { Name = LastRange, Hidden = true };
    }

    private string LastRange => $"hub_last_{ordinal + 1}";

    private static int ColumnOf(int item) => SheetWords.FirstItemColumn + item;

    private IEnumerable<(int First, int Last, Item Item)> Sections() =>
        standard.Items.GroupBy(i => i.Section).Select(s => (s.First().Ordinal, s.Last().Ordinal, s.First()));

    private IEnumerable<Row> HeaderRows()
    {
        yield return new Row([
            cells.Text(1, 1, SheetWords.CodeHeader, CellLook.HeaderId), cells.Text(2, 1, SheetWords.NameHeader, CellLook.HeaderId),
            .. standard.Items.Select(item => cells.Text(ColumnOf(item.Ordinal), 1, item.Id, CellLook.HeaderId)),
            cells.Text(lastColumn + 1, 1, SheetWords.NoteHeader, CellLook.HeaderId),
        ]) { RowIndex = 1, Height = 16, CustomHeight = true };
        yield return new Row([
            cells.Text(1, 2, SheetWords.SectionLabel, CellLook.Label), CellTexts.Empty(2, 2, CellLook.Label),
            .. Sections().SelectMany(s => Enumerable.Range(s.First, s.Last - s.First + 1).Select(i => i == s.First
                ? cells.Text(ColumnOf(i), 2, SectionTitle(s.Item), SectionLook(s.Item)) : CellTexts.Empty(ColumnOf(i), 2, SectionLook(s.Item)))),
            CellTexts.Empty(lastColumn + 1, 2, CellLook.Label),
        ]) { RowIndex = 2, Height = 24, CustomHeight = true };
        yield return new Row([
            cells.Text(1, 3, SheetWords.TitleLabel, CellLook.Label), CellTexts.Empty(2, 3, CellLook.Label),
            .. standard.Items.Select(item => cells.Text(ColumnOf(item.Ordinal), 3, item.Title, CellLook.HeaderTitle)),
            cells.Text(lastColumn + 1, 3, "自用，不上报", CellLook.HeaderTitle),
        ]) { RowIndex = 3, Height = TitleHeight(), CustomHeight = true };
    }

    // Three characters of nine points fit a line beside the filter's button, which some programs keep free; others put it over one more line below.
    private double TitleHeight() => 12 * (standard.Items.Max(i => (i.Title.Length + 2) / 3) + 1) + 6;

    private static string SectionTitle(Item item) => item.Track == Track.Hardware ? $"{item.SectionTitle}（硬件）" : item.SectionTitle;

    private static CellLook SectionLook(Item item) => item.Track == Track.Hardware ? CellLook.Hardware : CellLook.Software;

    private Row BranchRow(Branch branch, int index)
    {
        var row = FirstRow + index;
        return new Row([
            cells.Text(1, row, branch.Code, CellLook.Code), cells.Text(2, row, branch.Name, CellLook.Name),
            .. standard.Items.Select(item => cells.Text(ColumnOf(item.Ordinal), row, StateOf(branch, item) is { } state ? StateWords.Of(state) : "", CellLook.State)),
            CellTexts.Empty(lastColumn + 1, row, CellLook.Note),
        ]) { RowIndex = (uint)row, Height = branch.Name.Length > 8 ? 15 * ((branch.Name.Length + 7) / 8) + 4 : 22, CustomHeight = true };
    }

    private ItemState? StateOf(Branch branch, Item item) =>
        frame.Last is { } last && last.States.TryGetValue(branch.Code, out var states) && states.Count == standard.Items.Count ? states[item.Ordinal] : null;

    // Found by code and id, not by place: a sorted row still compares with its own.
    private IReadOnlyList<ConditionalFormatting> Formats()
    {
        var first = CellName.Of(SheetWords.FirstItemColumn, FirstRow);
        var header = CellName.Column(SheetWords.FirstItemColumn) + "$1";
        var before = $"INDEX({LastRange},MATCH($A{FirstRow},INDEX({LastRange},0,1),0),MATCH({header},INDEX({LastRange},1,0),0))";
        var rules = new List<ConditionalFormattingRule> { Rule(ConditionalLook.Blank, $"LEN(TRIM({first}))=0") };
        if (frame.Last is not null) rules.Add(Rule(ConditionalLook.Changed, $"IFERROR(AND({before}<>\"\",{before}<>{first}),FALSE)"));
        rules.Add(Rule(ConditionalLook.NotMet, $"{first}=\"{StateWords.NotMet}\""));
        rules.Add(Rule(ConditionalLook.NotApplicable, $"{first}=\"{StateWords.NotApplicable}\""));
        for (var i = 0; i < rules.Count; i++) rules[i].Priority = i + 1;
        return [new ConditionalFormatting(rules) { SequenceOfReferences = new ListValue<StringValue> { InnerText = $"{first}:{CellName.Of(lastColumn, lastRow)}" } }];
    }

    private static ConditionalFormattingRule Rule(ConditionalLook look, string formula) =>
        new(new Formula(formula)) { Type = ConditionalFormatValues.Expression, FormatId = (uint)look };

    private DataValidation Choice(Item item)
    {
        var column = CellName.Column(ColumnOf(item.Ordinal));
        var words = item.Condition is null ? $"{StateWords.Met},{StateWords.NotMet}" : $"{StateWords.Met},{StateWords.NotMet},{StateWords.NotApplicable}";
        return new DataValidation(new Formula1($"\"{words}\""))
        {
            Type = DataValidationValues.List,
            AllowBlank = true,
            ShowInputMessage = true,
            ShowErrorMessage = true,
            ErrorTitle = "请从下拉列表选择",
            Error = item.Condition is null ? "请选择 达标 或 未达标。" : "请选择 达标、未达标 或 不适用。",
            PromptTitle = Cut($"{item.Id} {item.Title}", MaxPromptTitle),
            Prompt = Cut(Prompt(item), MaxPrompt),
            SequenceOfReferences = new ListValue<StringValue> { InnerText = $"{column}{FirstRow}:{column}{lastRow}" },
        };
    }

    private string Prompt(Item item)
    {
        var lines = item.Thresholds.Select(t => ThresholdWords.Of(t, frame.Programme.Template.Terms).Chinese).ToList();
        if (item.Checkpoints.Count > 0) lines.Add($"须具备：{string.Join('、', item.Checkpoints)}");
        if (item.Condition is not null) lines.Add($"前提：{item.Condition}。不具备的选“不适用”");
        return lines.Count == 0 ? "符合标准选“达标”，否则选“未达标”。" : string.Join('\n', lines);
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
