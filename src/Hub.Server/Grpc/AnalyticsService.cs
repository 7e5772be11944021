using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Star;

namespace Hub.Server.Grpc;

/// <summary>Figures, each read from the model of the same name.</summary>
public sealed class AnalyticsService(HubStore store, Rankings rankings) : Protocol.AnalyticsService.AnalyticsServiceBase
{
    public override Task<GetCompletionResponse> GetCompletion(GetCompletionRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        var scope = Requests.Scope(request.Area, context.Caller());
        var page = Requests.Page(request.PageSize, request.PageToken, 1000);
        using var reading = Requests.Read(request.At, store);
        var period = Requests.PeriodOrLast(request.Period, reading).ToString();
        var rows = reading.Query(
            """
            select c.*, t.name from township_completion c join townships t on t.township = c.township
            where c.programme = $programme and c.period = $period and starts_with(c.township, $scope)
            order by c.township limit $size + 1 offset $offset
            """, ToCompletion,
            ("programme", programme.Id), ("period", period), ("scope", scope), ("size", page.Size), ("offset", page.Offset));
        return Task.FromResult(new GetCompletionResponse
        {
            Townships = { rows.Take(page.Size) },
            NextPageToken = page.Next(rows.Count),
            At = Requests.ToPoint(reading),
            Period = period,
            Total = Total(programme, period, scope, reading),
        });
    }

    public override Task<GetRankingResponse> GetRanking(GetRankingRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var programme = Requests.Programme(request.Programme, store, context);
        // A township sees the ranking of all the programme's townships, and of nothing beyond it.
        var scope = caller.IsTownship ? RankingArea(request.Area, programme) : Requests.Scope(request.Area, caller);
        var page = Requests.Page(request.PageSize, request.PageToken, 50_000);
        using var reading = Requests.Read(request.At, store);
        var period = Requests.PeriodOrLast(request.Period, reading).ToString();
        var isWhole = reading.IsKept && programme.Area.StartsWith(scope, StringComparison.Ordinal);
        var rows = isWhole ? rankings.Whole(programme, period, scope, store.State, reading) : Rankings.Read(programme, period, scope, page.Size + 1, page.Offset, reading);
        var first = isWhole ? Math.Min(page.Offset, rows.Count) : 0;
        var left = rows.Count - first;
        var shown = first == 0 && left <= page.Size ? rows : rows.GetRange(first, Math.Min(left, page.Size));
        return Task.FromResult(new GetRankingResponse { Townships = { shown }, NextPageToken = page.Next(left), At = Requests.ToPoint(reading), Period = period });
    }

    public override Task<GetMilestonesResponse> GetMilestones(GetMilestonesRequest request, ServerCallContext context)
    {
        var programme = Requests.Programme(request.Programme, store, context);
        var scope = Requests.Scope(request.Area, context.Caller());
        using var reading = Requests.Read(request.At, store);
        var period = Requests.PeriodOrLast(request.Period, reading).ToString();
        var rows = reading.Query(
            """
            select township, milestone, due, base, complete, target_bp, met, met_on_time from milestone_status
            where programme = $programme and period = $period and starts_with(township, $scope)
            order by township, due, milestone
            """, r =>
            {
                var row = new MilestoneStatus
                {
                    Township = r.Text("township"),
                    Milestone = r.Text("milestone"),
                    Due = HubTime.Day(r.Day("due")),
                    Base = r.Int("base"),
                    Complete = r.Int("complete"),
                    TargetBp = r.Int("target_bp"),
                };
                if (r.BoolOrNull("met") is { } met) row.Met = met;
                if (r.BoolOrNull("met_on_time") is { } onTime) row.MetOnTime = onTime;
                return row;
            },
            ("programme", programme.Id), ("period", period), ("scope", scope));
        return Task.FromResult(new GetMilestonesResponse { Milestones = { rows }, At = Requests.ToPoint(reading), Period = period });
    }

