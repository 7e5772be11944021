using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.Agent;

/// <summary>The hub as a township calls it: its credential and language on every call, a deadline, and patience with a hub that is away.</summary>
internal sealed class HubCalls : IDisposable
{
    /// <summary>The credential's token is read from here: on a command line others could see it.</summary>
    public const string TokenVariable = "HUB_TOKEN";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private const int MaxMessageBytes = 64 << 20;

    private readonly IDisposable? channel;
    private readonly CallInvoker connection;
    private readonly HubRoute? route;
    private readonly Retry retry;
    private readonly TimeProvider time;
    private readonly Uri address;
    private readonly string token;

    /// <param name="invoker">What is called; it is not closed with this.</param>
    /// <param name="address">Named where no connection comes about.</param>
    public HubCalls(CallInvoker invoker, Uri address, string token, Retry retry, TimeProvider time)
        : this(invoker, null, null, address, token, retry, time)
    {
    }

    private HubCalls(CallInvoker invoker, IDisposable? channel, HubRoute? route, Uri address, string token, Retry retry, TimeProvider time)
    {
        (this.channel, connection, this.route, this.address, this.token, this.retry, this.time) = (channel, invoker, route, address, token, retry, time);
        Invoker = invoker.Intercept(metadata =>
        {
            if (token.Length > 0) metadata.Add("authorization", $"Bearer {token}");
            metadata.Add("accept-language", Verb.Language == Language.Chinese ? "zh" : "en");
            return metadata;
        });
    }

    public CallInvoker Invoker { get; }

    /// <summary>Whether the credential comes from <c>hub-agent enroll</c>, and so can a new one.</summary>
    public bool IsEnrolled { get; set; }

    /// <summary>Told the hub's clock with each answer that carries it.</summary>
    public Action<DateTimeOffset>? OnHubTime { get; set; }

    /// <summary>Told how each call of the scheduled service ended: why the hub was not reached or does not know the credential; null where it answered.</summary>
    public Action<Text?>? OnOutcome { get; set; }

    /// <summary>Told when calls begin to go another way, in words.</summary>
    public Action<Text>? OnOtherWay { get; set; }

