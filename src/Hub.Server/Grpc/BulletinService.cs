using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Bulletins;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Programme = Hub.Programmes.Programme;

namespace Hub.Server.Grpc;

/// <summary>The month's bulletin, its publication, and the re-opening of a locked period.</summary>
public sealed class BulletinService(HubStore store, Bulletins bulletins) : Protocol.BulletinService.BulletinServiceBase
{
    public override async Task<GetBulletinResponse> GetBulletin(GetBulletinRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        // A draft shows every township's figures: it is for those who hold the whole programme.
        if (request.Draft && !context.Caller().Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        var period = Requests.Period(request.Period);
        var language = request.Language == DocumentLanguage.English ? Language.English : Language.Chinese;
        if (request.Draft) return await DraftAsync(programme, period, request, language, context);
        var publication = store.State.FindPublication(programme.Id, period) ?? throw new RefusedException(new Refusal(RefusalReason.NotFound, new(
            $"{period} 的通报尚未发布", $"the bulletin of {period} is not published")));
        return Published(await bulletins.KeptAsync(programme, publication, context.CancellationToken), request.Names, language);
    }

    public override async Task<PublishBulletinResponse> PublishBulletin(PublishBulletinRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        if (!context.Caller().Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        var period = Requests.Period(request.Period);
        return await bulletins.PublishAsync(programme, period, DueAt(programme, period), context.CancellationToken);
    }

    public override async Task<ReopenPeriodResponse> ReopenPeriod(ReopenPeriodRequest request, ServerCallContext context)
    {
        var (programme, township) = Requests.ProgrammeAndTownship(request.Programme, request.Township, store, context);
        var period = Requests.Period(request.Period);
        return new ReopenPeriodResponse
        {
            Position = (await store.WriteAsync((state, _) => LockPeriod.Reopen(programme.Id, period, township, request.Reason, state), context.CancellationToken)).OrRefuse(),
        };
    }

    private async Task<GetBulletinResponse> DraftAsync(Programme programme, Period period, GetBulletinRequest request, Language language, ServerCallContext context)
    {
        using var reading = Requests.Read(request.At, store);
        var made = await bulletins.DraftFilesAsync(() => bulletins.Draft(programme, period, reading, language), request.Names, context.CancellationToken);
        var response = new GetBulletinResponse { At = Requests.ToPoint(reading), WhyNoPdf = made.WhyNoPdf?.In(context.Language()) ?? "" };
        response.Files.AddRange(made.Files.Select(f => File(f.Name, f.Content.LongLength, ByteString.CopyFrom(SHA256.HashData(f.Content)), f.Content)));
        return response;
    }

    private GetBulletinResponse Published(Publication publication, IReadOnlyCollection<string> names, Language language)
    {
        var files = publication.Kept!.Files.Where(f => BulletinNames.LanguageOf(f.Name) == language).ToList();
        var response = new GetBulletinResponse
        {
            At = new ReadingPoint { Position = publication.FiguresPosition, AsOf = Timestamp.FromDateTimeOffset(publication.PublishedAt) },
            PublishedAt = Timestamp.FromDateTimeOffset(publication.PublishedAt),
            Year = publication.Year,
            Number = publication.Number,
        };
        response.Files.AddRange(files.Select(f => File(f.Name, f.Size, f.Sha256, names.Count == 0 || names.Contains(f.Name) ? bulletins.Read(publication, f) : [])));
        return response;
    }

    private static Protocol.BulletinFile File(string name, long size, ByteString sha256, byte[] content) =>
        new() { Name = name, MediaType = BulletinNames.MediaType(name), Size = size, Sha256 = sha256, Content = ByteString.CopyFrom(content) };

    private DateTimeOffset? DueAt(Programme programme, Period period)
    {
        using var reading = store.Read().OrRefuse();
        var due = reading.Query("select due_at from periods where programme = $programme and month = $month", r => r.Instant("due_at"),
            ("programme", programme.Id), ("month", period.Index));
        return due.Count > 0 ? due[0] : null;
    }
}
