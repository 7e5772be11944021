using Hub.Programmes;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>0 to 100% from left to right, with a line at each fifth, or at the middle alone where it is narrow.</summary>
internal sealed record ShareScale(float Left, float Right)
{
    // Ticks at each fifth need this much room.
    private const float WideEnough = 300;

    private int StepPercent => Right - Left >= WideEnough ? 20 : 50;

    public float X(double share) => Left + (float)share * (Right - Left);

    public void Lines(FigureInk ink, float top, float bottom)
    {
        for (var percent = 0; percent <= 100; percent += StepPercent)
            ink.Line(X(percent / 100d), top, X(percent / 100d), bottom, percent == 0 ? Ink.Grey : Ink.Rule, 1.5f);
    }

    public void Ticks(FigureInk ink, float centreY)
    {
        for (var percent = 0; percent <= 100; percent += StepPercent)
            ink.Text(Percent.OfBasisPoints(percent * 100), X(percent / 100d), centreY, 18, Ink.Muted, SKTextAlign.Center);
    }
}
