using System.Globalization;
using System.Text;
using Hub.Programmes;

namespace Hub.Tests.Programmes;

/// <summary>A slip in a template is refused with its line and a reason in both languages.</summary>
public sealed class TemplateRefusalTests
{
    private static void Refuses(string old, string changed, string reason)
    {
        var edited = EditedTemplate.With(old, changed);
        var reading = edited.Read();
        Assert.Null(reading.Template);
        var error = Assert.Single(reading.Errors);
        Assert.Contains(reason, error.Message.English, StringComparison.Ordinal);
        Assert.Contains(error.Message.Chinese, c => c is >= '\u4e00' and <= '\u9fff');
        Assert.Equal((EditedTemplate.File, edited.MarkedLine), (error.File, error.Line));
    }

    [Theory]
    [InlineData("title: 党支部规范化建设\n", "title: 党支部规范化建设\n§titel: x\n", "unknown key 'titel'")]
    [InlineData("  due_day: 3", "  §due_date: 1\n  due_day: 3", "unknown key 'due_date'")]
    [InlineData("{ share_bp: 5000,", "{ §shares: 1, share_bp: 5000,", "unknown key 'shares'")]
    [InlineData("          - id: V1.2\n", "          - id: V1.2\n            §Track: hardware\n", "unknown key 'Track'")]
    public void Unknown_keys(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("  due_day_counts: true\n", "", "missing key 'due_day_counts'", "cadence:\n  first_period")]
    [InlineData("    scope: all\n", "", "missing key 'scope'", "  - id: software")]
    [InlineData("            title: 党小组划分与组长\n", "", "missing key 'title'", "          - id: V1.2")]
    [InlineData(", en: yuan }", " }", "missing key 'en'", "  yuan: { zh")]
    public void Missing_keys_are_reported_at_their_mapping(string old, string changed, string reason, string near)
    {
        var edited = EditedTemplate.With(old, changed);
        var error = Assert.Single(edited.Read().Errors);
        Assert.Contains(reason, error.Message.English, StringComparison.Ordinal);
        var at = edited.Text.IndexOf(near, StringComparison.Ordinal);
        var expected = edited.Text.AsSpan(0, at).Count('\n') + 1 + (near.Contains('\n', StringComparison.Ordinal) ? 1 : 0);
        Assert.Equal(expected, error.Line);
    }

    [Theory]
    [InlineData("due_day: 3", "due_day: §three", "due_day: a whole number is expected")]
    [InlineData("due_day: 3", "due_day: §[3]", "due_day: a whole number is expected")]
    [InlineData("due_day_counts: true", "due_day_counts: §yes", "'yes' is none of true, false")]
    [InlineData("holidays: []", "holidays: §none", "holidays: a list is expected")]
    [InlineData("holidays: []", "holidays: [§2025-02-30]", "a date as YYYY-MM-DD")]
    [InlineData("holidays: []", "holidays: [2025-02-03,\n    §2025-02-03]", "listed twice")]
    [InlineData("bulk_flip: { share_bp: 5000, items: 20 }", "bulk_flip: §5000", "a mapping of keys to values")]
    [InlineData("gloss: Standard building of party branches", "gloss: §{ en: x }", "gloss: a line of text")]
    [InlineData("gloss: Standard building of party branches", "gloss: §~", "gloss: a line of text")]
    [InlineData("gloss: Standard building of party branches", "gloss: §\" \"", "gloss: a line of text")]
    [InlineData("value: 60000", "value: §6万", "value: a number")]
    [InlineData("template: party-branch", "template: §Party Branch", "is not an identifier")]
    public void Wrong_types(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("    items: 24", "    items: §25", "items: 25 declared, 24 listed")]
    [InlineData("        count: 7", "        count: §6", "count: 6 declared, 7 listed")]
    public void Wrong_counts(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Fact]
    public void A_forgotten_item_shows_in_both_counts_and_in_the_ids_after_it()
    {
        var errors = EditedTemplate.With("          - id: V1.6\n            title: 党员“三联”帮扶\n            gloss: Members' three kinds of pairing for support\n", "")
            .Read().Errors;
        Assert.Equal(
            ["items: 24 declared, 23 listed", "count: 7 declared, 6 listed", "id: 'V1.7' should be V1.6"], errors.Select(e => e.Message.English));
    }

