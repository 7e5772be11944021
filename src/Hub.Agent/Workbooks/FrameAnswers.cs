using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hub.Programmes;
using Hub.Protocol;
using Branch = Hub.Programmes.Branch;
using Period = Hub.Programmes.Period;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Agent.Workbooks;

/// <summary>What the hub answered of a month's workbook, as it answered: it can be handed to another process, which makes the frame of it.</summary>
/// <param name="Last">The report that the states are taken from; null where there was none.</param>
internal sealed record FrameAnswers(Period Period, GetProgrammeResponse Programme, Protocol.Township Township, ListBranchesResponse Branches, GetReportResponse? Last)
{
    /// <exception cref="CommandFailedException">The template is not one that this program knows.</exception>
    public static Programme Read(GetProgrammeResponse response)
    {
        var reading = TemplateReader.Read(response.TemplateText, response.Programme.Template);
        var template = reading.Template ?? throw new CommandFailedException(new(
            "本程序读不懂中心的标准，请更新 hub-agent", "this program cannot read the hub's template: update hub-agent"));
        return new Programme(response.Programme.Id, template, response.TemplateText, response.Programme.LaunchYear, response.Programme.Area, 0);
    }

    /// <inheritdoc cref="Read"/>
    public WorkbookFrame ToFrame()
    {
        var programme = Read(Programme);
        var branches = Branches.Branches
            .Select((b, i) => new Branch(i, b.Code, b.Name, b.Township, b.Kind, b.Star, Day(b.ActiveFrom), b.ActiveTo.Length > 0 ? Day(b.ActiveTo) : null));
        var dueOn = Programme.Programme.LastPeriod == Period.ToString() ? Day(Programme.Programme.DueOn) : programme.Template.Cadence.DueOn(Period);
        return new WorkbookFrame(programme, new Township(Township.Code, Township.Name, [.. branches]), Period, dueOn, Last is null ? null : LastReport.Of(Last.Report, Last.Receipt.Version));
    }

    public void WriteTo(Stream stream)
    {
        new StringValue { Value = Period.ToString() }.WriteDelimitedTo(stream);
        Programme.WriteDelimitedTo(stream);
        Township.WriteDelimitedTo(stream);
        Branches.WriteDelimitedTo(stream);
        Last?.WriteDelimitedTo(stream);
    }

    /// <param name="stream">Can tell where it ends.</param>
    public static FrameAnswers ReadFrom(Stream stream) => new(
        Period.Parse(StringValue.Parser.ParseDelimitedFrom(stream).Value), GetProgrammeResponse.Parser.ParseDelimitedFrom(stream), Protocol.Township.Parser.ParseDelimitedFrom(stream),
        ListBranchesResponse.Parser.ParseDelimitedFrom(stream), stream.Position < stream.Length ? GetReportResponse.Parser.ParseDelimitedFrom(stream) : null);

    private static DateOnly Day(string text) => HubTime.TryParseDay(text, out var day) ? day : throw new FormatException($"The hub gave the day {text}");
}
