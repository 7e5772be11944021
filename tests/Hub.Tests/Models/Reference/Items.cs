using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Items counted one state after the other: by section for each township and for all, and by item in the order of weakness.</summary>
public static class Items
{
    /// <summary>period, township, kind, section, kind_name, section_title, track, applicable, met, met_share, ordinal, kind_gloss, section_gloss.</summary>
    public static IEnumerable<object?[]> Sections(ProgrammeFacts facts)
    {
        foreach (var period in facts.Periods)
        foreach (var (township, branches) in facts.Townships.Select(t => (t, facts.Branches(t, period))).Append(("", facts.Branches(period))))
        {
            var ordinal = 0;
            foreach (var standard in facts.Standards)
            foreach (var section in standard.Items.GroupBy(i => i.Section).OrderBy(s => s.Key))
            {
                var (applicable, met) = Count(branches.Where(b => b.Standard == standard), [.. section]);
                var tracks = section.Select(i => i.Track).Distinct().ToList();
                yield return
                [
                    period, township, standard.Kind, section.Key, standard.Name, section.First().SectionTitle,
                    tracks.Count > 1 ? "both" : Name(tracks[0]), applicable, met, Fraction.Share(met, applicable), ordinal++,
                    standard.Gloss, section.First().SectionGloss,
                ];
            }
        }
    }

    /// <summary>period, kind, item, position, kind_name, section, section_title, track, title, gloss, applicable, met, met_share, kind_gloss,
    /// section_gloss.</summary>
    public static IEnumerable<object?[]> Weakest(ProgrammeFacts facts)
    {
        foreach (var period in facts.Periods)
        {
            var asked = new List<(Standard Standard, Item Item, int Applicable, int Met, Fraction Share)>();
            foreach (var standard in facts.Standards)
            foreach (var item in standard.Items)
            {
                var (applicable, met) = Count(facts.Branches(period).Where(b => b.Standard == standard), [item]);
                if (Fraction.Share(met, applicable) is { } share) asked.Add((standard, item, applicable, met, share));
            }
            // A stable sort keeps the template's order among equals.
            var position = 0;
            foreach (var (standard, item, applicable, met, share) in asked.OrderBy(a => a.Share).ThenByDescending(a => a.Applicable))
                yield return
                [
                    period, standard.Kind, item.Id, ++position, standard.Name, item.Section, item.SectionTitle, Name(item.Track), item.Title, item.Gloss,
                    applicable, met, share, standard.Gloss, item.SectionGloss,
                ];
        }
    }

    private static (int Applicable, int Met) Count(IEnumerable<BranchFacts> branches, List<Item> items)
    {
        var (applicable, met) = (0, 0);
        foreach (var branch in branches)
        foreach (var item in items)
        {
            if (branch.States[item.Ordinal] != '-') applicable++;
            if (branch.States[item.Ordinal] == '1') met++;
        }
        return (applicable, met);
    }

    private static string Name(Track track) => track == Track.Hardware ? "hardware" : "software";
}
