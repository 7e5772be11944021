using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Log;
using Hub.Store.Star;

namespace Hub.Benchmarks.Nation;

/// <summary><c>nation kills</c>: the released hub is killed again and again while townships send; what was acknowledged must be there, whole. Most rounds end
/// within some hundred reports; every twentieth goes on until log or star, in turns, has a full write-ahead log, and ends while the file takes it in.</summary>
internal static class NationKills
{
    public const int Rounds = 100;

    private const int Townships = 400, InFlight = 256, Connections = 8, ReadBack = 10, MostReceiptsBeforeKill = 400, RoundsPerCheckpoint = 20, MostReceiptsBeforeCheckpoint = 100_000;
    private static readonly TimeSpan LongestAfterReceipts = TimeSpan.FromMilliseconds(20), LongestCheckpoint = TimeSpan.FromMilliseconds(500);

    public static async Task RunAsync(NationRun run, int rounds)
    {
        NationRun.SayStep("断电：收报时反复 kill -9", "kills: kill -9 while reports come in");
        await run.StopHubAsync();
        var directory = run.Folder.In("kills");
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        var nation = new MadeUpNation(Townships);
        var (tokens, _, _, _) = await NationMaking.MakeAsync(nation, directory, 0, run.Cancellation);
        var (senders, random) = (nation.Townships.Select((t, i) => new Sender(nation.ReportOf(t, NationRun.History), tokens[i])).ToArray(), new Random(nation.Seed));
        var (findings, full) = (new Findings(), 0);
        for (var round = 0; round <= rounds; round++)
        {
            await using var hub = await ServingHub.StartAsync(run.Executable, directory, run.Cancellation);
            await findings.CheckAsync(senders, hub, random, run.Cancellation);
            if (round < rounds)
            {
                var filling = round % RoundsPerCheckpoint < RoundsPerCheckpoint - 1 ? null : round / RoundsPerCheckpoint % 2 == 0
                    ? new WriteAheadLog(Path.Combine(directory, LogFile.FileName), LogFile.CheckpointMegabytes)
                    : new WriteAheadLog(Path.Combine(directory, StarFile.FileName), StarFile.CheckpointMegabytes);
                await SendUntilKilledAsync(senders, hub, filling, random, run.Cancellation);
                if (filling?.IsFull == true) full++;
            }
            if (round % 10 == 0) NationRun.Say($"  {round} 次，已确认 {findings.Acknowledged} 份", $"  {round} kills, {findings.Acknowledged} acknowledged");
        }
        Directory.Delete(directory, recursive: true);
        run.Figures.Add(new(Verb.Say($"{rounds} 次 kill -9：已确认的报告", $"{rounds} times kill -9: reports acknowledged"), findings.Acknowledged, ""));
        run.Figures.Add(new(Verb.Say("预写日志已满、尚未并入时的 kill -9", "kills with a full write-ahead log, not yet taken in"), full, ""));
        run.Figures.Add(new(Verb.Say("其中丢失", "of these lost"), findings.Lost, "", Max: 0));
        run.Figures.Add(new(Verb.Say("残缺", "half there"), findings.Half, "", Max: 0));
        run.Figures.Add(new(Verb.Say("没有人报过", "sent by nobody"), findings.Unknown, "", Max: 0));
    }

    /// <summary>What a file has not taken in yet. It does when this is full, and takes up to a second; then it is gone.</summary>
    private sealed record WriteAheadLog(string File, int Megabytes)
    {
        public bool IsFull => new FileInfo(File + ".wal") is { Exists: true } written && written.Length >= Megabytes * 1_000_000L;
    }

