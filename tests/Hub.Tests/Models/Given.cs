namespace Hub.Tests.Models;

/// <summary>What a case starts from. A township is a letter (A = 360901001, B = 360901002 …) or nine digits. Days and times are in
/// Asia/Shanghai: <c>2025-01-04</c>, <c>2025-01-03 23:59:59.999999</c>.</summary>
public sealed record Given
{
    /// <summary>The instant read: by default the launch period has ended and is not due yet.</summary>
    public string AsOf { get; init; } = "2025-01-02 12:00";

    public Dictionary<string, GivenProgramme?> Programmes { get; init; } = new() { ["p"] = null };

    /// <summary>Only those without a branch need to be named.</summary>
    public List<string> Townships { get; init; } = [];

    /// <summary>By code or codes: <c>a1</c>, <c>a1..a8</c>, <c>a1, b1..b3</c>.</summary>
    public Dictionary<string, GivenBranch?> Branches { get; init; } = [];

    public List<GivenReport> Reports { get; init; } = [];

    /// <summary>What an administrator changes afterwards, each a record of the log.</summary>
    public List<GivenChange> Changes { get; init; } = [];

    /// <summary>Reads at the position before the changes, and not at the head.</summary>
    public bool BeforeChanges { get; init; }
}

public sealed record GivenProgramme
{
    public string Template { get; init; } = "party-branch";
    public int LaunchYear { get; init; } = 2024;
    public string Area { get; init; } = "";
}

/// <summary>Null = the default (village, three stars, active since 2016-07-01, never closed, the township of the code's letter), in a
/// change as it was.</summary>
public sealed record GivenBranch
{
    public string? Township { get; init; }
    public string? Kind { get; init; }
    public int? Star { get; init; }
    public string? ActiveFrom { get; init; }
    public string? ActiveTo { get; init; }
}

public sealed record GivenReport
{
    /// <summary>Township and period or periods: <c>A 2024-12</c>, <c>A 2024-12..2025-02</c>. The same one again is the next version.</summary>
    public required string Of { get; init; }

    /// <summary>By default the first one given.</summary>
    public string? Programme { get; init; }

    /// <summary>By default the first instant after the period, an hour later for each further version.</summary>
    public string? Received { get; init; }

    /// <summary>By code or codes, see <see cref="StateText"/>. A branch that is not named is not listed.</summary>
    public Dictionary<string, string> States { get; init; } = [];
}

/// <summary>One of branches, a programme's template, a publication, a later report.</summary>
public sealed record GivenChange
{
    /// <summary>The period of the first programme whose bulletin goes out now: on 2031-01-01 09:00, by the clock of every case.</summary>
    public string? Published { get; init; }

    /// <summary>A report that comes now; its period is re-opened for it where it is locked.</summary>
    public GivenReport? Report { get; init; }

    public Dictionary<string, GivenBranch?> Branches { get; init; } = [];
    public GivenTemplateChange? Template { get; init; }
}

/// <summary>The shipped text with every place that reads one way reading another way.</summary>
public sealed record GivenTemplateChange
{
    public string? Programme { get; init; }
    public required string Replace { get; init; }
    public required string By { get; init; }
}
