using DuckDB.NET.Data;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Log;

namespace Hub.Tests.Store;

/// <summary>A log begun with blocks and row groups of another size is read and goes on, wherever its directory lies.</summary>
public sealed class OlderLogTests
{
    [Theory]
    [InlineData("data")]
    [InlineData("it's 数据")]
    public async Task A_log_of_large_blocks_goes_on(string name)
    {
        var parent = Directory.CreateTempSubdirectory("hub-test-").FullName;
        try
        {
            var directory = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
            using (var before = new DuckDBConnection($"DataSource={Path.Combine(directory, LogFile.FileName)}"))
            {
                before.Open();
                using var command = before.CreateCommand();
                command.CommandText = "create table log_record (position bigint not null, received_at_us bigint not null, record blob not null, hash blob not null)";
                command.ExecuteNonQuery();
            }
            var (clock, random) = (new FixedClock(new DateTimeOffset(2026, 2, 2, 0, 0, 0, TimeSpan.Zero)), new Random(5));

            await using (var store = HubStore.Open(directory, clock))
            {
                await store.DefineAsync("p", 2025, "");
                await store.RegisterAsync([new Township { Code = "990101100", Name = "青禾镇" }], [StoreCalls.Branch("b1", "990101100", "village")]);
                var report = new Report { Programme = "p", Township = "990101100", Period = "2026-01", Branches = { StoreCalls.States("b1", "village", random, 30) } };
                Assert.Null((await store.SubmitAsync(report, "report-1", 0, clock.Now)).Refusal);
            }

            await using var again = HubStore.Open(directory, clock);
            Assert.Equal(4, again.HeadPosition);
            var head = again.FindRecord(again.HeadPosition)!;
            Assert.Empty(again.Verify(head.Position, head.Hash, CancellationToken.None).Problems);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
