using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Store;

/// <summary>A bearer credential as the log keeps it.</summary>
public sealed record Credential(string Id, Role Role, string Township, string Area, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether the first use of the token that it was found by ends the one before.</summary>
    public bool EndsRotation { get; init; }
}

/// <summary>An enrolment code as the log keeps it; the credential that is made with it has the same id.</summary>
public sealed record Invitation(string Id, string Township, DateTimeOffset ExpiresAt);

/// <summary>A published bulletin: its period is locked from <paramref name="Position"/> on.</summary>
/// <param name="Number">Among the programme's bulletins of the year, from 1.</param>
/// <param name="Kept">Its files and figures; null in the moment between the publication and their making.</param>
public sealed record Publication(string Programme, Period Period, long Position, long FiguresPosition, DateTimeOffset PublishedAt, int Year, int Number, KeptBulletin? Kept);

/// <param name="Release">Of the hub that made the files.</param>
public sealed record KeptBulletin(string Release, IReadOnlyList<KeptFile> Files);

/// <summary>What the log says now, folded record by record: registry, versions, locks, credentials. The writer applies records, anyone
/// reads; a value read here may not be durable yet, so only the writer acknowledges.</summary>
public sealed class HubState
{
    private const int TownshipDigits = 9;
    private const string TownshipForm = "D9";
    private const int MaxTokenLength = 200;
    // An office that is closed over a holiday comes back to a token that still counts.
    private static readonly TimeSpan FormerTokenLasts = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, Programme> programmes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Township> townships = new(StringComparer.Ordinal);
    // Codes that do not begin with their own township's code: the others show where they belong.
    private readonly BranchIndex elsewhere = new();
    private readonly ReportHeads reports = new();
    private readonly Submissions submissions = new();
    private readonly LatestStates latestStates = new();
    private readonly ConcurrentDictionary<(string Programme, int Month), Publication> publications = new();
    private readonly ConcurrentDictionary<(string Programme, string Township, int Month), bool> reopenings = new();
    private readonly ConcurrentDictionary<string, (Sha256Value Hash, Credential Credential)> credentials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Sha256Value, Credential> credentialsByHash = new();
    // By credential id: the token in use while another waits to be used for the first time.
    private readonly ConcurrentDictionary<string, Sha256Value> formerTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Sha256Value, Invitation> invitations = new();
    private readonly Lock sorting = new();
    private volatile IReadOnlyList<Programme> programmesById = [];
    private volatile IReadOnlyList<Township>? townshipsByCode;

    /// <summary>The last record applied.</summary>
    public long Position { get; private set; }

    public DateTimeOffset? DemonstrationClock { get; private set; }

    /// <summary>The latest instant that any record carries.</summary>
    public DateTimeOffset LatestInstant { get; private set; } = DateTimeOffset.UnixEpoch;

    public Period? EndedThrough { get; private set; }

    /// <summary>In id order.</summary>
    public IReadOnlyList<Programme> Programmes => programmesById;

    /// <summary>In code order.</summary>
    public IReadOnlyList<Township> Townships
    {
        get
        {
            if (townshipsByCode is { } sorted) return sorted;
            // So that no list is kept that was begun before a change and finished after it.
            lock (sorting) return townshipsByCode ??= [.. townships.Values.OrderBy(t => t.Code, StringComparer.Ordinal)];
        }
    }

    public Programme? FindProgramme(string id) => programmes.GetValueOrDefault(id);
    public Township? FindTownship(string code) => townships.GetValueOrDefault(code);
    public ReportHead? FindReport(string programme, string township, Period period) => reports.Find(programme, township, period);
    public Submission? FindSubmission(string township, string id) => submissions.Find(township, id);
    public Publication? FindPublication(string programme, Period period) => publications.GetValueOrDefault((programme, period.Index));
    /// <summary>By position.</summary>
    public IEnumerable<Publication> Publications => publications.Values.OrderBy(p => p.Position);

    public Credential? FindCredential(string id) => credentials.TryGetValue(id, out var entry) ? entry.Credential : null;

    /// <summary>Whether it has two tokens, the newer of which was never used.</summary>
    public bool IsRotating(string credentialId) => formerTokens.ContainsKey(credentialId);

    /// <summary>By the hash of a token that it has: one, or two while it is rotated.</summary>
    public Credential? FindCredentialByTokenHash(Sha256Value hash) => credentialsByHash.GetValueOrDefault(hash);

    /// <summary>By the hash of its secret, used or not; null once it, or what was made with it, is revoked.</summary>
    public Invitation? FindInvitation(Sha256Value secretHash) => invitations.GetValueOrDefault(secretHash);

    public Invitation? FindInvitation(string id) => invitations.Values.FirstOrDefault(i => i.Id == id);

