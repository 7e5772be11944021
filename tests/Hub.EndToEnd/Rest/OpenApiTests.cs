using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Hub.EndToEnd.Serving;
using Hub.Protocol;
using Microsoft.OpenApi;

namespace Hub.EndToEnd.Rest;

/// <summary>The document that other systems read is valid, and what it says is so.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_valid_and_every_path_in_it_answers_in_the_form_that_it_says()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{hub.Server.Http}") };
        using var served = await http.GetAsync("/openapi.json");
        var read = OpenApiDocument.Parse(await served.Content.ReadAsStringAsync());
        var document = read.Document!;

        Assert.Equal("application/json", served.Content.Headers.ContentType?.MediaType);
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(RestCalls.All.Select(m => m.Name).Order(StringComparer.Ordinal), Operations(document).Select(o => o.Operation.OperationId).Order(StringComparer.Ordinal));

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.TokenAsync(Role.Township, "990101100"));
        foreach (var (path, method, operation) in Operations(document).OrderBy(o => o.Operation.OperationId != "SubmitReport"))
        {
            using var request = new HttpRequestMessage(method, Filled(path, operation)) { Content = Body(operation) };
            using var answer = await http.SendAsync(request);
            var content = await answer.Content.ReadAsStringAsync();

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{method} {request.RequestUri}: {content}");
            using var json = JsonDocument.Parse(content);
            HasForm(json.RootElement, operation.Responses!["200"].Content!["application/json"].Schema!, operation.OperationId!);
        }
    }

    [Fact]
    public async Task A_refusal_has_the_form_that_it_says()
    {
        await using var hub = await TestHub.StartWithCountyAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{hub.Server.Http}") };
        var document = OpenApiDocument.Parse(await http.GetStringAsync("/openapi.json")).Document!;

        using var answer = await http.GetAsync("/v1/programmes");

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.All(Operations(document), o => HasForm(json.RootElement, o.Operation.Responses!["default"].Content!["application/json"].Schema!, "Status"));
    }

    [Fact]
    public async Task Everything_in_it_is_described()
    {
        await using var hub = await TestHub.StartAsync("2026-02-02T10:00:00+08:00");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{hub.Server.Http}") };
        var document = OpenApiDocument.Parse(await http.GetStringAsync("/openapi.json")).Document!;

        Assert.All(Operations(document), o => Assert.NotEqual("", o.Operation.Description ?? ""));
        Assert.All(Operations(document).SelectMany(o => o.Operation.Parameters ?? []), p => Assert.NotEqual("", p.Description ?? ""));
        Assert.All(document.Components!.Schemas!, s => Assert.NotEqual("", s.Value.Description ?? ""));
        Assert.All(document.Components.Schemas!.SelectMany(s => s.Value.Properties!), p => Assert.NotEqual("", p.Value.Description ?? ""));
        Assert.Equal("Submission ids of receipts that are not in the chain", document.Components.Schemas!["ReconcileResponse"].Properties!["missing"].Description!.Split(':')[0]);
    }

    private static IEnumerable<(string Path, HttpMethod Method, OpenApiOperation Operation)> Operations(OpenApiDocument document) =>
        from path in document.Paths from operation in path.Value.Operations! select (path.Key, operation.Key, operation.Value);

    private static string Filled(string path, OpenApiOperation operation) =>
        operation.Parameters?.Where(p => p.In == ParameterLocation.Path).Aggregate(path, (filled, p) => filled.Replace($"{{{p.Name}}}", Example(p.Name!), StringComparison.Ordinal)) ?? path;

    private static string Example(string parameter) => parameter switch
    {
        "programme" => TestHub.Programme,
        "township" => "990101100",
        "period" => "2026-01",
        "figure" => "hardware_complete",
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "No example is known for this parameter: add one"),
    };

    private static StringContent? Body(OpenApiOperation operation) => operation.RequestBody is null ? null : new StringContent(operation.OperationId switch
    {
        "SubmitReport" => JsonFormatter.Default.Format(new SubmitReportRequest { SubmissionId = "by-openapi", Report = TestHub.Report() }),
        "ValidateReport" => JsonFormatter.Default.Format(new ValidateReportRequest { ExpectedVersion = 1, Report = TestHub.Report() }),
        _ => "{}",
    }, Encoding.UTF8, "application/json");

    /// <summary>Every value is of the type that the schema names, and nothing is there that it does not know.</summary>
    private static void HasForm(JsonElement value, IOpenApiSchema schema, string where)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.True(schema.Type == JsonSchemaType.Object, where);
                if (schema.Properties!.ContainsKey("@type")) break;
                foreach (var property in value.EnumerateObject())
                {
                    Assert.True(schema.Properties.TryGetValue(property.Name, out var inner), $"{where}.{property.Name} is not in the document");
                    HasForm(property.Value, inner, $"{where}.{property.Name}");
                }
                break;
            case JsonValueKind.Array:
                Assert.True(schema.Type == JsonSchemaType.Array, where);
                foreach (var element in value.EnumerateArray()) HasForm(element, schema.Items!, where + "[]");
                break;
            case JsonValueKind.String:
                Assert.True(schema.Type == JsonSchemaType.String, where);
                if (schema.Enum is { Count: > 0 }) Assert.Contains(value.GetString(), schema.Enum.Select(e => (string?)e));
                break;
            case JsonValueKind.Number: Assert.True(schema.Type is JsonSchemaType.Integer or JsonSchemaType.Number, where); break;
            case JsonValueKind.True or JsonValueKind.False: Assert.True(schema.Type == JsonSchemaType.Boolean, where); break;
            default: Assert.Fail($"{where} is {value.ValueKind}"); break;
        }
    }
}