    /// <param name="url">E.g. <c>http://127.0.0.1:8081</c>.</param>
    public static Uri Address(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") ? address
        : throw new UsageException(new($"“{url}”不是中心的地址，如 http://127.0.0.1:8081", $"“{url}” is not a hub's address, such as http://127.0.0.1:8081"));

    /// <param name="rootFile">The county's root.pem; null for what the machine trusts.</param>
    public static HubCalls OpenWithoutCredential(Uri address, string? rootFile) => Open(address, "", new Retry(TimeProvider.System, Retry.Patience), TimeProvider.System, rootFile);

    public static HubCalls Open(Uri address, string token) => Open(address, token, new Retry(TimeProvider.System, Retry.Patience), TimeProvider.System);

    public static HubCalls Open(Uri address, string token, Retry retry, TimeProvider time, string? rootFile = null)
    {
        var route = new HubRoute(HubTrust.Handler(rootFile), time);
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = MaxMessageBytes, HttpHandler = route, DisposeHttpClient = true });
        return new HubCalls(channel.CreateCallInvoker(), channel, route, address, token, retry, time);
    }

    /// <summary>The same connection with the credential of another township; it is not closed with it.</summary>
    public HubCalls As(string other) => With(other, retry);

    /// <summary>The same without patience: for the scheduled service, which knows by itself when to try again.</summary>
    public HubCalls WithoutPatience() => With(token, new Retry(time, TimeSpan.Zero));

    private HubCalls With(string credential, Retry patience) => new(connection, null, route, address, credential, patience, time)
    {
        IsEnrolled = IsEnrolled, OnHubTime = OnHubTime, OnOutcome = OnOutcome, OnOtherWay = OnOtherWay,
    };

    /// <summary>One call with its deadline, made again as the hub's answers allow: for commands, where a person waits.</summary>
    /// <exception cref="RpcException">The hub refused.</exception>
    /// <exception cref="CommandFailedException">No connection came about.</exception>
    public async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await retry.RunAsync(async () =>
            {
                try
                {
                    return await AttemptAsync(call, cancellation);
                }
                // A certificate does not heal by waiting, nor does a proxy's refusal: this ends the attempts.
                catch (RpcException e) when (HubTrust.WhyNotTrusted(e, address) is not null || HubTrust.InsteadOfHub(e) is { MayPass: false })
                {
                    throw new CommandFailedException(WhyNot(e));
                }
            }, cancellation);
        }
        catch (RpcException e) when (HubTrust.WhyUnreachable(e, address) is not null || NeedsEnrolment(e))
        {
            throw new CommandFailedException(WhyNot(e));
        }
    }

    /// <summary>One call with its deadline, once: for the scheduled service, which knows by itself when to try again.</summary>
    /// <exception cref="RpcException">It did not succeed; <see cref="WhyNot"/> says why.</exception>
    public async Task<T> CallOnceAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        try
        {
            var answer = await AttemptAsync(call, cancellation);
            OnOutcome?.Invoke(null);
            return answer;
        }
        catch (RpcException e)
        {
            // gRPC calls it INTERNAL; but it is the hub that was not reached, and it may be put right.
            var told = HubTrust.WhyNotTrusted(e, address) is null ? e : new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, e.Status.Detail, e.Status.DebugException));
            OnOutcome?.Invoke(told.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unauthenticated ? WhyNot(told) : null);
            if (told != e) throw told;
            throw;
        }
    }

    /// <summary>Once, and where HTTP/2 or the answer was spoiled on the way, once more the other way; what reached the hub is remembered.</summary>
    private async Task<T> AttemptAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        route?.Begin();
        try
        {
            return await AskAsync(call, cancellation);
        }
        catch (RpcException e) when (route is { IsTrial: true } && !IsAnswerOfHub(e) && !cancellation.IsCancellationRequested)
        {
            route.EndTrial();
            // Where it goes back to gRPC-Web, that has worked before, and a person need not read each hour that gRPC still does not.
            if (!route.IsWeb && !HubTrust.IsSpoiledOnTheWay(e)) throw;
            return await AskAsync(call, cancellation);
        }
        catch (RpcException e) when (route is not null && HubTrust.IsSpoiledOnTheWay(e) && !cancellation.IsCancellationRequested)
        {
            route.Turn();
            try
            {
                return await AskAsync(call, cancellation, turned: true);
            }
            catch (RpcException other) when (!IsAnswerOfHub(other))
            {
                route.Turn();
                if (HubTrust.InsteadOfHub(other) is null) throw e;
                throw;
            }
        }
        catch (RpcException e) when (route is not null && e.StatusCode == StatusCode.DeadlineExceeded && !IsAnswerOfHub(e) && !cancellation.IsCancellationRequested)
        {
            route.TurnAfterSilence();
            throw;
        }
    }

    /// <returns>What bears the hub's clock, as each answer of its own.</returns>
    /// <exception cref="RpcException">The hub refused; or UNAVAILABLE, since what lies between has answered or broken off, which is never for good.</exception>
    private async Task<T> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation, bool turned = false)
    {
        using var pending = call(new CallOptions(deadline: (time.GetUtcNow() + Deadline).UtcDateTime, cancellationToken: cancellation));
        try
        {
            var answer = await pending;
            // An empty message is what a proxy's own OK reads as.
            if (!await LearnTimeAsync(pending.ResponseHeadersAsync) || answer is SubmitReportResponse { Receipt: null } or GetReportResponse { Receipt: null })
            {
                var unmarked = new Grpc.Core.Status(StatusCode.OK, Verb.Say("缺少中心的标记或回执", "without the hub's mark or a receipt"));
                throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, unmarked.Detail, NotTheHubException.For(unmarked, address)));
            }
            Arrived(turned);
            return answer;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested && HubTrust.WhyNotTrusted(e, address) is null)
        {
            var isMarked = await LearnTimeAsync(pending.ResponseHeadersAsync);
            if (IsAnswerOfHub(e) && (isMarked || e.GetRpcStatus() is not null))
            {
                Arrived(turned);
                throw;
            }
            if (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded) throw;
            var cause = HubTrust.WhyUnreachable(e, address) is not null ? e.Status.DebugException : NotTheHubException.For(e.Status, address);
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, e.Status.Detail, cause));
        }
    }

    private void Arrived(bool turned)
    {
        if (route?.Works(turned) is { } news) OnOtherWay?.Invoke(news);
    }

    // CANCELLED, although nobody has, is how the client calls an answer whose end is missing.
    private static bool IsAnswerOfHub(RpcException e) =>
        e.Status.DebugException is null && (e.GetRpcStatus() is not null || e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled));

    /// <summary>Why a call did not succeed: what the hub said, or why it was not reached.</summary>
    public Text WhyNot(RpcException e) => NeedsEnrolment(e)
        ? new("凭证已撤销或过期：向县里要新的登记码，再运行 hub-agent enroll，之后自动接着报", "the credential was revoked or has expired: ask the county for a new enrolment code and run hub-agent enroll; reports then go on by themselves")
        : HubTrust.WhyNotTrusted(e, address) ?? HubTrust.WhyUnreachable(e, address) ?? new(e.Status.Detail, e.Status.Detail);

    private bool NeedsEnrolment(RpcException e) => IsEnrolled && e.StatusCode == StatusCode.Unauthenticated;

    public void Dispose() => channel?.Dispose();

    /// <returns>Whether the hub's clock was told, as it is with each answer of its own.</returns>
    private async Task<bool> LearnTimeAsync(Task<Metadata> headers)
    {
        try
        {
            if (!long.TryParse((await headers).GetValue(HubTime.Header), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
                || !HubTime.TryFromMicroseconds(microseconds, out var now)) return false;
            OnHubTime?.Invoke(now);
            return true;
        }
        catch (RpcException)
        {
            // There was no answer: the call itself says so.
            return false;
        }
    }
}

