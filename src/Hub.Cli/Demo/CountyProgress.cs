using Hub.Programmes;

namespace Hub.Cli.Demo;

/// <summary>The progress of every branch that has a standard, drawn from its township's course and bent where the course says so.</summary>
internal sealed class CountyProgress
{
    /// <summary>Months in which one branch each loses an item. The last is the one that a demonstration submits.</summary>
    private static readonly int[] HardwareLostIn = [3, 5, 6, 8, 10];
    private static readonly int[] SoftwareLostIn = [6, 10];

    private readonly Template template;
    private readonly CountyRegistry registry;
    private readonly Period first;
    private readonly int seed;
    private readonly Dictionary<string, BranchProgress> byBranch = [];

    public CountyProgress(Template template, CountyRegistry registry, Period first, int seed)
    {
        (this.template, this.registry, this.first, this.seed) = (template, registry, first, seed);
        foreach (var township in registry.Townships) Draw(township);
        LoseSomeItems();
    }

    /// <summary>Null for a branch whose kind has no items.</summary>
    public BranchProgress? Of(string branch) => byBranch.GetValueOrDefault(branch);

    private void Draw(MadeUpTownship township)
    {
        MadeUpBranch[] judged =
            [.. registry.Branches.Where(b => b.Township == township.Code && template.StandardOf(b.Kind) is { Items.Count: > 0 })];
        var queue = Queue(judged, "hardware", StarLead);
        var softwarePlace = Places(Queue(judged, "software", _ => 0));
        foreach (var (branch, place) in Places(queue))
        {
            // A new branch needs a month or two before it can have everything.
            var opened = Period.Of(branch.ActiveFrom).Index - first.Index + 2;
            byBranch[branch.Code] = BranchProgress.Draw(
                template.StandardOf(branch.Kind)!,
                Math.Max(opened, township.Course.HardwareMonth(place)),
                Math.Max(opened, township.Course.SoftwareMonth(softwarePlace[branch])),
                Difficulty(branch.Kind),
                Chance.Of(seed, $"items {branch.Code}"));
        }
        if (township.Course.AlikeFrom is { } from) MakeAlike(queue, from);
        if (township.Course.JumpMonth is { } month) Jump(queue, month);
    }

    /// <summary>The branches in the order in which they complete a track.</summary>
    private MadeUpBranch[] Queue(MadeUpBranch[] branches, string track, Func<int, double> lead) =>
        [.. branches.OrderBy(b => Chance.Of(seed, $"{track} {b.Code}").NextDouble() - lead(b.Star))];

    private static Dictionary<MadeUpBranch, double> Places(MadeUpBranch[] queue) =>
        queue.Select((branch, i) => (branch, (i + 0.5) / queue.Length)).ToDictionary();

    /// <summary>The plan asks five stars first, then four: those branches stand ahead in the queue, though not all of them.</summary>
    private static double StarLead(int star) => star switch { 5 => 0.95, 4 => 0.6, _ => star * 0.02 };

    private double[] Difficulty(string kind)
    {
        var chance = Chance.Of(seed, $"difficulty {kind}");
        return [.. template.StandardOf(kind)!.Items.Select(_ => chance.NextDouble())];
    }

    private void MakeAlike(MadeUpBranch[] queue, int from)
    {
        var kind = queue.GroupBy(b => b.Kind).MaxBy(g => g.Count())!;
        var last = kind.TakeLast(template.Signals.UniformBranches + 2).Select(b => byBranch[b.Code]);
        BranchProgress.MakeAlike([.. last], from, from + 2, Chance.Of(seed, "alike"));
    }

    private void Jump(MadeUpBranch[] queue, int month)
    {
        BranchProgress[] branches = [.. queue.Select(b => byBranch[b.Code])];
        var unmet = branches.Sum(b => b.Unmet(Track.Hardware, month - 1));
        var turned = 0;
        // More than the signal asks for, so that nobody can take it for good work.
        foreach (var branch in branches.TakeWhile(_ => turned * 10 < unmet * 6)) turned += branch.BringForward(Track.Hardware, month);
    }

    /// <summary>A few items that were met are lost for two or three months: rooms given to other uses, ledgers no longer kept.</summary>
    private void LoseSomeItems()
    {
        var chance = Chance.Of(seed, "lost");
        var steady = registry.Townships.Where(t => t.Course.IsRegistrySteady).Select(t => t.Code).ToHashSet();
        MadeUpBranch[] candidates = [.. registry.Branches.Where(
            b => byBranch.ContainsKey(b.Code) && !steady.Contains(b.Township) && b.ActiveTo is null && b.ActiveFrom < first.FirstDay)];
        chance.Shuffle(candidates);
        var losses = new Queue<(Track Track, int From)>(
            [.. HardwareLostIn.Select(m => (Track.Hardware, m)), .. SoftwareLostIn.Select(m => (Track.Software, m))]);
        foreach (var branch in candidates)
        {
            if (!losses.TryPeek(out var loss)) break;
            var until = loss.From + chance.Next(2, 4);
            if (byBranch[branch.Code].TryLose(loss.Track, loss.From, until, chance)) losses.Dequeue();
        }
    }
}
