using System.Globalization;
using System.Text;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Decisions;
using Hub.Store.Log;
using Branch = Hub.Programmes.Branch;
using Programme = Hub.Programmes.Programme;

namespace Hub.Store.Import;

/// <summary>Takes a county folder as history: all of it, in one commit, or nothing. History is taken as it was: a left-out active or a listed
/// inactive branch is accepted here. Runs on the writer, against the state its records will stand on.</summary>
public sealed class HistoryImport
{
    // Some 16 KB: a checkpoint of the log, and a start, hold 2,048 records in memory.
    private const int RegistryRowsPerRecord = 200;

    private readonly CountyFolder folder;
    private readonly HubState state;
    private readonly DateTimeOffset now;
    private readonly ImportProblems problems;
    private readonly Dictionary<string, Programme> programmes = new(StringComparer.Ordinal);
    private readonly List<LogRecord> newProgrammes = [];
    private readonly HashSet<string> townships = new(StringComparer.Ordinal);
    private readonly List<Protocol.Township> newTownships = [];
    private readonly Dictionary<string, Branch> branches = new(StringComparer.Ordinal);
    private readonly List<Protocol.Branch> newBranches = [];

    // Reports of submissions.csv that were refused, and those of states.csv that it lacks.
    private readonly HashSet<(string, string, string, string)> blamed = [];

    private HistoryImport(CountyFolder folder, HubState state, DateTimeOffset now, ImportProblems problems) =>
        (this.folder, this.state, this.now, this.problems) = (folder, state, now, problems);

    /// <param name="Registered">The township's branches that are registered already.</param>
    private sealed record History(Programme Programme, string Township, BranchList Registered, Period Period, int Version, DateTimeOffset ReceivedAt, SubmissionRow Row)
    {
        private Dictionary<string, (ulong Met, ulong NotApplicable)>? states;

        /// <summary>By branch code.</summary>
        public Dictionary<string, (ulong Met, ulong NotApplicable)> States => states ??= new(Registered.Count, StringComparer.Ordinal);

        public bool IsOf(StatesRow row) => row.Programme == Row.Programme && row.Township == Row.Township && row.Period == Row.Period && row.Version == Row.Version;
    }

    public static Outcome<Decision<ImportHistoryResponse>> Decide(CountyFolder folder, HubState state, DateTimeOffset now) =>
        new HistoryImport(folder, state, now, new ImportProblems()).Decide();

    /// <summary>Everything for which the folder would be refused, into <paramref name="problems"/>; the answer counts what would be taken. Keeps
    /// nothing, and may run beside the writer.</summary>
    public static ImportHistoryResponse Check(CountyFolder folder, HubState state, DateTimeOffset now, ImportProblems problems)
    {
        var import = new HistoryImport(folder, state, now, problems);
        return import.Answer(import.Judge().Count, state.Position);
    }

    private Outcome<Decision<ImportHistoryResponse>> Decide()
    {
        var history = Judge();
        if (problems.ToRefusal() is { } refusal) return refusal;

        var drafts = newProgrammes.Select(p => new Draft(p, now)).Concat(RegistryDrafts()).ToList();
        // Months together, then townships: readers of one month touch few blocks.
        drafts.AddRange(history.OrderBy(h => h.Period).ThenBy(h => h.Programme.Id, StringComparer.Ordinal).ThenBy(h => h.Township, StringComparer.Ordinal).ThenBy(h => h.Version).Select(ToDraft));
        return new Decision<ImportHistoryResponse>(drafts, kept => Answer(history.Count, kept.Count > 0 ? kept[^1].Position : state.Position));
    }

    private ImportHistoryResponse Answer(int reports, long position) => new()
    {
        Programmes = newProgrammes.Count,
        Townships = newTownships.Count,
        Branches = newBranches.Count,
        Reports = reports,
        Position = position,
    };

    private IReadOnlyCollection<History> Judge()
    {
        foreach (var row in folder.Programmes) Check(row);
        foreach (var row in folder.Townships) Check(row);
        foreach (var row in folder.Branches) Check(row);
        var history = CheckSubmissions();
        CheckVersions(history.Values);
        History? report = null;
        foreach (var row in folder.States)
        {
            // The rows of a report mostly stand together.
            if (report is null || !report.IsOf(row)) report = history.GetValueOrDefault((row.Programme, row.Township, row.Period, row.Version));
            Check(row, report);
        }
        return history.Values;
    }

