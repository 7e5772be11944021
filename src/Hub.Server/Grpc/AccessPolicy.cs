using Hub.Protocol;
using Hub.Store;

namespace Hub.Server.Grpc;

/// <summary>How far a role reaches in a call.</summary>
public enum Reach
{
    /// <summary>Refused.</summary>
    None,
    /// <summary>The township of the credential.</summary>
    Own,
    /// <summary>Townships whose code begins with the credential's area.</summary>
    Area,
    /// <summary>Programmes that cover the caller's township, or whose area and the caller's overlap: what may be seen of all of it.</summary>
    Programme,
    /// <summary>Anything, for a credential whose area is everything.</summary>
    Hub,
    /// <summary>Called without a credential: what the request holds speaks for itself.</summary>
    Anyone,
}

/// <summary>The one table that decides who may call what, and how far it reaches.</summary>
public static class AccessPolicy
{
    public static readonly IReadOnlyDictionary<string, Rule> Table = new Rule[]
    {
        //   call                                     township         official         analyst          administrator
        new("ReportingService/SubmitReport",          Reach.Own,       Reach.None,      Reach.None,      Reach.None),
        new("ReportingService/ValidateReport",        Reach.Own,       Reach.None,      Reach.None,      Reach.None),
        new("ReportingService/GetReport",             Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("ReportingService/ListReports",           Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("ReportingService/Reconcile",             Reach.Own,       Reach.None,      Reach.None,      Reach.None),
        new("ReportingService/ReadInbox",             Reach.Own,       Reach.None,      Reach.None,      Reach.None),
        new("ProgrammeService/ListProgrammes",        Reach.Programme, Reach.Programme, Reach.Programme, Reach.Programme),
        new("ProgrammeService/GetProgramme",          Reach.Programme, Reach.Programme, Reach.Programme, Reach.Programme),
        new("ProgrammeService/ListTownships",         Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("ProgrammeService/ListBranches",          Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("ProgrammeService/DefineProgramme",       Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("ProgrammeService/ChangeRegistry",        Reach.None,      Reach.None,      Reach.None,      Reach.Area),
        new("AnalyticsService/GetCompletion",         Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("AnalyticsService/GetRanking",            Reach.Programme, Reach.Area,      Reach.Area,      Reach.Area),
        new("AnalyticsService/GetMilestones",         Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("AnalyticsService/GetTrend",              Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("AnalyticsService/ExplainFigure",         Reach.Own,       Reach.Area,      Reach.Area,      Reach.Area),
        new("BulletinService/GetBulletin",            Reach.Programme, Reach.Area,      Reach.Area,      Reach.Area),
        new("BulletinService/PublishBulletin",        Reach.None,      Reach.Area,      Reach.None,      Reach.Area),
        new("BulletinService/ReopenPeriod",           Reach.None,      Reach.None,      Reach.None,      Reach.Area),
        new("AdministrationService/ImportHistory",    Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("AdministrationService/CreateCredential", Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("AdministrationService/CreateInvitation", Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("AdministrationService/RevokeCredential", Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("AdministrationService/RunQuery",         Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("AdministrationService/VerifyStore",      Reach.None,      Reach.None,      Reach.None,      Reach.Hub),
        new("EnrolmentService/Enroll",                Reach.Anyone,    Reach.Anyone,    Reach.Anyone,    Reach.Anyone),
        new("EnrolmentService/RotateCredential",      Reach.Own,       Reach.None,      Reach.None,      Reach.None),
    }.ToDictionary(rule => "/hub.v1." + rule.Call, StringComparer.Ordinal);

    /// <summary>One line of the table.</summary>
    public sealed record Rule(string Call, Reach Township, Reach Official, Reach Analyst, Reach Administrator)
    {
        /// <summary>Whether no credential is asked for.</summary>
        public bool IsForAnyone => Township == Reach.Anyone;

        public Reach For(Role role) => role switch
        {
            Role.Township => Township,
            Role.Official => Official,
            Role.Analyst => Analyst,
            Role.Administrator => Administrator,
            _ => Reach.None,
        };
    }
}

/// <summary>Who calls, and how far this call reaches for them.</summary>
public sealed record Caller(Credential Credential, Reach Reach)
{
    /// <summary>The prefix of every township code that the call may touch.</summary>
    public string Scope => Reach == Reach.Own ? Credential.Township : Credential.Area;

    public bool MayTouch(string township) => township.StartsWith(Scope, StringComparison.Ordinal);

    public bool IsTownship => Credential.Role == Role.Township;

    /// <summary>Whether a programme is any of the caller's business: it covers the township, or its area and the caller's overlap.</summary>
    public bool Sees(Programmes.Programme programme) =>
        IsTownship ? programme.Covers(Credential.Township) : Programmes.Programme.AreasOverlap(programme.Area, Credential.Area);

    /// <summary>Whether all of a programme lies within the caller's area.</summary>
    public bool Holds(Programmes.Programme programme) => !IsTownship && programme.Area.StartsWith(Credential.Area, StringComparison.Ordinal);
}
