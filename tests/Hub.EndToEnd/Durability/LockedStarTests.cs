namespace Hub.EndToEnd.Durability;

/// <summary>A star that another process has open is in use, not damaged: it is left as it is.</summary>
public sealed class LockedStarTests
{
    [Fact]
    public async Task A_star_in_use_elsewhere_is_refused_and_not_made_anew()
    {
        var folder = Directory.CreateTempSubdirectory("hub-locked-").FullName;
        try
        {
            var (own, other) = (Path.Combine(folder, "own"), Path.Combine(folder, "other"));
            Directory.CreateDirectory(own);
            await using (var hub = await HubProcess.ServeAsync(other)) Assert.Equal(0, await hub.StopAsync());
            File.Copy(Path.Combine(other, "log.duckdb"), Path.Combine(own, "log.duckdb"));
            var star = Directory.GetFiles(other, "star-*.duckdb").Single();
            var link = Path.Combine(own, Path.GetFileName(star));
            // Its log is its own, its star is the other's.
            File.CreateSymbolicLink(link, star);

            await using (var holder = await HubProcess.ServeAsync(other))
            {
                var (code, _, errors) = await HubProcess.RunAsync("sql", "select count(*) from townships", "--data", own);
                Assert.Equal(1, code);
                Assert.Contains("is in use by another process", errors, StringComparison.Ordinal);
                Assert.Equal(star, new FileInfo(link).LinkTarget);
                Assert.Equal(0, await holder.StopAsync());
            }
            var again = await HubProcess.RunAsync("sql", "select count(*) from townships", "--data", own);
            Assert.True(again.ExitCode == 0, again.Errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
