using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary>A made-up committee. <paramref name="Lead"/> is its pace, 0 (first) to 1 (last).</summary>
internal sealed record NationTownship(string Code, string Name, NationShape Shape, int Branches, double Lead, ulong Chance);

/// <summary>A made-up country under one programme: codes of provinces, cities, counties and townships as they are built, sizes and progress drawn.
/// Only the townships are kept; every branch and state is computed when it is asked for.</summary>
internal sealed class MadeUpNation
{
    public const int AllTownships = 38_745, Provinces = 31;
    public const string Template = "party-branch";

    private const double TownshipsPerCounty = 38_745.0 / 2_850, BranchesPerTownship = 4_550_000.0 / 38_745;
    private const int CountiesPerCity = 9, FewestBranches = 8, MostBranches = 600;

    private static readonly int[] ProvinceCodes = [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65];

    private readonly Dictionary<string, NationKind> kinds;

    /// <param name="branches">About how many in all; null = in the country's proportion.</param>
    public MadeUpNation(int townships, int? branches = null, int launchYear = 2025, int seed = 20251201)
    {
        Seed = seed;
        Programme = string.Create(CultureInfo.InvariantCulture, $"nation-{launchYear}");
        LaunchYear = launchYear;
        var template = ShippedTemplates.Read(Template);
        First = template.Cadence.FirstPeriod.In(launchYear);
        kinds = template.Standards.Where(s => s.Items.Count > 0).ToDictionary(s => s.Kind, s => new NationKind(s, template), StringComparer.Ordinal);
        var sizes = Sizes(townships, branches ?? (int)(townships * BranchesPerTownship));
        Townships = [.. Codes(townships).Select((c, i) => Found(c.Code, c.Shape, sizes[i], i))];
        BranchCount = sizes.Sum();
    }

    public int Seed { get; }
    public string Programme { get; }
    public int LaunchYear { get; }

    /// <summary>The first month reported on; months count from 0.</summary>
    public Period First { get; }

    /// <summary>By code.</summary>
    public IReadOnlyList<NationTownship> Townships { get; }

    public int BranchCount { get; }

    public IEnumerable<NationKind> Kinds => kinds.Values;

    /// <summary>Common denominators of the scores.</summary>
    public (long Hardware, long Software) Denominators => kinds.Values.Select(k => (k.HardwareDenominator, k.SoftwareDenominator)).First();

    /// <summary>Branches of one township by code, those not yet or no longer active included.</summary>
    public IEnumerable<NationBranch> Branches(NationTownship township)
    {
        for (var number = 1; number <= township.Branches; number++)
        {
            var chance = Dice.Of(township.Chance, (ulong)number);
            var kind = kinds[township.Shape.KindOf(Dice.Unit(Dice.Of(chance, 10)))];
            var star = Dice.Below(Dice.Of(chance, 11), 6);
            // Where an item asks for stars most branches hold them, else nearly every report that claims it would draw a warning.
            if (Dice.Unit(Dice.Of(chance, 12)) < 0.85) star = Math.Max(star, kind.AskedStar);
            var fate = Dice.Below(Dice.Of(chance, 13), 1000);
            var month = 1 + Dice.Below(Dice.Of(chance, 14), 10);
            yield return new(number, kind, star, fate < 15 ? month : -60, fate is >= 15 and < 30 ? month : null, township.Lead, chance);
        }
    }

    public static string CodeOf(NationTownship township, NationBranch branch) => string.Create(CultureInfo.InvariantCulture, $"{township.Code}{branch.Number:D5}");

    public DateOnly OpenedOn(NationBranch branch) => First.Plus(branch.Opens).FirstDay.AddDays((int)(branch.Chance % 28));

    public DateOnly? ClosedOn(NationBranch branch) => branch.Closes is { } month ? First.Plus(month).FirstDay.AddDays((int)(branch.Chance % 28)) : null;

    public NationFigures FiguresOf(NationTownship township, int month)
    {
        var figures = new NationFigures();
        foreach (var branch in Branches(township).Where(b => b.IsActiveIn(month)))
        {
            var (met, notApplicable) = branch.StatesAt(month);
            figures.Add(branch.Kind, met, notApplicable);
        }
        return figures;
    }

    /// <summary>The month's report as a township's agent sends it.</summary>
    public Report ReportOf(NationTownship township, int month)
    {
        var report = new Report { Programme = Programme, Township = township.Code, Period = First.Plus(month).ToString() };
        var figures = new NationFigures();
        foreach (var branch in Branches(township).Where(b => b.IsActiveIn(month)))
        {
            var (met, notApplicable) = branch.StatesAt(month);
            figures.Add(branch.Kind, met, notApplicable);
            var states = new BranchStates { Branch = CodeOf(township, branch) };
            for (var item = 0; item < branch.Kind.Items; item++)
                states.States.Add((met >> item & 1) == 1 ? ItemState.Met : (notApplicable >> item & 1) == 1 ? ItemState.NotApplicable : ItemState.NotMet);
            report.Branches.Add(states);
        }
        report.Narrative = NationWords.Narrative(figures, Dice.Of(township.Chance, 1_000_000 + (ulong)month));
        report.SignOff = NationWords.SignOff(township.Shape, First.Plus(month));
        return report;
    }

    private NationTownship Found(string code, NationShape shape, int branches, int index)
    {
        var chance = Dice.Of((ulong)Seed, (ulong)index);
        return new(code, NationWords.Township(shape, chance), shape, branches, Dice.Unit(Dice.Of(chance, 20)), chance);
    }

    // Provinces take their counties in turn, a city has at most nine of them.
    private static IEnumerable<(string Code, NationShape Shape)> Codes(int townships)
    {
        var counties = Math.Max(1, (int)Math.Round(townships / TownshipsPerCounty));
        for (var county = 0; county < counties; county++)
        {
            var province = (int)((long)county * Provinces / counties);
            var within = county - (int)(((long)province * counties + Provinces - 1) / Provinces);
            var prefix = ProvinceCodes[province] * 10_000 + (within / CountiesPerCity + 1) * 100 + within % CountiesPerCity + 1;
            var here = (int)((county + 1L) * townships / counties - (long)county * townships / counties);
            for (var i = 0; i < here; i++)
            {
                var place = (i + 0.5) / here;
                var shape = place < 0.25 ? NationShape.All[0] : place < 0.7 ? NationShape.All[1] : NationShape.All[2];
                yield return (string.Create(CultureInfo.InvariantCulture, $"{prefix:D6}{shape.FirstNumber + i:D3}"), shape);
            }
        }
    }

    // Skewed as committees are: a median of some ninety, some of several hundred.
    private int[] Sizes(int townships, int branches)
    {
        var drawn = Enumerable.Range(0, townships).Select(i => Math.Exp(0.7 * Dice.Normal(Dice.Of((ulong)Seed, 10_000_000 + (ulong)i)))).ToArray();
        var scale = branches / drawn.Sum();
        var sizes = drawn.Select(d => Math.Clamp((int)Math.Round(d * scale), FewestBranches, MostBranches)).ToArray();
        // What the bounds took or gave is spread evenly.
        for (int i = 0, off = branches - sizes.Sum(), step = Math.Sign(off); off != 0; i = (i + 1) % townships)
        {
            if (sizes[i] + step is < FewestBranches or > MostBranches) continue;
            sizes[i] += step;
            off -= step;
        }
        return sizes;
    }
}
