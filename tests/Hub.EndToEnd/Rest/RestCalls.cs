using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Hub.EndToEnd.Access;

namespace Hub.EndToEnd.Rest;

/// <summary>The generated clients over JSON: a call goes to the path that the protocol gives it, and a refusal comes back as gRPC's would.</summary>
internal sealed partial class RestCalls(HttpClient http) : CallInvoker
{
    private static readonly JsonParser Parser = new(new JsonParser.Settings(100, TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor)));

    /// <summary>The calls that have a path.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } = [.. AnyCall.All.Where(m => RuleOf(m) is not null)];

    /// <summary>Whether a request fills its path: nothing can be named by leaving it out there.</summary>
    public static bool HasPath(MethodDescriptor method, IMessage request) =>
        Variables().Matches(Path(RuleOf(method)!)).All(v => Value(request, v.Groups[1].Value).Length > 0);

    public static Google.Rpc.Status StatusOf(string json) => Parser.Parse<Google.Rpc.Status>(json);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        new(CallAsync<TResponse>(AnyCall.All.Single(m => $"/{m.Service.FullName}/{m.Name}" == method.FullName), options, (IMessage)request), Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private async Task<TResponse> CallAsync<TResponse>(MethodDescriptor method, CallOptions options, IMessage request)
    {
        using var sent = Request(method, request);
        foreach (var header in options.Headers ?? []) sent.Headers.TryAddWithoutValidation(header.Key, header.Value);
        using var answer = await http.SendAsync(sent, options.CancellationToken);
        var json = await answer.Content.ReadAsStringAsync(options.CancellationToken);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        if (!answer.IsSuccessStatusCode) throw StatusOf(json).ToRpcException();
        return (TResponse)Parser.Parse(json, method.OutputType);
    }

    private static HttpRequestMessage Request(MethodDescriptor method, IMessage request)
    {
        var rule = RuleOf(method)!;
        var path = Variables().Replace(Path(rule), v => Uri.EscapeDataString(Value(request, v.Groups[1].Value)));
        if (rule.Body == "*")
            return new(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(request))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        var inPath = Variables().Matches(Path(rule)).Select(v => v.Groups[1].Value);
        return new(HttpMethod.Get, path + "?" + string.Join('&', Query(request, "").Where(p => !inPath.Contains(p.Name)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}")));
    }

    private static IEnumerable<(string Name, string Value)> Query(IMessage message, string prefix) => message.Descriptor.Fields.InDeclarationOrder().SelectMany(field => field.Accessor.GetValue(message) switch
    {
        null or "" or 0 or 0L => [],
        Timestamp instant => [($"{prefix}{field.JsonName}", JsonFormatter.ToDiagnosticString(instant).Trim('"'))],
        IMessage inner => Query(inner, $"{prefix}{field.JsonName}."),
        var value => (IEnumerable<(string, string)>)[($"{prefix}{field.JsonName}", Convert.ToString(value, CultureInfo.InvariantCulture)!)],
    });

    private static HttpRule? RuleOf(MethodDescriptor method) => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);

    private static string Path(HttpRule rule) => rule.PatternCase == HttpRule.PatternOneofCase.Get ? rule.Get : rule.Post;

    private static string Value(IMessage message, string field) => (string)message.Descriptor.FindFieldByName(field).Accessor.GetValue(message);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Variables();
}
