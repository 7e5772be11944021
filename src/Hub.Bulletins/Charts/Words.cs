using System.Globalization;
using Hub.Programmes;

namespace Hub.Bulletins.Charts;

/// <summary>What several charts say, and how each language writes months and joins what is listed.</summary>
internal static class Words
{
    public static readonly Text NoFigures = new("本期无数据", "No figures for this month");
    public static readonly Text NoBase = new("无基数", "no base");
    public static readonly Text Township = new("单位", "Township");
    public static readonly Text Share = new("达标率", "Share");
    public static readonly Text Change = new("升降", "Change");
    public static readonly Text Target = new("目标", "Target");
    public static readonly Text Pace = new("进度线", "Pace");
    public static readonly Text BrokenLine = new("折线断开处当月无数据。", "A line breaks where a month has no figures.");

    /// <summary>2027年6月, Jun 2027.</summary>
    public static string MonthAndYear(Period period, Language language) =>
        new Text(string.Create(CultureInfo.InvariantCulture, $"{period.Year}年{period.Month}月"),
            string.Create(CultureInfo.InvariantCulture, $"{Short(period)} {period.Year}")).In(language);

    /// <summary>6月, Jun.</summary>
    public static string Month(Period period, Language language) =>
        new Text(string.Create(CultureInfo.InvariantCulture, $"{period.Month}月"), Short(period)).In(language);

    public static string Year(Period period, Language language) =>
        period.Year.ToString(CultureInfo.InvariantCulture) + new Text("年", "").In(language);

    /// <summary>Parts of one sentence.</summary>
    public static string Listed(IEnumerable<string> parts, Language language) => string.Join(new Text("、", ", ").In(language), parts);

    /// <summary>A line for each row of a picture, read one after the other.</summary>
    public static string Read(IEnumerable<string> rows, Language language) => string.Join(new Text("；", "; ").In(language), rows);

    /// <summary>Sentences that follow each other; an empty one leaves no gap.</summary>
    public static string Sentences(Language language, params IEnumerable<string> sentences) =>
        string.Join(new Text("", " ").In(language), sentences.Where(sentence => sentence.Length > 0));

    private static string Short(Period period) => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(period.Month);
}
