using Grpc.Core;
using Hub.Protocol;

namespace Hub.EndToEnd.Serving;

/// <summary>One hub for many refusals: since each keeps nothing, the next finds it as it was.</summary>
public sealed class RefusingHub : IAsyncLifetime
{
    internal TestHub Hub { get; private set; } = null!;
    internal string Token { get; private set; } = "";
    internal ReportingService.ReportingServiceClient Reporting => new(Hub.Calls);

    public async Task InitializeAsync()
    {
        Hub = await TestHub.StartWithCountyAsync();
        var closed = TestHub.Branch("99010110000006", "990101100", "village");
        closed.ActiveTo = "2026-01-31";
        var notYet = TestHub.Branch("99010110000007", "990101100", "village");
        notYet.ActiveFrom = "2026-02-01";
        await new ProgrammeService.ProgrammeServiceClient(Hub.Control).ChangeRegistryAsync(new ChangeRegistryRequest
        {
            Branches = { TestHub.Branch("99010110000005", "990101100", "veteran"), closed, notYet },
        });
        Token = await Hub.TokenAsync(Role.Township, "990101100");
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();
}

/// <summary>Every mistake that a field of a report can have: refused with its reason, its field and words, by both calls; nothing kept.</summary>
public sealed class ReportFieldTests(RefusingHub shared) : IClassFixture<RefusingHub>
{
    private sealed record Mistake(string Reason, string Field, string English, string Chinese, Action<Report> Make);

