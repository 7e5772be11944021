using DuckDB.NET.Data;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Programme = Hub.Programmes.Programme;

namespace Hub.Store.Star;

/// <summary>The tables of schema <c>head</c>: what the models of the same names give at the head of the log, for the months that had ended at
/// the latest instant on record. Records mark what they touch; <see cref="Refresh"/> puts that anew, from the models' own SQL over just those townships and
/// months.</summary>
internal sealed class KeptFigures(DuckDBConnection connection)
{
    // So many township-months have half a million branches: they fit the memory, and planning costs little beside them.
    private const int AtOnce = 4096;
    // So many of these share the star's memory when all is put anew.
    private const int MostWorkers = 2;

    // Groups by kind and stars, and, where met is not null, counts of items by kind: both from branches judged once. What is asked for is
    // picked out before it is joined: then the engine knows how little it is. Branches are added up by the number of what they are judged by, which is
    // one integer instead of four texts.
    private const string Grouped = """
        with asked_branches as (from registered_branches where township in (select township from asked)),
        asked_states as (from fact_branch_report where position in (select report_position from in_force)),
        judged as materialized (
          select judged_by, items, star, hardware_complete, hardware_points, software_complete, software_points, met, not_applicable
          from branch_completion_of('asked_standards', 'asked_branches', 'asked_states')),
        with_tracks as (select * exclude (items, met, not_applicable) from judged),
        with_items as (select judged_by, items, met, not_applicable from judged),
        added_up as (from branch_groups_of('with_tracks') union all by name from item_counts_of('with_items'))
        select s.programme, s.period, s.month, s.township, s.kind, a.* exclude (judged_by) from added_up a join asked_standards s on s.judged_by = a.judged_by
        """;

    private const string NumberedStandards = "select row_number() over () as judged_by, * from standards_in_force_of('in_force')";

    private static readonly string Steps = $"""
        insert into in_force from reports_in_force_of('asked');
        insert into asked_standards {NumberedStandards};
        insert into grouped by name {Grouped};
        {string.Concat(ModelCatalog.KeptByTownship.Select(t => $"delete from {t} k using asked a where k.month = a.month and k.township = a.township and k.programme = a.programme;\n"))}
        insert into reports_in_force from in_force;
        insert into township_sums with groups as (from grouped where met is null) from township_sums_of('in_force', 'groups');
        insert into group_sums with groups as (from grouped where met is null) from group_sums_of('groups');
        insert into item_counts by name select programme, period, month, township, kind, branches, met, not_applicable from grouped where met is not null
        """;

    private readonly DuckDBConnection connection = connection;

    // By programme and township: the first month whose figures may have changed.
    private readonly Dictionary<(string Programme, string Township), int> touched = [];
    private readonly SortedSet<string> registered = new(StringComparer.Ordinal);
    private readonly List<string> redefined = [];
    private bool isWholeTouched;
    private bool hasTables;

    /// <summary>The last month whose figures are kept, in months since year 0.</summary>
    public static int EndedMonth(HubState state) => Period.LastEnded(state.LatestInstant).Index;

    /// <param name="state">Folded up to the last record that will be marked.</param>
    public void Mark(LoggedRecord record, HubState state)
    {
        var content = record.Content;
        switch (content.KindCase)
        {
            case LogRecord.KindOneofCase.ReportSubmitted:
                var report = content.ReportSubmitted;
                Touch(report.Programme, report.Township, Period.Parse(report.Period).Index);
                break;
            case LogRecord.KindOneofCase.RegistryChanged:
                var changed = content.RegistryChanged;
                isWholeTouched |= changed.Townships.Count > 0;
                var townships = changed.Townships.Select(t => t.Code).Concat(changed.Branches.Select(b => b.Township)).ToHashSet(StringComparer.Ordinal);
                registered.UnionWith(townships);
                foreach (var programme in state.Programmes)
                    foreach (var township in townships.Where(programme.Covers)) Touch(programme.Id, township, 0);
                break;
            case LogRecord.KindOneofCase.ProgrammeDefined:
                isWholeTouched = true;
                redefined.Add(content.ProgrammeDefined.Programme);
                TouchAll(state.FindProgramme(content.ProgrammeDefined.Programme)!, state, 0);
                break;
        }
    }

    private void MarkAll(HubState state)
    {
        registered.UnionWith(state.Townships.Select(t => t.Code));
        isWholeTouched = true;
        foreach (var programme in state.Programmes)
        {
            redefined.Add(programme.Id);
            TouchAll(programme, state, 0);
        }
    }

    /// <summary>Puts the rows of all that was marked anew, within the caller's transaction.</summary>
    /// <param name="endedBefore">The last month whose figures were kept so far; null = none.</param>
    public void Refresh(HubState state, int? endedBefore)
    {
        var ended = EndedMonth(state);
        if (ended != endedBefore)
        {
            isWholeTouched = true;
            foreach (var programme in state.Programmes) TouchAll(programme, state, endedBefore + 1 ?? 0);
        }
        Begin(state);
        RefreshWhole();
        foreach (var townships in registered.Chunk(AtOnce)) RefreshRegistry(townships);
        foreach (var scope in Touched(state, ended).Chunk(AtOnce)) Refresh(scope);
        End();
    }

