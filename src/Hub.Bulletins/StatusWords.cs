using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The words for the codes of <c>status</c>: of a township's hardware, and of its report.</summary>
public static class StatusWords
{
    private static readonly Dictionary<string, Text> Words = new()
    {
        ["missed"] = new("未达目标", "below target"),
        ["achieved"] = new("全部达标", "complete"),
        ["on_track"] = new("达到进度", "on pace"),
        ["behind"] = new("落后进度", "behind pace"),
        ["on_time"] = new("按时", "on time"),
        ["late"] = new("迟报", "late"),
        ["missing"] = new("未报", "missing"),
        ["none_due"] = new("不需报送", "none due"),
        ["pending"] = new("待报", "not due yet"),
    };

    /// <summary>A dash where there is no status; a code that has no word stands for itself.</summary>
    public static string Of(string? status, Language language) =>
        status is null ? "—" : Words.TryGetValue(status, out var word) ? word.In(language) : status;
}
