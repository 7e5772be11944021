using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Tests.Programmes;

/// <summary>Digests stand in logs for ever: the same content gives the same bytes in every release.</summary>
public sealed class ReportDigestTests
{
    private static readonly Dictionary<string, (Report Report, string Digest)> Kept = new()
    {
        ["nothing"] = (new Report(), "17b0761f87b081d5cf10757ccc89f12be355c70e2e29df288b65b30710dcbcd1"),
        ["three branches"] = (Filled(), "c412dbbb4e86c2525cab4dd0fd4e9fb014d965f11d4fc26fff917971c474cb66"),
        ["other order"] = (Filled(r => { var first = r.Branches[0]; r.Branches.RemoveAt(0); r.Branches.Add(first); }), "c412dbbb4e86c2525cab4dd0fd4e9fb014d965f11d4fc26fff917971c474cb66"),
        ["one branch twice, each with its own states"] = (Filled(r => r.Branches.Add(new BranchStates { Branch = "99010110000001", States = { ItemState.NotMet } })), "40146c968d0ffe243edc48cf338f11bd98ff17498c4d55c41c8af47ecc18fc47"),
        ["written part"] = (Filled(r =>
        {
            r.Narrative = new Narrative { Progress = "本月完成 3 处\n阵地改造", Problems = "—", NextSteps = "next", MattersToCoordinate = "\t", GoodPractices = "好😀" };
            r.SignOff = new SignOff { PreparedByPost = "组织委员", PreparedOn = "2026-02-01", ApprovedByPost = "党委书记", ApprovedOn = "2026-02-02" };
        }), "41297633e31a3769b65e97199fa4971f82a03e5833151be3d55be5e2dac94e31"),
        ["written part that says nothing"] = (Filled(r => (r.Narrative, r.SignOff) = (new Narrative(), new SignOff())), "c412dbbb4e86c2525cab4dd0fd4e9fb014d965f11d4fc26fff917971c474cb66"),
        ["states that no release knows"] = (Filled(r => r.Branches[1].States.Add([(ItemState)4, (ItemState)254, (ItemState)255, (ItemState)256, (ItemState)(-1), (ItemState)int.MinValue])), "cb33bece4859d5162cd32786e05cb01f3b3bf29fd9fc3c70568afe9ef6fe9e2f"),
        // Ordered by UTF-16, where U+1F600 begins with D83D and stands before U+FFFD; in UTF-8 it stands after.
        ["codes that are no codes"] = (Filled(r => r.Branches.Add(new[] { "\uFFFD", "😀", "支部", "", "99010110000001 ", "a" }.Select(c => new BranchStates { Branch = c, States = { ItemState.Met } }))), "96b911768ceb89f407584aef90574da958bca7dbdb6567e1d737dd43d562a347"),
    };

    public static TheoryData<string> Names => [.. Kept.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_digest_is_the_one_that_logs_hold(string name) =>
        Assert.Equal(Kept[name].Digest, Convert.ToHexStringLower(ReportDigest.Of(Kept[name].Report)));

    private static Report Filled(Action<Report>? change = null)
    {
        var report = new Report { Programme = "county-2025", Township = "990101100", Period = "2026-01" };
        for (var i = 1; i <= 3; i++)
            report.Branches.Add(new BranchStates { Branch = $"9901011000000{i}", States = { Enumerable.Range(0, 20 + i).Select(k => (ItemState)((k * i % 3) + 1)) } });
        change?.Invoke(report);
        return report;
    }
}
