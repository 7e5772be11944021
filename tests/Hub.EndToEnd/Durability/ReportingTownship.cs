using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Hub.EndToEnd.Serving;
using Hub.Protocol;

namespace Hub.EndToEnd.Durability;

/// <summary>One township that sends report after report, and remembers what was acknowledged and what was not. What has no answer is sent
/// again under the same submission id, as a client must.</summary>
internal sealed class ReportingTownship(string code, string token, int seed)
{
    private static readonly string[] Periods = ["2025-12", "2026-01"];

    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> versions = [];
    private int sent;

    public string Code { get; } = code;

    /// <summary>Acknowledged submissions by id.</summary>
    public Dictionary<string, (Report Report, Receipt Receipt)> Acknowledged { get; } = [];

    /// <summary>Sent and not answered.</summary>
    public SubmitReportRequest? Unanswered { get; private set; }

    /// <summary>Sends until the hub is gone.</summary>
    public async Task SendUntilGoneAsync(CallInvoker calls, Action acknowledged)
    {
        var reporting = new ReportingService.ReportingServiceClient(calls);
        while (true)
        {
            Unanswered ??= Next();
            try
            {
                Accept(await reporting.SubmitReportAsync(Unanswered, TestHub.Bearer(token)));
                acknowledged();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown)
            {
                return;
            }
        }
    }

    private SubmitReportRequest Next()
    {
        var period = Periods[random.Next(Periods.Length)];
        var report = new Report { Programme = TestHub.Programme, Township = Code, Period = period, Narrative = new Narrative { Progress = $"第{++sent}次上报。" } };
        for (var i = 1; i <= LoadedCounty.BranchesPerTownship; i++)
        {
            var states = new BranchStates { Branch = $"{Code}{i:D5}" };
            for (var item = 0; item < TestHub.Items("village"); item++) states.States.Add(random.Next(3) == 0 ? ItemState.NotMet : ItemState.Met);
            report.Branches.Add(states);
        }
        return new SubmitReportRequest { SubmissionId = $"{Code}-{sent}", ExpectedVersion = versions.GetValueOrDefault(period), Report = report };
    }

    private void Accept(SubmitReportResponse response)
    {
        var (request, receipt) = (Unanswered!, response.Receipt);
        Assert.Equal(request.ExpectedVersion + 1, receipt.Version);
        Acknowledged.Add(request.SubmissionId, (request.Report, receipt));
        versions[request.Report.Period] = receipt.Version;
        Unanswered = null;
    }
}

/// <summary>A county on a demonstration clock, with eight townships that send at once.</summary>
internal sealed class LoadedCounty(IReadOnlyList<ReportingTownship> townships)
{
    public const int BranchesPerTownship = 12;

    public IReadOnlyList<ReportingTownship> Townships { get; } = townships;

    public int Acknowledged => Townships.Sum(t => t.Acknowledged.Count);

    /// <summary>The acknowledged report that stands last in the log.</summary>
    public Receipt? Head => Townships.SelectMany(t => t.Acknowledged.Values).Select(a => a.Receipt).MaxBy(r => r.Position);

    public static readonly string[] Clock = ["--clock", "2026-02-02T10:00:00+08:00"];

    public static async Task<LoadedCounty> CreateAsync(HubProcess hub, Random random, int townshipCount = 8)
    {
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        await programmes.DefineProgrammeAsync(new DefineProgrammeRequest { Programme = TestHub.Programme, Template = "party-branch", LaunchYear = 2025, Area = "990101" });
        var registry = new ChangeRegistryRequest();
        var townships = new List<ReportingTownship>();
        for (var t = 0; t < townshipCount; t++)
        {
            var code = string.Create(CultureInfo.InvariantCulture, $"990101{100 + t}");
            registry.Townships.Add(new Township { Code = code, Name = $"第{t + 1}镇" });
            for (var b = 1; b <= BranchesPerTownship; b++) registry.Branches.Add(TestHub.Branch($"{code}{b:D5}", code, "village"));
        }
        await programmes.ChangeRegistryAsync(registry);
        foreach (var township in registry.Townships)
        {
            var created = await new AdministrationService.AdministrationServiceClient(hub.Control).CreateCredentialAsync(
                new CreateCredentialRequest { Role = Role.Township, Township = township.Code });
            townships.Add(new ReportingTownship(township.Code, created.Token, random.Next()));
        }
        return new LoadedCounty(townships);
    }

