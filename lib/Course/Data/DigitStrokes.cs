namespace Course;

/// <summary>
/// How each digit is written: alternative forms, each a list of strokes, each a list of points in a box from
/// (0, 0) top left to (1, 1) bottom right. A curve through the points is the ideal pen path.
/// </summary>
internal static class DigitStrokes
{
    public static readonly (double X, double Y)[][][][] Forms =
    [
        [Form("O .50,.00 .17,.12 .02,.45 .10,.85 .47,1.0 .83,.88 .97,.50 .84,.12 .50,.00"), Form("O .62,.02 .25,.10 .03,.50 .15,.92 .52,.99 .90,.80 .98,.40 .78,.06 .45,.08")],
        [Form("L .50,.00 .50,.50 .50,1.0"), Form("L .30,.20 .55,.00 / L .55,.00 .53,.50 .52,1.0"), Form("L .25,.22 .52,.00 / L .52,.00 .52,1.0 / L .25,1.0 .80,1.0")],
        [Form("O .05,.25 .25,.03 .65,.02 .85,.25 .72,.52 .35,.80 .03,1.0 / L .03,1.0 .50,.97 1.0,.98"), Form("O .08,.22 .35,.00 .75,.08 .82,.35 .50,.70 .12,.95 .02,.84 .22,.74 .55,.92 1.0,.95")],
        [Form("O .08,.12 .40,.00 .80,.08 .82,.33 .40,.47 / O .40,.47 .85,.55 .95,.80 .60,1.0 .20,.98 .02,.85"), Form("L .05,.03 .85,.03 .45,.40 / O .45,.40 .90,.55 .92,.85 .50,1.0 .05,.90")],
        [Form("L .15,.00 .05,.58 .95,.55 / L .78,.10 .75,.55 .72,1.0"), Form("L .70,.00 .02,.68 1.0,.66 / L .70,.00 .70,1.0"), Form("O .08,.02 .05,.40 .20,.56 .55,.52 .85,.40 / L .88,.02 .80,.55 .70,1.0")],
        [Form("L .90,.02 .20,.03 .15,.42 / O .15,.42 .55,.36 .92,.58 .85,.90 .45,1.0 .02,.90"), Form("L .25,.02 .15,.45 / O .15,.45 .50,.38 .85,.60 .78,.92 .40,1.0 .05,.92 / L .25,.04 .95,.00")],
        [Form("O .75,.00 .35,.20 .08,.58 .12,.90 .50,1.0 .85,.85 .80,.60 .45,.54 .12,.75"), Form("O .55,.00 .22,.35 .05,.75 .30,.99 .70,.95 .90,.72 .65,.56 .25,.66 .08,.80")],
        [Form("L .02,.05 .95,.02 .62,.50 .42,1.0"), Form("L .02,.08 .92,.03 .55,.50 .38,1.0 / L .25,.50 .85,.48"), Form("L .05,.22 .08,.03 .95,.03 .55,1.0")],
        [Form("O .85,.12 .50,.00 .15,.15 .28,.42 .70,.60 .88,.82 .50,1.0 .10,.84 .28,.58 .72,.38 .85,.12"), Form("O .50,.00 .15,.12 .18,.38 .50,.46 .85,.36 .85,.10 .50,.00 / O .50,.46 .10,.62 .08,.88 .50,1.0 .92,.88 .90,.62 .50,.46")],
        [Form("O .85,.20 .50,.00 .12,.18 .18,.45 .55,.52 .85,.25 / L .85,.20 .82,.60 .70,1.0"), Form("O .80,.12 .40,.02 .10,.25 .25,.48 .60,.44 .84,.15 / O .84,.15 .88,.55 .70,.90 .30,1.0 .10,.90")],
    ];

    // "O" strokes are smooth curves through their points, "L" strokes keep their corners.
    private static (double X, double Y)[][] Form(string text) =>
        [.. text.Split('/', StringSplitOptions.TrimEntries).Select(stroke =>
        {
            var points = stroke[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Point).ToArray();
            return stroke[0] == 'O' ? Smooth(points) : Subdivide(points);
        })];

    private static (double X, double Y) Point(string text)
    {
        int comma = text.IndexOf(',');
        return (double.Parse(text[..comma], System.Globalization.CultureInfo.InvariantCulture),
            double.Parse(text[(comma + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    // Catmull-Rom spline, four pieces between neighbouring points.
    private static (double X, double Y)[] Smooth((double X, double Y)[] p)
    {
        const int pieces = 4;
        var result = new List<(double, double)>();
        for (int i = 0; i + 1 < p.Length; i++)
        {
            var (a, b, c, d) = (p[Math.Max(i - 1, 0)], p[i], p[i + 1], p[Math.Min(i + 2, p.Length - 1)]);
            for (int k = 0; k < pieces; k++)
            {
                double t = (double)k / pieces;
                result.Add((Spline(a.X, b.X, c.X, d.X, t), Spline(a.Y, b.Y, c.Y, d.Y, t)));
            }
        }
        result.Add(p[^1]);
        return [.. result];
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);

    // Straight strokes get points in between, so that an elastic distortion can bend them.
    private static (double X, double Y)[] Subdivide((double X, double Y)[] p)
    {
        const int pieces = 4;
        var result = new List<(double, double)>();
        for (int i = 0; i + 1 < p.Length; i++)
            for (int k = 0; k < pieces; k++)
            {
                double t = (double)k / pieces;
                result.Add((p[i].X + t * (p[i + 1].X - p[i].X), p[i].Y + t * (p[i + 1].Y - p[i].Y)));
            }
        result.Add(p[^1]);
        return [.. result];
    }
}
