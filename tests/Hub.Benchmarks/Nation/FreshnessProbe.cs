using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary>An analyst who, while reports come in, asks for what has just been acknowledged: what a receipt says must show in the figures a
/// second later, and how much sooner it does is measured.</summary>
internal sealed class FreshnessProbe(MadeUpNation nation, string address, string token, int month)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500), Promised = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(30);

    private readonly int[] arrived = new int[nation.Townships.Count];
    private readonly long[] arrivedAt = new long[nation.Townships.Count];
    private int count;
    private volatile TaskCompletionSource<int>? awaited;

    /// <summary>Asked a second or a little more after the receipt: shown or not.</summary>
    public int Shown { get; private set; }

    public List<string> NotShown { get; } = [];

    /// <summary>Milliseconds from receipts to the answers above.</summary>
    public List<double> Ages { get; } = [];

    /// <summary>Milliseconds from a receipt to the first answer that shows its report, asked from the receipt's arrival on.</summary>
    public List<double> Lags { get; } = [];

    /// <summary>Milliseconds that one answer took.</summary>
    public List<double> Asking { get; } = [];

    /// <summary>Notes that a township's receipt has arrived. From any thread.</summary>
    public void Receipt(int township)
    {
        var place = Interlocked.Increment(ref count) - 1;
        arrived[place] = township;
        Volatile.Write(ref arrivedAt[place], Stopwatch.GetTimestamp());
        awaited?.TrySetResult(place);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var analytics = new AnalyticsService.AnalyticsServiceClient(channel);
        using var timer = new PeriodicTimer(Interval);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (stop.IsCancellationRequested) break;
            if (round % 2 == 0) await AskAboutPromisedAsync(analytics);
            else await AskUntilShownAsync(analytics, stop);
        }
    }

    private async Task AskAboutPromisedAsync(AnalyticsService.AnalyticsServiceClient analytics)
    {
        if (LatestOlderThan(Promised) is not { } place) return;
        var (wrong, age) = await AskAsync(analytics, place);
        if (wrong is null) Shown++;
        else NotShown.Add($"{nation.Townships[arrived[place]].Code} {age:0} ms: {wrong}");
        Ages.Add(age);
    }

    private async Task AskUntilShownAsync(AnalyticsService.AnalyticsServiceClient analytics, CancellationToken stop)
    {
        var next = awaited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAny(next.Task, Task.Delay(Timeout.Infinite, stop));
        if (stop.IsCancellationRequested) return;
        var place = await next.Task;
        var (wrong, age) = await AskAsync(analytics, place);
        while (wrong is not null && age < Patience.TotalMilliseconds) (wrong, age) = await AskAsync(analytics, place);
        Lags.Add(Stopwatch.GetElapsedTime(arrivedAt[place]).TotalMilliseconds);
    }

    // The newest receipt that is old enough: the hardest question.
    private int? LatestOlderThan(TimeSpan age)
    {
        for (var place = Volatile.Read(ref count) - 1; place >= 0; place--)
            if (Volatile.Read(ref arrivedAt[place]) is var at && at != 0 && Stopwatch.GetElapsedTime(at) >= age) return place;
        return null;
    }

    /// <returns>What differs from the report sent, or null; and the receipt's age when it was asked (where it shows).</returns>
    private async Task<(string? Wrong, double AgeMs)> AskAsync(AnalyticsService.AnalyticsServiceClient analytics, int place)
    {
        var township = nation.Townships[arrived[place]];
        var asked = Stopwatch.GetTimestamp();
        var answer = await analytics.GetCompletionAsync(new GetCompletionRequest { Programme = nation.Programme, Period = nation.First.Plus(month).ToString(), Area = township.Code }, GrpcLoad.Bearer(token));
        Asking.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        return (WhatDiffers(answer, nation.FiguresOf(township, month)), Stopwatch.GetElapsedTime(arrivedAt[place], asked).TotalMilliseconds);
    }

    internal static string? WhatDiffers(GetCompletionResponse answer, NationFigures sent)
    {
        if (answer.Townships.Count != 1) return $"{answer.Townships.Count} rows";
        var row = answer.Townships[0];
        if (!row.HasStaleMonths || row.StaleMonths != 0) return row.HasStaleMonths ? $"stale_months {row.StaleMonths}" : "no report";
        var shown = (row.Branches, row.HardwareBase, row.HardwareComplete, row.SoftwareBase, row.SoftwareComplete, row.Compliant);
        var told = (sent.Branches, sent.HardwareBase, sent.HardwareComplete, sent.SoftwareBase, sent.SoftwareComplete, sent.Compliant);
        return shown == told ? null : $"shown {shown}, sent {told}";
    }
}
