using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Import;
using Hub.Store.Star;

namespace Hub.Tests.Store;

/// <summary>A data directory of its own for one test, with a clock that stands where the test puts it.</summary>
public sealed class TemporaryStore : IAsyncDisposable
{
    private TemporaryStore(string directory, FixedClock clock, HubStore store) => (Directory, Clock, Store) = (directory, clock, store);

    public string Directory { get; }
    public FixedClock Clock { get; }
    public HubStore Store { get; private set; }

    public static TemporaryStore Open(string now)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("hub-test-").FullName;
        MadeDirectory.EmptyStore.CopyTo(directory);
        var clock = new FixedClock(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        return new(directory, clock, HubStore.Open(directory, clock));
    }

    public static string WorkedExample => Path.Combine(AppContext.BaseDirectory, "conformance", "worked-example");

    /// <summary>Closes the store and opens the same directory again.</summary>
    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = HubStore.Open(Directory, Clock);
    }

    public async Task<Outcome<ImportHistoryResponse>> ImportAsync(string folder)
    {
        var files = CountyFolder.Files.Where(f => File.Exists(Path.Combine(folder, f)))
            .ToDictionary(f => f, f => (Stream)new MemoryStream(File.ReadAllBytes(Path.Combine(folder, f))));
        var read = CountyFolder.Read(files);
        return read.IsRefused(out var refusal) ? refusal
            : await Store.WriteAsync((state, now) => HistoryImport.Decide(read.Value, state, now), CancellationToken.None);
    }

    /// <summary>Rows as CSV fields: null is empty, booleans are true and false, dates YYYY-MM-DD.</summary>
    public List<string[]> Rows(string sql, long position = 0, DateTimeOffset? asOf = null)
    {
        using var reading = Store.Read(position, asOf).Value;
        using var query = Hub.Store.Queries.AdHocQuery.Start(reading, sql, TimeProvider.System, CancellationToken.None).Value;
        var rows = new List<string[]>();
        while (query.Next(1000).Value is { Count: > 0 } next)
            rows.AddRange(next.Select(r => r.Cells.Select(Text).ToArray()));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string Text(QueryCell cell) => cell.ValueCase switch
    {
        QueryCell.ValueOneofCase.None => "",
        QueryCell.ValueOneofCase.Boolean => cell.Boolean ? "true" : "false",
        QueryCell.ValueOneofCase.Integer => cell.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        QueryCell.ValueOneofCase.Number => cell.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => cell.Text,
    };
}