    private void Check(ProgrammeRow row)
    {
        const string file = "programmes.csv";
        if (programmes.ContainsKey(row.Id)) Wrong(file, row.Line, $"项目 {row.Id} 重复", $"programme {row.Id} is listed twice");
        else if (ShippedTemplates.Text(row.Template) is not { } text)
            Wrong(file, row.Line, $"没有模板“{ReportParser.Short(row.Template)}”", $"there is no template “{ReportParser.Short(row.Template)}”");
        else if (!TryNumber(row.LaunchYear, out var year)) Wrong(file, row.Line, "启动年份不是数字", "launch_year is not a number");
        else if (DefineProgramme.WhyInvalid(row.Id, row.Template, year, row.Area, state) is { } no) Wrong(file, row.Line, no.Message.Chinese, no.Message.English);
        else if (state.FindProgramme(row.Id) is { } known) programmes[row.Id] = known;
        else if (programmes.Values.FirstOrDefault(p => p.Template.Name == row.Template && p.LaunchYear == year && Programme.AreasOverlap(p.Area, row.Area)) is { } other)
            Wrong(file, row.Line, $"与项目 {other.Id} 的模板、启动年份相同且区域重叠", $"programme {other.Id} has the same template and launch year, and the areas overlap");
        else
        {
            programmes[row.Id] = new Programme(row.Id, ShippedTemplates.Read(row.Template), text, year, row.Area, 0);
            newProgrammes.Add(DefineProgramme.ToRecord(row.Id, row.Template, year, row.Area, text));
        }
    }

    private void Check(TownshipRow row)
    {
        const string file = "townships.csv";
        var township = new Protocol.Township { Code = row.Code, Name = row.Name };
        if (ChangeRegistry.WhyInvalid(township) is { } why) Wrong(file, row.Line, why.Message.Chinese, why.Message.English);
        else if (!townships.Add(row.Code)) Wrong(file, row.Line, $"乡镇 {row.Code} 重复", $"township {row.Code} is listed twice");
        else if (state.FindTownship(row.Code) is not { } known) newTownships.Add(township);
        else if (known.Name != row.Name) Wrong(file, row.Line, $"乡镇 {row.Code} 与已登记的名称不同", $"township {row.Code} is registered under another name");
    }

    private void Check(BranchRow row)
    {
        const string file = "branches.csv";
        if (!TryNumber(row.Star, out var star))
        {
            Wrong(file, row.Line, $"星级“{ReportParser.Short(row.Star)}”不是数字", $"star “{ReportParser.Short(row.Star)}” is not a number");
            return;
        }
        var sent = new Protocol.Branch { Code = row.Code, Name = row.Name, Township = row.Township, Kind = row.Kind, Star = star, ActiveFrom = row.ActiveFrom, ActiveTo = row.ActiveTo };
        if (ChangeRegistry.WhyInvalid(sent, state, townships) is { } why)
        {
            Wrong(file, row.Line, why.Message.Chinese, why.Message.English);
            return;
        }
        HubTime.TryParseDay(row.ActiveFrom, out var from);
        DateOnly? to = HubTime.TryParseDay(row.ActiveTo, out var closed) ? closed : null;
        var known = state.FindBranch(row.Code);
        var branch = new Branch(known?.Number ?? -1, row.Code, row.Name, row.Township, row.Kind, star, from, to);
        if (!branches.TryAdd(row.Code, known ?? branch)) Wrong(file, row.Line, $"支部 {row.Code} 重复", $"branch {row.Code} is listed twice");
        else if (known is null) newBranches.Add(sent);
        else if (known != branch) Wrong(file, row.Line, $"支部 {row.Code} 与已登记的内容不同", $"branch {row.Code} differs from the registered one");
    }

