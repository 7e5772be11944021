using System.Globalization;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;
using Branch = Hub.Protocol.Branch;
using Township = Hub.Protocol.Township;

namespace Hub.Tests.Store;

/// <summary>One sequence: random commands on one county, each answer foretold by the model.</summary>
internal sealed partial class RandomSequence(ModelCounty county, Random random)
{
    private static readonly string[] Kinds = ["village", "enterprise", "enterprise", "veteran"];
    private int made;

    public ModelCounty County { get; } = county;

    public async Task BeginAsync(HubStore store)
    {
        await store.DefineAsync(County.Programme, 2025, County.Area);
        var townships = new[] { NewTownship(), NewTownship() };
        var branches = townships.SelectMany(t => Enumerable.Range(0, 2).Select(_ => NewBranch(t.Code))).ToList();
        Assert.Null((await store.RegisterAsync(townships, branches)).Refusal);
        foreach (var t in townships) County.Townships[t.Code] = t.Name;
        foreach (var b in branches) Take(b);
    }

    public Task StepAsync(HubStore store, DateTimeOffset now) => random.Next(20) switch
    {
        < 8 => SubmitAsync(store, now),
        < 10 => SubmitAgainAsync(store, now),
        10 => SubmitInvalidAsync(store, now),
        < 14 => ChangeRegistryAsync(store),
        14 => ChangeTemplateAsync(store),
        < 17 => PublishAsync(store, now),
        17 => ReopenAsync(store),
        _ => ImportAsync(store, now),
    };

    private async Task SubmitAsync(HubStore store, DateTimeOffset now)
    {
        var (township, period) = (Any(County.Townships.Keys), AnyPeriod());
        var version = County.Versions(township, period) + (random.Next(6) == 0 ? random.Next(-1, 2) : 0);
        var report = Valid(township, period);
        await SendAsync(store, report, NewId(), Math.Max(0, version), now);
    }

    private async Task SendAsync(HubStore store, Report report, string id, int expectedVersion, DateTimeOffset now)
    {
        var why = County.WhyNot(report, expectedVersion, now);
        var sent = await store.SubmitAsync(report, id, expectedVersion, now);
        Assert.Equal(why, sent.Refusal?.Reason);
        if (why is not null) return;
        Assert.False(sent.Value.AlreadyKept);
        Assert.Equal(expectedVersion + 1, sent.Value.Receipt.Version);
        County.Keep(new ModelReport(report, sent.Value.Receipt, id, Imported: false));
    }

    /// <summary>A known submission id: the same content in another order of branches, or other content.</summary>
    private async Task SubmitAgainAsync(HubStore store, DateTimeOffset now)
    {
        if (County.Submissions.Count == 0)
        {
            await SubmitAsync(store, now);
            return;
        }
        var ((township, id), (first, receipt)) = Any(County.Submissions);
        var report = random.Next(2) == 0 ? Reordered(first) : Valid(township, random.Next(2) == 0 ? first.Period : AnyPeriod());
        var again = await store.SubmitAsync(report, id, random.Next(3), now);
        if (ModelCounty.SameContent(report, first)) Assert.Equal(new SubmittedReport(receipt, AlreadyKept: true), again.Value);
        else Assert.Equal(RefusalReason.SubmissionIdUsed, again.Refusal?.Reason);
    }

    private async Task SubmitInvalidAsync(HubStore store, DateTimeOffset now)
    {
        var report = Valid(Any(County.Townships.Keys), AnyPeriod());
        var why = RefusalReason.BranchUnknown;
        var some = report.Branches.Count > 0 ? report.Branches[random.Next(report.Branches.Count)] : null;
        switch (some is null ? 0 : random.Next(5))
        {
            case 0: report.Branches.Add(new BranchStates { Branch = "nobody" }); break;
            case 1: (why, _) = (RefusalReason.BranchLeftOut, report.Branches.Remove(some)); break;
            case 2: report.Branches.Add(some!.Clone()); why = RefusalReason.BranchListedTwice; break;
            case 3: some!.States.Add(ItemState.Met); why = RefusalReason.StatesCountWrong; break;
            default: some!.States[0] = ItemState.NotApplicable; why = RefusalReason.NotApplicableUnfounded; break;
        }
        Assert.Equal(why, (await store.SubmitAsync(report, NewId(), County.Versions(report.Township, report.Period), now)).Refusal?.Reason);
    }

    private async Task ChangeRegistryAsync(HubStore store)
    {
        var (townships, branches) = (new List<Township>(), new List<Branch>());
        RefusalReason? why = null;
        var known = Any(County.Branches.Values);
        switch (random.Next(8))
        {
            case 0: townships.Add(new Township { Code = Any(County.Townships.Keys), Name = $"改名{++made}" }); break;
            case 1: townships.Add(NewTownship()); branches.Add(NewBranch(townships[0].Code)); break;
            case 2: branches.Add(NewBranch(Any(County.Townships.Keys))); break;
            case 3: branches.Add(ToMessage(known with { Star = random.Next(6), Name = $"改名{++made}" })); break;
            case 4: branches.Add(ToMessage(known with { To = known.From.AddDays(random.Next(900)) })); break;
            case 5: branches.Add(ToMessage(known with { From = new DateOnly(2025, 11, 1).AddDays(random.Next(200)), To = null })); break;
            case 6: branches.Add(ToMessage(known with { Kind = known.Kind == "village" ? "agency" : "village" })); why = RefusalReason.BranchIdentityFixed; break;
            default: branches.AddRange(NewBranch(Any(County.Townships.Keys)), NewBranch("990000000")); why = RefusalReason.TownshipUnknown; break;
        }
        Assert.Equal(why, (await store.RegisterAsync(townships, branches)).Refusal?.Reason);
        if (why is not null) return;
        foreach (var t in townships) County.Townships[t.Code] = t.Name;
        foreach (var b in branches) Take(b);
    }

