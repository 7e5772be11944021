using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Branch = Hub.Protocol.Branch;
using Standard = Hub.Programmes.Standard;

namespace Hub.Store.Star;

/// <summary>Writes what records say into the star's tables: a function of the records alone, no clock and no randomness. One instance
/// per commit; rows reach the tables on <see cref="Flush"/>.</summary>
/// <param name="state">Folded at least up to the records projected; gives each branch its number.</param>
/// <param name="sets">Those of the star.</param>
internal sealed class StarProjection(DuckDBConnection connection, HubState state, NotApplicableSets sets) : IDisposable
{
    private readonly List<(long Position, KeptStates States, int[] Sets)> branchReports = [];
    private readonly Dictionary<string, StarAppender> appenders = new(StringComparer.Ordinal);

    public void Project(LoggedRecord record)
    {
        var content = record.Content;
        switch (content.KindCase)
        {
            case LogRecord.KindOneofCase.ProgrammeDefined: Project(content.ProgrammeDefined, record.Position); break;
            case LogRecord.KindOneofCase.RegistryChanged: Project(content.RegistryChanged, record.Position); break;
            case LogRecord.KindOneofCase.ReportSubmitted: Project(content.ReportSubmitted, record); break;
            case LogRecord.KindOneofCase.PeriodEnded:
                Table("fact_period_end").Row().BigInt(record.Position).Integer(Month(content.PeriodEnded.Period)).End();
                break;
            case LogRecord.KindOneofCase.BulletinPublished:
                var published = content.BulletinPublished;
                Table("fact_publication").Row().BigInt(record.Position).Text(published.Programme).Integer(Month(published.Period))
                    .Instant(record.ReceivedAt).BigInt(published.FiguresPosition).Integer(published.Year).Integer(published.Number).End();
                break;
            case LogRecord.KindOneofCase.BulletinKept: Project(content.BulletinKept, record.Position); break;
            case LogRecord.KindOneofCase.PeriodReopened:
                var reopened = content.PeriodReopened;
                Table("fact_reopening").Row().BigInt(record.Position).Text(reopened.Programme).Integer(Month(reopened.Period))
                    .Text(reopened.Township).Instant(record.ReceivedAt).Text(reopened.Reason).End();
                break;
            // Credentials stay in the log: whoever may ask SQL must not read them.
            case LogRecord.KindOneofCase.CredentialCreated or LogRecord.KindOneofCase.CredentialRevoked or LogRecord.KindOneofCase.InvitationCreated
                or LogRecord.KindOneofCase.CredentialRotated or LogRecord.KindOneofCase.CredentialRotationEnded or LogRecord.KindOneofCase.HubCreated: break;
            default: throw new InvalidOperationException($"Record kind {content.KindCase} has no projection");
        }
    }

    public void Flush()
    {
        FlushBranchReports();
        foreach (var appender in appenders.Values) appender.Dispose();
        appenders.Clear();
    }

    public void Dispose()
    {
        foreach (var appender in appenders.Values) appender.Dispose();
    }

    private void Project(ProgrammeDefined defined, long position)
    {
        var template = TemplateReader.Read(defined.TemplateText, defined.Template).Template!;
        var cadence = template.Cadence;
        Table("dim_programme").Row().BigInt(position).Text(defined.Programme).Text(defined.Template).Integer(defined.LaunchYear).Text(defined.Area)
            .Text(template.Title).Text(template.Gloss).Integer(cadence.FirstPeriod.In(defined.LaunchYear).Index)
            .Integer(cadence.DueDayCounts ? cadence.DueDay : cadence.DueDay - 1).Integer((int)cadence.CutOff.TotalMinutes)
            .Days(cadence.ShiftOverHolidays ? cadence.Holidays : [])
            .BigInt(template.Denominator(Track.Hardware)).BigInt(template.Denominator(Track.Software))
            .Day(template.Pace?.Starts.In(defined.LaunchYear)).Texts(template.RankingKeys)
            .Integer(template.Rectification?.ShareBp).Integer(template.Rectification is { } r ? defined.LaunchYear + r.FirstYearsAfterLaunch : null)
            .Texts(template.Rectification?.Keys.Select(k => (k.Descending ? "-" : "+") + k.Name).ToList())
            .Integer(template.Signals.BulkFlipShareBp).Integer(template.Signals.BulkFlipItems)
            .Integer(template.Signals.UniformBranches).Integer(template.Signals.UnchangedPeriods).End();
        for (var i = 0; i < template.Standards.Count; i++) Project(defined.Programme, i, template.Standards[i], position);
        for (var i = 0; i < template.Milestones.Count; i++)
        {
            var m = template.Milestones[i];
            Table("dim_milestone").Row().BigInt(position).Text(defined.Programme).Integer(i).Text(m.Id).Text(m.Name).Text(m.Gloss).Text(Name(m.Track))
                .Integer(m.StarMin ?? 0).Integer(m.StarMax ?? 5).Boolean(m.AllBranches).Day(m.Due.In(defined.LaunchYear)).Integer(m.TargetBp).End();
        }
    }

