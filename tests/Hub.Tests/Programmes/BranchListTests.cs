using System.Text;
using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>A township's branches as columns: the same branches come out that went in, in code order, and each is found by its code alone.</summary>
public sealed class BranchListTests
{
    private const string Township = "990101100";

    [Fact]
    public void Branches_come_out_in_code_order_as_they_went_in()
    {
        Branch[] branches =
        [
            Made(7, "99010110000002", "𠀀𠮷村党支部", "agency", 5, to: new DateOnly(2026, 1, 31)), Made(0, "99010110000010", "一支部", "village", 0),
            Made(3, "99010110000001", "名", "village", 3), Made(9, "9901011000000", "a \"b\", 'c'", "enterprise", 4),
        ];
        BranchList list = [.. branches];
        Assert.Equal(branches.OrderBy(b => b.Code, StringComparer.Ordinal), list);
        Assert.Equal(4, list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            Assert.Equal((list[i].Number, list[i].Code, list[i].Kind, list[i].Star), (list.NumberAt(i), list.CodeAt(i), list.KindAt(i), list.StarAt(i)));
            Assert.Equal(i, list.IndexOf(Encoding.UTF8.GetBytes(list[i].Code)));
        }
    }

    [Fact]
    public void Capitals_and_hyphens_stand_in_ordinal_order()
    {
        BranchList list = [Made(0, "b"), Made(1, "B"), Made(2, "-"), Made(3, "a-1"), Made(4, "a1"), Made(5, "a")];
        Assert.Equal(["-", "B", "a", "a-1", "a1", "b"], list.Select(b => b.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9")]
    [InlineData("990101100000")]
    [InlineData("9901011000000")]
    [InlineData("99010110000000")]
    [InlineData("99010110000003")]
    [InlineData("990101100000011")]
    [InlineData("99010110000009")]
    [InlineData("99010110100001")]
    [InlineData("zz")]
    [InlineData("９９010110000001")]
    public void An_unknown_shorter_or_longer_code_is_not_found(string code)
    {
        var list = Numbered(2);
        Assert.Equal(-1, list.IndexOf(code));
        Assert.Equal(-1, list.IndexOf(Encoding.UTF8.GetBytes(code)));
        Assert.Equal(-1, list.IndexOf(Encoding.UTF8.GetBytes(code), 1));
        Assert.Null(new Township(Township, "青禾镇", list).Find(code));
        Assert.Null(new Township(Township, "青禾镇", []).Find(code));
    }

    [Fact]
    public void A_code_of_great_length_is_not_found() => Assert.Equal(-1, Numbered(2).IndexOf(new string('9', 1_000_000)));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void A_wrong_hint_does_no_harm(int hint) => Assert.Equal(1, Numbered(2).IndexOf("99010110000002"u8, hint));

    [Fact]
    public void A_branch_alone_is_found_and_nothing_like_it()
    {
        var list = Numbered(1);
        Assert.Equal(0, list.IndexOf("99010110000001"));
        Assert.Equal(-1, list.IndexOf("9901011000000"));
        Assert.Equal(-1, list.IndexOf("990101100000012"));
    }

    [Fact]
    public void Changed_rows_take_the_place_of_those_with_their_code()
    {
        var before = Numbered(3);
        var changed = before[1] with { Name = "新名党支部", Star = 5, ActiveTo = new DateOnly(2026, 3, 31) };
        var after = before.With([changed, Made(8, "99010110000000")]);
        Assert.Equal([Made(8, "99010110000000"), before[0], changed, before[2]], after);
        Assert.Equal(3, before.Count);
        Assert.NotEqual(changed, before[1]);
        var open = changed with { ActiveTo = null };
        Assert.Equal(open, after.With([open])[2]);
    }

    [Fact]
    public void Active_at_an_index_is_active_as_a_branch()
    {
        BranchList list =
        [
            Made(0, "1"), Made(1, "2", from: new DateOnly(2026, 1, 31)), Made(2, "3", from: new DateOnly(2026, 2, 1)),
            Made(3, "4", to: new DateOnly(2026, 1, 31)), Made(4, "5", to: new DateOnly(2026, 2, 1)),
        ];
        for (var month = Period.Of(2025, 12); month <= Period.Of(2026, 3); month = month.Plus(1))
            for (var i = 0; i < list.Count; i++) Assert.Equal(list[i].IsActiveIn(month), list.IsActiveAt(i, month));
        Assert.Equal([true, true, false, false, true], Enumerable.Range(0, 5).Select(i => list.IsActiveAt(i, Period.Of(2026, 1))));
    }

    [Fact]
    public void Branches_of_one_kind_share_its_text()
    {
        BranchList list = [Made(0, "1", kind: string.Concat("vill", "age")), Made(1, "2", kind: new string("village".AsSpan()))];
        Assert.Same(list.KindAt(0), list.KindAt(1));
    }

    [Fact]
    public void What_is_no_township_is_refused()
    {
        Assert.Throws<ArgumentException>(() => BranchList.Create([Made(0, "1"), Made(1, "1")]));
        Assert.Throws<ArgumentException>(() => BranchList.Create([Made(0, "1"), Made(1, "2") with { Township = "990101101" }]));
        Assert.Throws<ArgumentException>(() => BranchList.Create([Made(0, "一")]));
        Assert.Throws<ArgumentException>(() => BranchList.Create([Made(0, new string('1', BranchList.MaxCodeLength + 1))]));
    }

    [Fact]
    public void Random_townships_change_as_a_dictionary_does()
    {
        var random = new Random(20260201);
        for (var round = 0; round < 200; round++)
        {
            var expected = new SortedDictionary<string, Branch>(StringComparer.Ordinal);
            BranchList list = [];
            for (var step = 0; step < 5; step++)
            {
                var rows = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(100)).Distinct()
                    .Select(n => Made(n, (round % 2 == 0 ? Township : "") + n, new string('村', random.Next(1, 9)), n % 3 == 0 ? "village" : "agency", random.Next(6),
                        to: random.Next(3) == 0 ? new DateOnly(2026, random.Next(1, 13), 1) : null)).ToList();
                foreach (var row in rows) expected[row.Code] = row;
                list = list.With(rows);
                Assert.Equal(expected.Values, list);
                foreach (var n in Enumerable.Range(0, 100).Select(n => (round % 2 == 0 ? Township : "") + n))
                    Assert.Equal(expected.GetValueOrDefault(n), new Township(Township, "", list).Find(n));
            }
        }
    }

    private static BranchList Numbered(int count) => [.. Enumerable.Range(1, count).Select(i => Made(i, $"{Township}{i:D5}"))];

    private static Branch Made(int id, string code, string name = "党支部", string kind = "village", int star = 3, DateOnly? from = null, DateOnly? to = null) =>
        new(id, code, name, Township, kind, star, from ?? new DateOnly(2020, 1, 1), to);
}
