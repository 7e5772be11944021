using System.CommandLine;
using System.Globalization;
using System.Xml.Linq;
using Hub.Testing;

namespace Hub.Benchmarks.Charts;

/// <summary><c>charts</c>: the ten charts of a bulletin, and the same marks drawn with ScottPlot alone.</summary>
internal static class ChartsVerb
{
    private sealed record Row(string Chart, double PngMs, double BarePngMs, double SvgMs, double BareSvgMs)
    {
        public double Ms => PngMs + SvgMs;
        public double BareMs => BarePngMs + BareSvgMs;
    }

    public static Command Make()
    {
        var townships = new Option<int>("--townships") { Description = Verb.Say("乡镇数", "how many townships"), DefaultValueFactory = _ => 20, HelpName = "N" };
        var rounds = new Option<int>("--rounds") { Description = Verb.Say("轮数，取中位数", "how many rounds; the median counts"), DefaultValueFactory = _ => 21, HelpName = "N" };
        var keep = Verb.Optional<string>("--keep", "把所有图片存入此目录", "keeps all pictures in this directory", "DIR");
        var command = new Command("charts", Verb.WithExample(Verb.Say("十张图表各画为 PNG 和 SVG，与只用 ScottPlot 画同样的内容相比",
            "Draws the ten charts as PNG and SVG, beside ScottPlot drawing the same marks"),
            "dotnet run -c Release --project tests/Hub.Benchmarks -- charts --rounds 21")) { townships, rounds, keep };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(townships) is < 1 or > 200) throw new UsageException(new("--townships 为 1 至 200", "--townships is between 1 and 200"));
            if (parsed.GetValue(rounds) < 1) throw new UsageException(new("--rounds 至少为 1", "--rounds is at least 1"));
            var samples = ChartSamples.All(parsed.GetValue(townships), i => ChartSamples.Name(i, 2 + i * 7 % 11));
            if (parsed.GetValue(keep) is { } folder) Keep(samples, folder);
            Print([.. samples.Select(sample => Measure(sample, parsed.GetValue(rounds)))]);
        });
        return command;
    }

    private static Row Measure(ChartSample sample, int rounds)
    {
        var height = Height(sample);
        var ms = Interleaved.MedianMs(rounds, [
            () => sample.Png(), () => Bare(sample, height, figure => figure.Png()), () => sample.Svg(), () => Bare(sample, height, figure => figure.Svg())]);
        return new(sample.Name, ms[0], ms[1], ms[2], ms[3]);
    }

    private static void Bare<T>(ChartSample sample, int height, Func<BareFigure, T> made)
    {
        using var figure = BareCharts.Draw(sample.Input, height);
        made(figure);
    }

    // The pictures are of one size.
    private static int Height(ChartSample sample) => (int)XDocument.Parse(sample.Svg()).Root!.Attribute("height")!;

    private static void Print(IReadOnlyList<Row> rows)
    {
        Console.WriteLine("| chart | PNG | bare | SVG | bare | both, ms | bare, ms | ratio |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var row in rows) PrintRow(row);
        PrintRow(new Row("total", rows.Sum(r => r.PngMs), rows.Sum(r => r.BarePngMs), rows.Sum(r => r.SvgMs), rows.Sum(r => r.BareSvgMs)));
    }

    private static void PrintRow(Row row) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {row.Chart} | {row.PngMs:0.0} | {row.BarePngMs:0.0} | {row.SvgMs:0.0} | {row.BareSvgMs:0.0} | {row.Ms:0.0} | {row.BareMs:0.0} | {row.Ms / row.BareMs:0.00} |"));

    private static void Keep(IReadOnlyList<ChartSample> samples, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var sample in samples)
        {
            using var bare = BareCharts.Draw(sample.Input, Height(sample));
            File.WriteAllBytes(Path.Combine(folder, sample.Name + ".png"), sample.Png());
            File.WriteAllText(Path.Combine(folder, sample.Name + ".svg"), sample.Svg());
            File.WriteAllBytes(Path.Combine(folder, sample.Name + "-bare.png"), bare.Png());
            File.WriteAllText(Path.Combine(folder, sample.Name + "-bare.svg"), bare.Svg());
        }
    }
}