/// <summary>When a call is made again: for UNAVAILABLE, DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED with RetryInfo until patience ends, for UNKNOWN and
/// INTERNAL ten times; anything else is for a person to see.</summary>
internal sealed class Retry(TimeProvider time, TimeSpan patience)
{
    /// <summary>A person is waiting. The scheduled service has no such bound.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500), Longest = TimeSpan.FromSeconds(15);
    private const int MaxUnexplained = 10;

    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (int attempt = 0, unexplained = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                if (e.StatusCode is StatusCode.Unknown or StatusCode.Internal) unexplained++;
                var pause = Pause(e, attempt, unexplained);
                if (pause is not { } wait || time.GetElapsedTime(started) + wait > patience) throw;
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    /// <summary>How long to wait before the next attempt; null where there is to be none.</summary>
    /// <param name="attempt">Attempts before this one.</param>
    internal static TimeSpan? Pause(RpcException e, int attempt, int unexplained)
    {
        var told = e.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        var again = e.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.DeadlineExceeded => true,
            StatusCode.ResourceExhausted => told is not null,
            StatusCode.Unknown or StatusCode.Internal => unexplained <= MaxUnexplained,
            _ => false,
        };
        if (!again) return null;
        if (HubTrust.InsteadOfHub(e) is { MayPass: false }) return Patience;
        var longest = First * Math.Pow(2, Math.Min(attempt, 10));
        if (longest > Longest) longest = Longest;
        // Half of it by chance: townships that were turned away together must not come back together.
        var jittered = longest * (0.5 + System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000) / 2_000.0);
        return told is { } least && least > TimeSpan.Zero ? least + jittered : jittered;
    }
}
