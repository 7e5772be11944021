using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using Hub.Store.Star;
using Branch = Hub.Protocol.Branch;
using Township = Hub.Protocol.Township;

namespace Hub.Tests.Store;

/// <summary>What handlers ask of a store, in few words.</summary>
internal static class StoreCalls
{
    public static Task<Outcome<long>> DefineAsync(this HubStore store, string programme, int launchYear, string area, string text = "") =>
        store.WriteAsync((state, _) => DefineProgramme.Decide(
            new DefineProgrammeRequest { Programme = programme, Template = "party-branch", TemplateText = text, LaunchYear = launchYear, Area = area }, state), CancellationToken.None);

    public static Task<Outcome<long>> RegisterAsync(this HubStore store, IEnumerable<Township> townships, IEnumerable<Branch> branches) =>
        store.WriteAsync((state, _) => ChangeRegistry.Decide(new ChangeRegistryRequest { Townships = { townships }, Branches = { branches } }, state), CancellationToken.None);

    public static async Task<Outcome<SubmittedReport>> SubmitAsync(this HubStore store, Report report, string id, int expectedVersion, DateTimeOffset receivedAt)
    {
        using var sent = SentReport.Of(report);
        var submit = new SubmitReport(sent, id, expectedVersion, receivedAt);
        return await store.WriteAsync((state, _) => submit.Decide(state, null), CancellationToken.None);
    }

    /// <summary>Rows as one text each, in an order that depends on nothing but their content.</summary>
    public static List<string> Lines(this HubStore store, string query, long position = 0, DateTimeOffset? asOf = null)
    {
        using var reading = store.Read(position, asOf).Value;
        return reading.Query($"select t::varchar as line from ({query}) t order by line", r => r.Text("line"));
    }

    public static Branch Branch(string code, string township, string kind, int star = 3, string from = "2000-01-01", string to = "") =>
        new() { Code = code, Name = $"{code}号支部", Township = township, Kind = kind, Star = star, ActiveFrom = from, ActiveTo = to };

    public static BranchStates States(string branch, string kind, Random random, int notMetInHundred)
    {
        var states = new BranchStates { Branch = branch };
        for (var i = 0; i < Items(kind); i++) states.States.Add(random.Next(100) < notMetInHundred ? ItemState.NotMet : ItemState.Met);
        return states;
    }

    public static int Items(string kind) => ShippedTemplates.Read("party-branch").StandardOf(kind)!.Items.Count;
}
