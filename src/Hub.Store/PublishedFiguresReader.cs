using Hub.Programmes;
using Hub.Protocol;
using Hub.Store.Star;

namespace Hub.Store;

/// <summary>Reads the figures that a publication freezes, and those of earlier ones that it tells anew.</summary>
public static class PublishedFiguresReader
{
    public static PublishedFigures Read(string programme, Period period, Reading reading)
    {
        var rows = reading.Query(
            "select township, figure, value from bulletin_figures where programme = $programme and period = $period order by township, figure",
            r => (Township: r.Text("township"), Figure: r.Text("figure"), Value: r.TextOrNull("value")), ("programme", programme), ("period", period.ToString()));
        var frozen = new PublishedFigures();
        frozen.Townships.AddRange(rows.Select(r => r.Township).Distinct());
        frozen.Figures.AddRange(rows.Select(r => r.Figure).Distinct());
        // Every township has every figure, in one order.
        frozen.Values.AddRange(rows.Select(r => r.Value ?? ""));
        return frozen;
    }

    public static IEnumerable<RestatedFigure> ReadRestated(string programme, Reading reading) => reading.Query(
        "select period, township, figure, now from restatements where programme = $programme and now is distinct from told order by all",
        r => new RestatedFigure { Period = r.Text("period"), Township = r.Text("township"), Figure = r.Text("figure"), Value = r.TextOrNull("now") ?? "" }, ("programme", programme));
}
