using Hub.Programmes;

namespace Hub.Tests.Models.Reference;

/// <summary>Section 4 over any set of branches: the county's figures are the same sums, never means of townships.</summary>
public sealed class Completion(IReadOnlyCollection<BranchFacts> branches)
{
    public int Branches => branches.Count;
    public int Compliant => branches.Count(b => b.IsCompliant);

    public int Base(Track track) => branches.Count(b => b.IsInBase(track));
    public int Complete(Track track) => branches.Count(b => b.IsComplete(track));
    public Fraction? Share(Track track) => Fraction.Share(Complete(track), Base(track));

    public Fraction? MeanScore(Track track)
    {
        var scores = branches.Select(b => b.Score(track)).OfType<Fraction>().ToList();
        return scores.Count == 0 ? null : scores.Aggregate(Fraction.Of(0), (sum, s) => sum + s) * new Fraction(1, scores.Count);
    }

    /// <summary>branches, hardware_base … mean_software_score, compliant: the columns that every completion view shares.</summary>
    public object?[] Columns() =>
    [
        Branches,
        Base(Track.Hardware), Complete(Track.Hardware), Share(Track.Hardware), MeanScore(Track.Hardware),
        Base(Track.Software), Complete(Track.Software), Share(Track.Software), MeanScore(Track.Software),
        Compliant,
    ];
}
