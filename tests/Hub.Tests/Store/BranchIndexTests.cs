using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Log;

namespace Hub.Tests.Store;

/// <summary>A branch is found by its code alone over the whole hub, however the code looks, also while the writer goes on registering.</summary>
public sealed class BranchIndexTests
{
    [Fact]
    public void Every_code_leads_to_its_township_and_an_unknown_one_nowhere()
    {
        var index = new BranchIndex();
        for (var i = 0; i < 10_000; i++) index.Add($"code-{i}", i % 100 == 0 ? 0 : 999_999_999 - i);
        Assert.Equal(10_000, index.Count);
        for (var i = 0; i < 10_000; i++) Assert.Contains(i % 100 == 0 ? 0 : 999_999_999 - i, index.Find($"code-{i}"));
        // Another code may have the same hash by chance: of ten thousand hardly any.
        Assert.InRange(Enumerable.Range(10_000, 10_000).Count(i => index.Find($"code-{i}").Any()), 0, 10);
    }

    [Fact]
    public async Task Readers_find_what_was_added_while_the_writer_adds()
    {
        const int codes = 100_000;
        var index = new BranchIndex();
        var added = 0;
        var readers = Enumerable.Range(1, 3).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var through = 0; through < codes;)
            {
                through = Volatile.Read(ref added);
                if (through == 0) continue;
                var i = random.Next(through);
                Assert.Contains(i, index.Find($"b{i}"));
                Assert.Contains(through - 1, index.Find($"b{through - 1}"));
            }
        })).ToArray();
        for (var i = 0; i < codes; i++)
        {
            index.Add($"b{i}", i);
            Volatile.Write(ref added, i + 1);
        }
        await Task.WhenAll(readers);
    }

    [Fact]
    public void A_code_may_begin_with_its_township_with_another_or_with_none()
    {
        var state = new HubState();
        Register(state, ["990101100", "990101101", "000000000"], []);
        Register(state, [], [("99010110000001", "990101100"), ("99010110000002", "990101101"), ("b1", "990101101"), ("990101101", "000000000"), ("99010110", "990101100")]);
        Register(state, [], [("99010110100001", "990101100"), ("b2", "990101101")]);
        Assert.Equal(7, state.Townships.Sum(t => t.Branches.Count));
        Assert.Equal(("990101100", 0), Found("99010110000001"));
        Assert.Equal(("990101100", 1), Found("99010110"));
        Assert.Equal(("990101101", 0), Found("99010110000002"));
        Assert.Equal(("990101101", 1), Found("b1"));
        Assert.Equal(("000000000", 0), Found("990101101"));
        Assert.Equal(("990101100", 2), Found("99010110100001"));
        Assert.Equal(("990101101", 2), Found("b2"));
        Assert.All(["b", "b10", "", "99010110000003", "990101100", "990101102000001"], code => Assert.Null(state.FindBranch(code)));

        (string, int)? Found(string code) => state.FindBranch(code) is { } b ? (b.Township, b.Number) : null;
    }

    [Fact]
    public void A_branch_registered_again_keeps_its_number_and_one_of_another_township_cannot_be()
    {
        var state = new HubState();
        Register(state, ["990101100", "990101101"], [("b1", "990101100"), ("99010110000001", "990101100")]);
        Register(state, ["990101100"], [("99010110000001", "990101100"), ("b1", "990101100"), ("b2", "990101100")]);
        Assert.Equal((0, 1, 2), (state.FindBranch("b1")!.Number, state.FindBranch("99010110000001")!.Number, state.FindBranch("b2")!.Number));
        Assert.Throws<InvalidOperationException>(() => Register(state, [], [("b1", "990101101")]));
        Assert.Throws<InvalidOperationException>(() => Register(state, [], [("99010110000001", "990101101")]));
    }

    private static void Register(HubState state, string[] townships, (string Code, string Township)[] branches)
    {
        var changed = new RegistryChanged
        {
            Townships = { townships.Select(t => new Hub.Protocol.Township { Code = t, Name = "镇" }) },
            Branches = { branches.Select(b => StoreCalls.Branch(b.Code, b.Township, "village")) },
        };
        state.Apply(new LoggedRecord(1, 0, [], [], new LogRecord { RegistryChanged = changed }));
    }
}
