namespace Course;

/// <summary>
/// A stand-in for MNIST that needs no download: digits written with a virtual pen. Each image has a random form of
/// its digit, slant, size and rotation, an elastic bend, a pen width, and grey-level noise; 28 × 28 pixels, white on
/// black, centred by its mass as MNIST is. Image <c>i</c> depends on the seed and on <c>i</c> alone.
/// </summary>
public static class SyntheticDigits
{
    public const int Side = 28;
    public const int TrainCount = 60_000;
    public const int TestCount = 10_000;

    /// <summary>Changes whenever the drawing does, so that an older cache is not taken for this one.</summary>
    public const string Name = "synthetic-digits-v1";

    private const double Box = 20; // MNIST fits its digits into 20 × 20 pixels

    /// <summary>Draws the first <paramref name="count"/> images of one half of the data set.</summary>
    /// <param name="test">The test half; it shares no image with the training half.</param>
    /// <returns>Images [count, 28, 28] and labels [count] as bytes.</returns>
    public static (IdxArray Images, IdxArray Labels) Generate(bool test, int count, ulong seed = 1)
    {
        byte[] images = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        Parallel.For(0, (count + 511) / 512, block =>
        {
            double[] distances = new double[Side * Side];
            for (int i = block * 512; i < Math.Min(count, (block + 1) * 512); i++)
                labels[i] = (byte)Draw(test, i, seed, images.AsSpan(i * Side * Side, Side * Side), distances);
        });
        return (new IdxArray([count, Side, Side], images), new IdxArray([count], labels));
    }

    /// <summary>Draws one image and returns its digit.</summary>
    private static int Draw(bool test, int index, ulong seed, Span<byte> pixels, Span<double> distances)
    {
        var random = new SplitMix(seed, (ulong)index * 2 + (test ? 1UL : 0UL));
        int digit = random.Next(10);
        var forms = DigitStrokes.Forms[digit];
        var pen = new Pen(ref random);
        var strokes = forms[random.Next(forms.Length)]
            .Select(stroke => stroke.Select(p => pen.Place(p.X, p.Y)).ToArray()).ToArray();
        Centre(strokes, ref random);

        distances.Fill(double.MaxValue);
        double reach = pen.Radius + 1;
        foreach (var stroke in strokes)
            for (int i = 0; i + 1 < stroke.Length; i++)
                Measure(stroke[i], stroke[i + 1], reach, distances);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (distances[i] == double.MaxValue)
                continue;
            double ink = Math.Clamp(pen.Radius + 0.5 - Math.Sqrt(distances[i]), 0, 1);
            if (ink <= 0)
                continue;
            pixels[i] = (byte)Math.Clamp(255 * ink * pen.Ink + 18 * random.NextNormal(), 0, 255);
        }
        return digit;
    }

    // Moves the pen path so that its centre of mass lies in the middle, give or take a pixel.
    private static void Centre((double X, double Y)[][] strokes, ref SplitMix random)
    {
        double x = 0, y = 0, length = 0;
        foreach (var stroke in strokes)
            for (int i = 0; i + 1 < stroke.Length; i++)
            {
                var (a, b) = (stroke[i], stroke[i + 1]);
                double d = Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));
                (x, y, length) = (x + d * (a.X + b.X) / 2, y + d * (a.Y + b.Y) / 2, length + d);
            }
        double dx = (Side - 1) / 2.0 - x / length + random.Next(-1, 1);
        double dy = (Side - 1) / 2.0 - y / length + random.Next(-1, 1);
        foreach (var stroke in strokes)
            for (int i = 0; i < stroke.Length; i++)
                stroke[i] = (stroke[i].X + dx, stroke[i].Y + dy);
    }

    // Lowers the squared distance of all pixels near the segment a–b to their distance from it.
    private static void Measure((double X, double Y) a, (double X, double Y) b, double reach, Span<double> distances)
    {
        var (left, right) = (Math.Max(0, (int)(Math.Min(a.X, b.X) - reach)), Math.Min(Side - 1, (int)(Math.Max(a.X, b.X) + reach + 1)));
        var (top, bottom) = (Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach)), Math.Min(Side - 1, (int)(Math.Max(a.Y, b.Y) + reach + 1)));
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        double scale = 1 / Math.Max(1e-12, dx * dx + dy * dy);
        for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                double t = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) * scale, 0, 1);
                var (ex, ey) = (x - a.X - t * dx, y - a.Y - t * dy);
                double squared = ex * ex + ey * ey;
                ref double nearest = ref distances[y * Side + x];
                if (squared < nearest)
                    nearest = squared;
            }
    }

    /// <summary>The hand that writes one digit: affine map, elastic bend, width and pressure.</summary>
    private readonly struct Pen
    {
        private readonly double _xx, _xy, _yx, _yy;
        private readonly (double Ax, double Ay, double Fx, double Fy, double Phase)[] _waves;

        public Pen(ref SplitMix random)
        {
            double angle = 0.16 * random.NextNormal();
            double slant = 0.22 * random.NextNormal();
            double width = Box * random.Next(0.50, 0.95);
            double height = Box * random.Next(0.80, 1.05);
            var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
            (_xx, _xy) = (cos * width, (-cos * slant - sin) * height);
            (_yx, _yy) = (sin * width, (-sin * slant + cos) * height);
            Radius = random.Next(0.55, 1.75);
            Ink = random.Next(0.75, 1.1);
            _waves = new (double, double, double, double, double)[3];
            for (int i = 0; i < _waves.Length; i++)
                _waves[i] = (0.055 * random.NextNormal(), 0.055 * random.NextNormal(), random.Next(-5, 5), random.Next(-5, 5), random.Next(0, 2 * Math.PI));
        }

        /// <summary>Half the width of a stroke in pixels.</summary>
        public double Radius { get; }

        /// <summary>Brightness of a fully covered pixel, 1 = white.</summary>
        public double Ink { get; }

        /// <summary>Where the point (x, y) of the unit box lands, in pixels.</summary>
        public (double X, double Y) Place(double x, double y)
        {
            var (u, v) = (x, y);
            foreach (var (ax, ay, fx, fy, phase) in _waves)
            {
                double wave = Math.Sin(fx * x + fy * y + phase);
                (u, v) = (u + ax * wave, v + ay * wave);
            }
            return (_xx * (u - 0.5) + _xy * (v - 0.5), _yx * (u - 0.5) + _yy * (v - 0.5));
        }
    }
}
