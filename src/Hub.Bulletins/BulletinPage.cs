using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Fluid.Values;
using Hub.Bulletins.Charts;
using Hub.Programmes;

namespace Hub.Bulletins;

/// <summary>The bulletin as one self-contained HTML page, from <c>analytics/bulletins/bulletin.liquid</c>. Every value is escaped by the
/// template engine; only the chart, made here, goes in as it is.</summary>
public static class BulletinPage
{
    private static readonly IFluidTemplate Template = Parse();
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly TemplateOptions Options = MakeOptions();

    public static string Render(Programme programme, BulletinFigures figures, string rankingSvg, bool demonstrationClock, DateTimeOffset? publishedAt)
    {
        var context = new TemplateContext(Options)
            .SetValue("programme", programme.Id)
            .SetValue("title", programme.Template.Title)
            .SetValue("year", figures.Period.Year)
            .SetValue("month", figures.Period.Month)
            .SetValue("figures", figures)
            .SetValue("chart", new StringValue(rankingSvg, encode: false))
            .SetValue("position", figures.Position)
            .SetValue("as_of", HubTime.Local(figures.AsOf).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))
            .SetValue("draft", publishedAt is null)
            .SetValue("published_on", publishedAt is { } at ? HubTime.LocalDay(at) : null)
            .SetValue("demonstration_clock", demonstrationClock);
        return Template.Render(context, Encoder);
    }

    private static IFluidTemplate Parse()
    {
        using var reader = new StreamReader(typeof(BulletinPage).Assembly.GetManifestResourceStream("bulletins/bulletin.liquid")!);
        return new FluidParser().Parse(reader.ReadToEnd());
    }

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions { CultureInfo = CultureInfo.InvariantCulture };
        options.MemberAccessStrategy.MemberNameStrategy = MemberNameStrategies.SnakeCase;
        foreach (var type in new[] { typeof(BulletinFigures), typeof(CountyLine), typeof(TownshipLine), typeof(MilestoneLine), typeof(PracticeLine) })
            options.MemberAccessStrategy.Register(type);
        options.Filters.AddFilter("percent", (input, _, _) => new StringValue(input.IsNil() ? "—" : Percent.OneDecimal((double)input.ToNumberValue())));
        options.Filters.AddFilter("percent_bp", (input, _, _) => new StringValue(Percent.OfBasisPoints((int)input.ToNumberValue())));
        options.Filters.AddFilter("day", (input, _, _) => new StringValue(input.ToObjectValue() is DateOnly day ? $"{day.Year}年{day.Month}月{day.Day}日" : ""));
        options.ValueConverters.Add(value => value is DateOnly ? new ObjectValue(value) : null);
        return options;
    }
}
