using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>How a status looks. Lightness, outline and hatch tell them apart without colour too.</summary>
/// <param name="Hatch">Diagonals on the fill, or null.</param>
/// <param name="Frame">Outline, or null.</param>
internal sealed record BarStyle(Text Label, SKColor Fill, SKColor? Frame = null, SKColor? Hatch = null)
{
    private static readonly BarStyle Achieved = new(new("已全部达标", "All complete"), Ink.Navy);
    private static readonly BarStyle OnTrack = new(new("达到进度", "On track"), Ink.Blue);
    private static readonly BarStyle Behind = new(new("落后进度", "Behind"), Ink.PaleBlue, Frame: Ink.Blue);
    private static readonly BarStyle Missed = new(new("未达目标", "Missed target"), SKColors.White, Frame: Ink.Red, Hatch: Ink.Red);
    private static readonly BarStyle None = new(new("", ""), Ink.PaleGrey, Frame: Ink.Grey);

    /// <summary>In the order of the legend, best first.</summary>
    public static IReadOnlyList<BarStyle> All { get; } = [Achieved, OnTrack, Behind, Missed];

    public static BarStyle Of(string? status) => status switch
    {
        "achieved" => Achieved,
        "on_track" => OnTrack,
        "behind" => Behind,
        "missed" => Missed,
        _ => None,
    };

    /// <summary>Hatch and outline on a bar that is filled already.</summary>
    public void Finish(FigureInk ink, SKRect bar)
    {
        if (bar.Width <= 0) return;
        if (Hatch is { } hatch) ink.Hatch(bar, hatch, widthPx: 1.6f, stepPx: 9);
        if (Frame is { } frame) ink.Frame(bar, frame, widthPx: 1.6f);
    }
}

/// <summary>The bulletin's colours: blues and greys, one deep red.</summary>
internal static class Ink
{
    public static readonly SKColor Text = new(0x22, 0x2B, 0x36);
    public static readonly SKColor Muted = new(0x5B, 0x66, 0x73);
    public static readonly SKColor Grey = new(0x8A, 0x94, 0xA0);
    public static readonly SKColor PaleGrey = new(0xEC, 0xEE, 0xF1);
    public static readonly SKColor Rule = new(0xE2, 0xE6, 0xEB);
    public static readonly SKColor Navy = new(0x14, 0x3D, 0x73);
    public static readonly SKColor Blue = new(0x4F, 0x8A, 0xC4);
    public static readonly SKColor PaleBlue = new(0xD3, 0xE4, 0xF3);
    public static readonly SKColor Red = new(0xB0, 0x1E, 0x23);
}
