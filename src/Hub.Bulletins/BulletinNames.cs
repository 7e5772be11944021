using System.Globalization;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>How a bulletin writes months, days and stars, and what its files are called.</summary>
public static class BulletinNames
{
    /// <summary>What the names of a bulletin's files begin with: <c>county-2025-2026-10</c>, in English with <c>.en</c>.</summary>
    public static string Stem(string programme, Period period, Language language) => $"{programme}-{period}{(language == Language.English ? ".en" : "")}";

    /// <summary>The language of a file of a bulletin, by its name.</summary>
    public static Language LanguageOf(string fileName) =>
        fileName.Contains(".en.", StringComparison.Ordinal) || fileName.Contains(".en-", StringComparison.Ordinal) ? Language.English : Language.Chinese;

    public static string MediaType(string fileName) => Path.GetExtension(fileName) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".pdf" => "application/pdf",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        _ => "text/plain; charset=utf-8",
    };

    public static string Month(Period period, Language language) => language == Language.Chinese
        ? $"{period.Year}年{period.Month}月"
        : period.FirstDay.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day, Language language) => language == Language.Chinese
        ? $"{day.Year}年{day.Month}月{day.Day}日"
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>五星级, 三星级及以下, 二至四星级.</summary>
    public static string Stars(int least, int most, Language language)
    {
        const string digits = "〇一二三四五";
        if (language == Language.English)
            return least == most ? $"{least} star{(least == 1 ? "" : "s")}" : least == 0 ? $"Up to {most} stars" : $"{least} to {most} stars";
        if (most == 0) return "未评星";
        return least == most ? $"{digits[least]}星级" : least == 0 ? $"{digits[most]}星级及以下" : $"{digits[least]}至{digits[most]}星级";
    }

    /// <summary>The number of a section in Chinese print: 一 to 九十九.</summary>
    public static string Numeral(int number)
    {
        const string digits = "〇一二三四五六七八九";
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 99);
        var (tens, ones) = (number / 10, number % 10);
        return $"{(tens > 1 ? digits[tens] : "")}{(tens > 0 ? "十" : "")}{(ones > 0 ? digits[ones] : "")}";
    }
}