    private Dictionary<(string, string, string, string), History> CheckSubmissions()
    {
        const string file = "submissions.csv";
        var history = new Dictionary<(string, string, string, string), History>();
        foreach (var row in folder.Submissions)
        {
            var key = (row.Programme, row.Township, row.Period, row.Version);
            var before = problems.Count;
            var programme = FindProgramme(row.Programme);
            if (programme is null) Wrong(file, row.Line, $"没有项目“{ReportParser.Short(row.Programme)}”", $"there is no programme “{ReportParser.Short(row.Programme)}”");
            else if (!townships.Contains(row.Township) && state.FindTownship(row.Township) is null)
                Wrong(file, row.Line, $"乡镇“{ReportParser.Short(row.Township)}”未登记", $"township “{ReportParser.Short(row.Township)}” is not registered");
            else if (!programme.Covers(row.Township)) Wrong(file, row.Line, $"乡镇 {row.Township} 不在项目区域 {programme.Area} 之内", $"township {row.Township} is outside the programme's area {programme.Area}");
            else if (!Period.TryParse(row.Period, out var period)) Wrong(file, row.Line, $"“{ReportParser.Short(row.Period)}”不是 YYYY-MM 形式的月份", $"“{ReportParser.Short(row.Period)}” is not a month YYYY-MM");
            else if (period < programme.LaunchPeriod) Wrong(file, row.Line, $"{period} 早于首个报告月份 {programme.LaunchPeriod}", $"{period} is before the first period {programme.LaunchPeriod}");
            else if (period > Period.LastEnded(now)) Wrong(file, row.Line, $"{period} 尚未结束", $"{period} has not ended");
            else if (!TryNumber(row.Version, out var version) || version < 1) Wrong(file, row.Line, $"版本“{ReportParser.Short(row.Version)}”不是正整数", $"version “{ReportParser.Short(row.Version)}” is not a positive number");
            else if (!HubTime.TryParseInstant(row.ReceivedAt, out var receivedAt)) Wrong(file, row.Line, "接收时间须为带时区的 ISO 8601，如 2025-01-02T12:55:05+08:00", "received_at must be ISO 8601 with an offset, such as 2025-01-02T12:55:05+08:00");
            else if (receivedAt > now) Wrong(file, row.Line, $"接收时间 {row.ReceivedAt} 在未来", $"received_at {row.ReceivedAt} is in the future");
            else if (ReportParser.WhyUnfit(row.Narrative, row.SignOff) is { } unfit) Wrong(file, row.Line, unfit.Chinese, unfit.English);
            else if (!history.TryAdd(key, new(programme, row.Township, state.FindTownship(row.Township)?.Branches ?? [], period, version, receivedAt, row)))
                Wrong(file, row.Line, "同一乡镇、月份和版本重复", "the same township, period and version stand twice");
            if (problems.Count > before) blamed.Add(key);
        }
        return history;
    }

    private void CheckVersions(IEnumerable<History> history)
    {
        foreach (var versions in history.GroupBy(h => (h.Programme.Id, h.Township, h.Period)))
        {
            var known = state.FindReport(versions.Key.Id, versions.Key.Township, versions.Key.Period)?.Version ?? 0;
            var expected = known;
            foreach (var h in versions.OrderBy(v => v.Version))
            {
                if (h.Version <= expected) Wrong("submissions.csv", h.Row.Line, $"第 {h.Version} 版已经存有", $"version {h.Version} is kept already");
                else if (h.Version > expected + 1) Wrong("submissions.csv", h.Row.Line, $"缺少第 {expected + 1} 版", $"version {expected + 1} is missing before it");
                // A re-opening admits one version, whoever brings it.
                else if (state.IsLocked(h.Programme.Id, h.Township, h.Period) || (h.Version > known + 1 && state.FindPublication(h.Programme.Id, h.Period) is not null)) Wrong("submissions.csv", h.Row.Line, $"{h.Period} 已锁定", $"{h.Period} is locked");
                expected = Math.Max(expected, h.Version);
            }
        }
    }

