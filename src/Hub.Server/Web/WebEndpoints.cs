using Hub.Bulletins;
using Hub.Bulletins.Charts;
using Hub.Programmes;
using Hub.Protocol;
using Hub.Server.Grpc;
using Hub.Server.Tls;
using Hub.Store;
using Programme = Hub.Programmes.Programme;

namespace Hub.Server.Web;

/// <summary>The web page: sign in with a credential, the list of periods, the bulletins with their charts.</summary>
internal static class WebEndpoints
{
    private const string Cookie = "hub-session";

    public static void MapWeb(this WebApplication app, HubStore store, Bulletins bulletins)
    {
        app.MapGet("/assets/{name}", (string name) => Asset(name));
        app.MapGet("/favicon.ico", () => Results.NoContent());
        // An agent that enrolls asks for it before it trusts anybody, and holds it against its enrolment code.
        var root = new CertificateFolder(store.Directory, TimeProvider.System).RootFile;
        app.MapGet("/root.pem", () => File.Exists(root) ? Results.File(root, "application/x-pem-file") : Results.NotFound());
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
        app.MapGet("/", Task<IResult> (HttpContext http) => SignedIn(http, store, "ProgrammeService/ListProgrammes", caller => Html(Pages.Home(store, caller))));
        app.MapGet("/programmes/{programme}/{period}", (HttpContext http, string programme, string period) =>
            SignedIn(http, store, "BulletinService/GetBulletin", caller => Html(PeriodPage.Show(store, bulletins, caller, Seen(store, caller, programme), Requests.Period(period)))));
        app.MapGet("/bulletins/{programme}/{period}", (HttpContext http, string programme, string period) =>
            SignedInAsync(http, store, "BulletinService/GetBulletin", caller => BulletinFileAsync(http, store, bulletins, caller, programme, period, null)));
        app.MapGet("/bulletins/{programme}/{period}/{file}", (HttpContext http, string programme, string period, string file) =>
            SignedInAsync(http, store, "BulletinService/GetBulletin", caller => BulletinFileAsync(http, store, bulletins, caller, programme, period, file)));
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

    private static Task<IResult> SignedIn(HttpContext http, HubStore store, string call, Func<Caller, IResult> show) =>
        SignedInAsync(http, store, call, caller => Task.FromResult(show(caller)));

    private static async Task<IResult> SignedInAsync(HttpContext http, HubStore store, string call, Func<Caller, Task<IResult>> show)
    {
        if (store.WhyUnavailable is { } unavailable) return Html(Pages.Problem(store, unavailable.Message.Chinese), StatusCodes.Status503ServiceUnavailable);
        var credential = AccessInterceptor.Authenticate(store, http.Request.Cookies[Cookie] ?? "");
        if (credential is null) return Results.Redirect("/sign-in");
        var reach = AccessPolicy.Table["/hub.v1." + call].For(credential.Role);
        try
        {
            return reach == Reach.None ? throw new RefusedException(AccessInterceptor.NotPermitted()) : await show(new Caller(credential, reach));
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

    private static Programme Seen(HubStore store, Caller caller, string id) =>
        store.State.FindProgramme(id) is { } programme && caller.Sees(programme) ? programme
            : throw new RefusedException(new Refusal(RefusalReason.NotFound, new("没有这个项目", "there is no such programme")));

    /// <param name="name">Null = the page itself; otherwise one of the bulletin's files.</param>
    private static async Task<IResult> BulletinFileAsync(HttpContext http, HubStore store, Bulletins bulletins, Caller caller, string programmeId, string periodText, string? name)
    {
        var programme = Seen(store, caller, programmeId);
        var period = Requests.Period(periodText);
        name ??= BulletinNames.Stem(programme.Id, period, http.Request.Query["language"] == "en" ? Language.English : Language.Chinese) + ".html";
        var content = store.State.FindPublication(programme.Id, period) is { } publication
            ? await PublishedAsync(bulletins, programme, publication, name, http.RequestAborted)
            : await DraftAsync(bulletins, caller, programme, period, name, http.RequestAborted);
        if (content is null) throw new RefusedException(new Refusal(RefusalReason.NotFound, new($"通报没有文件 {name}", $"the bulletin has no file {name}")));
        // The page carries its own policy, and fonts and pictures inside itself.
        if (name.EndsWith(".html", StringComparison.Ordinal)) http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'";
        var isDownload = name.EndsWith(".docx", StringComparison.Ordinal);
        return Results.Bytes(content, BulletinNames.MediaType(name), isDownload ? name : null);
    }

    private static async Task<byte[]?> PublishedAsync(Bulletins bulletins, Programme programme, Publication publication, string name, CancellationToken cancellation)
    {
        var kept = (await bulletins.KeptAsync(programme, publication, cancellation)).Kept!.Files.FirstOrDefault(f => f.Name == name);
        return kept is null ? null : bulletins.Read(publication, kept);
    }

    private static async Task<byte[]?> DraftAsync(Bulletins bulletins, Caller caller, Programme programme, Period period, string name, CancellationToken cancellation)
    {
        if (!caller.Holds(programme)) throw new RefusedException(AccessInterceptor.NotPermitted());
        var made = await bulletins.DraftFilesAsync(() => bulletins.RecentDraft(programme, period, BulletinNames.LanguageOf(name)), [name], cancellation);
        if (made.WhyNoPdf is { } why) throw new RefusedException(new Refusal(RefusalReason.NotFound, why));
        return made.Files.Count == 0 ? null : made.Files[0].Content;
    }

    private static IResult Asset(string name)
    {
        var stream = typeof(WebEndpoints).Assembly.GetManifestResourceStream("web/" + name);
        if (name == ChartFont.FileName) return Results.Stream(ChartFont.OpenFile(), "font/ttf");
        if (stream is null) return Results.NotFound();
        return Results.Stream(stream, name.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8");
    }

    private static IResult Html(string html, int status = StatusCodes.Status200OK) => Results.Content(html, "text/html; charset=utf-8", null, status);
}