    /// <summary>All townships send; after so many acknowledgements, and a moment more, the hub is killed.</summary>
    public async Task SendUntilKilledAsync(HubProcess hub, int acknowledgements, TimeSpan moment)
    {
        var left = acknowledgements;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Townships.Select(t => t.SendUntilGoneAsync(hub.Calls, () =>
        {
            if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
        })).ToList();
        await await Task.WhenAny(enough.Task, Task.WhenAll(sending));
        var from = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(from) < moment) await Task.Yield();
        await hub.KillAsync();
        await Task.WhenAll(sending);
    }

    /// <summary>Every acknowledged report is there as acknowledged and as sent; nothing else is, but what was sent and not answered.</summary>
    public async Task CheckAsync(HubProcess hub)
    {
        var administration = new AdministrationService.AdministrationServiceClient(hub.Control);
        var kept = await KeptAsync(administration);
        var unanswered = Townships.Select(t => t.Unanswered?.SubmissionId).ToHashSet();
        foreach (var (id, row) in kept)
            Assert.True(row.Acknowledged is not null || unanswered.Contains(id), $"Nobody sent {id}");
        foreach (var township in Townships)
            foreach (var (id, (_, receipt)) in township.Acknowledged)
                Assert.Equal(receipt, kept.TryGetValue(id, out var row) ? row.Receipt : null);
        foreach (var versions in kept.GroupBy(k => k.Value.Key, k => k.Value.Receipt.Version))
            Assert.Equal(Enumerable.Range(1, versions.Count()), versions.Order());
        var verify = new VerifyStoreRequest();
        if (Head is { } head) (verify.KnownPosition, verify.KnownHash) = (head.Position, head.Hash);
        Assert.Empty((await administration.VerifyStoreAsync(verify)).Problems);
        await CheckContentsAsync(hub, kept.Keys);
    }

    private async Task<Dictionary<string, (string Key, Receipt Receipt, object? Acknowledged)>> KeptAsync(AdministrationService.AdministrationServiceClient administration)
    {
        var acknowledged = Townships.SelectMany(t => t.Acknowledged.Keys).ToHashSet();
        var rows = new Dictionary<string, (string, Receipt, object?)>();
        using var call = administration.RunQuery(new RunQueryRequest
        {
            Sql = "select submission_id, township || period, position, version, epoch_us(received_at), hash from reports",
            At = new ReadingPoint { AsOf = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)) },
        });
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            foreach (var cells in response.Rows.Select(r => r.Cells))
                rows.Add(cells[0].Text, (cells[1].Text, new Receipt
                {
                    Position = cells[2].Integer,
                    Version = (int)cells[3].Integer,
                    ReceivedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(Hub.Programmes.HubTime.FromMicroseconds(cells[4].Integer)),
                    Hash = ByteString.CopyFrom(Convert.FromHexString(cells[5].Text)),
                }, acknowledged.Contains(cells[0].Text) ? "" : null));
        return rows;
    }

    // The hash of a receipt covers the whole report; these are read back as a client would.
    private async Task CheckContentsAsync(HubProcess hub, IReadOnlyCollection<string> kept)
    {
        var reporting = new ReportingService.ReportingServiceClient(hub.Control);
        foreach (var township in Townships)
        {
            var sent = township.Acknowledged.TakeLast(3).Select(a => (a.Key, a.Value.Report, a.Value.Receipt.Version)).ToList();
            if (township.Unanswered is { } u && kept.Contains(u.SubmissionId)) sent.Add((u.SubmissionId, u.Report, u.ExpectedVersion + 1));
            foreach (var (id, report, version) in sent)
            {
                var read = await reporting.GetReportAsync(new GetReportRequest { Programme = report.Programme, Township = report.Township, Period = report.Period, Version = version });
                Assert.Equal(id, read.SubmissionId);
                Assert.Equal(report.Branches, read.Report.Branches);
                Assert.Equal(report.Narrative, read.Report.Narrative);
            }
        }
    }
}
