using System.Security.Cryptography;
using Hub.Bulletins;
using Hub.EndToEnd.CommandLine;
using Hub.EndToEnd.Serving;
using Hub.EndToEnd.Web;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;
using UglyToad.PdfPig;

namespace Hub.EndToEnd.Bulletins;

/// <summary>What publishing takes, keeps and locks. The county of <see cref="TestHub"/>, its clock moved past the due times.</summary>
public sealed class PublishingTests
{
    private const string First = "2025-12", Second = "2026-01", DayAfter = "2026-02-04T09:00:00+08:00";

    private static readonly MadeDirectory Published = new(async directory =>
    {
        await using var hub = await StartAsync(directory);
        await PublishAsync(Client(hub), First);
    });

    [Fact]
    public async Task Ten_at_once_publish_one_bulletin_with_one_number()
    {
        await using var hub = await StartAsync();
        var client = Client(hub);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PublishAsync(client, First)));
        var next = await PublishAsync(client, Second);

        Assert.Single(answers, a => !a.AlreadyPublished);
        Assert.Single(answers.Select(a => (a.Position, a.FiguresPosition, a.Year, a.Number, a.PublishedAt)).Distinct());
        Assert.Equal((2026, 1), (answers[0].Year, answers[0].Number));
        Assert.Equal((2026, 2), (next.Year, next.Number));
        Assert.Equal([["2025-12", "2026", "1"], ["2026-01", "2026", "2"]], await hub.SqlAsync("select period, year, number from bulletins order by period"));
    }

    [Fact]
    public async Task The_number_and_the_day_stand_in_the_documents_of_both_languages()
    {
        await using var hub = await StartPublishedAsync();

        foreach (var (language, number, day) in new[] { (DocumentLanguage.Chinese, "组通〔2026〕1号", "2026年2月4日"), (DocumentLanguage.English, "组通〔2026〕1", "4 February 2026") })
        {
            var published = await GetAsync(hub, First, language);
            Assert.Equal((2026, 1), (published.Year, published.Number));
            var page = published.Files.Single(f => f.Name.EndsWith(".html", StringComparison.Ordinal)).Content.ToStringUtf8();
            Assert.Contains($"<p class=\"number\">{number}</p>", page, StringComparison.Ordinal);
            Assert.Contains($"<p class=\"date\">{day}</p>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("草稿", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Kept_files_are_those_on_record_and_stay_when_figures_change()
    {
        await using var hub = await StartPublishedAsync();
        var before = await GetAsync(hub, First);

        await ReopenAndCorrectAsync(hub);
        var after = await GetAsync(hub, First);

        Assert.Equal(before.Files, after.Files);
        Assert.All(after.Files, f => Assert.Equal(f.Sha256.ToByteArray(), SHA256.HashData(f.Content.Span)));
        var onRecord = await hub.SqlAsync($"select name, size, lower(sha256) from bulletin_files where period = '{First}' and name not like '%.en%' order by name");
        Assert.Equal(onRecord, after.Files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => new[] { f.Name, $"{f.Size}", Convert.ToHexStringLower(f.Sha256.Span) }));
    }

    [Fact]
    public async Task Only_the_files_asked_for_carry_their_content()
    {
        await using var hub = await StartPublishedAsync();
        var request = new GetBulletinRequest { Programme = TestHub.Programme, Period = First, Names = { $"{TestHub.Programme}-{First}-ranking.svg" } };

        var published = await Client(hub).GetBulletinAsync(request);
        request.Draft = true;
        var draft = await Client(hub).GetBulletinAsync(request);

        Assert.Equal([request.Names[0]], published.Files.Where(f => f.Content.Length > 0).Select(f => f.Name));
        Assert.True(published.Files.Count > 20);
        Assert.Equal([request.Names[0]], draft.Files.Select(f => f.Name));
    }

    [Fact]
    public async Task Made_again_from_its_position_a_bulletin_is_the_same_byte_for_byte()
    {
        var directory = Directory.CreateTempSubdirectory("hub-published-").FullName;
        try
        {
            await using (var hub = await StartAsync(directory))
            {
                await PublishAsync(Client(hub), First);
                await ReopenAndCorrectAsync(hub);
                // What comes later must not show: other rules, another letterhead, other names.
                var programme = hub.Server.Store.State.FindProgramme(TestHub.Programme)!;
                await new ProgrammeService.ProgrammeServiceClient(hub.Control).DefineProgrammeAsync(new DefineProgrammeRequest
                {
                    Programme = programme.Id, Template = programme.Template.Name, LaunchYear = programme.LaunchYear, Area = programme.Area,
                    TemplateText = programme.TemplateText.Replace("zh: 县委组织部", "zh: 另一个部", StringComparison.Ordinal).Replace("title: 党支部规范化建设", "title: 另一个标题", StringComparison.Ordinal),
                });
                await PublishAsync(Client(hub), Second);
            }

            // Another process, as a year later.
            var verified = await HubCommand.RunAsync("verify", "--data", directory, "--bulletins-again");

            Assert.Equal((0, ""), (verified.Code, verified.Error));
            Assert.Contains("the files of 2 published bulletins are as recorded", verified.Output, StringComparison.Ordinal);
            Assert.Contains("2 of them made again", verified.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [BrowserFact]
    public async Task Printed_again_the_kept_page_has_the_same_text_on_each_page_of_the_PDF()
    {
        await using var hub = await StartPublishedAsync();
        var published = await GetAsync(hub, First);
        byte[] File(string ending) => published.Files.Single(f => f.Name.EndsWith(ending, StringComparison.Ordinal)).Content.ToByteArray();

        var again = await Browser.PrintAsync(File(".html"), CancellationToken.None);

        Assert.Equal(TextByPage(File(".pdf")), TextByPage(again.Pdf!));
    }

    [Fact]
    public async Task A_kept_file_that_was_changed_or_lost_is_noticed_and_not_shown()
    {
        await using var hub = await StartPublishedAsync();
        var folder = new KeptFiles(hub.Directory).FolderOf(TestHub.Programme, Period.Parse(First));
        var (page, word) = (Path.Combine(folder, $"{TestHub.Programme}-{First}.html"), Path.Combine(folder, $"{TestHub.Programme}-{First}.docx"));
        await File.WriteAllTextAsync(page, (await File.ReadAllTextAsync(page)).Replace("100.0%", "99.0%", StringComparison.Ordinal));
        File.Delete(word);

        var verified = await new AdministrationService.AdministrationServiceClient(hub.Control).VerifyStoreAsync(new VerifyStoreRequest(), TestHub.Bearer("", "en"));
        var refused = await Refused.ByAsync(() => GetAsync(hub, First));

        Assert.Equal(2, verified.Problems.Count);
        Assert.Contains(verified.Problems, p => p.Contains(page, StringComparison.Ordinal));
        Assert.Contains(verified.Problems, p => p.Contains(word, StringComparison.Ordinal));
        Assert.Equal("STORE_UNAVAILABLE", refused.Reason);
    }

    [Fact]
    public async Task A_hub_that_stopped_before_the_files_were_made_makes_them_when_they_are_asked_for()
    {
        await using var hub = await StartAsync();
        var published = await PublishWithoutFilesAsync(hub, First);
        Assert.Null(hub.Server.Store.State.FindPublication(TestHub.Programme, Period.Parse(First))!.Kept);
        hub.Clock.Now = hub.Clock.Now.AddDays(40);
        // What the county writes in the meantime is for later bulletins.
        Directory.CreateDirectory(Path.Combine(hub.Directory, BulletinText.Folder));
        await File.WriteAllTextAsync(Path.Combine(hub.Directory, BulletinText.Folder, BulletinText.FileName(Language.Chinese)), "<p>另一份文字</p>");
        var verified = await new AdministrationService.AdministrationServiceClient(hub.Control).VerifyStoreAsync(new VerifyStoreRequest(), TestHub.Bearer("", "en"));
        Assert.Contains("its files are not made yet", Assert.Single(verified.Problems), StringComparison.Ordinal);

        var first = await GetAsync(hub, First);

        Assert.Equal(published.FiguresPosition, first.At.Position);
        Assert.Contains("2026年2月4日", first.Files[0].Content.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(first.Files, (await GetAsync(hub, First)).Files);
    }

    [Fact]
    public async Task A_correction_after_publication_is_told_in_the_next_bulletin_and_in_no_later_one()
    {
        await using var hub = await StartPublishedAsync();
        Assert.Empty(await hub.SqlAsync("from restatements"));

        await ReopenAndCorrectAsync(hub);

        // The village branch lost one hardware item of its five.
        Assert.Equal(
        [
            ["", "hardware_complete", "5", "4", "report"], ["", "hardware_share", "1.0", "0.8", "report"],
            ["990101100", "hardware_complete", "4", "3", "report"], ["990101100", "hardware_share", "1.0", "0.75", "report"],
        ], await hub.SqlAsync("select township, figure, published, now, cause from restatements where figure like 'hardware_%' order by all"));
        await PublishAsync(Client(hub), Second);
        var told = (await GetAsync(hub, Second)).Files[0].Content.ToStringUtf8();
        Assert.Contains("<td class=\"word\">2025-12</td><td class=\"name\">青禾镇</td><td class=\"name\">硬件达标率</td><td>100.0%</td><td>75.0%</td><td class=\"name\">更正月报</td>", told, StringComparison.Ordinal);

        hub.Clock.Now = new DateTimeOffset(2026, 3, 5, 9, 0, 0, HubTime.ShanghaiOffset);
        await PublishAsync(Client(hub), "2026-02");
        Assert.DoesNotContain("更正月报", (await GetAsync(hub, "2026-02")).Files[0].Content.ToStringUtf8(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_begin_anew_each_year_by_the_day_of_publication()
    {
        await using var hub = await StartAsync();
        hub.Clock.Now = new DateTimeOffset(2026, 12, 31, 23, 59, 59, HubTime.ShanghaiOffset);
        Assert.Equal((2026, 1), Number(await PublishWithoutFilesAsync(hub, First)));
        hub.Clock.Now = hub.Clock.Now.AddSeconds(2);
        Assert.Equal((2027, 1), Number(await PublishWithoutFilesAsync(hub, Second)));
        Assert.Equal((2027, 2), Number(await PublishAsync(Client(hub), "2026-02")));
    }

    private static List<string> TextByPage(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return [.. document.GetPages().Select(page => page.Text)];
    }

    private static IEnumerable<DocumentText> Texts() =>
        new[] { Language.Chinese, Language.English }.Select(l => new DocumentText { Name = BulletinText.FileName(l), Text = BulletinText.Shipped.Of(l) });

    private static (int, int) Number(PublishBulletinResponse published) => (published.Year, published.Number);

    // Both months reported, the clock a day past the due time of the second.
    private static async Task<TestHub> StartAsync(string? directory = null)
    {
        var hub = await TestHub.StartWithCountyAsync(directory);
        foreach (var township in new[] { "990101100", "990101101" })
            foreach (var period in new[] { First, Second })
                await SubmitAsync(hub, TestHub.Report(township, period), $"{township}-{period}");
        hub.Clock.Now = HubTime.Local(DateTimeOffset.Parse(DayAfter, null));
        return hub;
    }

    /// <summary>The same with the first month published.</summary>
    private static Task<TestHub> StartPublishedAsync() => TestHub.StartAsync(DayAfter, begun: Published);

    private static async Task ReopenAndCorrectAsync(TestHub hub)
    {
        await Client(hub).ReopenPeriodAsync(new ReopenPeriodRequest { Programme = TestHub.Programme, Period = First, Township = "990101100", Reason = "更正" });
        var corrected = TestHub.Report("990101100", First);
        corrected.Branches[0].States[12] = ItemState.NotMet;
        await SubmitAsync(hub, corrected, "correction", expectedVersion: 1);
    }

    private static async Task SubmitAsync(TestHub hub, Report report, string id, int? expectedVersion = null)
    {
        var request = new SubmitReportRequest { SubmissionId = $"{id}-00000000", Report = report };
        if (expectedVersion is { } version) request.ExpectedVersion = version;
        await new ReportingService.ReportingServiceClient(hub.Calls).SubmitReportAsync(request, TestHub.Bearer(await hub.TokenAsync(Role.Township, report.Township)));
    }

    private static BulletinService.BulletinServiceClient Client(TestHub hub) => new(hub.Control);

    private static async Task<PublishBulletinResponse> PublishAsync(BulletinService.BulletinServiceClient client, string period) =>
        await client.PublishBulletinAsync(new PublishBulletinRequest { Programme = TestHub.Programme, Period = period });

    /// <summary>As a hub that stops before it has made them.</summary>
    private static async Task<PublishBulletinResponse> PublishWithoutFilesAsync(TestHub hub, string period)
    {
        var dueAt = hub.Clock.GetUtcNow();
        return (await hub.Server.Store.WriteAsync((state, now) => LockPeriod.Publish(TestHub.Programme, Period.Parse(period), dueAt, Texts(), state, now), CancellationToken.None)).Value;
    }

    private static async Task<GetBulletinResponse> GetAsync(TestHub hub, string period, DocumentLanguage language = DocumentLanguage.Unspecified) =>
        await Client(hub).GetBulletinAsync(new GetBulletinRequest { Programme = TestHub.Programme, Period = period, Language = language });
}
