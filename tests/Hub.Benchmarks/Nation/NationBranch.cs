using System.Numerics;
using Hub.Programmes;

namespace Hub.Benchmarks.Nation;

/// <summary>A made-up branch: everything about it follows from its chance, so that nothing of it is kept.</summary>
/// <param name="Number">Within its township, from 1.</param>
/// <param name="Opens">Month in which it opened, counted from 0; 0 or less = before the programme.</param>
/// <param name="Closes">Month in which it was closed; null = open.</param>
/// <param name="Lead">Pace of its township, 0 (first) to 1 (last).</param>
internal readonly record struct NationBranch(int Number, NationKind Kind, int Star, int Opens, int? Closes, double Lead, ulong Chance)
{
    private const double NotApplicableShare = 0.25, MetAtStartHardware = 0.45, MetAtStartSoftware = 0.7;

    public bool IsActiveIn(int month) => Opens <= month && (Closes is not { } closed || closed > month);

    /// <summary>Bit i is item i of the kind's standard.</summary>
    public (ulong Met, ulong NotApplicable) StatesAt(int month)
    {
        var notApplicable = 0UL;
        for (var group = 0; group < Kind.Conditional.Length; group++)
            if (Dice.Unit(Dice.Of(Chance, 40 + (ulong)group)) < NotApplicableShare) notApplicable |= Kind.Conditional[group];
        // Four fifths have all of their hardware within twelve months, two fifths within six; software comes first.
        var hardware = (int)((0.7 * Dice.Unit(Dice.Of(Chance, 1)) + 0.3 * Lead) * 18);
        var software = (int)(Dice.Unit(Dice.Of(Chance, 2)) * Dice.Unit(Dice.Of(Chance, 3)) * 16);
        var met = MetAt(month, Kind.Hardware & ~notApplicable, hardware, MetAtStartHardware) | MetAt(month, Kind.Software & ~notApplicable, software, MetAtStartSoftware);
        return (Dice.Below(Dice.Of(Chance, 4), 400) == 0 ? WithOneLost(met, month) : met, notApplicable);
    }

    // The item that draws highest comes last, in the month that completes the track; the others before it.
    private ulong MetAt(int month, ulong items, int completeFrom, double metAtStart)
    {
        var (met, last, highest) = (0UL, 0UL, -1.0);
        for (var left = items; left != 0; left &= left - 1)
        {
            var bit = left & (~left + 1);
            var drawn = Dice.Unit(Dice.Of(Chance, 64 + (ulong)BitOperations.TrailingZeroCount(bit)));
            var from = drawn < metAtStart ? 0 : (int)((drawn - metAtStart) / (1 - metAtStart) * (completeFrom + 1));
            if (from <= month) met |= bit;
            if (drawn > highest) (last, highest) = (bit, drawn);
        }
        return completeFrom <= month ? met | last : met & ~last;
    }

    private ulong WithOneLost(ulong met, int month)
    {
        var from = 2 + Dice.Below(Dice.Of(Chance, 5), 10);
        return month == from || month == from + 1 ? met & ~(1UL << Dice.Below(Dice.Of(Chance, 6), Kind.Items)) : met;
    }
}

/// <summary>A township's figures of one month, as <c>township_completion</c> must have them. Points are scores over the template's common denominator.</summary>
internal record struct NationFigures(
    int Branches, int HardwareBase, int HardwareComplete, long HardwarePoints, int SoftwareBase, int SoftwareComplete, long SoftwarePoints, int Compliant, int ItemsLeft)
{
    public void Add(NationKind kind, ulong met, ulong notApplicable)
    {
        Branches++;
        var (hardware, hardwareMet) = (BitOperations.PopCount(kind.Hardware & ~notApplicable), BitOperations.PopCount(kind.Hardware & met));
        var (software, softwareMet) = (BitOperations.PopCount(kind.Software & ~notApplicable), BitOperations.PopCount(kind.Software & met));
        ItemsLeft += hardware - hardwareMet;
        if (hardware > 0)
        {
            HardwareBase++;
            HardwarePoints += hardwareMet * (kind.HardwareDenominator / hardware);
            if (hardwareMet == hardware) HardwareComplete++;
        }
        if (software > 0)
        {
            SoftwareBase++;
            SoftwarePoints += softwareMet * (kind.SoftwareDenominator / software);
            if (softwareMet == software) SoftwareComplete++;
        }
        if (hardware + software > 0 && hardwareMet == hardware && softwareMet == software) Compliant++;
    }
}
