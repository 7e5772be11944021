namespace Hub.Benchmarks.Nation;

/// <summary><c>nation start</c>: how soon a county's hub serves, and what it keeps in memory when nobody asks.</summary>
internal static class NationStart
{
    private const int Townships = 20, Branches = 430, Months = 36, Starts = 5;
    private const double MostSeconds = 1, MostMb = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(NationRun run)
    {
        NationRun.SayStep("县：启动和常驻内存", "start: a county's hub");
        await run.StopHubAsync();
        var directory = run.Folder.In("county");
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        var county = new MadeUpNation(Townships, Branches, launchYear: 2023);
        await NationMaking.MakeAsync(county, directory, Months, run.Cancellation);
        var (seconds, megabytes) = (new List<double>(), 0.0);
        for (var start = 0; start < Starts; start++)
        {
            await using var hub = await ServingHub.StartAsync(run.Executable, directory, run.Cancellation);
            seconds.Add(hub.Started.TotalSeconds);
            if (start == Starts - 1)
            {
                await Task.Delay(Idle, run.Cancellation);
                megabytes = ProcessFigures.RestingMb(hub.Id);
            }
            await hub.StopAsync(run.Cancellation);
        }
        Directory.Delete(directory, recursive: true);
        NationRun.Say($"  {Branches} 个支部，{Months} 个月：各次启动 {string.Join("，", seconds.Select(s => s.ToString("0.00", null)))} s", $"  {Branches} branches, {Months} months: starts of {string.Join(", ", seconds.Select(s => s.ToString("0.00", null)))} s");
        run.Figures.Add(new(Verb.Say("县：从进程启动到开始服务，中位数", "a county: from process start to serving, median"), seconds.Order().ElementAt(Starts / 2), "s", Max: MostSeconds));
        run.Figures.Add(new(Verb.Say("县：空闲 5 s 后内存", "a county: memory after 5 s idle"), megabytes, "MB", Max: MostMb));
    }
}
