namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Row i: how much each of n old elements counts for new element i. When it shrinks, the filter grows with the step, so that no old element is left out.</summary>
            private static Tensor SmoothWeights(bool cubic, long n, long m, double? scale, bool alignCorners, Tensor like)
            {
                double step = alignCorners ? m > 1 ? (n - 1.0) / (m - 1) : 0 : scale is { } s ? 1 / s : (double)n / m;
                double stretch = Math.Max(step, 1), support = (cubic ? 2 : 1) * stretch;
                double[] weights = new double[m * n];
                for (long i = 0; i < m; i++)
                {
                    double centre = step * (i + 0.5), total = 0;
                    long from = Math.Max((long)(centre - support + 0.5), 0), to = Math.Min((long)(centre + support + 0.5), n);
                    for (long k = from; k < to; k++)
                        total += weights[i * n + k] = Filter(cubic, (k - centre + 0.5) / stretch);
                    for (long k = from; k < to && total != 0; k++)
                        weights[i * n + k] /= total;
                }
                using var wide = tensor(weights, [m, n]).AsTemporary();
                return wide.to(like.dtype, like.device);
            }

            /// <summary>A triangle, or Keys' cubic with a = −½ (1981).</summary>
            private static double Filter(bool cubic, double x)
            {
                x = Math.Abs(x);
                if (!cubic)
                    return x < 1 ? 1 - x : 0;
                return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
            }
        }
    }
}
