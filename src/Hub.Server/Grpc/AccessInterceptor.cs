using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Store;
using Hub.Store.Decisions;

namespace Hub.Server.Grpc;

/// <summary>The door of every call: credential, role, rate; and on the way out, the mapping of what went wrong.</summary>
public sealed class AccessInterceptor(HubStore store, CallLimiter limiter, ILogger<AccessInterceptor> logger) : Interceptor
{
    internal const string ControlSocketId = "control-socket";

    private static readonly Credential ControlSocket = new(ControlSocketId, Role.Administrator, "", "", null);

    // Written out, since most calls of a month come here: without a closure.
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (RuleOf(context) is not { } rule) return await continuation(request, context);
        // Agents go by the hub's clock: theirs may be wrong by years, and a demonstration's is another one.
        context.GetHttpContext().Response.Headers[HubTime.Header] = HubTime.ToMicroseconds(store.Clock.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        try
        {
            if (Admit(context, rule) is { EndsRotation: true } rotated) await EndRotationAsync(rotated, context.CancellationToken);
            return await continuation(request, context);
        }
        catch (Exception e) when (Answer(e, context) is { } answer)
        {
            throw answer;
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        UnaryServerHandler(requestStream, context, (stream, call) => continuation(stream, call));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        UnaryServerHandler(request, context, async (asked, call) =>
        {
            await continuation(asked, responseStream, call);
            return responseStream;
        });

    /// <summary>Null for health and reflection, which tell nothing of the county.</summary>
    private static AccessPolicy.Rule? RuleOf(ServerCallContext context)
    {
        if (AccessPolicy.Table.TryGetValue(context.Method, out var rule)) return rule;
        return context.Method.StartsWith("/hub.v1.", StringComparison.Ordinal) ? throw NotPermitted().ToException(context.Language()) : null;
    }

    /// <returns>Whose call it is; null where that is not asked.</returns>
    private Credential? Admit(ServerCallContext context, AccessPolicy.Rule rule)
    {
        // While there is a fault, what is in memory may never have become durable: not even a credential is judged by it.
        if (store.WhyUnavailable is { } unavailable) throw new RefusedException(unavailable);
        if (rule.IsForAnyone)
        {
            // All of them together: strangers are not told apart, and few enroll at a time.
            Acquire(rule.Call);
            return null;
        }
        var credential = Authenticate(store, context.GetHttpContext()) ?? throw new RefusedException(CredentialInvalid());
        Acquire(credential.Id);
        var reach = rule.For(credential.Role);
        if (reach == Reach.None || (reach == Reach.Hub && credential.Area.Length > 0)) throw new RefusedException(NotPermitted());
        context.UserState[typeof(Caller)] = new Caller(credential, reach);
        return credential;
    }

    private void Acquire(string whose)
    {
        if (limiter.TryAcquire(whose) is { } wait) throw new RefusedException(new Refusal(RefusalReason.TooManyCalls, new(
            "调用过于频繁，请稍后再试", "too many calls; wait and try again")) { RetryAfter = wait });
    }

    /// <summary>The caller holds its new token: the former one ends before anything else is done.</summary>
    private async Task EndRotationAsync(Credential credential, CancellationToken cancellation) =>
        (await store.WriteAsync((state, _) => Enrolment.EndRotation(credential.Id, state), cancellation)).OrRefuse();

    /// <summary>What the caller is told of an exception; null where it is left to the framework.</summary>
    private RpcException? Answer(Exception e, ServerCallContext context)
    {
        if (e is RefusedException refused) return refused.Refusal.ToException(context.Language());
        if (e is RpcException) return null;
        // Whoever called has left: nobody reads the answer, and nothing is wrong with the hub.
        if (context.CancellationToken.IsCancellationRequested) return new RpcException(new Status(StatusCode.Cancelled, "cancelled"));
        if (e is OperationCanceledException) return null;
        // The files were closed under a call that had begun: by now they may even be open again.
        if (store.Fault is not null || e is ObjectDisposedException) return HubStore.Unavailable().ToException(context.Language());
        ServerLog.UnexpectedError(logger, context.Method, e);
        return new RpcException(new Status(StatusCode.Internal, "internal error; see the hub's log"));
    }

    /// <summary>The credential that a call bears, or that of its control socket.</summary>
    public static Credential? Authenticate(HubStore store, HttpContext http)
    {
        if (http.Features.Get<ControlSocketFeature>() is not null) return ControlSocket;
        const string scheme = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        return Authenticate(store, header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(scheme.Length).Trim() : "");
    }

    /// <summary>The credential of a token, or null where it is unknown, revoked or expired.</summary>
    public static Credential? Authenticate(HubStore store, ReadOnlySpan<char> token)
    {
        var credential = store.State.FindCredentialByToken(token);
        return credential is null || credential.ExpiresAt < store.Clock.GetUtcNow() ? null : credential;
    }

    public static Refusal CredentialInvalid() => new(RefusalReason.CredentialInvalid, new(
        "缺少凭证，或凭证不正确、已过期、已撤销；请向县级管理员申请新凭证", "no credential, or it is wrong, expired or revoked; ask the county's administrator for a new one"));

    /// <summary>One text for a role that may not and for ids that are not the caller's, so that nothing is learnt of others.</summary>
    public static Refusal NotPermitted() => new(RefusalReason.NotPermitted, new(
        "该凭证无权进行此操作或访问此对象", "this credential may not do this or touch what it names"));
}

/// <summary>Marks connections that came through the control socket.</summary>
public sealed class ControlSocketFeature;

/// <summary>Carries a refusal out of a handler.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Message.English)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>How many calls one credential may make: bursts of 400, refilled at 200 a second.</summary>
public sealed class CallLimiter(TimeProvider time)
{
    private const double Burst = 400, PerSecond = 200;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Null where the call may go on, else how long to wait.</summary>
    public TimeSpan? TryAcquire(string credentialId)
    {
        if (credentialId == AccessInterceptor.ControlSocketId) return null;
        var now = time.GetTimestamp();
        if (!buckets.TryGetValue(credentialId, out var bucket)) bucket = buckets.GetOrAdd(credentialId, new Bucket { Left = Burst, At = now });
        lock (bucket)
        {
            if (now > bucket.At) (bucket.Left, bucket.At) = (Math.Min(Burst, bucket.Left + time.GetElapsedTime(bucket.At, now).TotalSeconds * PerSecond), now);
            if (bucket.Left < 1) return ShortestWait;
            bucket.Left--;
            return null;
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }
        public long At { get; set; }
    }
}

internal static class CallContext
{
    public static Caller Caller(this ServerCallContext context) => (Caller)context.UserState[typeof(Caller)];

    /// <summary>Chinese, or English where <c>accept-language</c> asks for it first.</summary>
    public static Language Language(this ServerCallContext context) => Language(context.GetHttpContext().Request.Headers.AcceptLanguage.ToString());

    public static Language Language(string acceptLanguage) =>
        acceptLanguage.TrimStart().StartsWith("en", StringComparison.OrdinalIgnoreCase) ? Programmes.Language.English : Programmes.Language.Chinese;

    /// <summary>The value, or out of the handler with the refusal.</summary>
    public static T OrRefuse<T>(this Outcome<T> outcome) => outcome.IsRefused(out var refusal) ? throw new RefusedException(refusal) : outcome.Value;
}
