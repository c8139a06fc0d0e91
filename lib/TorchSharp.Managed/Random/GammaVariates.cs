namespace TorchSharp.RandomStreams;

/// <summary>Gamma variates of scale 1, drawn as PyTorch's CPU kernel draws them.</summary>
internal static class GammaVariates
{
    /// <summary>
    /// d·(1 + c·x)³ with x normal, accepted or drawn again (Marsaglia and Tsang, 2000). A shape below 1 is raised by 1 and the variate
    /// multiplied by u^(1/shape).
    /// </summary>
    internal static double Next(MersenneTwister random, double shape)
    {
        if (shape == 0)
            return 0;
        double scale = 1;
        if (shape < 1)
        {
            scale = Math.Pow(1 - Distributions.NextDouble(random), 1 / shape);
            shape++;
        }
        // PyTorch writes these constants in single precision.
        double d = shape - 1f / 3f, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x, y;
            do
            {
                x = Distributions.NextNormal(random);
                y = 1 + c * x;
            }
            while (y <= 0);
            double v = y * y * y, u = 1 - Distributions.NextDouble(random), square = x * x;
            if (u < 1 - 0.0331f * square * square || Math.Log(u) < 0.5 * square + d * (1 - v + Math.Log(v)))
                return scale * d * v;
        }
    }
}