    // In the standard's order V3.4 is item 16 and conditional, A2.1 to A2.6 are items 5 to 10, one group; V1.1 has no condition.
    private static readonly Dictionary<string, Mistake> Mistakes = new()
    {
        ["no programme"] = new("FIELD_MISSING", "report.programme", "programme is missing", "缺少项目编号", r => r.Programme = ""),
        ["unknown programme"] = new("PROGRAMME_UNKNOWN", "report.programme", "“county-1999”", "“county-1999”", r => r.Programme = "county-1999"),
        ["no period"] = new("FIELD_MISSING", "report.period", "period is missing", "缺少报告月份", r => r.Period = ""),
        ["period in words"] = new("PERIOD_MALFORMED", "report.period", "“January”", "“January”", r => r.Period = "January"),
        ["thirteenth month"] = new("PERIOD_MALFORMED", "report.period", "“2026-13”", "“2026-13”", r => r.Period = "2026-13"),
        ["month zero"] = new("PERIOD_MALFORMED", "report.period", "“2026-00”", "“2026-00”", r => r.Period = "2026-00"),
        ["a day for a month"] = new("PERIOD_MALFORMED", "report.period", "“2026-01-01”", "“2026-01-01”", r => r.Period = "2026-01-01"),
        ["full-width digits"] = new("PERIOD_MALFORMED", "report.period", "“２０２６-01”", "“２０２６-01”", r => r.Period = "２０２６-01"),
        ["no branch code"] = new("FIELD_MISSING", "report.branches[2].branch", "branch 3 has no code", "第 3 行缺少支部编码", r => r.Branches[2].Branch = ""),
        ["unknown branch"] = new("BRANCH_UNKNOWN", "report.branches[0].branch", "99010110000099", "99010110000099", r => r.Branches[0].Branch = "99010110000099"),
        ["another township's branch"] = new("BRANCH_UNKNOWN", "report.branches[0].branch", "99010110100001", "99010110100001", r => r.Branches[0].Branch = "99010110100001"),
        ["closed branch"] = new("BRANCH_NOT_ACTIVE", "report.branches[4].branch", "06号党支部 (99010110000006)", "06号党支部 (99010110000006)", r => Add(r, "99010110000006", 24)),
        ["branch not open yet"] = new("BRANCH_NOT_ACTIVE", "report.branches[4].branch", "07号党支部 (99010110000007)", "07号党支部 (99010110000007)", r => Add(r, "99010110000007", 24)),
        ["kind without standard"] = new("BRANCH_WITHOUT_STANDARD", "report.branches[4].branch", "05号党支部 (99010110000005)", "暂无标准", r => Add(r, "99010110000005", 0)),
        ["left out"] = new("BRANCH_LEFT_OUT", "report.branches", "03号党支部 (99010110000003) is left out", "漏报 03号党支部", r => r.Branches.RemoveAt(2)),
        ["listed twice"] = new("BRANCH_LISTED_TWICE", "report.branches[4].branch", "02号党支部 (99010110000002) is listed twice", "02号党支部 (99010110000002) 重复", r => r.Branches.Add(r.Branches[1].Clone())),
        ["one state short"] = new("STATES_COUNT_WRONG", "report.branches[1].states", "02号党支部 (99010110000002) needs 31 states", "应填 31 项，实填 30 项", r => r.Branches[1].States.RemoveAt(0)),
        ["one state over"] = new("STATES_COUNT_WRONG", "report.branches[3].states", "and has 21", "应填 20 项，实填 21 项", r => r.Branches[3].States.Add(ItemState.Met)),
        ["no states"] = new("STATES_COUNT_WRONG", "report.branches[0].states", "and has 0", "实填 0 项", r => r.Branches[0].States.Clear()),
        ["state not said"] = new("STATE_UNKNOWN", "report.branches[0].states[5]", "01号党支部 (99010110000001), item V1.6 (", "“V1.6 ", r => r.Branches[0].States[5] = ItemState.Unspecified),
        ["state of another release"] = new("STATE_UNKNOWN", "report.branches[2].states[22]", "item C4.6 (", "“C4.6 ", r => r.Branches[2].States[22] = (ItemState)257),
        ["unfounded not applicable"] = new("NOT_APPLICABLE_UNFOUNDED", "report.branches[0].states[0]", "item V1.1 (", "“V1.1 ", r => r.Branches[0].States[0] = ItemState.NotApplicable),
        ["only some of A2.1 to A2.6"] = new("NOT_APPLICABLE_UNFOUNDED", "report.branches[1].states[5]", "A2.1 A2.2 A2.3 A2.4 A2.5 A2.6", "须与同组各项（A2.1 A2.2 A2.3 A2.4 A2.5 A2.6）一并", r => { for (var i = 5; i < 10; i++) r.Branches[1].States[i] = ItemState.NotApplicable; }),
        ["narrative too long"] = new("TEXT_UNFIT", "report.narrative.problems", "at most 2000", "“存在问题”过长：2001 字", r => r.Narrative = new Narrative { Problems = new string('难', 2001) }),
        ["bell in a narrative"] = new("TEXT_UNFIT", "report.narrative.progress", "U+0007", "“进展情况”含有控制字符 U+0007", r => r.Narrative = new Narrative { Progress = "a\ab" }),
        ["text that reads backwards"] = new("TEXT_UNFIT", "report.narrative.good_practices", "U+202E", "U+202E", r => r.Narrative = new Narrative { GoodPractices = "好\u202E坏" }),
        ["post too long"] = new("TEXT_UNFIT", "report.sign_off.prepared_by_post", "at most 60", "“填报职务”过长", r => r.SignOff = new SignOff { PreparedByPost = new string('委', 61) }),
        ["line feed in a post"] = new("TEXT_UNFIT", "report.sign_off.approved_by_post", "U+000A", "U+000A", r => r.SignOff = new SignOff { ApprovedByPost = "书\n记" }),
        ["no such day"] = new("FIELD_MALFORMED", "report.sign_off.prepared_on", "not a date", "“填报日期”不是", r => r.SignOff = new SignOff { PreparedOn = "2026-02-30" }),
        ["day in slashes"] = new("FIELD_MALFORMED", "report.sign_off.approved_on", "not a date", "“审核日期”不是", r => r.SignOff = new SignOff { ApprovedOn = "2026/02/01" }),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mistake_is_refused_by_reason_field_and_words(string name)
    {
        var mistake = Mistakes[name];
        var report = TestHub.Report();
        mistake.Make(report);
        var submit = new SubmitReportRequest { SubmissionId = "mistake-1", Report = report };

        var english = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(submit, TestHub.Bearer(shared.Token)).ResponseAsync);
        var chinese = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(submit, TestHub.Bearer(shared.Token, "")).ResponseAsync);
        var checkedOnly = await shared.Hub.RefusedAsync(() => shared.Reporting.ValidateReportAsync(new ValidateReportRequest { Report = report }, TestHub.Bearer(shared.Token)).ResponseAsync);

