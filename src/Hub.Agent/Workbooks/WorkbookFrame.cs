using System.Security.Cryptography;
using System.Text;
using Hub.Programmes;
using Hub.Protocol;
using Programme = Hub.Programmes.Programme;
using Township = Hub.Programmes.Township;

namespace Hub.Agent.Workbooks;

/// <summary>What a report is written into: the programme, the township with its branches, the period, and what was reported last. The
/// workbook carries all of it, so that it can be checked without a connection.</summary>
/// <param name="DueOn">The last day on which the report is on time.</param>
/// <param name="Last">The report in force that the states were taken from; null where there was none.</param>
public sealed record WorkbookFrame(Programme Programme, Township Township, Period Period, DateOnly DueOn, LastReport? Last)
{
    /// <summary>The standard's version: SHA-256 of the template's text, in hex.</summary>
    public string StandardVersion => VersionOf(Programme.TemplateText);

    /// <summary>Kinds that have both a standard and active branches, in the template's order.</summary>
    public IEnumerable<(Programmes.Standard Standard, IReadOnlyList<Programmes.Branch> Branches)> Kinds =>
        from standard in Programme.Template.Standards
        where standard.Items.Count > 0
        let branches = Township.Branches.Where(b => b.Kind == standard.Kind && b.IsActiveIn(Period)).ToList()
        where branches.Count > 0
        select (standard, (IReadOnlyList<Programmes.Branch>)branches);

    public static string VersionOf(string templateText) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(templateText)));
}

/// <summary>The report that a month starts from: which one it is, and its states by branch code.</summary>
public sealed record LastReport(Period Period, int Version, IReadOnlyDictionary<string, IReadOnlyList<ItemState>> States)
{
    /// <summary>Its written part: filled in again where the same month is corrected.</summary>
    public Narrative Narrative { get; init; } = new();

    /// <summary>The posts stay from month to month, the dates do not.</summary>
    public SignOff SignOff { get; init; } = new();

    public static LastReport Of(Report report, int version) => new(
        Period.Parse(report.Period), version,
        report.Branches.ToDictionary(b => b.Branch, b => (IReadOnlyList<ItemState>)b.States, StringComparer.Ordinal))
    {
        Narrative = report.Narrative ?? new(),
        SignOff = report.SignOff ?? new(),
    };

    /// <summary>By columns, the form in which warnings compare.</summary>
    public ReportedStates In(Programmes.Township township)
    {
        var places = Enumerable.Range(0, township.Branches.Count).Where(place => States.ContainsKey(township.Branches.CodeAt(place))).ToArray();
        ulong[] Bits(ItemState state) => [.. places.Select(place => BitsOf(States[township.Branches.CodeAt(place)], state))];
        return new ReportedStates(places, Bits(ItemState.Met), Bits(ItemState.NotApplicable));
    }

    private static ulong BitsOf(IReadOnlyList<ItemState> states, ItemState state)
    {
        var bits = 0UL;
        for (var i = 0; i < states.Count; i++)
            if (states[i] == state) bits |= 1UL << i;
        return bits;
    }
}
