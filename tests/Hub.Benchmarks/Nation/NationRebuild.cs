using System.Diagnostics;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation rebuild</c>: the star made anew from the log of twelve months, and what a month takes on disk.</summary>
internal static class NationRebuild
{
    private const double LeastStatesPerSecond = 20, MostStarBytes = 8, MostLogBytes = 20;

    public static async Task RunAsync(NationRun run)
    {
        await run.ServeWithMonthAsync();
        NationRun.SayStep("重建：由日志重做投影", "rebuild: the star made anew from the log");
        // What a month leaves to be packed is packed when the hub closes, where no checkpoint came before.
        var closing = Stopwatch.GetTimestamp();
        await run.StopHubAsync();
        run.Figures.Add(new(Verb.Say("停止，未打包的写入磁盘", "closing: what is not packed yet goes to the files"), Stopwatch.GetElapsedTime(closing).TotalSeconds, "s"));
        var (log, star) = NationFolder.Sizes(run.Folder.Hub);
        var (logBefore, starBefore) = NationFolder.Sizes(run.Folder.Made);
        var branches = (double)run.BranchesIn(NationRun.History);
        NationRun.Say($"  日志 {log / 1e6:0} MB，投影 {star / 1e6:0} MB；十一个月时 {logBefore / 1e6:0} 和 {starBefore / 1e6:0} MB",
            $"  log {log / 1e6:0} MB, star {star / 1e6:0} MB; after eleven months {logBefore / 1e6:0} and {starBefore / 1e6:0} MB");
        run.Figures.Add(new(Verb.Say("第十二个月每支部日志", "log, per branch of the twelfth month"), (log - logBefore) / branches, "bytes", Max: MostLogBytes));
        // The twelfth month's kept figures are in both: they are carried there when the month before ends.
        var (kept, keptBefore) = (NationFolder.KeptSize(run.Folder.Hub), NationFolder.KeptSize(run.Folder.Made));
        var (facts, figures) = ((star - kept - (starBefore - keptBefore)) / branches, kept / branches / (NationRun.History + 1));
        run.Figures.Add(new(Verb.Say("第十二个月每支部投影：事实", "star, per branch of the twelfth month: facts"), facts, "bytes"));
        run.Figures.Add(new(Verb.Say("每支部每月：预存的指标", "the same: kept figures"), figures, "bytes"));
        run.Figures.Add(new(Verb.Say("合计", "both"), facts + figures, "bytes", Max: MostStarBytes));

        var states = Enumerable.Range(0, NationRun.History + 1).Sum(run.StatesIn);
        foreach (var file in Directory.GetFiles(run.Folder.Hub, "star-*.duckdb*")) File.Delete(file);
        var rebuilt = await run.ServeAsync();
        run.Figures.Add(new(Verb.Say("重建投影", "the star rebuilt"), rebuilt.Started.TotalSeconds, "s"));
        run.Figures.Add(new(Verb.Say("重建：条目状态", "rebuild: item states"), states / rebuilt.Started.TotalSeconds / 1e6, "M/s", Max: LeastStatesPerSecond, AtLeast: true));
        run.Figures.Add(new(Verb.Say("重建时中心内存峰值", "peak memory of the hub while rebuilding"), ProcessFigures.PeakMb(rebuilt.Id), "MB"));

        var stopping = Stopwatch.GetTimestamp();
        await run.StopHubAsync();
        NationRun.Say($"  停止 {Stopwatch.GetElapsedTime(stopping).TotalSeconds:0.0} s", $"  stopped in {Stopwatch.GetElapsedTime(stopping).TotalSeconds:0.0} s");
        (_, star) = NationFolder.Sizes(run.Folder.Hub);
        run.Figures.Add(new(Verb.Say("重建后投影，每支部每月", "star rebuilt, per branch and month"), star / branches / (NationRun.History + 1), "bytes"));
        var again = await run.ServeAsync();
        run.Figures.Add(new(Verb.Say("启动（十二个月，投影现成）", "start with twelve months, the star at hand"), again.Started.TotalSeconds, "s"));
        run.Figures.Add(new(Verb.Say("启动后内存", "memory after it"), ProcessFigures.RestingMb(again.Id), "MB"));
    }
}
