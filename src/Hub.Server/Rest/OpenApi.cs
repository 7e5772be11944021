using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Hub.Protocol;
using Microsoft.OpenApi;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Hub.Server.Rest;

/// <summary>The OpenAPI document of the calls that answer as JSON, made of the same descriptions by which they are routed, with the comments of the protocol.</summary>
internal static class OpenApi
{
    public const string Path = "/openapi.json";

    private const string Json = "application/json", Bearer = "credential", Status = "Status";

    private static readonly ServiceDescriptor[] Services =
        [Protocol.ReportingService.Descriptor, Protocol.ProgrammeService.Descriptor, Protocol.AnalyticsService.Descriptor];

    // It never changes, and anybody may ask for it.
    private static readonly Lazy<Task<string>> Written = new(() => Make().SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));

    /// <summary>The calls that have a path, with it.</summary>
    public static IEnumerable<(MethodDescriptor Method, HttpRule Rule)> Calls => Services.SelectMany(s => s.Methods)
        .Select(m => (m, m.GetOptions()?.GetExtension(AnnotationsExtensions.Http)!)).Where(call => call.Item2 is not null);

    public static Task<string> WriteAsync() => Written.Value;

    public static bool IsTimestamp(FieldDescriptor field) => field.FieldType == FieldType.Message && field.MessageType.FullName == Timestamp.Descriptor.FullName;

    private static OpenApiDocument Make()
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Hub",
                Version = "v1",
                Description = "The gRPC services of `hub.v1` as JSON. Messages come in Chinese, or in English with `accept-language: en`. A refusal is a `google.rpc.Status`; "
                    + "the reasons in its `google.rpc.ErrorInfo` are those of `errors.proto`.",
            },
            Paths = [],
        };
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A credential's token." });
        document.AddComponent(Status, StatusSchema());
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        foreach (var (method, rule) in Calls)
        {
            var (verb, path) = rule.PatternCase == HttpRule.PatternOneofCase.Get ? (HttpMethod.Get, rule.Get) : (HttpMethod.Post, rule.Post);
            var item = new OpenApiPathItem();
            item.AddOperation(verb, Operation(method, rule, path, document));
            document.Paths.Add(path, item);
        }
        return document;
    }

    private static OpenApiOperation Operation(MethodDescriptor method, HttpRule rule, string path, OpenApiDocument document) => new()
    {
        OperationId = method.Name,
        Description = ProtocolComments.Of(method),
        Tags = new HashSet<OpenApiTagReference> { Tag(method.Service, document) },
        Parameters = rule.Body.Length > 0 ? null : [.. Parameters(method.InputType, "", "", path)],
        RequestBody = rule.Body.Length == 0 ? null : new OpenApiRequestBody { Required = true, Content = Content(Reference(method.InputType, document)) },
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = ProtocolComments.Of(method.OutputType), Content = Content(Reference(method.OutputType, document)) },
            ["default"] = new OpenApiResponse { Description = "A refusal.", Content = Content(new OpenApiSchemaReference(Status, document)) },
        },
    };

    private static OpenApiTagReference Tag(ServiceDescriptor service, OpenApiDocument document)
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        if (document.Tags.All(t => t.Name != service.Name)) document.Tags.Add(new OpenApiTag { Name = service.Name, Description = ProtocolComments.Of(service) });
        return new OpenApiTagReference(service.Name, document);
    }

    private static IEnumerable<OpenApiParameter> Parameters(MessageDescriptor message, string prefix, string told, string path) =>
        message.Fields.InDeclarationOrder().SelectMany(field => field.FieldType == FieldType.Message && !IsTimestamp(field)
            ? Parameters(field.MessageType, $"{prefix}{field.JsonName}.", ProtocolComments.Of(field) + " ", path)
            : [Parameter(field, prefix + field.JsonName, told, isInPath: path.Contains($"{{{prefix}{field.Name}}}", StringComparison.Ordinal))]);

    private static OpenApiParameter Parameter(FieldDescriptor field, string name, string told, bool isInPath) => new()
    {
        Name = name,
        In = isInPath ? ParameterLocation.Path : ParameterLocation.Query,
        Required = isInPath,
        Description = told + ProtocolComments.Of(field),
        Schema = Single(field, null),
    };

    private static Dictionary<string, IOpenApiMediaType> Content(IOpenApiSchema schema) => new() { [Json] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchemaReference Reference(MessageDescriptor message, OpenApiDocument document, string? description = null)
    {
        if (document.Components?.Schemas?.ContainsKey(message.Name) != true)
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = ProtocolComments.Of(message), Properties = new Dictionary<string, IOpenApiSchema>() };
            document.AddComponent(message.Name, schema);
            foreach (var field in message.Fields.InDeclarationOrder()) schema.Properties[field.JsonName] = Property(field, document);
        }
        return new OpenApiSchemaReference(message.Name, document) { Description = description };
    }

    private static IOpenApiSchema Property(FieldDescriptor field, OpenApiDocument document) => field.IsRepeated
        ? new OpenApiSchema { Type = JsonSchemaType.Array, Description = ProtocolComments.Of(field), Items = Single(field, document) }
        : Single(field, document, ProtocolComments.Of(field));

    private static IOpenApiSchema Single(FieldDescriptor field, OpenApiDocument? document, string? description = null) => field.FieldType switch
    {
        FieldType.Message when !IsTimestamp(field) => Reference(field.MessageType, document!, description),
        FieldType.Enum => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = string.Join("\n", (string?[])[description, .. field.EnumType.Values.Select(v => $"- `{v.Name}`: {ProtocolComments.Of(v)}")]),
            Enum = [.. field.EnumType.Values.Select(v => JsonValue.Create(v.Name))],
        },
        var type => new OpenApiSchema { Type = Form(type).Type, Format = Form(type).Format, Description = description },
    };

    /// <summary>As protobuf's JSON has it: integers of 64 bits are text.</summary>
    private static (JsonSchemaType Type, string? Format) Form(FieldType type) => type switch
    {
        FieldType.String => (JsonSchemaType.String, null),
        FieldType.Bool => (JsonSchemaType.Boolean, null),
        FieldType.Int32 => (JsonSchemaType.Integer, "int32"),
        FieldType.Int64 => (JsonSchemaType.String, "int64"),
        FieldType.Double => (JsonSchemaType.Number, "double"),
        FieldType.Bytes => (JsonSchemaType.String, "byte"),
        FieldType.Message => (JsonSchemaType.String, "date-time"),
        _ => throw new NotSupportedException($"No form in JSON is known for {type}: add it"),
    };

    private static OpenApiSchema StatusSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a call was refused, as `google.rpc.Status`.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The code of gRPC." },
            ["message"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What is wrong and what to do, in the reader's language." },
            ["details"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "`google.rpc.ErrorInfo` with the reason; `google.rpc.BadRequest` with what is wrong where; `google.rpc.RetryInfo` where waiting helps.",
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema> { ["@type"] = new OpenApiSchema { Type = JsonSchemaType.String } },
                    Required = new HashSet<string> { "@type" },
                },
            },
        },
    };
}
