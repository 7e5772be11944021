using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Hub.Bulletins;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Grpc;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Star;
using BulletinFile = Hub.Bulletins.BulletinFile;
using Programme = Hub.Programmes.Programme;

namespace Hub.Server;

/// <summary>Drafts, made when they are asked for, and published bulletins, made once and kept.</summary>
public sealed class Bulletins(HubStore store) : IDisposable
{
    /// <summary>The same release makes the files of a position again byte for byte.</summary>
    public static readonly string Release = typeof(Bulletins).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private const int MaxRecentDrafts = 8;
    private static readonly TimeSpan DraftLife = TimeSpan.FromMinutes(1);
    private static readonly Language[] Languages = [Language.Chinese, Language.English];

    private readonly SemaphoreSlim publishing = new(1, 1);
    // A draft keeps a processor busy for a second, and a browser beside it.
    private readonly SemaphoreSlim drafting = new(Environment.ProcessorCount);
    private readonly KeptFiles kept = new(store.Directory);
    private readonly Dictionary<(string Programme, Period Period, Language Language), (long Position, DateTimeOffset AsOf, Bulletin Draft)> recent = [];

    /// <summary>A draft at a reading; refused for a period that has none.</summary>
    public Bulletin Draft(Programme programme, Period period, Reading reading, Language language) =>
        Make(new(programme, null, null, IsDemonstration), period, reading, BulletinText.In(store.Directory), language);

    /// <summary>The draft of now that a page and its pictures share: one that is less than a minute old and misses no record.</summary>
    public Bulletin RecentDraft(Programme programme, Period period, Language language)
    {
        var key = (programme.Id, period, language);
        lock (recent)
        {
            if (recent.TryGetValue(key, out var known) && known.Position == store.HeadPosition && store.Clock.GetUtcNow() - known.AsOf < DraftLife) return known.Draft;
        }
        using var reading = store.Read().OrRefuse();
        var draft = Draft(programme, period, reading, language);
        lock (recent)
        {
            if (recent.Count >= MaxRecentDrafts) recent.Clear();
            recent[key] = (reading.Position, reading.AsOf, draft);
        }
        return draft;
    }

    /// <summary>Files of a draft, as many at a time as the machine has processors.</summary>
    /// <param name="names">Those that are wanted; empty = all.</param>
    public async Task<BulletinFiles> DraftFilesAsync(Func<Bulletin> draft, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await drafting.WaitAsync(cancellation);
        try
        {
            return await draft().FilesAsync(names, cancellation);
        }
        finally
        {
            drafting.Release();
        }
    }

    /// <summary>Publishes the period's bulletin, or finds it published: one number, whoever asks and however often.</summary>
    /// <param name="dueAt">Null when the period has not ended.</param>
    public async Task<PublishBulletinResponse> PublishAsync(Programme programme, Period period, DateTimeOffset? dueAt, CancellationToken cancellation)
    {
        await publishing.WaitAsync(cancellation);
        try
        {
            var text = BulletinText.In(store.Directory);
            if (store.State.FindPublication(programme.Id, period) is null && dueAt <= store.Clock.GetUtcNow()) Rehearse(programme, period, text);
            var published = (await store.WriteAsync((state, now) => LockPeriod.Publish(programme.Id, period, dueAt, Texts(text), state, now), cancellation)).OrRefuse();
            // It stands now, whatever becomes of the caller.
            await KeepAsync(programme, store.State.FindPublication(programme.Id, period)!);
            return published;
        }
        finally
        {
            publishing.Release();
        }
    }

    /// <summary>A published bulletin with its files on record. A hub that stopped between publication and making them makes them now: they
    /// follow from the position.</summary>
    public async Task<Publication> KeptAsync(Programme programme, Publication publication, CancellationToken cancellation)
    {
        if (publication.Kept is not null) return publication;
        await publishing.WaitAsync(cancellation);
        try
        {
            await KeepAsync(programme, store.State.FindPublication(programme.Id, publication.Period)!);
        }
        finally
        {
            publishing.Release();
        }
        return store.State.FindPublication(programme.Id, publication.Period)!;
    }

    /// <exception cref="RefusedException">The file is missing or changed.</exception>
    public byte[] Read(Publication publication, KeptFile file) =>
        kept.Read(publication.Programme, publication.Period, file) ?? throw new RefusedException(new Refusal(RefusalReason.StoreUnavailable, new(
            $"已发布通报的文件 {file.Name} 缺失或被改动，请管理员运行 hub verify", $"the published bulletin's file {file.Name} is missing or changed; an administrator should run hub verify")));

    /// <summary>What is wrong with the kept files of all published bulletins.</summary>
    public IEnumerable<Text> Problems() => kept.Problems(store.State);