    private void Check(StatesRow row, History? report)
    {
        const string file = "states.csv";
        if (report is null)
        {
            // A submission that was refused above has its own line, and one that is missing is named once: its states are not blamed again.
            if (blamed.Add((row.Programme, row.Township, row.Period, row.Version))) Wrong(file, row.Line, "submissions.csv 中没有对应的报告", "submissions.csv has no such report");
            return;
        }
        if (Find(row.Branch, report) is not var (township, kind)) Wrong(file, row.Line, $"支部“{ReportParser.Short(row.Branch)}”未登记", $"branch “{ReportParser.Short(row.Branch)}” is not registered");
        else if (township != row.Township) Wrong(file, row.Line, $"支部 {row.Branch} 属于乡镇 {township}", $"branch {row.Branch} belongs to township {township}");
        else if (report.Programme.Template.StandardOf(kind) is not { Items.Count: > 0 } standard)
            Wrong(file, row.Line, $"支部 {row.Branch} 的类别 {kind} 暂无标准", $"branch {row.Branch}: its kind {kind} has no standard");
        else if (row.States.Length != standard.Items.Count) Wrong(file, row.Line, $"应有 {standard.Items.Count} 项，实有 {row.States.Length} 项", $"{row.States.Length} states, the kind {kind} has {standard.Items.Count} items");
        else if (ParseStates(row.States) is not var (met, notApplicable)) Wrong(file, row.Line, "states 只能含 1、0 和 -", "states may hold only 1, 0 and -");
        else if (ReportParser.WhyUnfounded(standard, notApplicable) is { } unfounded) Wrong(file, row.Line, unfounded.Why.Chinese, unfounded.Why.English);
        else if (report.States.Count >= Forms.MaxBranchesPerReport) Wrong(file, row.Line, $"一份报告超过 {Forms.MaxBranchesPerReport} 个支部", $"the report has more than {Forms.MaxBranchesPerReport} branches");
        else if (!report.States.TryAdd(row.Branch, (met, notApplicable))) Wrong(file, row.Line, $"支部 {row.Branch} 重复", $"branch {row.Branch} is listed twice");
    }

    private (string Township, string Kind)? Find(string code, History report)
    {
        if (branches.TryGetValue(code, out var listed)) return (listed.Township, listed.Kind);
        if (report.Registered.IndexOf(code) is var place and >= 0) return (report.Township, report.Registered.KindAt(place));
        return state.FindBranch(code) is { } other ? (other.Township, other.Kind) : null;
    }

    private static (ulong Met, ulong NotApplicable)? ParseStates(string states)
    {
        ulong met = 0, notApplicable = 0;
        for (var i = 0; i < states.Length; i++)
            switch (states[i])
            {
                case '1': met |= 1UL << i; break;
                case '-': notApplicable |= 1UL << i; break;
                case '0': break;
                default: return null;
            }
        return (met, notApplicable);
    }

    private IEnumerable<Draft> RegistryDrafts()
    {
        var importedAt = HubTime.ToMicroseconds(now);
        foreach (var chunk in newTownships.Chunk(RegistryRowsPerRecord))
            yield return new Draft(new LogRecord { RegistryChanged = new RegistryChanged { Townships = { chunk }, ImportedAtUs = importedAt } }, now);
        foreach (var chunk in newBranches.Chunk(RegistryRowsPerRecord))
            yield return new Draft(new LogRecord { RegistryChanged = new RegistryChanged { Branches = { chunk }, ImportedAtUs = importedAt } }, now);
    }

    private Draft ToDraft(History h)
    {
        var record = new ReportSubmitted
        {
            Programme = h.Programme.Id, Township = h.Township, Period = h.Period.ToString(), Version = h.Version, ImportedAtUs = HubTime.ToMicroseconds(now),
            Narrative = h.Row.Narrative, SignOff = h.Row.SignOff,
        };
        var codes = h.States.Keys.ToArray();
        Array.Sort(codes, StringComparer.Ordinal);
        var utf8 = Array.ConvertAll(codes, Encoding.UTF8.GetBytes);
        KeptReport.SetBranches(record, [], i => utf8[i], Array.ConvertAll(codes, c => h.States[c].Met), Array.ConvertAll(codes, c => h.States[c].NotApplicable));
        return new Draft(new LogRecord { ReportSubmitted = record }, h.ReceivedAt);
    }

    private Programme? FindProgramme(string id) => programmes.GetValueOrDefault(id) ?? state.FindProgramme(id);

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private void Wrong(string file, int line, string chinese, string english) => problems.Add(file, line, chinese, english);
}
