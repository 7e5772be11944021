using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Hub.Bulletins;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>The month's bulletin, its publication, and the re-opening of a locked period.</summary>
public sealed class BulletinService(HubStore store) : Protocol.BulletinService.BulletinServiceBase
{
    public override Task<GetBulletinResponse> GetBulletin(GetBulletinRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var programme = Requests.Programme(request.Programme, store, context);
        // A draft shows every township's figures: it is for those who hold the whole programme.
        if (request.Draft && !caller.Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        var period = Requests.Period(request.Period);
        var publication = request.Draft ? null : store.State.FindPublication(programme.Id, period);
        if (!request.Draft && publication is null) throw new RefusedException(new Refusal(RefusalReason.NotFound, new(
            $"{period} 的通报尚未发布", $"the bulletin of {period} is not published")));
        using var reading = publication is null ? Requests.Read(request.At, store) : store.Read(publication.FiguresPosition, publication.PublishedAt).OrRefuse();
        var bulletin = Make(programme, period, reading, store, publication?.PublishedAt);
        var response = new GetBulletinResponse { At = Requests.ToPoint(reading) };
        if (publication is not null) response.PublishedAt = Timestamp.FromDateTimeOffset(publication.PublishedAt);
        response.Files.AddRange(bulletin.Files.Select(f => new Protocol.BulletinFile { Name = f.Name, MediaType = f.MediaType, Content = ByteString.CopyFrom(f.Content) }));
        return Task.FromResult(response);
    }

    public override async Task<PublishBulletinResponse> PublishBulletin(PublishBulletinRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        if (!context.Caller().Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        var period = Requests.Period(request.Period);
        var dueAt = DueAt(programme, period);
        return (await store.WriteAsync((state, now) => LockPeriod.Publish(programme.Id, period, dueAt, state, now), context.CancellationToken)).OrRefuse();
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

    /// <summary>A bulletin at a reading; refused for a period that has none.</summary>
    internal static Bulletin Make(Programmes.Programme programme, Period period, Reading reading, HubStore store, DateTimeOffset? publishedAt)
    {
        if (period < programme.LaunchPeriod) throw new RefusedException(new Refusal(RefusalReason.PeriodBeforeLaunch, new(
            $"{period} 早于项目的首个报告月份 {programme.LaunchPeriod}", $"{period} is before the programme's first period {programme.LaunchPeriod}")));
        var figures = BulletinFigures.Read(programme, period, reading) ?? throw new RefusedException(new Refusal(RefusalReason.PeriodNotEnded, new(
            $"{period} 尚未结束，还没有通报", $"{period} has not ended; it has no bulletin yet")));
        return Bulletin.Make(programme, figures, store.State.DemonstrationClock is not null, publishedAt);
    }

    private DateTimeOffset? DueAt(Programmes.Programme programme, Period period)
    {
        using var reading = store.Read().OrRefuse();
        var due = reading.Query("select due_at from periods where programme = $programme and month = $month", r => r.Instant("due_at"),
            ("programme", programme.Id), ("month", period.Index));
        return due.Count > 0 ? due[0] : null;
    }
}
