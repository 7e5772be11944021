using Hub.Protocol;

namespace Hub.EndToEnd.Access;

/// <summary>How far a role may reach with a call, as the promises say it.</summary>
public enum May
{
    /// <summary>Not at all.</summary>
    No,
    /// <summary>Its own township.</summary>
    Own,
    /// <summary>Townships of its area.</summary>
    Area,
    /// <summary>What every township of a programme may see of all of it: its programme, its ranking, its published bulletins.</summary>
    Shared,
    /// <summary>Only with an area that is everything.</summary>
    All,
    /// <summary>Whoever calls, without a credential too.</summary>
    Anyone,
}

/// <summary>The expectation, written down apart from the hub's own table: a township reads and writes only its own, and of others sees the ranking
/// and published bulletins; county roles read within their area; only administrators change what is registered.</summary>
internal static class WhoMay
{
    private static readonly Role[] Columns = [Role.Township, Role.Official, Role.Analyst, Role.Administrator];

    private static readonly Dictionary<string, May[]> Table = new(StringComparer.Ordinal)
    {
        //                         township    official    analyst     administrator
        ["SubmitReport"] =        [May.Own,    May.No,     May.No,     May.No],
        ["ValidateReport"] =      [May.Own,    May.No,     May.No,     May.No],
        ["GetReport"] =           [May.Own,    May.Area,   May.Area,   May.Area],
        ["ListReports"] =         [May.Own,    May.Area,   May.Area,   May.Area],
        ["Reconcile"] =           [May.Own,    May.No,     May.No,     May.No],
        ["ReadInbox"] =           [May.Own,    May.No,     May.No,     May.No],
        ["ListProgrammes"] =      [May.Shared, May.Shared, May.Shared, May.Shared],
        ["GetProgramme"] =        [May.Shared, May.Shared, May.Shared, May.Shared],
        ["ListTownships"] =       [May.Own,    May.Area,   May.Area,   May.Area],
        ["ListBranches"] =        [May.Own,    May.Area,   May.Area,   May.Area],
        ["DefineProgramme"] =     [May.No,     May.No,     May.No,     May.All],
        ["ChangeRegistry"] =      [May.No,     May.No,     May.No,     May.Area],
        ["GetCompletion"] =       [May.Own,    May.Area,   May.Area,   May.Area],
        ["GetRanking"] =          [May.Shared, May.Area,   May.Area,   May.Area],
        ["GetMilestones"] =       [May.Own,    May.Area,   May.Area,   May.Area],
        ["GetTrend"] =            [May.Own,    May.Area,   May.Area,   May.Area],
        ["ExplainFigure"] =       [May.Own,    May.Area,   May.Area,   May.Area],
        ["GetBulletin"] =         [May.Shared, May.Shared, May.Shared, May.Shared],
        ["PublishBulletin"] =     [May.No,     May.Shared, May.No,     May.Shared],
        ["ReopenPeriod"] =        [May.No,     May.No,     May.No,     May.Area],
        ["ImportHistory"] =       [May.No,     May.No,     May.No,     May.All],
        ["CreateCredential"] =    [May.No,     May.No,     May.No,     May.All],
        ["CreateInvitation"] =    [May.No,     May.No,     May.No,     May.All],
        ["RevokeCredential"] =    [May.No,     May.No,     May.No,     May.All],
        ["RunQuery"] =            [May.No,     May.No,     May.No,     May.All],
        ["VerifyStore"] =         [May.No,     May.No,     May.No,     May.All],
        ["Enroll"] =              [May.Anyone, May.Anyone, May.Anyone, May.Anyone],
        ["RotateCredential"] =    [May.Own,    May.No,     May.No,     May.No],
    };

    public static IEnumerable<string> Calls => Table.Keys;

    public static May Reach(string call, Role role) => Table[call][Array.IndexOf(Columns, role)];
}
