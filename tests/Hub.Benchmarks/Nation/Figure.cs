using System.Globalization;

namespace Hub.Benchmarks.Nation;

/// <summary>What was measured, beside the bare limit of the same run, and the bar that it is held to.</summary>
/// <param name="Max">The most it may be, or with <paramref name="AtLeast"/> the least; null = no bar of its own.</param>
/// <param name="MaxRatio">The most that measured / bare may be; null = no bar.</param>
/// <remarks>A bar that is met more than three times over is said to be lax: it shows nothing.</remarks>
internal sealed record Figure(string Name, double Measured, string Unit, double? Bare = null, double? Max = null, double? MaxRatio = null, bool AtLeast = false)
{
    private const double TooLax = 3;

    private double? Ratio => Bare is { } bare && bare > 0 ? Measured / bare : null;

    private bool? Held => Max is null && MaxRatio is null ? null
        : (Max is not { } max || (AtLeast ? Measured >= max : Measured <= max)) && (MaxRatio is not { } most || Ratio <= most);

    private bool IsLax => Held == true && Max != 0
        && (Max is not { } max || (AtLeast ? Measured > TooLax * max : Measured * TooLax < max)) && (MaxRatio is not { } most || Ratio * TooLax < most);

    public string Row() => $"| {Name} | {Say(Measured)} {Unit} | {(Bare is { } b ? $"{Say(b)} {Unit}" : "")} | {(Ratio is { } r ? Say(r) : "")} | {Bar()} |";

    private string Bar()
    {
        string?[] bars = [Max is { } max ? $"{(AtLeast ? "≥" : "≤")} {Say(max)} {Unit}" : null, MaxRatio is { } most ? $"≤ {Say(most)} ×" : null];
        return string.Join(", ", bars.OfType<string>()) + (Held switch { true when IsLax => Verb.Say(" ✓（过宽）", " ✓ (lax)"), true => " ✓", false => " ✗", null => "" });
    }

    internal static string Say(double value) => value.ToString(Math.Abs(value) switch
    {
        double.PositiveInfinity => "∞",
        >= 100 => "#,0",
        >= 10 => "0.0",
        >= 1 => "0.00",
        0 => "0",
        _ => "0.000",
    }, CultureInfo.InvariantCulture);
}

/// <summary>The figures of a run, each told as soon as it is known, and all of them as one table at the end.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> figures = [];

    public void Add(Figure figure)
    {
        figures.Add(figure);
        Console.WriteLine("  " + figure.Row());
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine(Verb.Say("| 指标 | 实测 | 同次极限 | 比值 | 标准 |", "| figure | measured | bare limit of the same run | ratio | bar |"));
        Console.WriteLine("|---|---:|---:|---:|---|");
        foreach (var figure in figures) Console.WriteLine(figure.Row());
    }
}

/// <summary>Times of one kind, in milliseconds.</summary>
internal sealed class Times(IEnumerable<double> ms)
{
    private readonly double[] sorted = [.. ms.Order()];

    public int Count => sorted.Length;
    public double P50 => At(0.50);
    public double P95 => At(0.95);
    public double P99 => At(0.99);
    public double Max => sorted.Length > 0 ? sorted[^1] : 0;

    public override string ToString() => $"n {Count}, p50 {Figure.Say(P50)}, p95 {Figure.Say(P95)}, p99 {Figure.Say(P99)}, max {Figure.Say(Max)} ms";

    private double At(double share) => sorted.Length > 0 ? sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)] : 0;
}
