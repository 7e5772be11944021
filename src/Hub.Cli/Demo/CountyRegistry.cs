using System.Globalization;
using Hub.Programmes;

namespace Hub.Cli.Demo;

/// <summary>A branch of the made-up county, as its registry has it.</summary>
public sealed record MadeUpBranch(
    string Code, string Name, string Township, string Kind, int Star, DateOnly ActiveFrom, DateOnly? ActiveTo)
{
    /// <summary>Active in P: from its last day on or before, and not ended by that day.</summary>
    public bool IsActiveIn(Period period) => ActiveFrom <= period.LastDay && (ActiveTo is not { } end || end > period.LastDay);
}

internal sealed record MadeUpTownship(string Code, string Name, CommitteeShape Shape, TownshipCourse Course);

/// <summary>The made-up committees and branches, both by code.</summary>
internal sealed class CountyRegistry
{
    private static readonly int[] StarWeights = [8, 12, 24, 32, 18, 6];

    private readonly Template template;
    private readonly int seed;
    private readonly Period first;
    private readonly PlaceNames names;

    public CountyRegistry(Template template, int launchYear, int townships, int branches, int seed)
    {
        (this.template, this.seed) = (template, seed);
        first = template.Cadence.FirstPeriod.In(launchYear);
        names = new(Chance.Of(seed, "names"));
        Townships = FoundTownships(townships);
        Branches = [.. FoundBranches(branches)];
    }

    public IReadOnlyList<MadeUpTownship> Townships { get; }

    public IReadOnlyList<MadeUpBranch> Branches { get; }

    private MadeUpTownship[] FoundTownships(int count)
    {
        var founded = new List<(string Code, string Name, CommitteeShape Shape)>();
        var counts = Chance.Apportion(count, [.. CommitteeShape.All.Select(s => s.OfThirteen)]);
        foreach (var (shape, n) in CommitteeShape.All.Zip(counts))
        {
            for (var i = 0; i < n; i++)
            {
                var code = string.Create(CultureInfo.InvariantCulture, $"{MadeUpCounty.Code}{shape.FirstNumber + i:D3}");
                founded.Add((code, names.Township(shape, i), shape));
            }
        }

        var places = Enumerable.Range(0, count).ToArray();
        Chance.Of(seed, "courses").Shuffle(places);
        // A dozen equal branches and a jump of many items need towns, which have enough branches of one kind.
        var towns = places.Where(p => founded[p].Shape.Suffix == "镇").Take(2);
        var order = towns.Concat(places).Distinct().ToList();
        return [.. founded.Select((t, i) => new MadeUpTownship(t.Code, t.Name, t.Shape, TownshipCourse.Of(order.IndexOf(i))))];
    }

    private IEnumerable<MadeUpBranch> FoundBranches(int count)
    {
        // A kind that has no items yet is registered, but few branches are of it.
        string[] unjudged = [.. template.Standards.Where(s => s.Items.Count == 0).Select(s => s.Kind)];
        var unjudgedCount = unjudged.Length == 0 ? 0 : Math.Min(3, count / 100);
        var sizes = Chance.Apportion(count - unjudgedCount, [.. Townships.Select(t => t.Shape.BranchWeight)]);
        var host = Townships.MaxBy(t => t.Shape.BranchWeight)!;
        foreach (var (township, size) in Townships.Zip(sizes))
        {
            var kinds = Kinds(township.Shape, size);
            if (township == host) kinds.AddRange(Enumerable.Range(0, unjudgedCount).Select(i => unjudged[i % unjudged.Length]));
            var shuffled = kinds.ToArray();
            Chance.Of(seed, $"kinds {township.Code}").Shuffle(shuffled);
            for (var i = 0; i < shuffled.Length; i++)
            {
                var code = string.Create(CultureInfo.InvariantCulture, $"{township.Code}{i + 1:D5}");
                yield return Found(code, township, shuffled[i]);
            }
        }
    }

    private List<string> Kinds(CommitteeShape shape, int size)
    {
        (string Kind, int Weight)[] known = [.. shape.Kinds.Where(k => template.StandardOf(k.Kind) is { Items.Count: > 0 })];
        if (known.Length == 0) throw new ArgumentException($"The template {template.Name} judges none of the kinds of a made-up county.");
        var counts = Chance.Apportion(size, [.. known.Select(k => k.Weight)]);
        return [.. known.Zip(counts).SelectMany(k => Enumerable.Repeat(k.First.Kind, k.Second))];
    }

    private MadeUpBranch Found(string code, MadeUpTownship township, string kind)
    {
        var chance = Chance.Of(seed, $"branch {code}");
        var star = chance.Weighted(StarWeights);
        // Where an item asks for stars most branches hold them, else nearly every report that claims the item would draw a warning.
        var asked = template.StandardOf(kind)!.Items.Max(i => i.MinimumStar) ?? 0;
        if (chance.NextDouble() < 0.85) star = Math.Max(star, asked);
        var from = new DateOnly(chance.Next(first.Year - 24, first.Year), chance.Next(1, 12), chance.Next(1, 29));
        DateOnly? to = null;
        var fate = township.Course.IsRegistrySteady ? 1 : chance.NextDouble();
        if (fate < 0.03) from = first.Plus(chance.Next(1, 10)).FirstDay.AddDays(chance.Next(28));
        else if (fate < 0.055) to = first.Plus(chance.Next(1, 10)).FirstDay.AddDays(chance.Next(28));
        else if (fate < 0.06) to = first.Plus(-chance.Next(1, 5)).FirstDay.AddDays(chance.Next(28));
        return new(code, names.Branch(kind, township.Name, township.Shape), township.Code, kind, star, from, to);
    }
}