    private void Project(string programme, int ordinal, Standard standard, long position)
    {
        Table("dim_standard").Row().BigInt(position).Text(programme).Integer(ordinal).Text(standard.Kind).Text(standard.Name)
            .Text(standard.Gloss).UBigInt(standard.Mask(Track.Hardware)).UBigInt(standard.Mask(Track.Software)).End();
        foreach (var i in standard.Items)
            Table("dim_item").Row().BigInt(position).Text(programme).Text(standard.Kind).Integer(i.Ordinal).Text(i.Id).Integer(i.Section)
                .Text(i.SectionTitle).Text(i.SectionGloss).Text(Name(i.Track)).Text(i.Title).Text(i.Gloss).Text(i.Condition).End();
    }

    private void Project(RegistryChanged changed, long position)
    {
        foreach (var t in changed.Townships) Table("dim_township").Row().BigInt(position).Text(t.Code).Text(t.Name).End();
        foreach (var b in changed.Branches)
            Table("dim_branch").Row().BigInt(position).Integer(BranchNumber(b)).Text(b.Code).Text(b.Name).Text(b.Township).Text(b.Kind).Integer(b.Star)
                .Day(Day(b.ActiveFrom)).Day(b.ActiveTo.Length == 0 ? null : Day(b.ActiveTo)).End();
    }

    private void Project(ReportSubmitted report, LoggedRecord record)
    {
        var n = report.Narrative ?? new Narrative();
        var s = report.SignOff ?? new SignOff();
        Table("fact_report").Row().BigInt(record.Position).Text(report.Programme).Integer(Month(report.Period)).Text(report.Township).Integer(report.Version)
            .Instant(record.ReceivedAt).Boolean(report.HasImportedAtUs).Text(report.SubmissionId).Blob(record.Hash).Integer(report.Met.Count)
            .Text(n.Progress).Text(n.Problems).Text(n.NextSteps).Text(n.MattersToCoordinate).Text(n.GoodPractices)
            .Text(s.PreparedByPost).Text(s.PreparedOn).Text(s.ApprovedByPost).Text(s.ApprovedOn).End();
        if (record.States!.Count > 0) branchReports.Add((record.Position, record.States, Array.ConvertAll(record.States.NotApplicable, items => SetOf(items, record.Position))));
    }

    private int SetOf(ulong notApplicable, long position)
    {
        var (number, isNew) = sets.NumberOf(notApplicable);
        if (isNew) Table("dim_not_applicable_set").Row().BigInt(position).Integer(number).UBigInt(notApplicable).End();
        return number;
    }

    private void FlushBranchReports()
    {
        if (branchReports.Count == 0) return;
        using var appender = new BranchReportAppender(connection, "fact_branch_report");
        foreach (var (position, states, numbers) in branchReports) appender.Append(position, states, numbers);
        appender.Flush();
        branchReports.Clear();
    }

    private void Project(BulletinKept kept, long position)
    {
        var month = Month(kept.Period);
        foreach (var file in kept.Files)
            Table("fact_bulletin_file").Row().BigInt(position).Text(kept.Programme).Integer(month).Text(file.Name).BigInt(file.Size).Blob(file.Sha256.ToByteArray()).End();
        foreach (var figure in kept.Restated)
            Table("fact_restated_figure").Row().BigInt(position).Text(kept.Programme).Integer(Month(figure.Period)).Text(figure.Township)
                .Text(figure.Figure).Text(figure.Value is { Length: > 0 } told ? told : null).End();
        var columns = kept.Figures.Figures.Count;
        for (var i = 0; i < kept.Figures.Values.Count; i++)
            Table("fact_published_figure").Row().BigInt(position).Text(kept.Programme).Integer(month).Text(kept.Figures.Townships[i / columns])
                .Text(kept.Figures.Figures[i % columns]).Text(kept.Figures.Values[i] is { Length: > 0 } value ? value : null).End();
    }

    private StarAppender Table(string name) =>
        appenders.TryGetValue(name, out var appender) ? appender : appenders[name] = new StarAppender(connection, name);

    private int BranchNumber(Branch branch)
    {
        var branches = state.FindTownship(branch.Township)!.Branches;
        return branches.NumberAt(branches.IndexOf(branch.Code));
    }

    private static int Month(string period) => Period.Parse(period).Index;

    private static DateOnly Day(string text) => HubTime.TryParseDay(text, out var day) ? day : throw new FormatException($"Not a day: {text}");

    private static string Name(Track track) => track == Track.Hardware ? "hardware" : "software";
}