        english.Is(StatusCode.InvalidArgument, mistake.Reason);
        chinese.Is(StatusCode.InvalidArgument, mistake.Reason);
        Assert.Equal((mistake.Reason, mistake.Field), (english.Violations[0].Reason, english.Violations[0].Field));
        Assert.Contains(mistake.English, english.Violations[0].Description, StringComparison.Ordinal);
        Assert.Contains(mistake.Chinese, chinese.Violations[0].Description, StringComparison.Ordinal);
        Assert.StartsWith(english.Violations[0].Description, english.Message, StringComparison.Ordinal);
        Assert.Equal((english.Reason, english.Message), (checkedOnly.Reason, checkedOnly.Message));
        Assert.Equal(english.Violations, checkedOnly.Violations);
        Assert.Empty(await shared.Hub.SqlAsync("select 1 from reports"));
    }

    [Theory]
    [InlineData("", "FIELD_MISSING")]
    [InlineData("short", "FIELD_MALFORMED")]
    [InlineData("has a space", "FIELD_MALFORMED")]
    [InlineData("提交编号提交编号", "FIELD_MALFORMED")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123-", "FIELD_MALFORMED")]
    public async Task A_submission_id_must_have_its_form(string id, string reason)
    {
        var refused = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = id, Report = TestHub.Report() }, TestHub.Bearer(shared.Token)).ResponseAsync);

        refused.Is(StatusCode.InvalidArgument, reason);
        Assert.Equal("submission_id", Assert.Single(refused.Violations).Field);
    }

    [Fact]
    public async Task No_report_no_township_and_a_negative_version_are_refused()
    {
        var noReport = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "mistake-1" }, TestHub.Bearer(shared.Token)).ResponseAsync);
        var noTownship = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "mistake-1", Report = TestHub.Report("") }, TestHub.Bearer(shared.Token)).ResponseAsync);
        var negative = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "mistake-1", ExpectedVersion = -1, Report = TestHub.Report() }, TestHub.Bearer(shared.Token)).ResponseAsync);

        noReport.Is(StatusCode.InvalidArgument, "FIELD_MISSING");
        noTownship.Is(StatusCode.InvalidArgument, "FIELD_MISSING");
        negative.Is(StatusCode.InvalidArgument, "FIELD_MALFORMED");
        Assert.Equal(["report", "report.township", "expected_version"], new[] { noReport, noTownship, negative }.Select(r => Assert.Single(r.Violations).Field));
    }

    [Theory]
    [InlineData("990101101")]
    [InlineData("990101999")]
    [InlineData("99010110")]
    [InlineData("9901011000")]
    public async Task Another_township_existing_or_not_gets_one_answer(string township)
    {
        var report = TestHub.Report();
        report.Township = township;
        var refused = await shared.Hub.RefusedAsync(() => shared.Reporting.SubmitReportAsync(new SubmitReportRequest { SubmissionId = "mistake-1", Report = report }, TestHub.Bearer(shared.Token)).ResponseAsync);

        refused.Is(StatusCode.PermissionDenied, "NOT_PERMITTED");
        Assert.Equal("this credential may not do this or touch what it names", refused.Message);
    }

    [Fact]
    public async Task All_six_of_a_group_and_a_conditional_item_may_be_not_applicable()
    {
        var report = TestHub.Report();
        for (var i = 4; i < 10; i++) report.Branches[1].States[i] = ItemState.NotApplicable;
        report.Branches[0].States[15] = ItemState.NotApplicable;

        var valid = await shared.Reporting.ValidateReportAsync(new ValidateReportRequest { Report = report }, TestHub.Bearer(shared.Token));

        Assert.Empty(valid.Warnings);
    }

    private static void Add(Report report, string branch, int items) =>
        report.Branches.Add(new BranchStates { Branch = branch, States = { Enumerable.Repeat(ItemState.Met, items) } });
}
