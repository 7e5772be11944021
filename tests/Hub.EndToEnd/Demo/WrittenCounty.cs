using System.Globalization;
using CsvHelper;
using Hub.Cli.Demo;
using Hub.Programmes;

namespace Hub.EndToEnd.Demo;

/// <summary>A made-up county as its files say it, with the figures and signals of the rules computed from the files alone.</summary>
public sealed class WrittenCounty : IDisposable
{
    public const int Months = 11;

    public WrittenCounty()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("made-up-county").FullName;
        Template = PartyBranchTemplate.Make();
        County = MadeUpCounty.Make(Template, "county-2025", 2025);
        County.WriteHistory(Directory, Months);
        Branches = Rows("branches.csv").ToDictionary(r => r["code"]);
        Submissions = Rows("submissions.csv");
        States = Rows("states.csv");
        InForce = States.GroupBy(r => (r["township"], Period.Parse(r["period"])))
            .ToDictionary(
                g => g.Key,
                g => g.GroupBy(r => r["version"]).MaxBy(v => v.Key, StringComparer.Ordinal)!
                    .ToDictionary(r => r["branch"], r => r["states"]));
    }

    internal string Directory { get; }
    internal Template Template { get; }
    internal MadeUpCounty County { get; }
    internal Dictionary<string, Dictionary<string, string>> Branches { get; }
    internal List<Dictionary<string, string>> Submissions { get; }
    internal List<Dictionary<string, string>> States { get; }

    /// <summary>Branch code → states of the highest own version, by township and period.</summary>
    internal Dictionary<(string Township, Period Period), Dictionary<string, string>> InForce { get; }

    internal static Period First => Period.Of(2025, 12);

    internal static IEnumerable<Period> Periods => Enumerable.Range(0, Months).Select(First.Plus);

    internal Standard StandardOf(string branch) => Template.StandardOf(Branches[branch]["kind"])!;

    internal List<Dictionary<string, string>> Rows(string file) => ReadRows(Path.Combine(Directory, file));

    internal static List<Dictionary<string, string>> ReadRows(string path)
    {
        using var csv = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
        Assert.True(csv.Read() && csv.ReadHeader());
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read()) rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!));
        return rows;
    }

    internal static IEnumerable<char> Of(Track track, Standard standard, string states) =>
        standard.Items.Where(i => i.Track == track).Select(i => states[i.Ordinal]);

    /// <summary>Complete and base of a track, over the own report of one township, or of all.</summary>
    internal (int Complete, int Base) Completion(Track track, Period period, string? township = null)
    {
        var inBase = InForce.Where(r => r.Key.Period == period && (township ?? r.Key.Township) == r.Key.Township).SelectMany(r => r.Value)
            .Select(b => Of(track, StandardOf(b.Key), b.Value).Where(c => c != '-').ToArray()).Where(c => c.Length > 0).ToArray();
        return (inBase.Count(c => !c.Contains('0')), inBase.Length);
    }

    /// <summary>The latest own report before the period.</summary>
    internal Dictionary<string, string>? Before(string township, Period period) =>
        Periods.Where(p => p < period).Reverse().Select(p => InForce.GetValueOrDefault((township, p))).FirstOrDefault(r => r is not null);

    /// <summary>Per branch in both reports: how many items went from one state to the other, and how many had the first.</summary>
    internal IEnumerable<(string Branch, int Went, int Had)> Turned(Track track, string township, Period period, char from, char to)
    {
        if (!InForce.TryGetValue((township, period), out var now) || Before(township, period) is not { } before) yield break;
        foreach (var (branch, states) in now.Where(b => before.ContainsKey(b.Key)))
        {
            var pairs = Of(track, StandardOf(branch), before[branch]).Zip(Of(track, StandardOf(branch), states)).ToArray();
            yield return (branch, pairs.Count(p => p.First == from && p.Second == to), pairs.Count(p => p.First == from));
        }
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
