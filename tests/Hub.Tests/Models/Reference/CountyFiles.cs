using System.Globalization;
using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>A reference county as a county folder and back. Names are the codes.</summary>
public static class CountyFiles
{
    /// <summary>Writes the five files; the rows of each in an order of its own where <paramref name="shuffle"/> is given.</summary>
    public static void Write(string folder, ReferenceCounty county, IEnumerable<ReferenceReport> reports, Random? shuffle = null)
    {
        var sent = reports.ToList();
        Write("programmes.csv", "id,template,launch_year,area", county.Programmes.Select(p => Row(p.Id, "party-branch", p.LaunchYear, p.Area)));
        Write("townships.csv", "code,name", county.Townships.Select(t => Row(t, t)));
        Write("branches.csv", "code,name,township,kind,star,active_from,active_to",
            county.Branches.Select(b => Row(b.Code, b.Code, b.Township, b.Kind, b.Star, Day(b.ActiveFrom), b.ActiveTo is { } to ? Day(to) : "")));
        Write("submissions.csv", "programme,township,period,version,received_at",
            sent.Select(r => Row(r.Programme, r.Township, r.Period, r.Version, r.ReceivedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture))));
        Write("states.csv", "programme,township,period,version,branch,states",
            sent.SelectMany(r => r.States.Select(s => Row(r.Programme, r.Township, r.Period, r.Version, s.Key, s.Value))));

        void Write(string file, string header, IEnumerable<string> rows)
        {
            var lines = rows.ToArray();
            shuffle?.Shuffle(lines);
            File.WriteAllLines(Path.Combine(folder, file), [header, .. lines]);
        }
    }

    public static ReferenceCounty Read(string folder, Template template)
    {
        var states = Rows("states.csv").ToLookup(r => (r[0], r[1], r[2], r[3]));
        return new ReferenceCounty(
            [.. Rows("programmes.csv").Select(r => new ReferenceProgramme(r[0], Number(r[2]), r.ElementAtOrDefault(3) ?? "", template))],
            [.. Rows("townships.csv").Select(r => r[0])],
            [.. Rows("branches.csv").Select(r => new ReferenceBranch(r[0], r[2], r[3], Number(r[4]), ParseDay(r[5]), r[6].Length == 0 ? null : ParseDay(r[6])))],
            [.. Rows("submissions.csv").Select(r => new ReferenceReport(r[0], r[1], Period.Parse(r[2]), Number(r[3]),
                DateTimeOffset.Parse(r[4], CultureInfo.InvariantCulture), states[(r[0], r[1], r[2], r[3])].ToDictionary(s => s[4], s => s[5])))]);

        IEnumerable<string[]> Rows(string file) => File.ReadLines(Path.Combine(folder, file)).Skip(1).Select(line => line.Split(','));
    }

    private static string Row(params object[] fields) => string.Join(',', fields.Select(f => Convert.ToString(f, CultureInfo.InvariantCulture)));
    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static DateOnly ParseDay(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