    [Theory]
    [InlineData("- id: V1.2\n", "- id: §V1.3\n", "'V1.3' should be V1.2")]
    [InlineData("- id: V1.2\n", "- id: §A1.2\n", "'A1.2' should be V1.2")]
    [InlineData("- id: A1.1\n", "- id: §A1.01\n", "'A1.01' should be A1.1")]
    [InlineData("prefix: V", "prefix: §v", "1 to 3 capital letters")]
    [InlineData("prefix: A", "prefix: §V", "'V' belongs to another kind")]
    [InlineData("kind: agency", "kind: §village", "'village' is listed twice")]
    [InlineData("awaiting_standard: true", "awaiting_standard: true\n    prefix: §W", "awaits its standard")]
    public void Wrong_ids_prefixes_and_kinds(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("        track: hardware", "        track: §hard", "'hard' is none of hardware, software")]
    [InlineData("comparison: at_least", "comparison: §more_than", "'more_than' is none of at_least, at_most")]
    [InlineData("comparison: between, value: 1, to: 2", "comparison: between, value: 1, to: §1", "above value")]
    [InlineData("comparison: at_least, value: 60000", "comparison: at_least, value: 60000, to: §7", "only goes with between")]
    [InlineData("subject: secretary_income", "subject: §income", "'income' is not among the terms")]
    [InlineData("cycle: yearly", "cycle: §annual", "'annual' is none of monthly")]
    [InlineData("minimum_star: 3", "minimum_star: §6", "1 to 5 is expected, found 6")]
    [InlineData("condition_group: A2\n", "condition_group: §A2.1\n", "letters and digits")]
    [InlineData("condition: 有条件建农家书屋", "condition_group: §V3", "there is no condition")]
    public void Wrong_facts_of_an_item(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("- id: five-star", "- id: §software", "'software' is used twice")]
    [InlineData("day: 05-31 }\n    target_bp: 4000", "day: 05-31 }\n    target_bp: §10001", "target_bp: 0 to 10000 is expected, found 10001")]
    [InlineData("target_bp: 4000", "target_bp: §-1", "target_bp: 0 to 10000")]
    [InlineData("target_bp: 4000", "target_bp: §40%", "target_bp: a whole number")]
    [InlineData("day: 05-31 }\n    target_bp: 4000", "day: 12-31 }\n    target_bp: §4000", "below the earlier 'hardware-100' (launch year 1950)")]
    [InlineData("{ star_min: 5, star_max: 5 }", "§{ star_min: 0, star_max: 5 }", "write all")]
    [InlineData("{ star_min: 5, star_max: 5 }", "§{ star_min: 5, star_max: 4 }", "star_min is above star_max")]
    [InlineData("scope: all", "scope: §some", "'some' is none of all")]
    [InlineData("{ year: Y, day: 12-31 }", "{ year: Y, day: §02-29 }", "a day of every year")]
    [InlineData("{ year: Y, day: 12-31 }", "{ year: §2025, day: 12-31 }", "Y, Y+1 ... Y+99 is expected")]
    [InlineData("{ year: Y, day: 12-31 }", "§{ year: Y }", "either day or days_before_spring_festival")]
    [InlineData("{ year: Y, day: 12-31 }", "§{ year: Y, day: 11-30 }", "before the first reported period (launch year 1950)")]
    [InlineData("year: Y+1, days_before", "year: §Y+11, days_before", "Spring Festival is outside the calendar, which ends in 2100")]
    [InlineData("{ year: Y, day: 12-01 }", "§{ year: Y+1, day: 05-31 }", "not before the due date of 'hardware-40'")]
    public void Wrong_milestones(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("{ star_max: 3 }")]
    [InlineData("{ star_min: 0, star_max: 3 }")]
    public void Two_milestones_of_the_same_track_scope_and_due_date_are_refused_at_the_second(string scope)
    {
        const string fourStar = "scope: { star_min: 4, star_max: 4 }\n    due: { year: Y+1, day: 04-30 }";
        var edited = EditedTemplate.With(fourStar, $"scope: {scope}\n    due: {{ year: Y+1, day: 11-30 }}");
        var error = Assert.Single(edited.Read().Errors);
        Assert.Contains("same track, scope and due date as 'four-star'", error.Message.English, StringComparison.Ordinal);
        var otherStars = edited.Text[..edited.Text.IndexOf("- id: other-stars", StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        Assert.Equal(otherStars + 5, error.Line);
    }

    [Fact]
    public void Two_milestones_that_meet_only_in_some_launch_year_are_refused() =>
        Refuses("{ star_min: 4, star_max: 4 }\n    due: { year: Y+1, day: 04-30 }",
            "{ star_min: 5, star_max: 5 }\n    due: §{ year: Y+1, day: 01-28 }", "as 'five-star' (launch year 1986)");

    [Fact]
    public void Targets_that_change_places_only_in_some_launch_year_are_refused()
    {
        // February 10 was after Spring Festival in 1951 and 1952, and before it in 1953 (launch year 1952).
        var edited = EditedTemplate.With("  - id: four-star\n",
            "  - id: early\n    title: 先期\n    gloss: Early\n    track: hardware\n    scope: all\n"
            + "    due: { year: Y+1, days_before_spring_festival: 0 }\n    target_bp: §1000\n"
            + "  - id: february\n    title: 二月\n    gloss: February\n    track: hardware\n    scope: all\n"
            + "    due: { year: Y+1, day: 02-10 }\n    target_bp: 2000\n  - id: four-star\n");
        var error = Assert.Single(edited.Read().Errors);
        Assert.Equal(edited.MarkedLine, error.Line);
        Assert.Contains("below the earlier 'february' (launch year 1952)", error.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ranking: [hardware_share,", "ranking: [§hardware_shares,", "'hardware_shares' is none of hardware_share,")]
    [InlineData("ranking: [hardware_share, software_share", "ranking: [hardware_share, §hardware_share", "listed twice")]
    [InlineData("{ key: hardware_score,", "{ key: §score,", "'score' is none of hardware_score")]
    [InlineData("{ key: software_score,", "{ key: §hardware_score,", "listed twice")]
    [InlineData("order: descending", "order: §down", "'down' is none of ascending, descending")]
    [InlineData("share_bp: 1000", "share_bp: §10001", "1 to 10000")]
    [InlineData("first_year: Y+2", "first_year: §Y", "Y+1 at the earliest")]
    [InlineData("unchanged: { periods: 3 }", "unchanged: { periods: §1 }", "2 to 24")]
    public void Wrong_ranking_rectification_and_signals(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Theory]
    [InlineData("due_day: 3", "due_day: §0", "1 to 28")]
    [InlineData("due_day: 3", "due_day: §29", "1 to 28")]
    [InlineData("cut_off: \"24:00\"", "cut_off: §\"24:01\"", "00:00 to 24:00")]
    [InlineData("cut_off: \"24:00\"", "cut_off: §\"12:60\"", "00:00 to 24:00")]
    [InlineData("cut_off: \"24:00\"", "cut_off: §noon", "00:00 to 24:00")]
    [InlineData("month: 12", "month: §13", "1 to 12")]
    public void Nonsense_in_the_cadence(string old, string changed, string reason) => Refuses(old, changed, reason);

    [Fact]
    public void The_ends_of_the_ranges_are_accepted()
    {
        Assert.Empty(EditedTemplate.With("Y+1, days_before", "Y+10, days_before").Read().Errors);
        Assert.Empty(EditedTemplate.With("due_day: 3", "due_day: 28").Read().Errors);
        Assert.Equal(TimeSpan.Zero, EditedTemplate.With("\"24:00\"", "\"00:00\"").Read().Template!.Cadence.CutOff);
    }

    [Fact]
    public void A_track_can_be_moved_for_one_item()
    {
        var template = EditedTemplate.With("          - id: V1.2\n", "          - id: V1.2\n            track: hardware\n").Read().Template!;
        Assert.Equal(Track.Hardware, template.StandardOf("village")!.Items[1].Track);
        Assert.Equal(Track.Software, template.StandardOf("village")!.Items[2].Track);
    }

    [Fact]
    public void More_than_64_items_in_a_kind()
    {
        var error = Assert.Single(EditedTemplate.With("kinds:\n", "kinds:\n" + Kind("big", "B", [65], "§")).Read().Errors);
        Assert.Contains("at most 64 items, found 65", error.Message.English, StringComparison.Ordinal);
        Assert.Empty(EditedTemplate.With("kinds:\n", "kinds:\n" + Kind("big", "B", [64])).Read().Errors);
    }

    [Fact]
    public void A_common_denominator_above_a_thousand_million_names_the_kind_where_it_is_reached()
    {
        int[] primes = [61, 59, 53, 47, 43, 41, 37];
        var kinds = primes.Select((prime, i) => Kind($"k{i}", $"{(char)('F' + i)}", [prime]));
        var errors = EditedTemplate.With("kinds:\n", "kinds:\n" + string.Concat(kinds)).Read().Errors;
        var error = Assert.Single(errors);
        Assert.Contains("common denominator of software scores exceeds 1,000,000,000", error.Message.English, StringComparison.Ordinal);
        // 61 · 59 · 53 · 47 · 43 is under the bound, times 41 is over it: the sixth kind.
        var text = EditedTemplate.With("kinds:\n", "kinds:\n" + string.Concat(kinds)).Text;
        Assert.Equal(text[..text.IndexOf("  - kind: k5", StringComparison.Ordinal)].Count(c => c == '\n') + 1, error.Line);
    }

    [Fact]
    public void Several_mistakes_are_reported_together_by_line()
    {
        var text = EditedTemplate.With("due_day: 3", "due_day: 31").Text
            .Replace("target_bp: 4000", "target_bp: 40000", StringComparison.Ordinal)
            .Replace("    items: 31", "    items: 30", StringComparison.Ordinal)
            .Replace("ranking: [hardware_share", "ranking: [rank", StringComparison.Ordinal);
        var errors = TemplateReader.Read(text, EditedTemplate.File).Errors;
        Assert.Equal(4, errors.Count);
        Assert.Equal(errors.OrderBy(e => e.Line), errors);
    }

    private static string Kind(string kind, string prefix, int[] counts, string mark = "")
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture,
            $"  - kind: {kind}\n    name: 一类\n    gloss: A kind\n    prefix: {prefix}\n    items: {mark}{counts.Sum()}\n    sections:\n");
        for (var s = 0; s < counts.Length; s++)
        {
            yaml.Append(CultureInfo.InvariantCulture,
                $"      - title: 一节\n        gloss: A section\n        track: software\n        count: {counts[s]}\n        items:\n");
            for (var n = 1; n <= counts[s]; n++)
                yaml.Append(CultureInfo.InvariantCulture, $"          - {{ id: {prefix}{s + 1}.{n}, title: 一项, gloss: An item }}\n");
        }
        return yaml.ToString();
    }
}
