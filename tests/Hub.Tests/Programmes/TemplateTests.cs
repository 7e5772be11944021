using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>The shipped template party-branch says what the plan says.</summary>
public sealed class TemplateTests
{
    private static readonly Template Template = ShippedTemplates.Read("party-branch");

    private static IEnumerable<Item> Items => Template.Standards.SelectMany(s => s.Items);

    private static Item ItemOf(string id) => Items.Single(i => i.Id == id);

    [Fact]
    public void Every_shipped_template_reads_without_errors_and_bears_its_file_name()
    {
        Assert.Contains("party-branch", ShippedTemplates.Names);
        Assert.All(ShippedTemplates.Names, name =>
        {
            var reading = TemplateReader.Read(ShippedTemplates.Text(name)!, name);
            Assert.Empty(reading.Errors);
            Assert.Equal(name, reading.Template!.Name);
        });
    }

    [Fact]
    public void A_template_that_is_not_shipped_has_no_text()
    {
        Assert.Null(ShippedTemplates.Text("no-such-template"));
        Assert.Null(ShippedTemplates.Text("../party-branch"));
        Assert.Throws<ArgumentException>(() => ShippedTemplates.Read("no-such-template"));
    }

    [Theory]
    [InlineData("village", "V", new[] { 7, 5, 5, 7 }, 3)]
    [InlineData("agency", "A", new[] { 4, 6, 4, 5, 5, 7 }, 2)]
    [InlineData("community", "C", new[] { 7, 5, 5, 6 }, 3)]
    [InlineData("enterprise", "E", new[] { 5, 6, 4, 5 }, 3)]
    public void Items_stand_in_their_sections_and_one_section_is_the_hardware(string kind, string prefix, int[] counts, int hardwareSection)
    {
        var items = Template.StandardOf(kind)!.Items;
        var ids = counts.SelectMany((count, s) => Enumerable.Range(1, count).Select(n => $"{prefix}{s + 1}.{n}"));
        Assert.Equal(ids, items.Select(i => i.Id));
        Assert.Equal(Enumerable.Range(0, counts.Sum()), items.Select(i => i.Ordinal));
        Assert.Equal(counts, items.GroupBy(i => i.Section).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.All(items, i => Assert.Equal(i.Section == hardwareSection, i.Track == Track.Hardware));
    }

    [Fact]
    public void Veteran_is_named_and_awaits_its_standard()
    {
        Assert.Equal(["village", "agency", "community", "enterprise", "veteran"], Template.Standards.Select(s => s.Kind));
        Assert.Empty(Template.StandardOf("veteran")!.Items);
        Assert.Null(Template.StandardOf("unheard-of"));
        Assert.Equal(98, Items.Count());
    }

    [Fact]
    public void Common_denominators_are_60_and_68400()
    {
        Assert.Equal(60, Template.Denominator(Track.Hardware));
        Assert.Equal(68_400, Template.Denominator(Track.Software));
    }

    [Fact]
    public void Only_two_reading_rooms_and_the_agency_room_are_conditional()
    {
        string[] room = ["A2.1", "A2.2", "A2.3", "A2.4", "A2.5", "A2.6"];
        Assert.Equal(["V3.4", .. room, "E3.3"], Items.Where(i => i.Condition is not null).Select(i => i.Id));
        Assert.Equal(room, Items.Where(i => i.ConditionGroup is not null).Select(i => i.Id));
        Assert.Equal([0b11_1111_0000UL], Template.StandardOf("agency")!.GroupMasks);
    }

    [Fact]
    public void Only_two_items_ask_for_three_stars()
    {
        Assert.Equal(["V2.3", "C2.3"], Items.Where(i => i.MinimumStar is not null).Select(i => i.Id));
        Assert.All(["V2.3", "C2.3"], id => Assert.Equal(3, ItemOf(id).MinimumStar));
        Assert.NotNull(ItemOf("E2.5").Note);
        Assert.NotNull(ItemOf("A4.5").Note);
    }

    [Fact]
    public void Every_item_has_a_short_chinese_title_and_an_english_gloss()
    {
        Assert.All(Items, item =>
        {
            Assert.Contains(item.Title, c => c is >= '\u4e00' and <= '\u9fff');
            Assert.InRange(item.Title.Length, 2, 16);
            Assert.All(item.Gloss, c => Assert.True(char.IsAscii(c), item.Id));
            Assert.InRange(item.Gloss.Length, 5, 60);
            Assert.NotEqual("", item.SectionTitle);
            Assert.NotEqual("", item.SectionGloss);
        });
    }

    [Theory]
    [InlineData("A6.1", 3)]
    [InlineData("A6.2", 5)]
    [InlineData("A6.4", 5)]
    [InlineData("A6.5", 4)]
    [InlineData("A2.4", 7)]
    [InlineData("V3.5", 3)]
    [InlineData("C3.5", 3)]
    [InlineData("E3.4", 3)]
    [InlineData("V4.1", 3)]
    [InlineData("V4.5", 4)]
    [InlineData("C4.6", 4)]
    [InlineData("V2.4", 5)]
    [InlineData("C2.4", 5)]
    public void Sub_items_are_check_points(string id, int count) => Assert.Equal(count, ItemOf(id).Checkpoints.Count);

    [Fact]
    public void No_other_item_has_check_points() => Assert.Equal(13, Items.Count(i => i.Checkpoints.Count > 0));

    [Theory]
    [InlineData("V3.1", "premises_area about 300 m2 soft")]
    [InlineData("V3.2", "service_hall_area at_least 40 m2 soft")]
    [InlineData("C3.1", "premises_area at_least 120 m2 soft")]
    [InlineData("C3.2", "service_hall_area at_least 30 m2")]
    [InlineData("V3.3", "activity_room_area about 1 m2 per member soft")]
    [InlineData("C1.6", "households_helped at_least 3 household per cadre")]
    [InlineData("V2.5", "council_standing between 5 to 7 person; council_other between 5 to 7 person")]
    [InlineData("E2.2", "learning_day exactly 8 day_of_month per month soft")]
    [InlineData("A3.1", "study_sessions at_least 2 times per month")]
    [InlineData("E1.2", "new_members exactly 1 person per three_years; activists exactly 3 person per year")]
    public void Thresholds_are_facts_of_the_item(string id, string expected)
    {
        var shown = ItemOf(id).Thresholds.Select(t => FormattableString.Invariant($"{t.Subject} {t.Comparison} {t.Value}")
            + (t.To is { } to ? FormattableString.Invariant($" to {to}") : "") + $" {t.Unit}" + (t.Per is { } per ? $" per {per}" : "")
            + (t.Soft ? " soft" : ""));
        Assert.Equal(expected, string.Join("; ", shown));
    }

    [Fact]
    public void Exactly_the_items_of_the_plan_carry_thresholds()
    {
        string[] expected =
        [
            "V1.1", "V1.3", "V1.4", "V2.1", "V2.2", "V2.3", "V2.4", "V2.5", "V3.1", "V3.2", "V3.3", "V3.5", "V4.3",
            "A1.1", "A1.3", "A3.1", "A3.2", "A3.3", "A3.4", "A4.2", "A4.4",
            "C1.3", "C1.4", "C1.6", "C2.1", "C2.2", "C2.3", "C2.4", "C2.5", "C3.1", "C3.2", "C3.3", "C3.5", "C4.3",
            "E1.2", "E1.3", "E2.1", "E2.2", "E2.3", "E2.4",
        ];
        Assert.Equal(expected, Items.Where(i => i.Thresholds.Count > 0).Select(i => i.Id));
        Assert.Equal(["V3.1", "V3.2", "V3.3", "C3.1", "C3.3", "E2.2"], Items.Where(i => i.Thresholds.Any(t => t.Soft)).Select(i => i.Id));
    }

    [Fact]
    public void No_cycle_is_shorter_than_what_the_thresholds_count_by()
    {
        var cycles = new Dictionary<string, Cycle>
        {
            ["month"] = Cycle.Monthly, ["quarter"] = Cycle.Quarterly, ["half_year"] = Cycle.HalfYearly, ["year"] = Cycle.Yearly,
        };
        Assert.All(Items, item =>
        {
            var named = item.Thresholds.Where(t => t.Per is not null && cycles.ContainsKey(t.Per)).Select(t => cycles[t.Per!]).ToList();
            if (named.Count > 0) Assert.Equal(named.Max(), item.Cycle);
        });
        Assert.Equal(Cycle.HalfYearly, ItemOf("A1.1").Cycle);
        Assert.Null(ItemOf("V3.1").Cycle);
    }

    [Fact]
    public void Every_term_is_used()
    {
        var used = Items.SelectMany(i => i.Thresholds).SelectMany(t => new[] { t.Subject, t.Unit, t.Per }).OfType<string>().ToHashSet();
        Assert.Equal(used.Order(StringComparer.Ordinal), Template.Terms.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2024, "2024-12-31", "2025-01-28", "2025-04-30", "2025-05-31", "2025-11-30", "2025-11-30")]
    [InlineData(2025, "2025-12-31", "2026-02-16", "2026-04-30", "2026-05-31", "2026-11-30", "2026-11-30")]
    public void Milestones_fall_due_relative_to_the_launch_year(int launchYear, params string[] due)
    {
        Assert.Equal(["software", "five-star", "four-star", "hardware-40", "hardware-100", "other-stars"], Template.Milestones.Select(m => m.Id));
        Assert.Equal(due, Template.Milestones.Select(m => HubTime.Day(m.Due.In(launchYear))));
    }

    [Fact]
    public void Milestones_have_their_track_scope_and_target()
    {
        (Track, int?, int?, int)[] expected =
        [
            (Track.Software, null, null, 10_000), (Track.Hardware, 5, 5, 10_000), (Track.Hardware, 4, 4, 10_000),
            (Track.Hardware, null, null, 4_000), (Track.Hardware, null, null, 10_000), (Track.Hardware, null, 3, 10_000),
        ];
        Assert.Equal(expected, Template.Milestones.Select(m => (m.Track, m.StarMin, m.StarMax, m.TargetBp)));
    }

    [Fact]
    public void Reports_are_due_by_the_end_of_the_third_from_december_of_the_launch_year()
    {
        Assert.Equal(Period.Of(2025, 12), Template.Cadence.FirstPeriod.In(2025));
        Assert.Equal((3, true, TimeSpan.FromHours(24), false),
            (Template.Cadence.DueDay, Template.Cadence.DueDayCounts, Template.Cadence.CutOff, Template.Cadence.ShiftOverHolidays));
        Assert.Empty(Template.Cadence.Holidays);
        Assert.Equal(new DateOnly(2025, 12, 1), Template.Pace!.Starts.In(2025));
    }

    [Fact]
    public void Ranking_list_and_signals_are_those_of_the_rules()
    {
        Assert.Equal(["hardware_share", "software_share", "mean_hardware_score"], Template.RankingKeys);
        Assert.Equal((1_000, 2), (Template.Rectification!.ShareBp, Template.Rectification.FirstYearsAfterLaunch));
        Assert.Equal([new("hardware_score", false), new("software_score", false), new SortKey("months_noncompliant", true)],
            Template.Rectification.Keys);
        Assert.Equal(new SignalRules(5_000, 20, 10, 3), Template.Signals);
    }
}
