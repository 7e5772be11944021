using System.CommandLine;
using System.Globalization;
using Hub.Bulletins;
using Hub.Cli.Demo;
using Hub.Programmes;
using Hub.Store;
using Hub.Store.Import;

namespace Hub.Benchmarks;

/// <summary><c>bulletin</c>: a county's whole bulletin, from the figures to the HTML and Word files.</summary>
internal static class BulletinVerb
{
    private const string Programme = "county-2025";
    private const int Months = 11;

    public static Command Make()
    {
        var townships = new Option<int>("--townships") { Description = Verb.Say("乡镇数，1 至 26", "how many townships, 1 to 26"), DefaultValueFactory = _ => 20, HelpName = "N" };
        var rounds = new Option<int>("--rounds") { Description = Verb.Say("轮数，取中位数", "how many rounds; the median counts"), DefaultValueFactory = _ => 11, HelpName = "N" };
        var command = new Command("bulletin", Verb.WithExample(Verb.Say("一个县的整份通报（HTML 和 Word），从读取数据到成文",
            "A county's whole bulletin (HTML and Word), from reading the figures to the files"),
            "dotnet run -c Release --project tests/Hub.Benchmarks -- bulletin --rounds 11")) { townships, rounds };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(townships) is < 1 or > 26) throw new UsageException(new("--townships 为 1 至 26", "--townships is between 1 and 26"));
            if (parsed.GetValue(rounds) < 1) throw new UsageException(new("--rounds 至少为 1", "--rounds is at least 1"));
            var directory = Directory.CreateTempSubdirectory("hub-benchmark-").FullName;
            try
            {
                await using var store = HubStore.Open(directory, new FixedClock(new DateTimeOffset(2026, 11, 5, 9, 0, 0, HubTime.ShanghaiOffset)), cancellation: cancellation);
                await ImportAsync(store, Path.Combine(directory, "county"), parsed.GetValue(townships), cancellation);
                Measure(store, parsed.GetValue(rounds));
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        });
        return command;
    }

    private static async Task ImportAsync(HubStore store, string folder, int townships, CancellationToken cancellation)
    {
        MadeUpCounty.Make(ShippedTemplates.Read("party-branch"), Programme, 2025, townships).WriteHistory(folder, Months);
        var files = CountyFolder.Files.ToDictionary(f => f, f => (Stream)File.OpenRead(Path.Combine(folder, f)));
        var county = CountyFolder.Read(files).Value;
        var imported = await store.WriteAsync((state, now) => HistoryImport.Decide(county, state, now), cancellation);
        if (imported.IsRefused(out var refusal)) throw new CommandFailedException(refusal.Message);
    }

    private static void Measure(HubStore store, int rounds)
    {
        var programme = store.State.FindProgramme(Programme)!;
        BulletinFigures Figures()
        {
            using var reading = store.Read().Value;
            return FiguresReader.Read(programme, Period.Of(2026, 10), reading)!;
        }
        Bulletin Bulletin(BulletinFigures of) => Hub.Bulletins.Bulletin.Make(new(programme, null, null, false), of, BulletinText.Shipped, Language.Chinese).Value;

        var figures = Figures();
        var (page, word) = (Bulletin(figures).Html().Content.Length, Bulletin(figures).Docx().Content.Length);
        var ms = Interleaved.MedianMs(rounds,
        [
            () => Figures(),
            () => Draw(Bulletin(figures), p => p.Svg.Value.Length),
            () => Draw(Bulletin(figures), p => p.Png.Value.Length),
            () => Bulletin(figures).Html(),
            () => Bulletin(figures).Docx(),
            () =>
            {
                var whole = Bulletin(Figures());
                whole.Html();
                whole.Docx();
            },
        ]);
        Console.WriteLine("| part | ms |");
        Console.WriteLine("|---|---:|");
        string[] parts = ["figures read", "charts as SVG", "charts as PNG", $"words, charts, page: HTML of {page / 1024} KB", $"words, charts, document: DOCX of {word / 1024} KB", "whole bulletin: figures, HTML, DOCX"];
        foreach (var (part, time) in parts.Zip(ms)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {time:0} |"));
    }

    private static void Draw(Bulletin bulletin, Func<BulletinPicture, int> drawn)
    {
        foreach (var picture in bulletin.Pictures) drawn(picture);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
