using Hub.EndToEnd.Serving;
using Hub.Programmes;
using Hub.Protocol;

namespace Hub.EndToEnd.Bulletins;

/// <summary>The three documents of one bulletin as the hub sends them. The PDF is empty where the machine has no browser.</summary>
internal sealed record PrintedBulletin(byte[] Html, byte[] Docx, byte[] Pdf)
{
    public static Task<PrintedBulletin> DraftAsync(TestHub hub, Period period, Language language, params string[] endings) =>
        GetAsync(hub, new GetBulletinRequest { Programme = TestHub.Programme, Period = period.ToString(), Draft = true }, language, endings);

    /// <param name="endings">Which documents are wanted; none named = all three.</param>
    public static async Task<PrintedBulletin> GetAsync(TestHub hub, GetBulletinRequest request, Language language, params string[] endings)
    {
        var stem = $"{request.Programme}-{request.Period}{(language == Language.English ? ".en" : "")}";
        request = new GetBulletinRequest(request) { Language = language == Language.English ? DocumentLanguage.English : DocumentLanguage.Chinese };
        request.Names.AddRange((endings.Length > 0 ? endings : [".html", ".docx", ".pdf"]).Select(ending => stem + ending));
        var bulletin = await new BulletinService.BulletinServiceClient(hub.Control).GetBulletinAsync(request);
        byte[] Of(string ending) => bulletin.Files.FirstOrDefault(f => f.Name == stem + ending)?.Content.ToByteArray() ?? [];
        return new(Of(".html"), Of(".docx"), Of(".pdf"));
    }
}
