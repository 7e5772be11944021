using System.Net;
using Grpc.Net.Client.Web;
using Hub.Programmes;

namespace Hub.Agent;

/// <summary>The way of calls to the hub: gRPC, or gRPC-Web over HTTP/1.1 where what lies between passes no HTTP/2. What worked last is taken first; an hour after gRPC
/// failed it is tried again. An answer that is not gRPC's never comes from the hub and ends here.</summary>
internal sealed class HubRoute : HttpMessageHandler
{
    public static readonly TimeSpan GrpcAgain = TimeSpan.FromHours(1);

    private static readonly Text Without = new(
        "gRPC 走不通（途中的代理多半不支持 HTTP/2），改用 gRPC-Web（HTTP/1.1），上报不受影响；每小时再试一次 gRPC",
        "gRPC does not get through, probably because a proxy on the way does not pass HTTP/2: going on with gRPC-Web over HTTP/1.1, reports arrive all the same; gRPC is tried again every hour");
    private static readonly Text WithoutAfterSilence = new(
        "gRPC 没有等到应答，gRPC-Web（HTTP/1.1）等到了：先用它，上报不受影响；也许网络中断过，也许途中的代理不支持 HTTP/2；每小时再试一次 gRPC",
        "gRPC brought no answer and gRPC-Web over HTTP/1.1 did: going on with it, reports arrive all the same; the line may have been cut for a while, or a proxy on the way may not pass HTTP/2; gRPC is tried again every hour");
    private static readonly Text Again = new("gRPC 又能用了", "gRPC gets through again");

    private readonly TimeProvider time;
    private readonly HttpMessageInvoker grpc;
    private readonly HttpMessageInvoker web;
    private bool isToldWithout;
    private long failedAt;

    /// <param name="line">What sends; it is closed with this.</param>
    public HubRoute(HttpMessageHandler line, TimeProvider time)
    {
        this.time = time;
        // Not as a DelegatingHandler: a channel that finds the sockets' handler inside connects by itself, past the machine's proxy.
        grpc = new HttpMessageInvoker(line, disposeHandler: false);
        web = new HttpMessageInvoker(new GrpcWebHandler(GrpcWebMode.GrpcWeb, line), disposeHandler: true);
    }

    /// <summary>Whether the next call goes as gRPC-Web.</summary>
    public bool IsWeb { get; private set; }

    /// <summary>Whether the next call goes the other way to see whether an answer comes; without one it goes on as before.</summary>
    public bool IsTrial { get; private set; }

    /// <summary>Before a call: an hour after gRPC failed it has its trial, unless gRPC-Web still has its own.</summary>
    public void Begin()
    {
        if (!IsWeb || IsTrial || time.GetElapsedTime(failedAt) < GrpcAgain) return;
        (IsWeb, IsTrial) = (false, true);
    }

    public void Turn() => IsWeb = !IsWeb;

    /// <summary>After a call to which nothing came back in its time: a proxy may swallow what it does not understand, so the other way has its trial.</summary>
    public void TurnAfterSilence()
    {
        Turn();
        (IsTrial, failedAt) = (true, time.GetTimestamp());
    }

    /// <summary>The trial brought no answer.</summary>
    public void EndTrial()
    {
        Turn();
        (IsTrial, failedAt) = (false, time.GetTimestamp());
    }