    public override Task<GetTrendResponse> GetTrend(GetTrendRequest request, ServerCallContext context)
    {
        var (programme, township) = Requests.ProgrammeAndTownship(request.Programme, request.Township, store, context);
        using var reading = Requests.Read(request.At, store);
        var rows = reading.Query(
            """
            select t.period, t.hardware_base, t.hardware_complete, t.forecast, c.hardware_share, c.target_bp, c.pace
            from township_trend t
            join township_completion c on c.programme = t.programme and c.period = t.period and c.township = t.township
            where t.programme = $programme and t.township = $township
            order by t.period
            """, r =>
            {
                var point = new TrendPoint
                {
                    Period = r.Text("period"),
                    HardwareBase = r.Int("hardware_base"),
                    HardwareComplete = r.Int("hardware_complete"),
                    TargetBp = r.Int("target_bp"),
                };
                if (r.DoubleOrNull("forecast") is { } forecast) point.Forecast = forecast;
                if (r.DoubleOrNull("hardware_share") is { } share) point.HardwareShare = share;
                if (r.DoubleOrNull("pace") is { } pace) point.Pace = pace;
                return point;
            },
            ("programme", programme.Id), ("township", township));
        return Task.FromResult(new GetTrendResponse { Points = { rows }, At = Requests.ToPoint(reading) });
    }

    public override Task<ExplainFigureResponse> ExplainFigure(ExplainFigureRequest request, ServerCallContext context)
    {
        var (programme, township) = Requests.ProgrammeAndTownship(request.Programme, request.Township, store, context);
        using var reading = Requests.Read(request.At, store);
        var period = Requests.PeriodOrLast(request.Period, reading);
        var response = Explanation.Of(programme, township, period, request.Figure, reading, context.Language()).OrRefuse();
        response.At = Requests.ToPoint(reading);
        return Task.FromResult(response);
    }

    private static string RankingArea(string area, Programmes.Programme programme)
    {
        if (area.Length == 0) return programme.Area;
        if (!Forms.IsArea(area) || !Programmes.Programme.AreasOverlap(area, programme.Area)) throw new RefusedException(AccessInterceptor.NotPermitted());
        return area;
    }

    // The scope is a whole level's area; everything there is of the programme where it holds the programme's own.
    private static AreaCompletion? Total(Programmes.Programme programme, string period, string scope, Reading reading)
    {
        var whole = programme.Area.StartsWith(scope, StringComparison.Ordinal);
        return reading.Query(
            """
            select level, area, branches, hardware_base, hardware_complete, hardware_share, mean_hardware_score,
              software_base, software_complete, software_share, mean_software_score, compliant
            from area_completion
            where programme = $programme and period = $period and area = $area and level = $level
            """, r =>
            {
                var total = new AreaCompletion
                {
                    Level = r.Text("level"),
                    Area = r.Text("area"),
                    Branches = r.Int("branches"),
                    HardwareBase = r.Int("hardware_base"),
                    HardwareComplete = r.Int("hardware_complete"),
                    SoftwareBase = r.Int("software_base"),
                    SoftwareComplete = r.Int("software_complete"),
                    Compliant = r.Int("compliant"),
                };
                if (r.DoubleOrNull("hardware_share") is { } hardware) total.HardwareShare = hardware;
                if (r.DoubleOrNull("mean_hardware_score") is { } hardwareScore) total.MeanHardwareScore = hardwareScore;
                if (r.DoubleOrNull("software_share") is { } software) total.SoftwareShare = software;
                if (r.DoubleOrNull("mean_software_score") is { } softwareScore) total.MeanSoftwareScore = softwareScore;
                return total;
            },
            ("programme", programme.Id), ("period", period), ("area", whole ? "" : scope),
            ("level", whole ? "programme" : scope.Length switch { 2 => "province", 4 => "city", 6 => "county", _ => "township" })).FirstOrDefault();
    }

    private static TownshipCompletion ToCompletion(Row r)
    {
        var row = new TownshipCompletion
        {
            Township = r.Text("township"),
            Name = r.Text("name"),
            Period = r.Text("period"),
            Branches = r.Int("branches"),
            HardwareBase = r.Int("hardware_base"),
            HardwareComplete = r.Int("hardware_complete"),
            SoftwareBase = r.Int("software_base"),
            SoftwareComplete = r.Int("software_complete"),
            Compliant = r.Int("compliant"),
            TargetBp = r.Int("target_bp"),
            Status = r.TextOrNull("status") ?? "",
        };
        if (r.IntOrNull("stale_months") is { } stale) row.StaleMonths = stale;
        if (r.DoubleOrNull("hardware_share") is { } hardware) row.HardwareShare = hardware;
        if (r.DoubleOrNull("mean_hardware_score") is { } hardwareScore) row.MeanHardwareScore = hardwareScore;
        if (r.DoubleOrNull("software_share") is { } software) row.SoftwareShare = software;
        if (r.DoubleOrNull("mean_software_score") is { } softwareScore) row.MeanSoftwareScore = softwareScore;
        if (r.DoubleOrNull("pace") is { } pace) row.Pace = pace;
        return row;
    }
}
