using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Store.Decisions;

/// <summary>Creates a programme, or puts a changed template text in force for it.</summary>
public static class DefineProgramme
{
    public static Outcome<Decision<long>> Decide(DefineProgrammeRequest request, HubState state)
    {
        var text = request.TemplateText.Length > 0 ? request.TemplateText : ShippedTemplates.Text(request.Template);
        if (text is null) return Refusal.OfField("template", RefusalReason.TemplateInvalid, new(
            $"没有模板“{ReportParser.Short(request.Template)}”", $"there is no template “{ReportParser.Short(request.Template)}”"));
        var reading = TemplateReader.Read(text, "template_text");
        if (reading.Template is not { } template) return Refusal.OfFields([.. reading.Errors.Take(ReportParser.MaxViolations).Select(e => new Violation(
            "template_text", RefusalReason.TemplateInvalid, new($"第 {e.Line} 行：{e.Message.Chinese}", $"line {e.Line}: {e.Message.English}")))]);
        if (WhyInvalid(request.Programme, template.Name, request.LaunchYear, request.Area, state) is { } no) return no;
        if (state.FindProgramme(request.Programme) is { } known && !KeepsItems(known.Template, template)) return new Refusal(RefusalReason.ProgrammeIdentityFixed, new(
            "已有标准的类别，其项目编号和顺序不能更改；请另立项目", "the items of a kind that has a standard cannot change or move; define another programme"));
        return new Decision<long>([new Draft(ToRecord(request.Programme, template.Name, request.LaunchYear, request.Area, text))], kept => kept[0].Position);
    }

    internal static LogRecord ToRecord(string id, string template, int launchYear, string area, string text) => new()
    {
        ProgrammeDefined = new ProgrammeDefined { Programme = id, Template = template, LaunchYear = launchYear, Area = area, TemplateText = text },
    };

    /// <summary>What is wrong with a programme's key against those known, or null.</summary>
    internal static Refusal? WhyInvalid(string id, string template, int launchYear, string area, HubState state)
    {
        if (!Forms.IsProgrammeId(id)) return Refusal.OfField("programme", RefusalReason.FieldMalformed, new(
            "项目编号须为 1 至 64 位小写字母、数字或连字符", "the programme id must be 1 to 64 lower-case letters, digits or hyphens"));
        // The lunar calendar that dates Spring Festival ends in 2100.
        if (launchYear < Template.FirstLaunchYear || launchYear > Template.LastLaunchYear) return Refusal.OfField("launch_year", RefusalReason.FieldMalformed, new(
            $"启动年份 {launchYear} 不在 {Template.FirstLaunchYear} 至 {Template.LastLaunchYear} 之间", $"launch year {launchYear} is not between {Template.FirstLaunchYear} and {Template.LastLaunchYear}"));
        if (!Forms.IsArea(area)) return Refusal.OfField("area", RefusalReason.FieldMalformed, new(
            "区域须为 2、4、6 或 9 位数字，或留空", "the area must be 2, 4, 6 or 9 digits, or empty"));
        if (state.FindProgramme(id) is { } known)
            return known.Template.Name == template && known.LaunchYear == launchYear && known.Area == area ? null : new Refusal(RefusalReason.ProgrammeIdentityFixed, new(
                $"项目 {id} 的模板、启动年份和区域不能更改", $"template, launch year and area of programme {id} cannot change"));
        var other = state.Programmes.FirstOrDefault(p => p.Template.Name == template && p.LaunchYear == launchYear && Programmes.Programme.AreasOverlap(p.Area, area));
        return other is null ? null : new Refusal(RefusalReason.ProgrammeOverlaps, new(
            $"与项目 {other.Id} 的模板、启动年份相同且区域重叠", $"programme {other.Id} has the same template and launch year, and the areas overlap"));
    }

    private static bool KeepsItems(Template before, Template after) => before.Standards.Where(s => s.Items.Count > 0).All(s =>
        after.StandardOf(s.Kind) is { } kept && kept.Items.Select(i => i.Id).SequenceEqual(s.Items.Select(i => i.Id)));
}
