using System.Text.RegularExpressions;
using Fluid;
using Hub.Bulletins;

namespace Hub.Tests.Conventions;

/// <summary>What the README says of the code is so.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.Path("README.md"));

    [Fact]
    public void The_way_of_one_report_names_files_that_exist_and_lead_to_each_other()
    {
        var section = Readme.Split("## The way of one report")[1].Split("\n## ")[0];
        var files = Paths().Matches(section).Select(m => m.Groups[1].Value).ToList();
        // The name by which each step calls the next: the thread that a reader follows.
        string[] threads = ["message Report ", "AccessPolicy", "SubmitReport", "ReportParser", "ReportParser.Parse", "WriteAsync", "Star.Project", "fact_branch_report", "hardware_share", "BulletinCharts"];
        string[] holders =
        [
            "protos/hub/v1/report.proto", "src/Hub.Server/Grpc/AccessInterceptor.cs", "src/Hub.Server/Grpc/ReportingService.cs", "src/Hub.Programmes/ReportParser.cs",
            "src/Hub.Store/Decisions/SubmitReport.cs", "src/Hub.Server/Grpc/ReportingService.cs", "src/Hub.Store/HubStore.cs", "src/Hub.Store/Star/StarProjection.cs",
            "analytics/models/township_completion.sql", "src/Hub.Bulletins/Bulletin.cs",
        ];

        Assert.InRange(files.Count, 8, 10);
        Assert.All(files, file => Assert.True(File.Exists(Repository.Path(file)), file));
        Assert.All(threads.Zip(holders), step => Assert.Contains(step.First, File.ReadAllText(Repository.Path(step.Second)), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_path_and_picture_in_the_README_exists()
    {
        var paths = Paths().Matches(Readme).Concat(Links().Matches(Readme)).Select(m => m.Groups[1].Value);
        Assert.All(paths, path => Assert.True(Path.Exists(Repository.Path(path)), path));
    }

    [Fact]
    public void The_top_level_holds_what_was_agreed_and_tool_files_only()
    {
        string[] folders = ["protos", "src", "tests", "analytics"];
        var found = Directory.GetDirectories(Repository.Root).Select(d => Path.GetFileName(d)!).Where(d => !d.StartsWith('.') && d is not ("bin" or "obj" or "artifacts"));
        Assert.Equal(folders.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_value_and_filter_of_the_bulletins_text_is_told_beside_the_templates()
    {
        var told = File.ReadAllText(Repository.Path("analytics/bulletins/README.md"));
        var lines = typeof(BulletinFigures).Assembly.GetTypes().Where(t => t.Namespace == typeof(BulletinFigures).Namespace && t.Name.EndsWith("Line", StringComparison.Ordinal)).Append(typeof(BulletinFigures)).ToList();
        var values = lines.SelectMany(t => t.GetProperties()).Select(p => MemberNameStrategies.SnakeCase(p)).Distinct().ToList();
        var filters = Filters().Matches(File.ReadAllText(Repository.Path("src/Hub.Bulletins/BulletinText.cs"))).Select(m => m.Groups[1].Value).ToList();

        Assert.Contains("hardware_share", values);
        Assert.Contains("lines", filters);
        Assert.All(values, value => Assert.Matches($@"[`.]{value}(\[\])?`", told));
        Assert.All(filters, filter => Assert.Matches($"`{filter}[`:]", told));
    }

    [GeneratedRegex(@"Filter\((?:options, )?""([a-z_]+)""")]
    private static partial Regex Filters();

    [GeneratedRegex(@"`((?:protos|src|tests|analytics)/[^`\s]+)`")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\]\(((?:protos|src|tests|analytics)/[^)]+)\)")]
    private static partial Regex Links();
}
