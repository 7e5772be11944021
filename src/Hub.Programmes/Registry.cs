using Hub.Protocol;

namespace Hub.Programmes;

/// <summary>One campaign: a template plus a launch year, over the townships whose code begins with <paramref name="Area"/>.</summary>
public sealed record Programme(string Id, Template Template, string TemplateText, int LaunchYear, string Area, long DefinedAt)
{
    public Period LaunchPeriod => Template.Cadence.FirstPeriod.In(LaunchYear);

    public bool Covers(string township) => township.StartsWith(Area, StringComparison.Ordinal);

    /// <summary>Whether some township could be covered by both areas.</summary>
    public static bool AreasOverlap(string a, string b) =>
        a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);
}

/// <summary>A branch as registered. Kind and township of a code never change.</summary>
/// <param name="Number">Order of first registration within the township, from 0; it never changes.</param>
public sealed record Branch(int Number, string Code, string Name, string Township, string Kind, int Star, DateOnly ActiveFrom, DateOnly? ActiveTo)
{
    /// <summary>Active in a period: open on its last day, and not closed on or before it.</summary>
    public bool IsActiveIn(Period period) => ActiveFrom <= period.LastDay && (ActiveTo is null || ActiveTo > period.LastDay);
}

/// <summary>A reporting committee with its branches in code order.</summary>
public sealed record Township(string Code, string Name, BranchList Branches)
{
    public Branch? Find(string code) => Branches.IndexOf(code) is var index and >= 0 ? Branches[index] : null;
}

/// <summary>The forms that codes and texts from outside must have.</summary>
public static class Forms
{
    public const int MaxNameLength = 60;
    public const int MaxNarrativeLength = 2000;
    public const int MaxPostLength = 60;
    public const int MaxReasonLength = 500;
    public const int MaxBranchesPerReport = 10_000;

    public static bool IsTownshipCode(string code) => code.Length == 9 && IsDigits(code);

    /// <summary>Province, city, county, township, or empty for everything.</summary>
    public static bool IsArea(string area) => area.Length is 0 or 2 or 4 or 6 or 9 && IsDigits(area);

    public static bool IsBranchCode(string code) => code.Length is >= 1 and <= 32 && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    public static bool IsProgrammeId(string id) => id.Length is >= 1 and <= 64 && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public static bool IsSubmissionId(string id) => id.Length is >= 8 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Why a text does not fit, or null. Line feeds and tabs pass only where <paramref name="multiline"/>.</summary>
    public static Text? WhyUnfit(string text, int maxLength, bool multiline = false)
    {
        if (text.Length > maxLength)
            return new($"过长：{text.Length} 字，最多 {maxLength} 字", $"too long: {text.Length} characters, at most {maxLength}");
        foreach (var c in text)
        {
            if (multiline && c is '\n' or '\t') continue;
            // Bidirectional overrides make a text read otherwise than it is stored.
            if (char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069')
                return new($"含有控制字符 U+{(int)c:X4}", $"has the control character U+{(int)c:X4}");
        }
        return null;
    }

    private static bool IsDigits(string text) => text.All(char.IsAsciiDigit);
}
