using System.Globalization;
using Hub.Programmes;

namespace Hub.EndToEnd.Demo;

/// <summary>The standards of the party branches as far as a made-up county needs them: sizes, tracks, conditional items.</summary>
internal static class PartyBranchTemplate
{
    public static Template Make() => new(
        "party-branch", "基层党支部规范化建设", "Party branch standards",
        new Cadence(new RelativeMonth(0, 12), 3, true, TimeSpan.FromHours(24), false, []),
        [
            Kind("village", "V", [7, 5, 5, 7], 3, ("V3.4", null)),
            Kind("agency", "A", [4, 6, 4, 5, 5, 7], 2, [.. Enumerable.Range(1, 6).Select(n => ($"A2.{n}", (string?)"room"))]),
            Kind("community", "C", [7, 5, 5, 6], 3),
            Kind("enterprise", "E", [5, 6, 4, 5], 3, ("E3.3", null)),
            new Standard("veteran", "离退休", "Veteran", []),
        ],
        [], null, ["hardware_share", "software_share", "mean_hardware_score"], null, new SignalRules(5000, 20, 10, 3));

    private static Standard Kind(
        string kind, string prefix, int[] sections, int hardwareSection, params (string Id, string? Group)[] conditional)
    {
        var items = new List<Item>();
        for (var section = 1; section <= sections.Length; section++)
        {
            for (var number = 1; number <= sections[section - 1]; number++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{section}.{number}");
                var condition = conditional.FirstOrDefault(c => c.Id == id);
                items.Add(new Item(
                    id, items.Count, section, $"第{section}部分", section == hardwareSection ? Track.Hardware : Track.Software, id, id,
                    condition.Id is null ? null : "有条件的", condition.Group, id is "V2.3" or "C2.3" ? 3 : null, [], []));
            }
        }
        return new Standard(kind, kind, kind, items);
    }
}
