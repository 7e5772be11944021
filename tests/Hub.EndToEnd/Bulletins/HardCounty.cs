using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;
using Township = Hub.Protocol.Township;

namespace Hub.EndToEnd.Bulletins;

/// <summary>A county of the names that a test gives. 2026-12, whose bulletin has the first rectification list, has ended.</summary>
internal static class HardCounty
{
    public static readonly Period Period = Period.Of(2026, 12);

    /// <summary>Names that are markup, a formula or a template elsewhere, that are long, that are rare.</summary>
    public static readonly string[] Names =
    [
        "</svg></title><script>document.title='taken'</script>",
        "&amp;&lt;b&gt;&#60;镇",
        "=cmd()|' /C calc'!A0",
        "]]><b onclick='x'>粗</b><!-- \"",
        "{{ 7 | times: 6 }}{% assign n = 99 %}",
        "<img src=x onerror=alert(1)>",
        "天山南北各族群众共同团结奋斗共同繁荣发展示范先行引领街道办",
        "AnUnbrokenNameOfSixtyLettersThatNoLineOfATableCouldEverHold",
        "𠮷𡃁𫭟𬒈𪨶镇",
        "㙦堽埇𪚥😀👨‍👩‍👧乡",
        "e\u0301 ﷽ नमस्ते עברית",
        "甲\uFFFE\u200B镇",
    ];

    public static string Code(int township) => $"990101{township + 100}";

    /// <param name="branches">In each township.</param>
    public static async Task<TestHub> StartAsync(IReadOnlyList<string> townships, int branches = 1)
    {
        var hub = await TestHub.StartAsync("2027-01-02T10:00:00+08:00");
        var programmes = new ProgrammeService.ProgrammeServiceClient(hub.Control);
        await programmes.DefineProgrammeAsync(new DefineProgrammeRequest { Programme = TestHub.Programme, Template = "party-branch", LaunchYear = 2025, Area = "990101" });
        if (townships.Count == 0) return hub;
        var registry = new ChangeRegistryRequest();
        for (var i = 0; i < townships.Count; i++)
        {
            registry.Townships.Add(new Township { Code = Code(i), Name = townships[i] });
            for (var k = 1; k <= branches; k++)
            {
                var branch = TestHub.Branch($"{Code(i)}{k:D5}", Code(i), "village");
                branch.Name = townships[i];
                registry.Branches.Add(branch);
            }
        }
        await programmes.ChangeRegistryAsync(registry);
        return hub;
    }

    public static async Task ReportAsync(TestHub hub, int township, string goodPractices)
    {
        var report = new Report { Programme = TestHub.Programme, Township = Code(township), Period = Period.ToString(), Narrative = new Narrative { GoodPractices = goodPractices } };
        report.Branches.Add(new BranchStates { Branch = $"{report.Township}00001", States = { Enumerable.Repeat(ItemState.Met, TestHub.Items("village")) } });
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(
            new SubmitReportRequest { SubmissionId = $"practice-{report.Township}", Report = report }, TestHub.Bearer(await hub.TokenAsync(Role.Township, report.Township)));
    }
}
