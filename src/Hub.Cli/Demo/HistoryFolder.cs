using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Hub.Programmes;

namespace Hub.Cli.Demo;

/// <summary>The made-up county as the folder of CSV files that an import reads.</summary>
internal static class HistoryFolder
{
    /// <summary>Items that a first version claims beyond what its correction says.</summary>
    private const int ItemsClaimedTooMuch = 3;

    // A fixed line end: the files are the same on every system.
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    public static void Write(MadeUpCounty county, string folder, IEnumerable<Period> periods)
    {
        Directory.CreateDirectory(folder);
        WriteFile(folder, "programmes.csv", ["id", "template", "launch_year", "area"],
            [[county.Programme, county.TemplateName, county.LaunchYear.ToString(CultureInfo.InvariantCulture), MadeUpCounty.Code]]);
        WriteFile(folder, "townships.csv", ["code", "name"], county.Townships.Select(t => new[] { t.Code, t.Name }));
        WriteFile(folder, "branches.csv", ["code", "name", "township", "kind", "star", "active_from", "active_to"],
            county.Branches.Select(Row));

        var submissions = new List<string[]>();
        var states = new List<string[]>();
        foreach (var period in periods)
        {
            foreach (var (township, _) in county.Townships)
            {
                foreach (var (version, receivedAt, claimsTooMuch) in county.Submissions(township, period))
                {
                    string[] key = [county.Programme, township, period.ToString(), version.ToString(CultureInfo.InvariantCulture)];
                    submissions.Add([.. key, HubTime.Instant(receivedAt)]);
                    var facts = county.States(township, period);
                    var told = claimsTooMuch ? Overstated(facts) : facts;
                    states.AddRange(told.Select(b => (string[])[.. key, b.Branch, b.States]));
                }
            }
        }
        WriteFile(folder, "submissions.csv", ["programme", "township", "period", "version", "received_at"], submissions);
        WriteFile(folder, "states.csv", ["programme", "township", "period", "version", "branch", "states"], states);
    }

    private static string[] Row(MadeUpBranch branch) =>
    [
        branch.Code, branch.Name, branch.Township, branch.Kind, branch.Star.ToString(CultureInfo.InvariantCulture),
        HubTime.Day(branch.ActiveFrom), branch.ActiveTo is { } end ? HubTime.Day(end) : "",
    ];

    private static IEnumerable<(string Branch, string States)> Overstated(IEnumerable<(string Branch, string States)> facts)
    {
        var left = ItemsClaimedTooMuch;
        foreach (var (branch, states) in facts)
        {
            var unmet = states.IndexOf('0', StringComparison.Ordinal);
            var isOverstated = unmet >= 0 && left-- > 0;
            yield return (branch, isOverstated ? string.Concat(states.AsSpan(0, unmet), "1", states.AsSpan(unmet + 1)) : states);
        }
    }

    private static void WriteFile(string folder, string name, string[] header, IEnumerable<string[]> rows)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var writer = new StreamWriter(Path.Combine(folder, name), append: false, encoding);
        using var csv = new CsvWriter(writer, Configuration);
        foreach (var row in rows.Prepend(header))
        {
            foreach (var field in row) csv.WriteField(field);
            csv.NextRecord();
        }
    }
}
