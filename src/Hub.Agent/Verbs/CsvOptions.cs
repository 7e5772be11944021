using System.CommandLine;
using Hub.Agent.Csv;
using Hub.Agent.Workbooks;
using Hub.Agent.Workbooks.Reading;
using Hub.Programmes;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Agent.Verbs;

/// <summary>What a CSV file does not say of itself. With a workbook <c>--period</c> says which month is meant.</summary>
internal sealed class CsvOptions
{
    private const string DefaultTemplate = "party-branch";

    private readonly Option<string?> programme = Verb.Optional<string>("--programme", "项目编号（CSV 必填）", "programme id (with CSV)", "ID");
    private readonly Option<string?> township = Verb.Optional<string>("--township", "乡镇编码（CSV 必填）", "township code (with CSV)", "CODE");
    private readonly Option<string?> period = Verb.Optional<string>("--period", "月份（CSV 必填；工作簿补报、更正以前月份时指明）", "period (with CSV; with a workbook, to report or correct a former month)", "YYYY-MM");

    public void AddTo(Command command)
    {
        command.Add(programme);
        command.Add(township);
        command.Add(period);
    }

    /// <summary>Whether the month is named.</summary>
    public bool Names(ParseResult parsed) => parsed.GetValue(period) is not null;

    /// <summary>The township's code.</summary>
    public string Township(ParseResult parsed) => Value(parsed, township);

    /// <summary>Without a connection the branches are not known: the shipped standard is, and the file's form.</summary>
    public WorkbookReading ReadAlone(ParseResult parsed, Stream content)
    {
        var template = ShippedTemplates.Read(DefaultTemplate);
        var month = Month(parsed);
        var frame = new WorkbookFrame(
            new Programme(Value(parsed, programme), template, ShippedTemplates.Text(DefaultTemplate)!, month.Year, "", 0), new Township(Value(parsed, township), "", []),
            month, template.Cadence.DueOn(month), null);
        return CsvReport.Read(content, frame, knowsBranches: false);
    }

    public async Task<WorkbookReading> ReadAsync(ParseResult parsed, Stream content, HubCalls calls, CancellationToken cancellation)
    {
        var frame = await FrameFromHub.ReadAsync(calls, Value(parsed, programme), Month(parsed), Value(parsed, township), cancellation);
        return CsvReport.Read(content, frame, knowsBranches: true);
    }

    /// <summary>A workbook of another month than the one named is the wrong file.</summary>
    public void RefuseOtherMonth(ParseResult parsed, WorkbookReading reading)
    {
        if (parsed.GetValue(period) is null || reading.Frame is not { } frame || Month(parsed) == frame.Period) return;
        throw new CommandFailedException(new($"这是 {frame.Period} 的工作簿，不是 {Month(parsed)} 的", $"this is the workbook of {frame.Period}, not of {Month(parsed)}"));
    }

    private Period Month(ParseResult parsed) => AgentOptions.Period(Value(parsed, period));

    private static string Value(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { Length: > 0 } value ? value
        : throw new UsageException(new($"CSV 须用 {option.Name} 指明", $"a CSV file needs {option.Name}"));
}
