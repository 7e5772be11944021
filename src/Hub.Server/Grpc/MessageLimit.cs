using Grpc.Core;
using Hub.Programmes;
using Hub.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace Hub.Server.Grpc;

/// <summary>The framework refuses a message over the limit, inflated or not, before any interceptor sees the call. Here that refusal gets
/// the reason and the words that every other has.</summary>
internal static class MessageLimit
{
    private const string StatusHeader = "grpc-status", MessageHeader = "grpc-message", DetailsHeader = "grpc-status-details-bin";

    private static readonly Refusal TooLarge = new(RefusalReason.TooLarge, new(
        "消息超过 4 MiB，请减少内容", "the message is over 4 MiB; send less"));

    public static async Task Explain(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            await next(context);
            return;
        }
        // A message says its length first: it is refused by that, and the limit on bodies, which answers UNKNOWN, stays out of it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = null;
        await next(context);
        var trailers = context.Response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : context.Response.Headers;
        if (trailers is null || trailers[StatusHeader] != "8" || trailers.ContainsKey(DetailsHeader)) return;
        var refused = TooLarge.ToException(CallContext.Language(context.Request.Headers.AcceptLanguage.ToString()));
        trailers[MessageHeader] = Uri.EscapeDataString(refused.Status.Detail);
        trailers[DetailsHeader] = Convert.ToBase64String(refused.Trailers.GetValueBytes(DetailsHeader)!).TrimEnd('=');
    }
}
