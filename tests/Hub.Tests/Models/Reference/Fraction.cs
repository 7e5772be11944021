using System.Globalization;
using System.Numerics;

namespace Hub.Tests.Models.Reference;

/// <summary>An exact rational with a positive denominator: nothing in the reference is compared after rounding.</summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator <= 0) throw new ArgumentOutOfRangeException(nameof(denominator));
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    public BigInteger Numerator { get; }
    public BigInteger Denominator { get; }

    public static Fraction Of(BigInteger whole) => new(whole, 1);

    /// <summary>Null where there is nothing to divide by: a share without a base.</summary>
    public static Fraction? Share(int part, int whole) => whole == 0 ? null : new Fraction(part, whole);

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public static Fraction operator +(Fraction a, Fraction b) => new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);
    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);
    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;
    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;
    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    public override string ToString() => ((double)Numerator / (double)Denominator).ToString("R", CultureInfo.InvariantCulture);
}
