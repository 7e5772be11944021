using Hub.Tests.Store;

namespace Hub.Tests.Models;

/// <summary>The worked county in one store, for tests that only read it.</summary>
public sealed class WorkedCounty : IAsyncLifetime
{
    public TemporaryStore Hub { get; } = TemporaryStore.Open("2026-11-24T09:00:00+08:00");

    public async Task InitializeAsync()
    {
        var imported = await Hub.ImportAsync(TemporaryStore.WorkedExample);
        Assert.Null(imported.Refusal?.Message.English);
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}
