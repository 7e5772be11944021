using System.Globalization;
using System.Threading.RateLimiting;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Grpc;
using Hub.Store;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using StatusCode = Grpc.Core.StatusCode;

namespace Hub.Server.Rest;

/// <summary>What stands before every call that comes as JSON: who calls, how many at once, and whether the request is one of the protocol's. JSON
/// transcoding makes the gRPC call of it, which passes <see cref="AccessInterceptor"/> as any other does.</summary>
internal sealed class RestDoor(HubStore store) : IDisposable
{
    public const string Root = "/v1";

    private const int MaxCalls = 64, MaxCallsWaiting = 1_000, MaxCallsOfOne = 16;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private static readonly TypeRegistry Details = TypeRegistry.FromMessages(ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor);

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithTypeRegistry(Details));

    // A body and its messages take some ten times the bytes that were sent.
    private readonly PartitionedRateLimiter<string> calls = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, string>(credential => RateLimitPartition.GetConcurrencyLimiter(credential, _ => new() { PermitLimit = MaxCallsOfOne })),
        PartitionedRateLimiter.Create<string, int>(_ => RateLimitPartition.GetConcurrencyLimiter(0, _ => new() { PermitLimit = MaxCalls, QueueLimit = MaxCallsWaiting })));

    /// <summary>JSON as protobuf defines it, also where the framework writes it.</summary>
    public static void Configure(GrpcJsonTranscodingOptions json)
    {
        json.JsonSettings.WriteInt64sAsStrings = true;
        json.TypeRegistry = Details;
    }

    public async Task Pass(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments(Root))
        {
            await next(http);
            return;
        }
        try
        {
            if (store.WhyUnavailable is { } unavailable) throw new RefusedException(unavailable);
            // Before its body is read: whoever has no credential costs nothing.
            var credential = AccessInterceptor.Authenticate(store, http) ?? throw new RefusedException(AccessInterceptor.CredentialInvalid());
            using var call = await calls.AcquireAsync(credential.Id, 1, http.RequestAborted);
            if (!call.IsAcquired) throw new RefusedException(new Refusal(RefusalReason.TooManyCalls, new(
                "同时进行的调用过多，请稍后再试", "too many calls at once; wait and try again")) { RetryAfter = Wait });
            if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not { } rest)
            {
                await NoSuchCallAsync(http, next);
                return;
            }
            RestRequest.CheckQuery(http.Request, rest);
            if (rest.HttpRule.Body.Length > 0) await RestRequest.TakeBodyAsync(http, rest.MethodDescriptor.InputType);
            await next(http);
        }
        catch (RefusedException refused)
        {
            await WriteAsync(http, HttpStatusOf(refused.Refusal.Reason), refused.Refusal.ToStatus(LanguageOf(http)));
        }
    }

    public void Dispose() => calls.Dispose();

    /// <summary>As gRPC answers calls that it does not know.</summary>
    private static async Task NoSuchCallAsync(HttpContext http, RequestDelegate next)
    {
        // Routing says whether the path is unknown or only the method, and which ones there are.
        await next(http);
        var text = new Text($"没有 {http.Request.Method} {ReportParser.Short(http.Request.Path)}；全部路径见 {OpenApi.Path}",
            $"there is no {http.Request.Method} {ReportParser.Short(http.Request.Path)}; {OpenApi.Path} lists every path");
        await WriteAsync(http, http.Response.StatusCode, new Google.Rpc.Status { Code = (int)StatusCode.Unimplemented, Message = text.In(LanguageOf(http)) });
    }

    private static Task WriteAsync(HttpContext http, int status, Google.Rpc.Status content)
    {
        http.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (status == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = Wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(Formatter.Format(content));
    }

    private static int HttpStatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.CredentialInvalid => StatusCodes.Status401Unauthorized,
        RefusalReason.TooManyCalls => StatusCodes.Status429TooManyRequests,
        RefusalReason.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalReason.StoreUnavailable or RefusalReason.Draining => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static Language LanguageOf(HttpContext http) => CallContext.Language(http.Request.Headers.AcceptLanguage.ToString());
}
