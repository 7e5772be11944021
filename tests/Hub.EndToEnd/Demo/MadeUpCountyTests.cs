using Hub.Cli.Demo;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.EndToEnd.Demo;

public sealed class MadeUpCountyTests(WrittenCounty written) : IClassFixture<WrittenCounty>
{
    private static readonly string[] Files = ["programmes.csv", "townships.csv", "branches.csv", "submissions.csv", "states.csv"];

    [Fact]
    public void The_same_seed_gives_the_same_files_and_another_seed_others()
    {
        var root = Directory.CreateTempSubdirectory("made-up-county").FullName;
        try
        {
            MadeUpCounty.Make(written.Template, "county-2025", 2025).WriteHistory(Path.Combine(root, "again"), WrittenCounty.Months);
            var other = MadeUpCounty.Make(written.Template, "county-2025", 2025, seed: 7);
            other.WriteHistory(Path.Combine(root, "other"), WrittenCounty.Months);
            foreach (var file in Files)
                Assert.Equal(Bytes(written.Directory, file), Bytes(Path.Combine(root, "again"), file));
            Assert.NotEqual(Bytes(written.Directory, "states.csv"), Bytes(Path.Combine(root, "other"), "states.csv"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_shorter_history_is_the_beginning_of_a_longer_one()
    {
        var root = Directory.CreateTempSubdirectory("made-up-county").FullName;
        try
        {
            written.County.WriteHistory(root, 4);
            foreach (var file in Files)
                Assert.True(Bytes(written.Directory, file).AsSpan().StartsWith(Bytes(root, file)), file);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void The_registry_has_unique_codes_and_names_of_a_county_that_does_not_exist()
    {
        var townships = written.Rows("townships.csv");
        Assert.Equal(13, townships.Count);
        Assert.Equal(430, written.Branches.Count);
        Assert.Equal(13, townships.Select(t => t["name"]).Distinct().Count());
        Assert.All(townships, t => Assert.Matches("^990101[0-9]{3}$", t["code"]));
        Assert.All(townships, t => Assert.Matches("^.{1,6}(镇|乡|街道|工委)$", t["name"]));
        Assert.All(written.Branches.Values, b => Assert.Matches($"^{b["township"]}[0-9]{{5}}$", b["code"]));
        Assert.All(written.Branches.Values, b => Assert.EndsWith("党支部", b["name"], StringComparison.Ordinal));
        Assert.Equal(430, written.Branches.Values.Select(b => (b["township"], b["name"])).Distinct().Count());
        Assert.All(townships, t => Assert.Contains(written.Branches.Values, b => b["township"] == t["code"]));
    }

    [Fact]
    public void The_kinds_and_stars_are_spread_plausibly()
    {
        var kinds = written.Branches.Values.CountBy(b => b["kind"]).ToDictionary();
        Assert.True(kinds["village"] > kinds["agency"] && kinds["agency"] > kinds["community"], string.Join(' ', kinds));
        Assert.InRange(kinds["enterprise"], 40, 80);
        Assert.InRange(kinds["veteran"], 2, 3);
        var stars = written.Branches.Values.CountBy(b => b["star"]).ToDictionary();
        Assert.Equal(["0", "1", "2", "3", "4", "5"], stars.Keys.Order());
        Assert.InRange(stars["5"], 10, 40);
        string[] starred = ["village", "community"];
        var lacking = written.Branches.Values.Count(b => starred.Contains(b["kind"]) && string.CompareOrdinal(b["star"], "3") < 0);
        Assert.InRange(lacking, 5, 30);
        var launch = HubTime.Day(WrittenCounty.First.LastDay);
        Assert.InRange(written.Branches.Values.Count(b => string.CompareOrdinal(b["active_from"], launch) > 0), 3, 25);
        Assert.InRange(written.Branches.Values.Count(b => b["active_to"].Length > 0), 3, 25);
    }

    [Fact]
    public void A_report_lists_exactly_the_active_branches_that_have_a_standard()
    {
        foreach (var report in written.States.GroupBy(r => (Township: r["township"], Period: r["period"], Version: r["version"])))
        {
            var lastDay = HubTime.Day(Period.Parse(report.Key.Period).LastDay);
            var expected = written.Branches.Values
                .Where(b => b["township"] == report.Key.Township && b["kind"] != "veteran")
                .Where(b => string.CompareOrdinal(b["active_from"], lastDay) <= 0)
                .Where(b => b["active_to"].Length == 0 || string.CompareOrdinal(b["active_to"], lastDay) > 0)
                .Select(b => b["code"]);
            Assert.Equal(expected.Order(), report.Select(r => r["branch"]).Order());
        }
    }

    [Fact]
    public void States_have_one_character_per_item_and_not_applicable_only_where_the_standard_allows_it()
    {
        foreach (var row in written.States)
        {
            var items = written.StandardOf(row["branch"]).Items;
            Assert.Matches("^[01-]+$", row["states"]);
            Assert.Equal(items.Count, row["states"].Length);
            Assert.All(items.Where(i => row["states"][i.Ordinal] == '-'), i => Assert.NotNull(i.Condition));
            foreach (var group in items.Where(i => i.ConditionGroup is not null).GroupBy(i => i.ConditionGroup))
                Assert.Single(group.Select(i => row["states"][i.Ordinal] == '-').Distinct());
        }
        Assert.All(written.Template.Standards.Where(s => s.ConditionalMask != 0), s => Assert.Contains(
            written.States, r => written.Branches[r["branch"]]["kind"] == s.Kind && r["states"].Contains('-')));
    }

    [Fact]
    public void Reports_come_in_the_first_three_days_but_for_one_missing_two_late_and_one_corrected()
    {
        Assert.Equal(
            written.States.Select(r => (r["township"], r["period"], r["version"])).Distinct(),
            written.Submissions.Select(r => (r["township"], r["period"], r["version"])));
        var late = new List<int>();
        foreach (var row in written.Submissions)
        {
            Assert.EndsWith("+08:00", row["received_at"], StringComparison.Ordinal);
            Assert.True(HubTime.TryParseInstant(row["received_at"], out var at));
            Assert.Equal(Period.Parse(row["period"]).Plus(1), Period.Of(HubTime.LocalDay(at)));
            var day = HubTime.LocalDay(at).Day;
            if (row["version"] == "2") Assert.InRange(day, 4, 10);
            else if (day > 3) late.Add(day - 3);
        }
        Assert.Equal([1, 3], late.Order());
        Assert.Single(written.Submissions, r => r["version"] == "2");
        Assert.Equal(13 * WrittenCounty.Months - 1, written.InForce.Count);
    }

    [Fact]
    public void A_report_as_sent_says_what_the_files_say()
    {
        foreach (var (key, branches) in written.InForce)
        {
            var report = written.County.Report(key.Township, key.Period);
            Assert.Equal(("county-2025", key.Township, key.Period.ToString()), (report.Programme, report.Township, report.Period));
            Assert.Equal(branches, report.Branches.ToDictionary(b => b.Branch, b => string.Concat(b.States.Select(Character))));
        }
        var someTownship = written.County.Townships[0].Code;
        Assert.Throws<ArgumentOutOfRangeException>(() => written.County.Report(someTownship, WrittenCounty.First.Plus(-1)));

        static char Character(ItemState state) => state switch
        {
            ItemState.Met => '1',
            ItemState.NotMet => '0',
            ItemState.NotApplicable => '-',
            _ => '?',
        };
    }

    [Fact]
    public void Words_and_sign_off_are_filled_in_and_differ()
    {
        var reports = written.InForce.Keys.Select(k => (k.Period, Report: written.County.Report(k.Township, k.Period))).ToArray();
        foreach (var (period, report) in reports)
        {
            string[] words = [report.Narrative.Progress, report.Narrative.Problems, report.Narrative.NextSteps];
            Assert.All(words, s => Assert.InRange(s.Length, 8, 200));
            Assert.Equal("组织委员", report.SignOff.PreparedByPost);
            Assert.Matches("^党(工)?委书记$", report.SignOff.ApprovedByPost);
            var next = period.Plus(1).FirstDay;
            Assert.Equal(HubTime.Day(next), report.SignOff.PreparedOn);
            Assert.Contains(report.SignOff.ApprovedOn, (string[])[HubTime.Day(next), HubTime.Day(next.AddDays(1))]);
        }
        Assert.True(reports.Select(r => r.Report.Narrative.ToString()).Distinct().Count() > reports.Length * 3 / 4);
        Assert.Contains(reports, r => r.Report.Narrative.GoodPractices.Length > 0);
        Assert.Contains(reports, r => r.Report.Narrative.MattersToCoordinate.Length > 0);
    }

    [Fact]
    public void A_smaller_or_larger_county_can_be_made_too()
    {
        foreach (var (townships, branches) in ((int, int)[])[(1, 1), (2, 30), (26, 1000)])
        {
            var county = MadeUpCounty.Make(written.Template, "county-2025", 2025, townships, branches);
            Assert.Equal((townships, branches), (county.Townships.Count, county.Branches.Count));
            Assert.Equal(townships, county.Townships.Select(t => t.Name).Distinct().Count());
            Assert.Equal(branches, county.Branches.Select(b => (b.Township, b.Name)).Distinct().Count());
        }
    }

    private static byte[] Bytes(string folder, string file) => File.ReadAllBytes(Path.Combine(folder, file));
}
