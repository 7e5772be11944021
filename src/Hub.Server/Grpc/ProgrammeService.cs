using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Branch = Hub.Protocol.Branch;
using Programme = Hub.Protocol.Programme;
using Township = Hub.Protocol.Township;

namespace Hub.Server.Grpc;

/// <summary>Programmes with their standards, and the registry of townships and branches.</summary>
public sealed class ProgrammeService(HubStore store) : Protocol.ProgrammeService.ProgrammeServiceBase
{
    public override Task<ListProgrammesResponse> ListProgrammes(ListProgrammesRequest request, ServerCallContext context)
    {
        using var reading = store.Read().OrRefuse();
        var programmes = store.State.Programmes.Where(context.Caller().Sees).Select(p => ToMessage(p, reading));
        return Task.FromResult(new ListProgrammesResponse { Programmes = { programmes } });
    }

    public override Task<GetProgrammeResponse> GetProgramme(GetProgrammeRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        using var reading = store.Read().OrRefuse();
        var response = new GetProgrammeResponse { Programme = ToMessage(programme, reading), TemplateText = programme.TemplateText };
        response.Standards.AddRange(programme.Template.Standards.Select(s => new Protocol.Standard { Kind = s.Kind, Name = s.Name, Items = { s.Items.Select(i => ToMessage(i, programme.Template, context.Language())) } }));
        response.Milestones.AddRange(programme.Template.Milestones.Select(m => new Milestone
        {
            Id = m.Id,
            Name = m.Name,
            Track = m.Track == Track.Hardware ? "hardware" : "software",
            StarMin = m.StarMin ?? 0,
            StarMax = m.StarMax ?? 5,
            AllBranches = m.AllBranches,
            DueOn = HubTime.Day(m.Due.In(programme.LaunchYear)),
            TargetBp = m.TargetBp,
        }));
        return Task.FromResult(response);
    }

    public override Task<ListTownshipsResponse> ListTownships(ListTownshipsRequest request, ServerCallContext context)
    {
        var scope = Requests.Scope(request.Area, context.Caller());
        var page = Requests.Page(request.PageSize, request.PageToken, 1000);
        var rows = store.State.Townships.Where(t => t.Code.StartsWith(scope, StringComparison.Ordinal)).Skip(page.Offset).Take(page.Size + 1).ToList();
        return Task.FromResult(new ListTownshipsResponse
        {
            Townships = { rows.Take(page.Size).Select(t => new Township { Code = t.Code, Name = t.Name }) },
            NextPageToken = page.Next(rows.Count),
        });
    }

    public override Task<ListBranchesResponse> ListBranches(ListBranchesRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var code = request.Township.Length == 0 && caller.IsTownship ? caller.Credential.Township : request.Township;
        if (code.Length == 0) throw new RefusedException(Refusal.OfField("township", RefusalReason.FieldMissing, new("缺少乡镇编码", "the township is missing")));
        if (!caller.MayTouch(code) || store.State.FindTownship(code) is not { } township) throw new RefusedException(AccessInterceptor.NotPermitted());
        Period? period = request.Period.Length > 0 ? Requests.Period(request.Period) : null;
        return Task.FromResult(new ListBranchesResponse
        {
            Branches = { township.Branches.Where(b => period is null || b.IsActiveIn(period.Value)).Select(ToMessage) },
        });
    }

    public override async Task<DefineProgrammeResponse> DefineProgramme(DefineProgrammeRequest request, ServerCallContext context)
    {
        var position = (await store.WriteAsync((state, _) => Store.Decisions.DefineProgramme.Decide(request, state), context.CancellationToken)).OrRefuse();
        return new DefineProgrammeResponse { Position = position };
    }

    public override async Task<ChangeRegistryResponse> ChangeRegistry(ChangeRegistryRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        if (request.Townships.Any(t => !caller.MayTouch(t.Code)) || request.Branches.Any(b => !caller.MayTouch(b.Township)
            || (store.State.FindBranch(b.Code) is { } known && !caller.MayTouch(known.Township)))) throw new RefusedException(AccessInterceptor.NotPermitted());
        var position = (await store.WriteAsync((state, _) => Store.Decisions.ChangeRegistry.Decide(request, state), context.CancellationToken)).OrRefuse();
        return new ChangeRegistryResponse { Position = position };
    }

    private static Programme ToMessage(Programmes.Programme programme, Store.Star.Reading reading)
    {
        var message = new Programme
        {
            Id = programme.Id,
            Template = programme.Template.Name,
            LaunchYear = programme.LaunchYear,
            Area = programme.Area,
            LaunchPeriod = programme.LaunchPeriod.ToString(),
        };
        foreach (var (period, dueOn) in reading.Query("select period, due_on from periods where programme = $programme order by month desc limit 1",
            r => (r.Text("period"), r.Day("due_on")), ("programme", programme.Id)))
            (message.LastPeriod, message.DueOn) = (period, HubTime.Day(dueOn));
        return message;
    }

    private static Protocol.Item ToMessage(Programmes.Item item, Template template, Language language) => new()
    {
        Id = item.Id,
        Section = item.Section,
        Track = item.Track == Track.Hardware ? "hardware" : "software",
        Title = item.Title,
        Gloss = item.Gloss,
        Condition = item.Condition ?? "",
        ConditionGroup = item.ConditionGroup ?? "",
        Thresholds = { item.Thresholds.Select(t => ThresholdWords.Of(t, template.Terms).In(language)) },
        Checkpoints = { item.Checkpoints },
    };

    private static Branch ToMessage(Programmes.Branch branch) => new()
    {
        Code = branch.Code,
        Name = branch.Name,
        Township = branch.Township,
        Kind = branch.Kind,
        Star = branch.Star,
        ActiveFrom = HubTime.Day(branch.ActiveFrom),
        ActiveTo = branch.ActiveTo is { } to ? HubTime.Day(to) : "",
    };
}