    private async Task ChangeTemplateAsync(HubStore store)
    {
        var title = $"规范化建设第{++made}稿";
        var text = ShippedTemplates.Text("party-branch")!.Replace("\ntitle: 党支部规范化建设\n", $"\ntitle: {title}\n", StringComparison.Ordinal);
        var year = random.Next(4) == 0 ? 2026 : 2025;
        var defined = await store.DefineAsync(County.Programme, year, County.Area, text);
        Assert.Equal(year == 2025 ? null : RefusalReason.ProgrammeIdentityFixed, defined.Refusal?.Reason);
        if (year == 2025) County.Title = title;
    }

    private async Task PublishAsync(HubStore store, DateTimeOffset now)
    {
        var period = AnyPeriod();
        DateTimeOffset? due;
        using (var reading = store.Read().Value)
        {
            var found = reading.Query("select due_at from periods where programme = $programme and period = $period", r => r.Instant("due_at"), ("programme", County.Programme), ("period", period));
            due = found.Count > 0 ? found[0] : null;
        }
        var published = await store.WriteAsync((state, at) => LockPeriod.Publish(County.Programme, Period.Parse(period), due, [], state, at), CancellationToken.None);
        var isDue = string.CompareOrdinal(period, "2025-12") >= 0 && now >= ModelCounty.EndOf(period).AddDays(3);
        if (County.Published.TryGetValue(period, out var first))
        {
            Assert.True(published.Value.AlreadyPublished);
            Assert.Equal((first.Position, first.FiguresPosition, first.PublishedAt), (published.Value.Position, published.Value.FiguresPosition, published.Value.PublishedAt));
        }
        else
        {
            Assert.Equal(isDue ? null : RefusalReason.BulletinNotDue, published.Refusal?.Reason);
            if (isDue) County.Published.Add(period, published.Value);
        }
    }

    private async Task ReopenAsync(HubStore store)
    {
        var (township, period) = (Any(County.Townships.Keys), County.Published.Count > 0 && random.Next(4) > 0 ? Any(County.Published.Keys) : AnyPeriod());
        var locked = County.IsLocked(township, period);
        var reopened = await store.WriteAsync((state, _) => LockPeriod.Reopen(County.Programme, Period.Parse(period), township, "数据有误", state), CancellationToken.None);
        Assert.Equal(locked ? null : RefusalReason.PeriodNotLocked, reopened.Refusal?.Reason);
        if (!locked) return;
        County.Reopened.Add((township, period));
        County.Reopenings++;
    }

    private Report Valid(string township, string period)
    {
        var report = new Report { Programme = County.Programme, Township = township, Period = period };
        foreach (var branch in County.ActiveIn(township, period)) report.Branches.Add(StoreCalls.States(branch.Code, branch.Kind, random, 30));
        if (random.Next(3) == 0) report.Narrative = new Narrative { Progress = $"进展{++made}\n<b>=1+1</b>" };
        return report;
    }

    private Report Reordered(Report report)
    {
        var branches = report.Branches.ToArray();
        random.Shuffle(branches);
        var other = report.Clone();
        other.Branches.Clear();
        other.Branches.AddRange(branches);
        return other;
    }

    private Township NewTownship()
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"{County.Area}{100 + ++made}");
        return new Township { Code = code, Name = $"乡镇{code}" };
    }

    private Branch NewBranch(string township) => StoreCalls.Branch(string.Create(CultureInfo.InvariantCulture, $"{County.Area}-{++made}"), township, Any(Kinds), random.Next(6),
        new DateOnly(2024, 1, 1).AddDays(random.Next(800)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private void Take(Branch b) => County.Branches[b.Code] = new(b.Code, b.Name, b.Township, b.Kind, b.Star, DateOnly.Parse(b.ActiveFrom, CultureInfo.InvariantCulture),
        b.ActiveTo.Length == 0 ? null : DateOnly.Parse(b.ActiveTo, CultureInfo.InvariantCulture));

    private static Branch ToMessage(ModelBranch b)
    {
        var message = StoreCalls.Branch(b.Code, b.Township, b.Kind, b.Star, HubTime.Day(b.From), b.To is { } to ? HubTime.Day(to) : "");
        message.Name = b.Name;
        return message;
    }

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"submission-{++made}");

    private string AnyPeriod() => Any(["2025-11", "2025-12", "2025-12", "2026-01", "2026-01", "2026-02", "2026-02", "2026-03", "2026-04"]);

    private T Any<T>(IReadOnlyCollection<T> values) => values.ElementAt(random.Next(values.Count));
}
