using Hub.Protocol;

namespace Hub.Benchmarks.Nation;

/// <summary>Every receipt of a run, checked as it comes: one version per township, each at a position of its own.</summary>
internal sealed class Receipts(int townships, int version = 1)
{
    private readonly Receipt?[] all = new Receipt?[townships];

    public Receipt? Of(int township) => all[township];

    /// <summary>From any thread; each township once.</summary>
    public void Take(int township, byte[] answer)
    {
        var response = SubmitReportResponse.Parser.ParseFrom(answer);
        if (response.AlreadyKept || response.Receipt is not { Hash.Length: 32 } receipt || receipt.Version != version)
            throw new InvalidOperationException($"Not the receipt of a new report: {response}");
        if (Interlocked.Exchange(ref all[township], receipt) is not null) throw new InvalidOperationException("A township has two receipts");
    }

    public void CheckAll()
    {
        if (all.Count(r => r is null) is var missing and > 0) throw new InvalidOperationException($"{missing} receipts are missing");
        if (all.Select(r => r!.Position).Distinct().Count() != all.Length) throw new InvalidOperationException("Two receipts name one position");
    }
}
