using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>0 to 100% from left to right, with a line at each fifth.</summary>
internal sealed record ShareScale(float Left, float Right)
{
    public float X(double share) => Left + (float)share * (Right - Left);

    public void Lines(FigureInk ink, float top, float bottom)
    {
        for (var percent = 0; percent <= 100; percent += 20)
            ink.Line(X(percent / 100d), top, X(percent / 100d), bottom, percent == 0 ? Ink.Grey : Ink.Rule, 1.5f);
    }

    public void Ticks(FigureInk ink, float centreY)
    {
        for (var percent = 0; percent <= 100; percent += 20)
            ink.Text(Percent.OfBasisPoints(percent * 100), X(percent / 100d), centreY, 18, Ink.Muted, SKTextAlign.Center);
    }
}
