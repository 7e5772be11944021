using Hub.Protocol;
using Hub.Store.Decisions;
using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The worked county with bulletins published and a branch closed afterwards, so that every model has rows.</summary>
public sealed class PublishedCounty : IAsyncLifetime
{
    public TemporaryStore Hub { get; } = TemporaryStore.Open("2026-11-24T09:00:00+08:00");

    public async Task InitializeAsync()
    {
        Assert.Null((await Hub.ImportAsync(TemporaryStore.WorkedExample)).Refusal?.Message.English);
        var months = Hub.Rows("select programme, period from periods order by all").Take(3).ToList();
        foreach (var month in months) await PublishedMonth.PublishAsync(Hub, month[0], month[1]);
        var branch = Hub.Rows($"select b.* from branches b join branch_completion c using (branch) where c.programme = '{months[0][0]}' and c.period = '{months[0][1]}' and c.hardware_complete limit 1").Single();
        var closed = new ChangeRegistryRequest
        {
            Branches = { new Branch { Code = branch[0], Name = branch[1], Township = branch[2], Kind = branch[3], Star = int.Parse(branch[4], System.Globalization.CultureInfo.InvariantCulture), ActiveFrom = branch[5], ActiveTo = branch[5] } },
        };
        Assert.Null((await Hub.Store.WriteAsync((state, _) => ChangeRegistry.Decide(closed, state), CancellationToken.None)).Refusal?.Message.English);
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
