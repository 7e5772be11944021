using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>Brings a case's given into a store the way a county's facts come in: as history by an import, then the changes one by one.</summary>
public sealed class GivenCounty
{
    private const string Clock = "2031-01-01T09:00:00+08:00"; // after every case, so that all of it is history

    private readonly Given given;
    private readonly string firstProgramme;
    private readonly Dictionary<string, GivenBranch> branches = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Programme, string Township, Period Period), int> versions = [];

    private GivenCounty(Given given)
    {
        (this.given, firstProgramme) = (given, given.Programmes.Keys.First());
        foreach (var (codes, branch) in given.Branches)
            foreach (var code in Codes(codes)) branches.Add(code, Completed(code, branch, null));
    }

    /// <summary>The store, with the position and the instant that the case reads at.</summary>
    public static async Task<(TemporaryStore Hub, long Position, DateTimeOffset AsOf)> OpenAsync(Given given)
    {
        var hub = TemporaryStore.Open(Clock);
        var county = new GivenCounty(given);
        var folder = county.ToFolder();
        await WriteAsync(hub, (state, now) => HistoryImport.Decide(folder, state, now));
        var imported = hub.Store.HeadPosition;
        foreach (var change in given.Changes) await county.ChangeAsync(hub, change);
        return (hub, given.BeforeChanges ? imported : hub.Store.HeadPosition, Instant(given.AsOf));
    }

    /// <summary>The code of a township written as a letter; anything else as it is.</summary>
    public static string Township(string text) =>
        text is [>= 'A' and <= 'Z'] ? string.Create(CultureInfo.InvariantCulture, $"360901{text[0] - 'A' + 1:D3}") : text;

    public static DateTimeOffset Instant(string text) => new(
        DateTime.ParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.ffffff"], CultureInfo.InvariantCulture),
        HubTime.ShanghaiOffset);

    private CountyFolder ToFolder()
    {
        var townships = given.Townships.Select(Township).Concat(branches.Values.Select(b => b.Township!)).Distinct().Order(StringComparer.Ordinal);
        var reports = given.Reports.SelectMany(Reports).ToList();
        return new CountyFolder(
            [.. given.Programmes.Select(p => (Id: p.Key, Given: p.Value ?? new())).Select(p =>
                new ProgrammeRow(0, p.Id, p.Given.Template, p.Given.LaunchYear.ToString(CultureInfo.InvariantCulture), p.Given.Area))],
            [.. townships.Select(t => new TownshipRow(0, t, $"Township {t}"))],
            [.. branches.Select(b => new BranchRow(0, b.Key, $"Branch {b.Key}", b.Value.Township!, b.Value.Kind!,
                b.Value.Star!.Value.ToString(CultureInfo.InvariantCulture), b.Value.ActiveFrom!, b.Value.ActiveTo!))],
            [.. reports.Select(r => r.Submission)], [.. reports.SelectMany(r => r.States)]);
    }

    private IEnumerable<(SubmissionRow Submission, List<StatesRow> States)> Reports(GivenReport report)
    {
        var (township, periods) = report.Of.Split(' ') is [var t, var p]
            ? (Township(t), p.Split("..")) : throw new FormatException($"Not a report: {report.Of}");
        var programme = report.Programme ?? firstProgramme;
        var template = ShippedTemplates.Read((given.Programmes[programme] ?? new()).Template);
        for (var period = Period.Parse(periods[0]); period <= Period.Parse(periods[^1]); period = period.Plus(1))
        {
            var number = versions[(programme, township, period)] = versions.GetValueOrDefault((programme, township, period)) + 1;
            var received = report.Received is { } text ? Instant(text)
                : new DateTimeOffset(period.Plus(1).FirstDay, TimeOnly.MinValue, HubTime.ShanghaiOffset).AddHours(number - 1);
            var version = number.ToString(CultureInfo.InvariantCulture);
            var states = report.States.SelectMany(s => Codes(s.Key), (s, code) => new StatesRow(0, programme, township, period.ToString(), version, code,
                StateText.Parse(s.Value, template.StandardOf(branches[code].Kind!)!))).ToList();
            yield return (new SubmissionRow(0, programme, township, period.ToString(), version, HubTime.Instant(received)), states);
        }
    }

    private async Task ReportAsync(TemporaryStore hub, GivenReport report)
    {
        var rows = Reports(report).ToList();
        foreach (var (submission, _) in rows)
            if (hub.Store.State.IsLocked(submission.Programme, submission.Township, Period.Parse(submission.Period)))
                await WriteAsync(hub, (state, _) => LockPeriod.Reopen(submission.Programme, Period.Parse(submission.Period), submission.Township, "case", state));
        await WriteAsync(hub, (state, now) => HistoryImport.Decide(new CountyFolder([], [], [], [.. rows.Select(r => r.Submission)], [.. rows.SelectMany(r => r.States)]), state, now));
    }

    private Task ChangeAsync(TemporaryStore hub, GivenChange change)
    {
        if (change.Published is { } period) return PublishedMonth.PublishAsync(hub, firstProgramme, period);
        if (change.Report is { } report) return ReportAsync(hub, report);
        if (change.Template is { } edit)
        {
            var programme = hub.Store.State.FindProgramme(edit.Programme ?? firstProgramme)!;
            Assert.Contains(edit.Replace, programme.TemplateText, StringComparison.Ordinal);
            var defined = new DefineProgrammeRequest
            {
                Programme = programme.Id, Template = programme.Template.Name, LaunchYear = programme.LaunchYear, Area = programme.Area,
                TemplateText = programme.TemplateText.Replace(edit.Replace, edit.By, StringComparison.Ordinal),
            };
            return WriteAsync(hub, (state, _) => DefineProgramme.Decide(defined, state));
        }
        var registry = new ChangeRegistryRequest();
        foreach (var (codes, branch) in change.Branches)
            foreach (var code in Codes(codes))
            {
                var b = branches[code] = Completed(code, branch, branches.GetValueOrDefault(code));
                registry.Branches.Add(new Protocol.Branch
                {
                    Code = code, Name = $"Branch {code}", Township = b.Township, Kind = b.Kind, Star = b.Star!.Value,
                    ActiveFrom = b.ActiveFrom, ActiveTo = b.ActiveTo,
                });
            }
        return WriteAsync(hub, (state, _) => ChangeRegistry.Decide(registry, state));
    }

    private static async Task WriteAsync<T>(TemporaryStore hub, Func<HubState, DateTimeOffset, Outcome<Decision<T>>> decide)
    {
        var outcome = await hub.Store.WriteAsync(decide, CancellationToken.None);
        if (outcome.IsRefused(out var refusal))
            Assert.Fail($"The given is refused: {refusal.Message.English} {string.Join("; ", refusal.Violations.Select(v => v.Message.English))}");
    }

    private static GivenBranch Completed(string code, GivenBranch? written, GivenBranch? known) => new()
    {
        Township = Township(written?.Township ?? known?.Township ?? code[..1].ToUpperInvariant()),
        Kind = written?.Kind ?? known?.Kind ?? "village",
        Star = written?.Star ?? known?.Star ?? 3,
        ActiveFrom = written?.ActiveFrom ?? known?.ActiveFrom ?? "2016-07-01",
        ActiveTo = written?.ActiveTo ?? known?.ActiveTo ?? "",
    };

    private static IEnumerable<string> Codes(string text) => text.Split(", ").SelectMany(part => part.Split("..") switch
    {
        [var code] => [code],
        [var first, var last] => Numbered(first[..1], Number(first), Number(last)),
        _ => throw new FormatException($"Not branch codes: {text}"),
    });

    private static IEnumerable<string> Numbered(string letter, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(n => letter + n.ToString(CultureInfo.InvariantCulture));

    private static int Number(string code) => int.Parse(code.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
}