    public Credential? FindCredentialByToken(ReadOnlySpan<char> token)
    {
        if (token.Length is 0 or > MaxTokenLength) return null;
        Span<byte> utf8 = stackalloc byte[MaxTokenLength * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(token, utf8)], hash);
        return credentialsByHash.GetValueOrDefault(Sha256Value.Of(hash));
    }

    /// <summary>A branch of whatever township.</summary>
    public Branch? FindBranch(string code)
    {
        if (code.Length >= TownshipDigits && FindTownship(code[..TownshipDigits])?.Find(code) is { } branch) return branch;
        foreach (var number in elsewhere.Find(code))
            if (FindTownship(number.ToString(TownshipForm, CultureInfo.InvariantCulture))?.Find(code) is { } other) return other;
        return null;
    }

    /// <summary>The latest version of that period or of the latest earlier one that has a report, or null.</summary>
    public ReportHead? FindReportInForce(Programme programme, string township, Period period) =>
        reports.FindLast(programme.Id, township, programme.LaunchPeriod, period);

    /// <summary>The states of the report at a position, by the places of its branches; null where the township has sent one for a later period.</summary>
    public ReportedStates? FindStates(Programme programme, Township township, long position) => latestStates.Find(programme.Id, township, position);

    /// <summary>Locked by a published bulletin and not re-opened for this township since its last version.</summary>
    public bool IsLocked(string programme, string township, Period period) =>
        publications.ContainsKey((programme, period.Index)) && !reopenings.ContainsKey((programme, township, period.Index));

    public void Apply(LoggedRecord record)
    {
        Position = record.Position;
        Advance(record.ReceivedAt);
        var content = record.Content;
        switch (content.KindCase)
        {
            case LogRecord.KindOneofCase.HubCreated:
                if (content.HubCreated.HasDemonstrationClockUs) DemonstrationClock = HubTime.FromMicroseconds(content.HubCreated.DemonstrationClockUs);
                break;
            case LogRecord.KindOneofCase.ProgrammeDefined: Apply(content.ProgrammeDefined, record.Position); break;
            case LogRecord.KindOneofCase.RegistryChanged: Apply(content.RegistryChanged); break;
            case LogRecord.KindOneofCase.ReportSubmitted: Apply(content.ReportSubmitted, record); break;
            case LogRecord.KindOneofCase.PeriodEnded: EndedThrough = Period.Parse(content.PeriodEnded.Period); break;
            case LogRecord.KindOneofCase.BulletinPublished:
                var published = content.BulletinPublished;
                var period = Period.Parse(published.Period);
                publications[(published.Programme, period.Index)] =
                    new(published.Programme, period, record.Position, published.FiguresPosition, record.ReceivedAt, published.Year, published.Number, null);
                break;
            case LogRecord.KindOneofCase.BulletinKept:
                var kept = content.BulletinKept;
                var key = (kept.Programme, Period.Parse(kept.Period).Index);
                publications[key] = publications[key] with { Kept = new(kept.Release, [.. kept.Files]) };
                break;
            case LogRecord.KindOneofCase.PeriodReopened:
                var reopened = content.PeriodReopened;
                reopenings[(reopened.Programme, reopened.Township, Period.Parse(reopened.Period).Index)] = true;
                break;
            case LogRecord.KindOneofCase.CredentialCreated: Apply(content.CredentialCreated); break;
            case LogRecord.KindOneofCase.CredentialRevoked: Revoke(content.CredentialRevoked.CredentialId); break;
            case LogRecord.KindOneofCase.InvitationCreated:
                var invited = content.InvitationCreated;
                invitations[Sha256Value.Of(invited.SecretHash.Span)] = new(invited.CredentialId, invited.Township, HubTime.FromMicroseconds(invited.ExpiresAtUs));
                break;
            case LogRecord.KindOneofCase.CredentialRotated: Apply(content.CredentialRotated, record.ReceivedAt); break;
            case LogRecord.KindOneofCase.CredentialRotationEnded: EndRotation(content.CredentialRotationEnded.CredentialId); break;
            default: throw new StoreDamagedException(new(
                $"日志记录 {record.Position} 的类型是本版本不认识的，请升级", $"log record {record.Position} is of a kind that this release does not know; upgrade"));
        }
    }

    private void Advance(DateTimeOffset instant)
    {
        if (instant > LatestInstant) LatestInstant = instant;
    }

    private void Apply(ProgrammeDefined defined, long position)
    {
        var reading = TemplateReader.Read(defined.TemplateText, $"{defined.Template}.yml");
        var template = reading.Template ?? throw new StoreDamagedException(new(
            $"日志记录 {position} 中的模板无法读取：{reading.Errors[0].Message.Chinese}", $"the template in log record {position} cannot be read: {reading.Errors[0].Message.English}"));
        programmes[defined.Programme] = new(defined.Programme, template, defined.TemplateText, defined.LaunchYear, defined.Area, position);
        programmesById = [.. programmes.Values.OrderBy(p => p.Id, StringComparer.Ordinal)];
    }

    private void Apply(RegistryChanged changed)
    {
        if (changed.HasImportedAtUs) Advance(HubTime.FromMicroseconds(changed.ImportedAtUs));
        foreach (var t in changed.Townships)
        {
            if (!Forms.IsTownshipCode(t.Code)) throw new FormatException($"Not a township code: {t.Code}");
            townships[t.Code] = new Township(t.Code, t.Name, townships.GetValueOrDefault(t.Code)?.Branches ?? []);
        }
        // Numbers are given in the order of the record: the star's keys rest on it.
        foreach (var group in changed.Branches.GroupBy(b => b.Township, StringComparer.Ordinal))
        {
            var township = townships[group.Key];
            var (rows, added, count) = (new List<Branch>(), new List<string>(), township.Branches.Count);
            foreach (var b in group)
            {
                var known = township.Branches.IndexOf(b.Code);
                if (known < 0 && FindBranch(b.Code) is { } other) throw new InvalidOperationException($"Branch {b.Code} is of township {other.Township}");
                if (known < 0 && !b.Code.StartsWith(township.Code, StringComparison.Ordinal)) added.Add(b.Code);
                rows.Add(new Branch(known < 0 ? count++ : township.Branches.NumberAt(known), b.Code, b.Name, township.Code, b.Kind, b.Star,
                    Day(b.ActiveFrom), b.ActiveTo.Length == 0 ? null : Day(b.ActiveTo)));
            }
            townships[group.Key] = township with { Branches = township.Branches.With(rows) };
            foreach (var code in added) elsewhere.Add(code, int.Parse(township.Code, NumberStyles.None, CultureInfo.InvariantCulture));
        }
        lock (sorting) townshipsByCode = null;
    }

    private void Apply(ReportSubmitted report, LoggedRecord record)
    {
        if (report.HasImportedAtUs) Advance(HubTime.FromMicroseconds(report.ImportedAtUs));
        var period = Period.Parse(report.Period);
        record.States ??= StatesOf(record);
        // Before the report counts as in force, so that nobody looks for states that are not there yet.
        latestStates.Set(report.Programme, report.Township, period, record.Position, record.States);
        reports.Set(report.Programme, report.Township, period, new(report.Version, record.Position));
        if (report.SubmissionId.Length > 0) submissions.Set(report.Township, report.SubmissionId,
            new(Sha256Value.Of(report.Digest.Span), report.Version, record.Position, record.ReceivedAtUs, Sha256Value.Of(record.Hash)));
        // A re-opening admits one version.
        reopenings.TryRemove((report.Programme, report.Township, period.Index), out _);
    }

    /// <summary>The states of a report that was read from the log.</summary>
    /// <exception cref="StoreDamagedException">It lists what the hub does not write.</exception>
    internal KeptStates StatesOf(LoggedRecord record)
    {
        var (branches, count) = (townships[record.Content.ReportSubmitted.Township].Branches, record.Content.ReportSubmitted.Met.Count);
        var (states, i) = (new KeptStates(new int[count], new ulong[count], new ulong[count]), 0);
        foreach (var branch in KeptReport.Branches(record, branches))
            (states.BranchNumbers[i], states.Met[i], states.NotApplicable[i++]) = (branches.NumberAt(branch.Index), branch.Met, branch.NotApplicable);
        return states;
    }

    private void Apply(CredentialCreated created)
    {
        var hash = Sha256Value.Of(created.TokenHash.Span);
        var credential = new Credential(created.CredentialId, created.Role, created.Township, created.Area,
            created.HasExpiresAtUs ? HubTime.FromMicroseconds(created.ExpiresAtUs) : null);
        credentials[created.CredentialId] = (hash, credential);
        credentialsByHash[hash] = credential;
    }

    private void Apply(CredentialRotated rotated, DateTimeOffset at)
    {
        var (id, newest) = (rotated.CredentialId, credentials[rotated.CredentialId].Hash);
        // One that was never used gives way: the token in use stays the former one.
        var former = formerTokens.GetOrAdd(id, newest);
        if (former != newest) credentialsByHash.TryRemove(newest, out _);
        var inUse = credentialsByHash[former];
        var ends = at + FormerTokenLasts;
        credentialsByHash[former] = inUse with { ExpiresAt = inUse.ExpiresAt < ends ? inUse.ExpiresAt : ends };
        var hash = Sha256Value.Of(rotated.TokenHash.Span);
        var credential = inUse with { ExpiresAt = HubTime.FromMicroseconds(rotated.ExpiresAtUs) };
        credentials[id] = (hash, credential);
        credentialsByHash[hash] = credential with { EndsRotation = true };
    }

    private void EndRotation(string id)
    {
        if (!formerTokens.TryRemove(id, out var former)) return;
        credentialsByHash.TryRemove(former, out _);
        var (hash, credential) = credentials[id];
        credentialsByHash[hash] = credential;
    }

    private void Revoke(string id)
    {
        if (credentials.TryRemove(id, out var revoked)) credentialsByHash.TryRemove(revoked.Hash, out _);
        if (formerTokens.TryRemove(id, out var former)) credentialsByHash.TryRemove(former, out _);
        foreach (var (hash, invitation) in invitations)
            if (invitation.Id == id) invitations.TryRemove(hash, out _);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
