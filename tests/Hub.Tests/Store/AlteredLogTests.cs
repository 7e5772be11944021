using DuckDB.NET.Data;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Log;
using Hub.Store.Star;
using Xunit.Abstractions;

namespace Hub.Tests.Store;

/// <summary>Tampering shows: whoever opens <c>log.duckdb</c> with DuckDB and edits, deletes, moves or even consistently rewrites records is found,
/// at the start or by the check against a head kept elsewhere. HUB_FULL=1 makes 1,000 alterations.</summary>
public sealed class AlteredLogTests(ITestOutputHelper output)
{
    private const int Reports = 60;

    [Fact]
    public Task Every_alteration_of_the_log_is_found() => FullRun.WithSeedAsync(async seed =>
    {
        var random = new Random(seed);
        await using var opened = TemporaryStore.Open("2026-02-02T10:00:00+08:00");
        await FillAsync(opened.Store, random);
        var head = opened.Store.FindRecord(opened.Store.HeadPosition)!;
        await opened.Store.DisposeAsync();
        var (atStart, byVerify) = (0, 0);
        for (var i = 0; i < FullRun.Times(100, 1000); i++)
        {
            var copy = Directory.CreateTempSubdirectory("hub-altered-").FullName;
            foreach (var file in Directory.GetFiles(opened.Directory, "*.duckdb*")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            var done = Alter(copy, random, head.Position);
            // Who alters the log may as well remove the projection that saw it.
            if (random.Next(3) == 0) File.Delete(Path.Combine(copy, StarFile.FileName));
            try
            {
                await using var store = HubStore.Open(copy, opened.Clock);
                var found = store.Verify(head.Position, head.Hash, CancellationToken.None);
                Assert.True(found.Problems.Count > 0, $"Not found: {done}");
                byVerify++;
            }
            catch (StoreDamagedException e)
            {
                Assert.Contains("restore it from a backup", e.Message, StringComparison.Ordinal);
                atStart++;
            }
            Directory.Delete(copy, recursive: true);
        }
        output.WriteLine($"{atStart} found at the start, {byVerify} by the head kept elsewhere, 0 not found");
        await opened.ReopenAsync();
    });

    private static async Task FillAsync(HubStore store, Random random)
    {
        await store.DefineAsync("p", 2025, "");
        await store.RegisterAsync([new Township { Code = "990101100", Name = "青禾镇" }], [StoreCalls.Branch("b1", "990101100", "village")]);
        for (var i = 0; i < Reports; i++)
        {
            var report = new Report { Programme = "p", Township = "990101100", Period = "2026-01", Branches = { StoreCalls.States("b1", "village", random, 30) } };
            Assert.Null((await store.SubmitAsync(report, $"report-{i:D4}", i, store.Clock.GetUtcNow())).Refusal);
        }
    }

    private static string Alter(string directory, Random random, long head)
    {
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(directory, LogFile.FileName)}");
        connection.Open();
        var at = random.NextInt64(1, head + 1);
        var other = random.NextInt64(1, head);
        if (other >= at) other++;
        var (what, sql) = random.Next(9) switch
        {
            0 => ("deletes", $"delete from log_record where position = {at}"),
            1 => ("cuts off from", $"delete from log_record where position >= {at}"),
            2 => ("moves the time of", $"update log_record set received_at_us = received_at_us - 1 where position = {at}"),
            3 => ("changes a byte of", $"update log_record set record = from_hex(hex(record)[:-3] || case when hex(record)[-2:] = '00' then '01' else '00' end) where position = {at}"),
            4 => ("changes the hash of", $"update log_record set hash = from_hex(repeat('ab', 32)) where position = {at}"),
            5 => ($"swaps with {other}", $"update log_record set position = case position when {at} then {other} else {at} end where position in ({at}, {other})"),
            6 => ("doubles", $"insert into log_record select * from log_record where position = {at}"),
            7 => ("closes the gap of", $"delete from log_record where position = {at}; update log_record set position = position - 1 where position > {at}"),
            _ => ("rewrites the chain from", ""),
        };
        if (sql.Length > 0) Run(connection, sql);
        else Rechain(connection, at, delete: random.Next(2) == 0);
        Run(connection, "checkpoint");
        return $"{what} {at}";
    }

    /// <summary>The whole chain from a record on made to fit again: only a head kept elsewhere, or the star, can tell.</summary>
    private static void Rechain(DuckDBConnection connection, long at, bool delete)
    {
        var records = new List<(long ReceivedAt, byte[] Bytes)>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "select position, received_at_us, hex(record) from log_record order by position";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                if (!delete || reader.GetInt64(0) != at) records.Add((reader.GetInt64(1) + (!delete && reader.GetInt64(0) == at ? 1_000_000 : 0), Convert.FromHexString(reader.GetString(2))));
        }
        Run(connection, "delete from log_record");
        var hash = LoggedRecord.GenesisHash;
        for (var i = 0; i < records.Count; i++)
        {
            hash = LoggedRecord.HashOf(hash, i + 1, records[i].ReceivedAt, records[i].Bytes);
            Run(connection, $"insert into log_record values ({i + 1}, {records[i].ReceivedAt}, from_hex('{Convert.ToHexString(records[i].Bytes)}'), from_hex('{Convert.ToHexString(hash)}'))");
        }
    }

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
