using System.CommandLine;
using Grpc.Core;
using Hub.Protocol;

namespace Hub.Cli.Verbs;

/// <summary><c>hub sql</c>: one SELECT over the views.</summary>
internal static class SqlVerb
{
    public static Command Make()
    {
        var query = new Argument<string>("QUERY") { Description = Verb.Say("一条 SELECT", "one SELECT") };
        var data = Verb.Required<string>("--data", "数据目录", "data directory", "DIR");
        var format = Verb.Optional<string>("--format", "table（默认）、csv 或 json", "table (default), csv or json", "FORMAT");
        format.AcceptOnlyFromAmong("table", "csv", "json");
        var (at, asOf) = BulletinVerb.PointOptions();
        var command = new Command("sql", Verb.WithExample(Verb.Say("对视图的只读查询", "Read-only SQL over the views"),
            "hub sql \"select period, township, rank from township_ranking\" --data ./hub-data --format csv")) { query, data, format, at, asOf };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new RunQueryRequest { Sql = parsed.GetRequiredValue(query), At = BulletinVerb.Point(parsed, at, asOf) };
            await using var hub = await HubConnection.OpenAsync(parsed.GetRequiredValue(data), create: false, cancellation);
            using var call = new AdministrationService.AdministrationServiceClient(hub.Invoker).RunQuery(request, cancellationToken: cancellation);
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
            await WriteAsync(call.ResponseStream, QueryFormat.For(parsed.GetValue(format) ?? "table", output), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task WriteAsync(IAsyncStreamReader<RunQueryResponse> responses, QueryFormat format, CancellationToken cancellation)
    {
        await foreach (var response in responses.ReadAllAsync(cancellation))
        {
            if (response.Columns.Count > 0) format.Begin(response.Columns);
            foreach (var row in response.Rows) format.Row(row.Cells);
        }
        format.End();
    }
}
