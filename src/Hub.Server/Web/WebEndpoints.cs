using Hub.Bulletins.Charts;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Grpc;
using Hub.Store;

namespace Hub.Server.Web;

/// <summary>The web page: sign in with a credential, the list of periods, the bulletins with their charts.</summary>
internal static class WebEndpoints
{
    private const string Cookie = "hub-session";

    public static void MapWeb(this WebApplication app, HubStore store)
    {
        app.MapGet("/assets/{name}", (string name) => Asset(name));
        app.MapGet("/bulletins/{programme}/" + ChartFont.FileName, () => Font());
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapGet("/sign-in", () => Html(Pages.SignIn(store, failed: false)));
        app.MapPost("/sign-in", async (HttpContext http) =>
        {
            if (store.WhyUnavailable is { } unavailable) return Html(Pages.Problem(store, unavailable.Message.Chinese), StatusCodes.Status503ServiceUnavailable);
            var form = await http.Request.ReadFormAsync();
            var token = form["token"].ToString();
            if (AccessInterceptor.Authenticate(store, token) is null) return Html(Pages.SignIn(store, failed: true), StatusCodes.Status401Unauthorized);
            http.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, IsEssential = true });
            return Results.Redirect("/");
        }).DisableAntiforgery();
        app.MapGet("/", (HttpContext http) => SignedIn(http, store, "ProgrammeService/ListProgrammes", caller => Html(Pages.Home(store, caller))));
        app.MapGet("/bulletins/{programme}/{period}", (HttpContext http, string programme, string period) =>
            SignedIn(http, store, "BulletinService/GetBulletin", caller => BulletinFile(store, caller, programme, period, "text/html")));
        app.MapGet("/bulletins/{programme}/{period}/ranking.svg", (HttpContext http, string programme, string period) =>
            SignedIn(http, store, "BulletinService/GetBulletin", caller => BulletinFile(store, caller, programme, period, "image/svg+xml")));
        app.MapGet("/bulletins/{programme}/{period}/ranking.png", (HttpContext http, string programme, string period) =>
            SignedIn(http, store, "BulletinService/GetBulletin", caller => BulletinFile(store, caller, programme, period, "image/png")));
    }

    /// <summary>Nothing from elsewhere, no inline script, no framing; pages of signed-in people are not cached.</summary>
    public static Task SetHeaders(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(http);
    }

    private static IResult SignedIn(HttpContext http, HubStore store, string call, Func<Caller, IResult> show)
    {
        if (store.WhyUnavailable is { } unavailable) return Html(Pages.Problem(store, unavailable.Message.Chinese), StatusCodes.Status503ServiceUnavailable);
        var credential = AccessInterceptor.Authenticate(store, http.Request.Cookies[Cookie] ?? "");
        if (credential is null) return Results.Redirect("/sign-in");
        var reach = AccessPolicy.Table["/hub.v1." + call].For(credential.Role);
        try
        {
            return reach == Reach.None ? throw new RefusedException(AccessInterceptor.NotPermitted()) : show(new Caller(credential, reach));
        }
        catch (RefusedException refused)
        {
            var status = Refusals.StatusOf(refused.Refusal.Reason) switch
            {
                global::Grpc.Core.StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
                global::Grpc.Core.StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
                global::Grpc.Core.StatusCode.InvalidArgument => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status404NotFound,
            };
            return Html(Pages.Problem(store, refused.Refusal.Message.Chinese), status);
        }
    }

    private static IResult BulletinFile(HubStore store, Caller caller, string programmeId, string periodText, string mediaType)
    {
        var programme = store.State.FindProgramme(programmeId);
        if (programme is null || !caller.Sees(programme)) throw new RefusedException(new Refusal(RefusalReason.NotFound, new("没有这个项目", "there is no such programme")));
        var period = Requests.Period(periodText);
        var publication = store.State.FindPublication(programme.Id, period);
        if (publication is null && !caller.Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        using var reading = (publication is null ? store.Read() : store.Read(publication.FiguresPosition, publication.PublishedAt)).OrRefuse();
        var bulletin = Grpc.BulletinService.Make(programme, period, reading, store, publication?.PublishedAt);
        var file = bulletin.Files.First(f => f.MediaType.StartsWith(mediaType, StringComparison.Ordinal));
        return Results.Bytes(file.Content, file.MediaType);
    }

    private static IResult Asset(string name)
    {
        var stream = typeof(WebEndpoints).Assembly.GetManifestResourceStream("web/" + name);
        if (name == ChartFont.FileName) return Font();
        if (stream is null) return Results.NotFound();
        return Results.Stream(stream, name.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8");
    }

    private static IResult Font() => Results.Stream(ChartFont.OpenFile(), "font/ttf");

    private static IResult Html(string html, int status = StatusCodes.Status200OK) => Results.Content(html, "text/html; charset=utf-8", null, status);
}