    /// <param name="filling">What is to be full first; null = a few hundred receipts are enough.</param>
    private static async Task SendUntilKilledAsync(Sender[] senders, ServingHub hub, WriteAheadLog? filling, Random random, CancellationToken cancellation)
    {
        var left = filling is null ? random.Next(1, MostReceiptsBeforeKill) : MostReceiptsBeforeCheckpoint;
        var moment = (filling is null ? LongestAfterReceipts : LongestCheckpoint) * random.NextDouble();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var channels = Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(hub.Address)).ToList();
        var turns = new ConcurrentQueue<Sender>(random.GetItems(senders, senders.Length).Distinct());
        var sending = Enumerable.Range(0, InFlight).Select(i => Task.Run(async () =>
        {
            var reporting = new ReportingService.ReportingServiceClient(channels[i % Connections]);
            while (turns.TryDequeue(out var sender))
            {
                if (!await sender.TrySendAsync(reporting)) return;
                turns.Enqueue(sender);
                if (Interlocked.Decrement(ref left) == 0 || filling?.IsFull == true) enough.TrySetResult();
            }
        })).ToList();
        await await Task.WhenAny(enough.Task, Task.WhenAll(sending)).WaitAsync(cancellation);
        await Task.Delay(moment, cancellation);
        await hub.KillAsync();
        await Task.WhenAll(sending);
        foreach (var channel in channels) channel.Dispose();
    }

    /// <summary>A township that sends version after version; what has no answer is sent again as it was.</summary>
    private sealed class Sender(Report report, string token)
    {
        private int sent;
        private string lastText = "";

        public string Township => report.Township;
        public Dictionary<string, Receipt> Acknowledged { get; } = [];
        public SubmitReportRequest? Unanswered { get; private set; }
        public int Branches => report.Branches.Count;

        /// <summary>Asks for the last acknowledged version.</summary>
        public GetReportRequest ToRead() => new() { Programme = report.Programme, Township = Township, Period = report.Period, Version = Acknowledged.Count };

        public bool IsAsSent(GetReportResponse read) => read.Report.Branches.Equals(report.Branches) && read.Report.Narrative.Progress == lastText;

        /// <summary>False when the hub is gone.</summary>
        public async Task<bool> TrySendAsync(ReportingService.ReportingServiceClient reporting)
        {
            if (Unanswered is null)
            {
                report.Narrative.Progress = $"第{++sent}次上报。";
                Unanswered = new SubmitReportRequest { SubmissionId = $"{Township}-{sent}", ExpectedVersion = Acknowledged.Count, Report = report };
            }
            try
            {
                var answer = await reporting.SubmitReportAsync(Unanswered, GrpcLoad.Bearer(token));
                Acknowledged.Add(Unanswered.SubmissionId, answer.Receipt);
                lastText = report.Narrative.Progress;
                Unanswered = null;
                return true;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown)
            {
                return false;
            }
        }
    }

    private sealed class Findings
    {
        private const string Kept = "select submission_id, township, position, version, branches, epoch_us(received_at), hash from reports";

        private HashSet<string> lost = [], half = [], unknown = [];

        public int Lost => lost.Count;
        public int Half => half.Count;
        public int Unknown => unknown.Count;
        public int Acknowledged { get; private set; }

        public async Task CheckAsync(Sender[] senders, ServingHub hub, Random random, CancellationToken cancellation)
        {
            var byTownship = senders.ToDictionary(s => s.Township, StringComparer.Ordinal);
            var kept = new HashSet<string>(StringComparer.Ordinal);
            using var call = new AdministrationService.AdministrationServiceClient(hub.Control).RunQuery(new RunQueryRequest { Sql = Kept }, cancellationToken: cancellation);
            await foreach (var response in call.ResponseStream.ReadAllAsync(cancellation))
                foreach (var cells in response.Rows.Select(r => r.Cells))
                {
                    var (id, sender) = (cells[0].Text, byTownship[cells[1].Text]);
                    var receipt = new Receipt
                    {
                        Position = cells[2].Integer,
                        Version = (int)cells[3].Integer,
                        ReceivedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(HubTime.FromMicroseconds(cells[5].Integer)),
                        Hash = ByteString.CopyFrom(Convert.FromHexString(cells[6].Text)),
                    };
                    if (cells[4].Integer != sender.Branches) half.Add(id);
                    if (sender.Acknowledged.TryGetValue(id, out var told) ? !told.Equals(receipt) : sender.Unanswered?.SubmissionId != id) unknown.Add(id);
                    kept.Add(id);
                }
            Acknowledged = senders.Sum(s => s.Acknowledged.Count);
            lost.UnionWith(senders.SelectMany(s => s.Acknowledged.Keys).Where(id => !kept.Contains(id)));
            await ReadBackAsync(random.GetItems(senders, ReadBack), hub, cancellation);
        }

        // The last acknowledged version of some, branch by branch as it was sent.
        private async Task ReadBackAsync(IEnumerable<Sender> some, ServingHub hub, CancellationToken cancellation)
        {
            var reporting = new ReportingService.ReportingServiceClient(hub.Control);
            foreach (var sender in some.Where(s => s.Acknowledged.Count > 0))
            {
                var read = await reporting.GetReportAsync(sender.ToRead(), cancellationToken: cancellation);
                if (!sender.IsAsSent(read)) half.Add(read.SubmissionId);
            }
        }
    }
}
