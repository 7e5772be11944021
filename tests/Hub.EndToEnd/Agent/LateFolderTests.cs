using Hub.Agent.Outbox;
using Hub.Agent.Running;
using Hub.EndToEnd.Serving;

namespace Hub.EndToEnd.Agent;

/// <summary>The folder of reports is a share that is mounted late, or away for a while: the service goes on without it and finds it again.</summary>
public sealed class LateFolderTests
{
    [Fact]
    public async Task A_start_before_the_folder_is_there_waits_for_it_and_makes_nothing_in_its_place()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        Directory.Delete(office.Folder);

        await using var agent = AgentProcess.RunEnrolled(office.Folder, office.Data);
        var said = await agent.SaysAsync("cannot be read now");

        Assert.Contains($"the folder {office.Folder} cannot be read now", said, StringComparison.Ordinal);
        Assert.Contains("waiting for it", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(office.Folder));
    }

    [Fact]
    public async Task What_was_checked_before_is_sent_while_the_folder_is_away_and_it_is_looked_for_again()
    {
        await using var office = await EnrolledOffice.StartAsync();
        await office.EnrollAsync();
        office.Hub.Clock.Timestamp = 0;
        using var agent = office.Agent();
        await office.StepAsync(agent, 1);
        var (away, now) = (office.Folder + "-away", office.Hub.Clock.Now);
        Directory.Move(office.Folder, away);
        office.Outbox.Put(new OutboxEntry("report-0001", TestHub.Report(), Path.Combine(office.Folder, "2026-01.xlsx"), now, "", now, now, 0));

        await office.StepAsync(agent, 2);
        var sent = Assert.Single(office.Outbox.All());
        Directory.Move(away, office.Folder);
        var neighbours = await office.SaveAsync(EnrolledOffice.Neighbour);
        await office.StepAsync(agent, 2);
        var withinTheMinute = File.Exists(ResultFile.PathOf(neighbours));
        (office.Hub.Clock.Timestamp, office.Hub.Clock.Now) = (60 * office.Hub.Clock.TimestampFrequency, now.AddMinutes(1));
        await office.StepAsync(agent, 2);

        Assert.Equal(1, sent.Receipt?.Version);
        Assert.Equal((false, true), (withinTheMinute, File.Exists(ResultFile.PathOf(neighbours))));
    }
}
