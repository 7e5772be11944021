using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.Tests.Store;

/// <summary>Publishes a month as the hub does, with one made-up file in the place of the documents.</summary>
internal static class PublishedMonth
{
    public static async Task PublishAsync(TemporaryStore hub, string programme, string month)
    {
        var period = Period.Parse(month);
        Assert.Null((await hub.Store.WriteAsync((state, now) => LockPeriod.Publish(programme, period, now, [], state, now), CancellationToken.None)).Refusal);
        var publication = hub.Store.State.FindPublication(programme, period)!;
        using var reading = hub.Store.Read(publication.FiguresPosition, publication.PublishedAt).Value;
        var kept = new BulletinKept { Programme = programme, Period = month, Release = "test", Figures = PublishedFiguresReader.Read(programme, period, reading), Restated = { PublishedFiguresReader.ReadRestated(programme, reading) } };
        kept.Files.Add(new KeptFiles(hub.Directory).Write(programme, period, [($"{month}.html", [1, 2, 3])]));
        Assert.Null((await hub.Store.WriteAsync((state, _) => LockPeriod.Keep(kept, state), CancellationToken.None)).Refusal);
    }
}
