using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Hub.Bulletins.Charts;

/// <summary>SVG path data of a glyph in whole font units, each point relative to the one before: the shortest plain form.</summary>
internal sealed class GlyphPath
{
    private readonly StringBuilder data = new();
    private (int X, int Y) start, last;
    private char command;

    private GlyphPath() { }

    /// <summary>From the origin on; empty for a glyph without an outline.</summary>
    public static string Of(SKPath? glyph)
    {
        var path = new GlyphPath();
        if (glyph is not null) path.Add(glyph);
        return path.data.ToString();
    }

    private void Add(SKPath glyph)
    {
        using var verbs = glyph.CreateRawIterator();
        Span<SKPoint> points = stackalloc SKPoint[4];
        (int, int) At(SKPoint p) => ((int)MathF.Round(p.X), (int)MathF.Round(p.Y));
        for (var verb = verbs.Next(points); verb != SKPathVerb.Done; verb = verbs.Next(points))
        {
            switch (verb)
            {
                case SKPathVerb.Move: Append('m', At(points[0])); start = last; break;
                case SKPathVerb.Line: Append('l', At(points[1])); break;
                case SKPathVerb.Quad: Append('q', At(points[1]), At(points[2])); break;
                case SKPathVerb.Cubic: Append('c', At(points[1]), At(points[2]), At(points[3])); break;
                case SKPathVerb.Close: data.Append('z'); last = start; command = 'z'; break;
                default: throw new NotSupportedException($"A glyph with {verb}");
            }
        }
    }

    // All points of one command are relative to where it begins. A repeated letter is left out, except of m, which would mean l.
    private void Append(char letter, params ReadOnlySpan<(int X, int Y)> points)
    {
        if (letter != command || letter == 'm') data.Append(letter);
        command = letter;
        foreach (var (x, y) in points)
        {
            Append(x - last.X);
            Append(y - last.Y);
        }
        last = points[^1];
    }

    private void Append(int number)
    {
        if (number >= 0 && char.IsAsciiDigit(data[^1])) data.Append(' ');
        data.Append(CultureInfo.InvariantCulture, $"{number}");
    }
}