    /// <summary>Makes the documents and charts again of every bulletin that this release made.</summary>
    /// <returns>How many were made again, how many another release made, and where the bytes differ.</returns>
    public (int Again, int OtherRelease, List<Text> Problems) MakeAgain(CancellationToken cancellation)
    {
        var (again, other, problems) = (0, 0, new List<Text>());
        foreach (var publication in store.State.Publications.Where(p => p.Kept is not null))
        {
            cancellation.ThrowIfCancellationRequested();
            if (publication.Kept!.Release != Release)
            {
                other++;
                continue;
            }
            again++;
            problems.AddRange(MadeOtherwise(publication));
        }
        return (again, other, problems);
    }

    public void Dispose()
    {
        publishing.Dispose();
        drafting.Dispose();
    }

    private bool IsDemonstration => store.State.DemonstrationClock is not null;

    // Before the number is taken: a bulletin whose words cannot be used is not published.
    private void Rehearse(Programme programme, Period period, BulletinText text)
    {
        using var reading = store.Read().OrRefuse();
        foreach (var language in Languages) Make(new(programme, null, null, IsDemonstration), period, reading, text, language);
    }

    private static IEnumerable<DocumentText> Texts(BulletinText text) => Languages.Select(l => new DocumentText { Name = BulletinText.FileName(l), Text = text.Of(l) });

    // The words that went on record with the number, whatever the county writes later.
    private BulletinText TextOf(Publication publication)
    {
        var texts = store.FindRecord(publication.Position)!.Content.BulletinPublished.Texts.ToDictionary(t => t.Name, t => t.Text, StringComparer.Ordinal);
        return new(texts[BulletinText.FileName(Language.Chinese)], texts[BulletinText.FileName(Language.English)]);
    }

    private async Task KeepAsync(Programme programme, Publication publication)
    {
        if (publication.Kept is not null) return;
        var text = TextOf(publication);
        using var reading = store.Read(publication.FiguresPosition, publication.PublishedAt).OrRefuse();
        var record = new BulletinKept
        {
            Programme = programme.Id,
            Period = publication.Period.ToString(),
            Release = Release,
            Figures = PublishedFiguresReader.Read(programme.Id, publication.Period, reading),
            Restated = { PublishedFiguresReader.ReadRestated(programme.Id, reading) },
        };
        var bulletins = Languages.Select(language => Make(HeadOf(programme, publication), publication.Period, reading, text, language)).ToList();
        // Most of the time is a browser's, once for each language.
        var files = await Task.WhenAll(bulletins.Select(bulletin => Task.Run(() => bulletin.FilesAsync([], CancellationToken.None))));
        record.Files.AddRange(kept.Write(programme.Id, publication.Period, files.SelectMany(f => f.Files).Select(f => (f.Name, f.Content))));
        (await store.WriteAsync((state, _) => LockPeriod.Keep(record, state), CancellationToken.None)).OrRefuse();
    }

    private BulletinHead HeadOf(Programme programme, Publication publication) =>
        new(programme, new(publication.Year, publication.Number), publication.PublishedAt, IsDemonstration);

    // A browser's PDF carries the time of its making; it follows from the page.
    private IEnumerable<Text> MadeOtherwise(Publication publication)
    {
        var programme = store.State.FindProgramme(publication.Programme)!;
        var text = TextOf(publication);
        using var reading = store.Read(publication.FiguresPosition, publication.PublishedAt).OrRefuse();
        foreach (var language in Languages)
        {
            var bulletin = Make(HeadOf(programme, publication), publication.Period, reading, text, language);
            foreach (var file in (IEnumerable<BulletinFile>)[bulletin.Html(), bulletin.Docx(), .. bulletin.Svgs()])
                if (publication.Kept!.Files.FirstOrDefault(k => k.Name == file.Name) is not { } known || !SHA256.HashData(file.Content).AsSpan().SequenceEqual(known.Sha256.Span))
                    yield return new($"{publication.Programme} {publication.Period} 的 {file.Name} 重新生成后与发布时不同", $"{file.Name} of {publication.Programme} {publication.Period}, made again, is not what was published");
        }
    }

    private Bulletin Make(BulletinHead head, Period period, Reading reading, BulletinText text, Language language)
    {
        if (period < head.Programme.LaunchPeriod) throw new RefusedException(new Refusal(RefusalReason.PeriodBeforeLaunch, new(
            $"{period} 早于项目的首个报告月份 {head.Programme.LaunchPeriod}", $"{period} is before the programme's first period {head.Programme.LaunchPeriod}")));
        var figures = FiguresReader.Read(head.Programme, period, reading) ?? throw new RefusedException(new Refusal(RefusalReason.PeriodNotEnded, new(
            $"{period} 尚未结束，还没有通报", $"{period} has not ended; it has no bulletin yet")));
        return Bulletin.Make(head with { Programme = At(head.Programme, figures.TemplatePosition) }, figures, text, language).OrRefuse();
    }

    // The rules and the letterhead of the reading's position, which a later change does not touch.
    private Programme At(Programme programme, long position)
    {
        if (programme.DefinedAt == position) return programme;
        var defined = store.FindRecord(position)!.Content.ProgrammeDefined;
        return programme with { Template = TemplateReader.Read(defined.TemplateText, defined.Template).Template!, TemplateText = defined.TemplateText, DefinedAt = position };
    }
}
