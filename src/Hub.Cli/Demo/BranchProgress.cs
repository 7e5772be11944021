using Hub.Programmes;

namespace Hub.Cli.Demo;

/// <summary>When each item of one branch came to be met. Months count from 0, the first period.</summary>
internal sealed class BranchProgress
{
    /// <summary>A month that no history reaches.</summary>
    public const int Never = 1000;

    private const int NotApplicable = -1;
    private readonly Standard standard;
    private readonly int[] metFrom;
    private readonly List<(int Item, int From, int Until)> lost = [];

    private BranchProgress(Standard standard) => (this.standard, metFrom) = (standard, new int[standard.Items.Count]);

    /// <summary>A branch whose last item of each track comes in the month given, earlier items at random before it.</summary>
    /// <param name="difficulty">Per item, 0 (often met from the start) to 1 (often the last).</param>
    public static BranchProgress Draw(
        Standard standard, int hardwareFrom, int softwareFrom, IReadOnlyList<double> difficulty, Random random)
    {
        var progress = new BranchProgress(standard);
        // A group stands or falls together: the state of an item alone never decides it.
        foreach (var group in standard.Items.Where(i => i.Condition is not null).GroupBy(i => i.ConditionGroup ?? i.Id))
        {
            if (random.NextDouble() >= 0.25) continue;
            foreach (var item in group) progress.metFrom[item.Ordinal] = NotApplicable;
        }
        progress.DrawTrack(Track.Hardware, hardwareFrom, 0.45, difficulty, random);
        progress.DrawTrack(Track.Software, softwareFrom, 0.75, difficulty, random);
        return progress;
    }

    private void DrawTrack(Track track, int completeFrom, double metAtStart, IReadOnlyList<double> difficulty, Random random)
    {
        int[] items = [.. Applicable(track)];
        if (items.Length == 0) return;
        var last = items.MaxBy(i => difficulty[i] + random.NextDouble());
        // Where the track is never complete, the other items still come within a year and a half.
        var horizon = Math.Min(completeFrom, 18);
        foreach (var item in items)
        {
            var early = random.NextDouble() < metAtStart * (1.4 - 0.8 * difficulty[item]);
            metFrom[item] = item == last ? completeFrom : early ? 0 : random.Next(horizon + 1);
        }
    }

    /// <summary>One character per item in the standard's order: <c>1</c>, <c>0</c> or <c>-</c>.</summary>
    public string StatesAt(int month) => string.Create(metFrom.Length, month, (states, m) =>
    {
        for (var item = 0; item < states.Length; item++)
            states[item] = metFrom[item] == NotApplicable ? '-' : IsMet(item, m) ? '1' : '0';
    });

    public bool IsInBase(Track track) => Applicable(track).Any();

    public bool IsComplete(Track track, int month) => IsInBase(track) && Unmet(track, month) == 0;

    public int Unmet(Track track, int month) => Applicable(track).Count(i => !IsMet(i, month));

    /// <summary>Whatever of the track was to come after <paramref name="month"/> comes in it. Returns how many items.</summary>
    public int BringForward(Track track, int month)
    {
        int[] later = [.. Applicable(track).Where(i => metFrom[i] > month)];
        foreach (var item in later) metFrom[item] = month;
        return later.Length;
    }

    /// <summary>Loses one item of the track from a month until another. False where no item was met long enough to be lost.</summary>
    public bool TryLose(Track track, int from, int until, Random random)
    {
        int[] held = [.. Applicable(track).Where(i => metFrom[i] < from - 1)];
        if (held.Length == 0) return false;
        lost.Add((held[random.Next(held.Length)], from, until));
        return true;
    }

    /// <summary>Gives branches of one kind the same states from one month through another: two hardware items and one other stay
    /// unmet, everything else is met by then, and before and after they go their own ways.</summary>
    public static void MakeAlike(IReadOnlyList<BranchProgress> branches, int from, int through, Random random)
    {
        var items = branches[0].standard.Items;
        int[] open =
        [
            .. items.Where(i => i.Track == Track.Hardware && i.Condition is null).Take(2).Select(i => i.Ordinal),
            .. items.Where(i => i.Track == Track.Software && i.Condition is null).Take(1).Select(i => i.Ordinal),
        ];
        foreach (var branch in branches)
        {
            var slowness = random.NextDouble() < 0.4 ? 10 : 4;
            for (var item = 0; item < branch.metFrom.Length; item++)
            {
                branch.metFrom[item] = open.Contains(item) ? through + 1 + random.Next(slowness)
                    : random.NextDouble() < 0.6 ? 0 : random.Next(from + 1);
            }
        }
    }

    private IEnumerable<int> Applicable(Track track) =>
        standard.Items.Where(i => i.Track == track && metFrom[i.Ordinal] != NotApplicable).Select(i => i.Ordinal);

    private bool IsMet(int item, int month) =>
        metFrom[item] <= month && !lost.Any(l => l.Item == item && l.From <= month && month < l.Until);
}