    /// <summary>Puts everything anew in many commits, two at a time: one commit would hold all of it in memory.</summary>
    /// <param name="state">Folded up to the last record projected.</param>
    public void RefreshAll(HubState state, CancellationToken cancellation)
    {
        MarkAll(state);
        Begin(state);
        connection.Commit(RefreshWhole);
        foreach (var townships in registered.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            connection.Commit(() => RefreshRegistry(townships));
        }
        // Before and between the waves nothing else is being written, so that what is there can go to the file.
        connection.Execute("checkpoint star");
        foreach (var wave in Touched(state, EndedMonth(state)).Chunk(AtOnce).Chunk(4 * MostWorkers))
        {
            Parallel.ForEach(wave, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(MostWorkers, Environment.ProcessorCount), CancellationToken = cancellation }, () => BeginWorker(state), (scope, _, worker) =>
            {
                worker.connection.Commit(() => worker.Refresh(scope));
                return worker;
            }, worker => worker.connection.Dispose());
            connection.Execute("checkpoint star");
        }
        End();
    }

    // Works on tables of its own, which live as long as its connection.
    private KeptFigures BeginWorker(HubState state)
    {
        var worker = new KeptFigures(connection.Another());
        try
        {
            worker.Begin(state);
            return worker;
        }
        catch
        {
            worker.connection.Dispose();
            throw;
        }
    }

    // No clock: figures as at the latest instant on record. What the models join is read from the tables that are kept already.
    private void Begin(HubState state) => connection.Execute(
        $"use star.head; set variable at_position = {state.Position}::bigint; set variable as_of = make_timestamptz({HubTime.ToMicroseconds(state.LatestInstant)}::bigint)");

    private void End()
    {
        connection.Execute("use star.main");
        touched.Clear();
        registered.Clear();
        redefined.Clear();
        isWholeTouched = false;
    }

    private void RefreshWhole()
    {
        if (isWholeTouched)
            foreach (var table in ModelCatalog.KeptWhole) connection.Execute($"delete from {table}; insert into {table} {ModelCatalog.Query(table)}");
        foreach (var programme in redefined)
            foreach (var table in ModelCatalog.KeptByTownship) connection.Execute($"delete from {table} where programme = $programme", ("programme", programme));
    }

    // Month by month, townships in order: neighbours in the log and in the registry are read together, and rows of a month lie together.
    private IEnumerable<(string Programme, int Month, string Township)> Touched(HubState state, int endedMonth)
    {
        foreach (var programme in touched.GroupBy(t => t.Key.Programme, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var townships = programme.Select(t => (t.Key.Township, From: t.Value)).OrderBy(t => t.Township, StringComparer.Ordinal).ToList();
            for (var month = Math.Max(state.FindProgramme(programme.Key)!.LaunchPeriod.Index, townships.Min(t => t.From)); month <= endedMonth; month++)
                foreach (var (township, from) in townships)
                    if (from <= month) yield return (programme.Key, month, township);
        }
    }

    private void RefreshRegistry(string[] townships)
    {
        connection.Execute("create or replace temp table registering (township varchar)");
        using (var registering = connection.CreateAppender("temp", null, "registering"))
        {
            foreach (var township in townships) registering.CreateRow().AppendValue(township).EndRow();
        }
        connection.Execute("""
            delete from registered_branches where township in (select township from registering);
            insert into registered_branches from registered_branches_of('registering')
            """);
    }

    // Planned anew each time: a plan made for some townships rests on their statistics, and is wrong for others.
    private void Refresh((string Programme, int Month, string Township)[] scope)
    {
        MakeTables();
        using (var asked = connection.CreateAppender("temp", null, "asked"))
        {
            foreach (var (programme, month, township) in scope) asked.CreateRow().AppendValue(programme).AppendValue((long)month).AppendValue(township).EndRow();
        }
        connection.Execute(Steps);
    }

    // Made from the models once, then empty ones from those there are.
    private void MakeTables()
    {
        connection.Execute(hasTables ? """
            create or replace temp table asked as from asked limit 0;
            create or replace temp table in_force as from in_force limit 0;
            create or replace temp table asked_standards as from asked_standards limit 0;
            create or replace temp table grouped as from grouped limit 0
            """ : $"""
            create or replace temp table asked (programme varchar, month bigint, township varchar);
            create or replace temp table in_force as from reports_in_force_of('asked') limit 0;
            create or replace temp table asked_standards as {NumberedStandards} limit 0;
            create or replace temp table grouped as from ({Grouped}) limit 0
            """);
        hasTables = true;
    }

    private void TouchAll(Programme programme, HubState state, int from)
    {
        foreach (var township in state.Townships)
            if (programme.Covers(township.Code)) Touch(programme.Id, township.Code, from);
    }

    private void Touch(string programme, string township, int from)
    {
        var key = (programme, township);
        if (!touched.TryGetValue(key, out var known) || from < known) touched[key] = from;
    }
}
