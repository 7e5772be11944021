using Hub.Programmes;

namespace Hub.Agent.Workbooks;

/// <summary>One thing that keeps a workbook from being sent: where it stands, and what is wrong in words a clerk understands.</summary>
/// <param name="Sheet">Name of the sheet; empty where it is about the whole file.</param>
/// <param name="Cell">E.g. <c>C7</c>; empty where it is about no single cell.</param>
/// <param name="Branch">Name and code; empty where it is about no single branch.</param>
public sealed record Problem(string Sheet, string Cell, string Branch, Text Message)
{
    public static Problem OfFile(Text message) => new("", "", "", message);

    public string In(Language language)
    {
        var place = Sheet.Length == 0 ? "" : Cell.Length == 0 ? Sheet : $"{Sheet}!{Cell}";
        var parts = new[] { place, Branch, Message.In(language) }.Where(part => part.Length > 0);
        return string.Join(language == Language.Chinese ? " " : ", ", parts);
    }
}

/// <summary>A file that cannot be read any further. Never leaves the reader.</summary>
internal sealed class UnreadableException(string sheet, string cell, Text message) : Exception(message.English)
{
    public Problem Problem { get; } = new(sheet, cell, "", message);
}
