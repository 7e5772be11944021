using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>How a made-up township's states move from month to month, with a liking for the borders of the rules.</summary>
public sealed class RandomStates(Random random)
{
    /// <summary>States from a small pool, so that branches and townships tie; sometimes with every conditional item not applicable.</summary>
    public string First(Standard standard, bool leavesConditionsOut)
    {
        var states = new char[standard.Items.Count];
        var style = random.Next(5);
        for (var i = 0; i < states.Length; i++)
            states[i] = style switch { 0 => '0', 1 => '1', 2 => i % 2 == 0 ? '1' : '0', 3 => i == 0 ? '0' : '1', _ => random.Next(2) == 0 ? '0' : '1' };
        if (leavesConditionsOut || random.Next(5) == 0) LeaveOut(standard, states);
        return new string(states);
    }

    /// <summary>One month's change over all the branches that a township reports.</summary>
    public void Move(Dictionary<string, string> states, Func<string, Standard> standardOf, bool isLazy)
    {
        switch (isLazy && random.Next(4) > 0 ? 0 : random.Next(12))
        {
            case 0 or 1: break;
            case 2: Change(states, c => c == '0' && random.Next(4) == 0 ? '1' : c); break;
            case 3: Change(states, c => c == '0' && random.Next(2) == 0 ? '1' : c); break;
            case 4: Change(states, c => c != '-' && random.Next(12) == 0 ? c == '0' ? '1' : '0' : c); break;
            case 5 or 8 or 9: FlipManyAtOnce(states, standardOf); break;
            case 6 or 10: MakeUniform(states, standardOf); break;
            case 7: Complete(states, standardOf); break;
            default: ToggleConditions(states, standardOf); break;
        }
    }

    // Exactly the number of items, exactly half, and one less of either.
    private void FlipManyAtOnce(Dictionary<string, string> states, Func<string, Standard> standardOf)
    {
        var open = states.Keys.Order(StringComparer.Ordinal)
            .SelectMany(b => standardOf(b).Items.Where(i => i.Track == Track.Hardware && states[b][i.Ordinal] == '0').Select(i => (Branch: b, i.Ordinal))).ToArray();
        random.Shuffle(open);
        int[] choices = [19, 20, 20, 21, open.Length / 2, (open.Length + 1) / 2, Math.Max(20, open.Length / 2), open.Length];
        foreach (var (branch, ordinal) in open.Take(choices[random.Next(choices.Length)]))
            states[branch] = With(states[branch], ordinal, '1');
    }

    // Nine, ten or eleven branches of one kind alike, where there are so many.
    private void MakeUniform(Dictionary<string, string> states, Func<string, Standard> standardOf)
    {
        var kinds = states.Keys.Order(StringComparer.Ordinal).GroupBy(b => standardOf(b).Kind).ToArray();
        if (kinds.Length == 0) return;
        var kind = kinds.MaxBy(k => k.Count())!;
        var model = states[kind.First()];
        foreach (var branch in kind.Take(9 + random.Next(3))) states[branch] = model;
    }

    private void Complete(Dictionary<string, string> states, Func<string, Standard> standardOf)
    {
        foreach (var branch in states.Keys.Order(StringComparer.Ordinal).Where(_ => random.Next(2) == 0))
        {
            var track = random.Next(2) == 0 ? Track.Hardware : Track.Software;
            foreach (var item in standardOf(branch).Items.Where(i => i.Track == track && states[branch][i.Ordinal] == '0'))
                states[branch] = With(states[branch], item.Ordinal, '1');
        }
    }

    private void ToggleConditions(Dictionary<string, string> states, Func<string, Standard> standardOf)
    {
        foreach (var branch in states.Keys.Order(StringComparer.Ordinal).Where(_ => random.Next(3) == 0))
        {
            var changed = states[branch].ToCharArray();
            if (!changed.Contains('-')) LeaveOut(standardOf(branch), changed);
            else
                for (var i = 0; i < changed.Length; i++)
                    if (changed[i] == '-') changed[i] = random.Next(2) == 0 ? '0' : '1';
            states[branch] = new string(changed);
        }
    }

    private void Change(Dictionary<string, string> states, Func<char, char> change)
    {
        foreach (var branch in states.Keys.Order(StringComparer.Ordinal))
            states[branch] = new string([.. states[branch].Select(change)]);
    }

    private static void LeaveOut(Standard standard, char[] states)
    {
        foreach (var item in standard.Items.Where(i => i.Condition is not null)) states[item.Ordinal] = '-';
    }

    private static string With(string states, int ordinal, char state) => string.Concat(states.AsSpan(0, ordinal), [state], states.AsSpan(ordinal + 1));
}