    /// <summary>After an answer of the hub.</summary>
    /// <param name="turned">Whether it came only by the other way.</param>
    /// <returns>What is new of it, for a person to read.</returns>
    public Text? Works(bool turned)
    {
        if (IsWeb && turned) failedAt = time.GetTimestamp();
        var wasTrial = IsTrial;
        IsTrial = false;
        if (IsWeb == isToldWithout) return null;
        isToldWithout = IsWeb;
        return !IsWeb ? Again : wasTrial ? WithoutAfterSilence : Without;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (IsWeb) (request.Version, request.VersionPolicy) = (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        HttpResponseMessage response;
        try
        {
            response = await (IsWeb ? web : grpc).SendAsync(request, cancellation);
        }
        // Its words hold the proxy's address with the password.
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            throw NotTheHubException.ForTunnel(request.RequestUri!);
        }
        var type = response.Content.Headers.ContentType?.MediaType;
        if (response.StatusCode == HttpStatusCode.OK && type?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true) return response;
        using (response) throw NotTheHubException.For(response.StatusCode, type, response.Headers.Location, request.RequestUri!);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            grpc.Dispose();
            web.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Something between here and the hub has answered in its place.</summary>
/// <param name="mayPass">Whether a minute may change it; else a person has to.</param>
internal sealed class NotTheHubException(Text message, bool mayPass) : IOException(message.English)
{
    public Text Text { get; } = message;
    public bool MayPass { get; } = mayPass;

    /// <summary>Of an HTTP answer that is not gRPC's: what it means and what to do.</summary>
    public static NotTheHubException For(HttpStatusCode status, string? type, Uri? location, Uri asked)
    {
        var (code, hub) = ((int)status, asked.Authority);
        // As HTTP allows it, the new address may be told without its host.
        var to = code is >= 300 and < 400 && location is not null && Uri.TryCreate(asked, location, out var target) && target.Scheme is "http" or "https" ? target : null;
        return status switch
        {
            _ when to is not null && to.AbsolutePath == asked.AbsolutePath => Lasting(
                $"{hub} 说中心的地址已改为 {Origin(to)}：向县里核实后，把 --hub 改成新地址", $"{hub} says that the hub has moved to {Origin(to)}: ask the county whether this is so, then give --hub the new address"),
            _ when to is not null => Lasting(
                $"网络把请求转到了 {Origin(to)}，多半要先登录网络：用浏览器打开任一网页登录", $"the network leads to {Origin(to)} instead of the hub: it probably wants a sign-in first; open any page in a browser and sign in"),
            HttpStatusCode.ProxyAuthenticationRequired => Lasting(
                "途中的代理要求认证（407）：把环境变量 HTTPS_PROXY 写成 http://用户:密码@代理:端口，或请网络管理员放行到中心的连接",
                "a proxy on the way asks for a sign-in (407): set HTTPS_PROXY to http://user:password@proxy:port, or ask the network's administrator to let connections to the hub through"),
            HttpStatusCode.RequestEntityTooLarge => Lasting(
                "途中的代理不接收这样大的报告（413）：请代理的管理员把请求大小放宽到 8 MB（nginx：client_max_body_size 8m）",
                "a proxy on the way takes no report of this size (413): ask its administrator to allow requests of 8 MB (nginx: client_max_body_size 8m)"),
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Passing(
                $"{hub} 处的代理连不上中心（HTTP {code}）：稍后再试，或请县里确认中心已启动", $"the proxy at {hub} does not reach the hub (HTTP {code}): try again later, or ask the county whether the hub is running"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Lasting(
                $"途中的代理拒绝了请求（HTTP {code}）：请网络管理员放行到 {hub} 的连接", $"a proxy on the way refuses (HTTP {code}): ask the network's administrator to let connections to {hub} through"),
            HttpStatusCode.OK or HttpStatusCode.NetworkAuthenticationRequired when type is "text/html" => Lasting(
                $"应答的是一个网页，不是中心：用浏览器打开 {Origin(asked)} 看看，网络可能要先登录；也请检查地址和端口",
                $"a web page answers, not the hub: open {Origin(asked)} in a browser, the network may want a sign-in first; check address and port too"),
            _ when code is 408 or 429 or >= 500 and not 501 and not 505 and not 511 => Passing(
                $"{hub} 处的代理出错（HTTP {code}）：稍后再试", $"the proxy at {hub} fails (HTTP {code}): try again later"),
            _ => Lasting(
                $"{hub} 的应答不是中心的（HTTP {code}）：检查地址和端口；中间有代理的，请其管理员放行 gRPC-Web", $"what answers at {hub} is not the hub (HTTP {code}): check address and port; if there is a proxy, ask its administrator to pass gRPC-Web"),
        };
    }

    /// <summary>Of the proxy that this machine is set to, which makes no connection to the hub.</summary>
    public static NotTheHubException ForTunnel(Uri hub) => Lasting(
        $"本机设置的代理不让连到 {hub.Authority}：检查 HTTPS_PROXY（要认证的写成 http://用户:密码@代理:端口），或把 {hub.Host} 加入 NO_PROXY",
        $"the proxy that this machine is set to lets nothing through to {hub.Authority}: check HTTPS_PROXY (http://user:password@proxy:port where it wants a sign-in), or add {hub.Host} to NO_PROXY");

    /// <summary>Of a gRPC answer that lacks what the hub puts into each of its own.</summary>
    public static NotTheHubException For(Grpc.Core.Status status, Uri hub) => Lasting(
        $"{hub.Authority} 的应答不是中心的，或在途中被改动（{status.StatusCode}：{status.Detail}）：检查地址和端口；中间有代理的，请其管理员放行 gRPC",
        $"what answers at {hub.Authority} is not the hub, or was changed on the way ({status.StatusCode}: {status.Detail}): check address and port; if there is a proxy, ask its administrator to pass gRPC");

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
    private static NotTheHubException Passing(string chinese, string english) => new(new(chinese, english), mayPass: true);
    private static NotTheHubException Lasting(string chinese, string english) => new(new(chinese, english), mayPass: false);
}
