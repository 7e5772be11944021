using System.Globalization;
using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>How a corrected figure is told: its name, its values, the cause. The codes are those of the models
/// <c>bulletin_figures</c> and <c>restatements</c>.</summary>
internal static class RestatementWords
{
    private static readonly Dictionary<string, Text> Figures = new()
    {
        ["branches"] = new("支部数", "Branches"),
        ["hardware_base"] = new("硬件应达标数", "Hardware base"),
        ["hardware_complete"] = new("硬件达标数", "Hardware complete"),
        ["hardware_share"] = new("硬件达标率", "Hardware share"),
        ["mean_hardware_score"] = new("硬件平均得分", "Mean hardware score"),
        ["software_base"] = new("软件应达标数", "Software base"),
        ["software_complete"] = new("软件达标数", "Software complete"),
        ["software_share"] = new("软件达标率", "Software share"),
        ["mean_software_score"] = new("软件平均得分", "Mean software score"),
        ["compliant"] = new("全面达标数", "Complete in both"),
        ["rank"] = new("排名", "Rank"),
        ["status"] = new("状态", "Status"),
        ["report_status"] = new("报送", "Report"),
    };

    private static readonly Dictionary<string, Text> Causes = new()
    {
        ["report"] = new("更正月报", "report"),
        ["registry"] = new("登记变动", "registry"),
        ["rules"] = new("规则变动", "rules"),
        ["others"] = new("其他乡镇变动", "other townships"),
    };

    public static string Figure(string figure, Language language) => Figures.TryGetValue(figure, out var name) ? name.In(language) : figure;

    public static string Value(string? value, string figure, Language language)
    {
        if (value is null) return "—";
        if (figure.EndsWith("_share", StringComparison.Ordinal) || figure.EndsWith("_score", StringComparison.Ordinal))
            return Percent.OneDecimal(double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture));
        return StatusWords.Of(value, language);
    }

    /// <summary>One or more codes, separated by commas.</summary>
    public static string Cause(string cause, Language language) =>
        string.Join(language == Language.Chinese ? "、" : ", ", cause.Split(", ").Select(code => Causes.TryGetValue(code, out var word) ? word.In(language) : code));
}
