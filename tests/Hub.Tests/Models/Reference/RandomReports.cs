using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>One made-up township's reports for one programme: months left out, corrections, late ones to the microsecond, careless lists.</summary>
public sealed class RandomReports
{
    private readonly Random random;
    private readonly RandomCounty county;
    private readonly ReferenceProgramme programme;
    private readonly string township;
    private readonly RandomStates moves;
    private readonly Dictionary<string, ReferenceBranch> branches;
    private readonly Dictionary<string, string> states = [];
    private readonly bool isLazy, isCareless;

    public RandomReports(Random random, RandomCounty county, ReferenceProgramme programme, string township)
    {
        (this.random, this.county, this.programme, this.township) = (random, county, programme, township);
        moves = new RandomStates(random);
        isLazy = random.Next(3) == 0;
        isCareless = !county.IsCareful && random.Next(3) == 0;
        var leavesConditionsOut = random.Next(4) == 0;
        branches = county.Changed.Branches.Where(b => b.Township == township && county.StandardOf(b.Kind) is not null).ToDictionary(b => b.Code);
        foreach (var branch in branches.Values) states[branch.Code] = moves.First(county.StandardOf(branch.Kind)!, leavesConditionsOut);
    }

    public void AddTo(List<ReferenceReport> first, List<ReferenceReport> all)
    {
        var split = county.First.Plus(random.Next(county.Last.Index - county.First.Index + 2));
        for (var period = programme.Launch; period <= county.Last; period = period.Plus(1))
        {
            moves.Move(states, code => county.StandardOf(branches[code].Kind)!, isLazy);
            if (random.Next(isLazy ? 12 : 6) == 0)
            {
                // Sometimes several months in a row.
                if (random.Next(3) == 0) period = period.Plus(random.Next(4));
                continue;
            }
            var receivedAt = ReceivedAt(period);
            var isFirst = period < split;
            for (var version = 1; receivedAt <= county.Now; version++)
            {
                var listed = List(period, isFirst);
                var report = new ReferenceReport(programme.Id, township, period, version, receivedAt, listed);
                all.Add(report);
                if (isFirst) first.Add(report);
                if (random.Next(5) > 0) break;
                receivedAt = receivedAt.AddHours(1 + random.Next(24 * 90));
                isFirst = isFirst && random.Next(2) == 0;
                if (random.Next(2) == 0) moves.Move(states, code => county.StandardOf(branches[code].Kind)!, isLazy: false);
            }
        }
    }

    private Dictionary<string, string> List(Period period, bool isFirst)
    {
        var listed = new Dictionary<string, string>();
        if (isCareless && random.Next(20) == 0) return listed;
        foreach (var (code, branch) in branches)
        {
            if (isFirst && !county.IsCareful && !county.WasRegisteredFirst(code)) continue;
            if (!isCareless ? branch.IsActiveIn(period) : branch.IsActiveIn(period) ? random.Next(25) > 0 : random.Next(3) == 0)
                listed[code] = states[code];
        }
        return listed;
    }

    private DateTimeOffset ReceivedAt(Period period)
    {
        var next = period.Plus(1);
        var month = new DateTimeOffset(next.Year, next.Month, 1, 0, 0, 0, TimeSpan.FromHours(8));
        var due = month.AddDays(3);
        return random.Next(12) switch
        {
            0 => due,
            1 => due.AddMicroseconds(-1),
            2 => due.AddMicroseconds(1),
            3 => due.AddDays(1).AddMicroseconds(-1),
            4 => due.AddDays(1),
            5 => due.AddSeconds(random.Next(60 * 86_400)),
            6 when !county.IsCareful => month.AddDays(-5),
            _ => month.AddSeconds(random.Next(3 * 86_400)),
        };
    }
}
