using Google.Protobuf.Reflection;
using Grpc.Core;
using Hub.EndToEnd.Rest;
using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Access;

/// <summary>A township reads and writes only its own: every call, by every role with every kind of area, for own, other and missing ids.</summary>
public sealed class AccessMatrixTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_call_of_every_service_has_its_line() =>
        Assert.Equal(AnyCall.All.Select(m => m.Name).Order(StringComparer.Ordinal), WhoMay.Calls.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_valid_credential_every_call_answers_alike(bool rest)
    {
        await using var hub = await TwoCounties.StartAsync();
        using var door = new Door(hub, rest);
        var administration = new AdministrationService.AdministrationServiceClient(hub.Control);
        var expiring = await administration.CreateCredentialAsync(new CreateCredentialRequest
        {
            Role = Role.Administrator,
            ExpiresAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(hub.Clock.Now.AddHours(1)),
        });
        var revoked = await administration.CreateCredentialAsync(new CreateCredentialRequest { Role = Role.Administrator });
        await administration.RevokeCredentialAsync(new RevokeCredentialRequest { CredentialId = revoked.CredentialId });
        hub.Clock.Now = hub.Clock.Now.AddHours(1).AddTicks(10);
        var head = hub.Server.Store.HeadPosition;

        foreach (var method in door.All.Where(m => WhoMay.Reach(m.Name, Role.Township) != May.Anyone))
            foreach (var token in new[] { "", "hub_wrong", expiring.Token, revoked.Token, new string('x', 5000) })
            {
                var answer = await AnyCall.CallAsync(door.Calls, method, AnyCall.Request(method.Name, TwoCounties.OwnProgramme, TwoCounties.Own, false, 0), TestHub.Bearer(token));
                Assert.Equal((StatusCode.Unauthenticated, "CREDENTIAL_INVALID"), (answer.Status, answer.Reason));
            }
        Assert.Equal(head, hub.Server.Store.HeadPosition);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_reads_or_writes_beyond_their_bounds_and_others_ids_answer_as_missing_ones_do(bool rest)
    {
        await using var hub = await TwoCounties.StartAsync();
        using var door = new Door(hub, rest);
        var calls = 0;
        foreach (var someone in TwoCounties.Everyone(hub))
            foreach (var method in door.All)
                foreach (var flag in AnyCall.HasFlag(method) ? [true, false] : new[] { false })
                {
                    var answers = new Dictionary<(string Programme, string Place), Answer>();
                    foreach (var programme in AnyCall.NamesProgramme(method) ? TwoCounties.Programmes : [""])
                        foreach (var place in AnyCall.NamesPlace(method) ? TwoCounties.Places : [""])
                        {
                            if (rest && !RestCalls.HasPath(method, AnyCall.Request(method.Name, programme, place, flag, 0))) continue;
                            answers[(programme, place)] = await CallAndCheckAsync(hub, door.Calls, someone, method, programme, place, flag);
                            calls++;
                        }
                    CheckAlike(someone, method, answers);
                }
        output.WriteLine($"{calls} calls, 0 rows or writes out of bounds");
    }

    private static async Task<Answer> CallAndCheckAsync(TestHub hub, CallInvoker door, Someone someone, MethodDescriptor method, string programme, string place, bool flag)
    {
        var store = hub.Server.Store;
        var headers = await someone.HeadersAsync();
        var before = store.HeadPosition;
        var version = store.State.FindReport(TwoCounties.OwnProgramme, TwoCounties.Own, Period.Parse("2026-01"))?.Version ?? 0;
        var answer = await AnyCall.CallAsync(door, method, AnyCall.Request(method.Name, programme, place, flag, version), headers);

        var told = $"{someone}: {method.Name} of programme '{programme}', place '{place}'{(flag ? ", flag" : "")} answered {answer}";
        Assert.True(answer.Status is not (StatusCode.Unknown or StatusCode.Internal or StatusCode.Unauthenticated or StatusCode.ResourceExhausted), told);
        if (Expected(someone, method, programme, place, flag) is { } allowed)
            Assert.True(allowed == (answer.Status != StatusCode.PermissionDenied), $"{(allowed ? "Allowed" : "Forbidden")}, but {told}");
        foreach (var township in AnyCall.Townships(answer.Content))
            Assert.True(township.StartsWith(Bounds(someone, method.Name), StringComparison.Ordinal), $"Out of bounds: {township}; {told}");
        if (!someone.Sees(TwoCounties.ForeignCounty)) Assert.DoesNotContain(TwoCounties.ForeignProgramme, answer.Content, StringComparison.Ordinal);
        if (!someone.Sees(TwoCounties.OwnCounty)) Assert.DoesNotContain(TwoCounties.OwnProgramme, answer.Content, StringComparison.Ordinal);
        for (var position = before + 1; position <= store.HeadPosition; position++) CheckWritten(someone, store.FindRecord(position)!.Content, told);
        return answer;
    }

    /// <summary>Whether the call is allowed; null where it is refused for its programme before that shows.</summary>
    private static bool? Expected(Someone someone, MethodDescriptor method, string programme, string place, bool flag)
    {
        var may = WhoMay.Reach(method.Name, someone.Role);
        if (may == May.No || (may == May.All && someone.Area.Length > 0)) return false;
        if (may is May.All or May.Anyone) return true;
        var area = programme switch { TwoCounties.OwnProgramme => TwoCounties.OwnCounty, TwoCounties.ForeignProgramme => TwoCounties.ForeignCounty, _ => null };
        // A programme that is not theirs is none, whatever else the request names.
        if (AnyCall.NamesProgramme(method) && (area is null || !someone.Sees(area))) return null;
        if (method.Name == "PublishBulletin" || (method.Name == "GetBulletin" && flag)) return !someone.IsTownship && area!.StartsWith(someone.Area, StringComparison.Ordinal);
        if (!AnyCall.NamesPlace(method) || place.Length == 0) return place.Length == 0 && method.Name == "ChangeRegistry" ? someone.Area.Length == 0 : true;
        if (may == May.Shared) return place is TwoCounties.Own or TwoCounties.Other or TwoCounties.Missing or TwoCounties.OwnCounty or "99";
        var inBounds = place.StartsWith(someone.Area, StringComparison.Ordinal);
        if (!inBounds) return false;
        // One township must be named, and be registered and of the programme.
        if (method.Name is "GetReport" or "ListBranches" or "GetTrend" or "ExplainFigure" or "ReopenPeriod")
            return place is TwoCounties.Own or TwoCounties.Other or TwoCounties.Foreign && (area is null || place.StartsWith(area, StringComparison.Ordinal));
        return method.Name is not ("SubmitReport" or "ValidateReport") || place == someone.Area;
    }

    /// <summary>What every township that an answer names must begin with.</summary>
    private static string Bounds(Someone someone, string call) =>
        someone.IsTownship && WhoMay.Reach(call, Role.Township) == May.Shared ? TwoCounties.OwnCounty : someone.Area;

    private static void CheckWritten(Someone someone, LogRecord written, string told)
    {
        var allowed = written.KindCase switch
        {
            LogRecord.KindOneofCase.ReportSubmitted => someone.IsTownship && written.ReportSubmitted.Township == someone.Area,
            LogRecord.KindOneofCase.BulletinPublished => someone.Role is Role.Official or Role.Administrator
                && (written.BulletinPublished.Programme == TwoCounties.OwnProgramme ? TwoCounties.OwnCounty : TwoCounties.ForeignCounty).StartsWith(someone.Area, StringComparison.Ordinal),
            LogRecord.KindOneofCase.BulletinKept => someone.Role is Role.Official or Role.Administrator
                && (written.BulletinKept.Programme == TwoCounties.OwnProgramme ? TwoCounties.OwnCounty : TwoCounties.ForeignCounty).StartsWith(someone.Area, StringComparison.Ordinal),
            _ => false,
        };
        Assert.True(allowed, $"Wrote {written.KindCase}: {told}");
    }

    private static void CheckAlike(Someone someone, MethodDescriptor method, Dictionary<(string Programme, string Place), Answer> answers)
    {
        foreach (var ((programme, place), answer) in answers)
        {
            if (programme == TwoCounties.ForeignProgramme && !someone.Sees(TwoCounties.ForeignCounty)) Alike(programme, TwoCounties.MissingProgramme, (TwoCounties.MissingProgramme, place));
            // Within an area everything may be seen; so may every township's place in the ranking.
            if (place == TwoCounties.Other && someone.IsTownship && method.Name != "GetRanking") Alike(place, TwoCounties.Missing, (programme, TwoCounties.Missing));
            if (place == TwoCounties.Foreign && !someone.Sees(TwoCounties.ForeignCounty)) Alike(place, TwoCounties.ForeignMissing, (programme, TwoCounties.ForeignMissing));

            void Alike(string id, string missingId, (string, string) missing) =>
                Assert.True(answer.Without(id, missingId) == answers[missing].Without(id, missingId), $"{someone}: {method.Name} tells {id} from {missingId}: {answer}; {answers[missing]}");
        }
    }

    /// <summary>Where the calls go: gRPC, or the paths of JSON.</summary>
    private sealed class Door(TestHub hub, bool rest) : IDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = new Uri($"http://{hub.Server.Http}") };

        public CallInvoker Calls => rest ? new RestCalls(http) : hub.Calls;

        public IReadOnlyList<MethodDescriptor> All => rest ? RestCalls.All : AnyCall.All;

        public void Dispose() => http.Dispose();
    }
}
