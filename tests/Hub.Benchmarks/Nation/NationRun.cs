using System.Diagnostics;
using System.Globalization;

namespace Hub.Benchmarks.Nation;

/// <summary>What the steps of one run share: the country, its folder, the hub that serves it, the figures.</summary>
/// <param name="Executable">The released hub.</param>
internal sealed class NationRun(MadeUpNation nation, NationFolder folder, string executable, FigureTable figures, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>Months of history; the one after them is sent.</summary>
    public const int History = 11;

    /// <summary>What the hub may hold in memory in the hour of a month's reports.</summary>
    public const double MostMb = 1_000;

    /// <summary>Where the demonstration clock starts: all twelve months have ended, and the last is still on time.</summary>
    public static readonly DateTimeOffset ClockStart = new(2026, 12, 1, 9, 0, 0, TimeSpan.FromHours(8));

    public MadeUpNation Nation { get; } = nation;
    public NationFolder Folder { get; } = folder;
    public string Executable { get; } = executable;
    public FigureTable Figures { get; } = figures;
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The hub that serves the folder, while it does.</summary>
    public ServingHub? Serving { get; private set; }

    /// <summary>Branches that a month's report lists, of all townships.</summary>
    public int BranchesIn(int month) => Nation.Townships.Sum(t => Nation.Branches(t).Count(b => b.IsActiveIn(month)));

    /// <summary>Item states of a month's reports.</summary>
    public long StatesIn(int month) => Nation.Townships.Sum(t => Nation.Branches(t).Where(b => b.IsActiveIn(month)).Sum(b => (long)b.Kind.Items));

    /// <summary>What comes before a step is done where the folder does not have it yet.</summary>
    public async Task EnsureMadeAsync()
    {
        // What another release has left would be made anew by every hub that opens it.
        if (Folder.ReadMaking() is null || !Folder.HasStar) await NationMaking.RunAsync(this);
    }

    /// <summary>The country with its twelfth month, served.</summary>
    public async Task<ServingHub> ServeWithMonthAsync()
    {
        await EnsureMadeAsync();
        if (!Directory.Exists(Folder.Hub)) await NationIntake.RunAsync(this);
        return await ServeAsync();
    }

    public async Task<ServingHub> ServeAsync() => Serving ??= await ServingHub.StartAsync(Executable, Folder.Hub, Cancellation);

    public async Task StopHubAsync()
    {
        if (Serving is null) return;
        await Serving.StopAsync(Cancellation);
        Serving = null;
    }

    public static void Say(string chinese, string english) => Console.WriteLine(Verb.Say(chinese, english));

    public static void SayStep(string chinese, string english) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n== {Verb.Say(chinese, english)} [{Stopwatch.GetElapsedTime(ProcessStartedAt).TotalSeconds:0} s]"));

    public async ValueTask DisposeAsync()
    {
        if (Serving is not null) await Serving.DisposeAsync();
    }

    private static readonly long ProcessStartedAt = Stopwatch.GetTimestamp();
}
