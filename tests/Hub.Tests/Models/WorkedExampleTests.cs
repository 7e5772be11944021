using System.Globalization;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The worked county under tests/conformance, every row of every view.</summary>
public sealed class WorkedExampleTests(WorkedCounty county) : IClassFixture<WorkedCounty>
{
    public static TheoryData<string> Views =>
        [.. Directory.GetFiles(Path.Combine(TemporaryStore.WorkedExample, "expected"), "*.csv").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Views))]
    public void Every_expected_row_is_computed(string view)
    {
        var lines = File.ReadAllLines(Path.Combine(TemporaryStore.WorkedExample, "expected", view + ".csv"));
        var where = lines[0].Split(',').Contains("period") ? "where period <= '2026-01'" : "where year <= 2026";

        var expected = lines.Skip(1).Order(StringComparer.Ordinal).ToList();
        var actual = county.Hub.Rows($"select {lines[0]} from {view} {where}").Select(r => string.Join(',', r)).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(expected.Count, actual.Count);
        foreach (var (want, got) in expected.Zip(actual)) AssertSame(want, got);
    }

    private static void AssertSame(string want, string got)
    {
        if (want == got) return;
        foreach (var (w, g) in want.Split(',').Zip(got.Split(',')))
            Assert.True(w == g || (double.TryParse(w, CultureInfo.InvariantCulture, out var a) && double.TryParse(g, CultureInfo.InvariantCulture, out var b) && Math.Abs(a - b) <= 1e-9), $"expected {want}\n but was {got}");
    }
}
