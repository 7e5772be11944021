using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <param name="X">Of the end, the middle or the beginning of its baseline, as aligned.</param>
/// <param name="Upwards">Turned to the left about its beginning.</param>
internal sealed record PlacedText(string Text, float X, float BaselineY, float SizePx, SKColor Colour, SKTextAlign Align, bool Upwards = false)
{
    public void Draw(SKCanvas canvas)
    {
        using var font = ChartFont.OfSize(SizePx);
        using var paint = new SKPaint { Color = Colour, IsAntialias = true };
        if (!Upwards)
        {
            canvas.DrawText(Text, X, BaselineY, Align, font, paint);
            return;
        }
        canvas.Save();
        canvas.Translate(X, BaselineY);
        canvas.RotateDegrees(-90);
        canvas.DrawText(Text, 0, 0, Align, font, paint);
        canvas.Restore();
    }
}
