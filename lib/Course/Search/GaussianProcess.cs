namespace Course;

/// <summary>
/// Regression by a Gaussian process with a squared-exponential kernel (Rasmussen and Williams 2006, algorithm 2.1):
/// a mean and an uncertainty at every point, from few observations. Values are standardised inside.
/// </summary>
public sealed class GaussianProcess
{
    private const double LengthScale = 0.25, Noise = 1e-3;

    private readonly IReadOnlyList<double[]> _points;
    private readonly double[,] _factor;      // Cholesky factor L of K + noise·I
    private readonly double[] _weights;      // (K + noise·I)⁻¹ y
    private readonly double _mean, _scale;

    /// <param name="points">Where it was looked, each in the unit cube [0, 1]^d.</param>
    /// <param name="values">What was found there.</param>
    /// <exception cref="ArgumentException">No point, or another number of values.</exception>
    public GaussianProcess(IReadOnlyList<double[]> points, IReadOnlyList<double> values)
    {
        if (points.Count == 0 || points.Count != values.Count)
            throw new ArgumentException($"{points.Count} points and {values.Count} values: a belief needs at least one point, and a value for each.", nameof(values));
        _points = points;
        _mean = values.Average();
        _scale = Math.Max(Math.Sqrt(values.Average(v => (v - _mean) * (v - _mean))), 1e-12);
        int n = points.Count;
        double[,] kernel = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                kernel[i, j] = Kernel(points[i], points[j]) + (i == j ? Noise : 0);
        _factor = Cholesky(kernel);
        _weights = SolveTransposed(Solve([.. values.Select(v => (v - _mean) / _scale)]));
    }

    /// <summary>Mean and standard deviation of the function at a point.</summary>
    public (double Mean, double Deviation) Predict(double[] point)
    {
        double[] k = [.. _points.Select(p => Kernel(p, point))];
        double mean = k.Zip(_weights, (a, b) => a * b).Sum();
        double variance = Math.Max(1 - Solve(k).Sum(v => v * v), 1e-12);
        return (_mean + _scale * mean, _scale * Math.Sqrt(variance));
    }

    /// <summary>By how much a point is expected to beat the best value: (μ−b)Φ(z) + σφ(z), z = (μ−b)/σ.</summary>
    public double ExpectedImprovement(double[] point, double best)
    {
        var (mean, deviation) = Predict(point);
        double z = (mean - best) / deviation;
        return (mean - best) * NormalCdf(z) + deviation * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }

    private static double Kernel(double[] a, double[] b) =>
        Math.Exp(-a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / (2 * LengthScale * LengthScale));

    private static double[,] Cholesky(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] l = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++)
                    sum -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / l[j, j];
            }
        return l;
    }

    private double[] Solve(double[] b)
    {
        double[] x = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            double sum = b[i];
            for (int k = 0; k < i; k++)
                sum -= _factor[i, k] * x[k];
            x[i] = sum / _factor[i, i];
        }
        return x;
    }

    private double[] SolveTransposed(double[] b)
    {
        double[] x = new double[b.Length];
        for (int i = b.Length - 1; i >= 0; i--)
        {
            double sum = b[i];
            for (int k = i + 1; k < b.Length; k++)
                sum -= _factor[k, i] * x[k];
            x[i] = sum / _factor[i, i];
        }
        return x;
    }

    // Zelen and Severo 1964 (Abramowitz and Stegun 26.2.17), absolute error below 7.5e-8.
    private static double NormalCdf(double z)
    {
        double t = 1 / (1 + 0.2316419 * Math.Abs(z));
        double tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return z > 0 ? 1 - tail : tail;
    }
}
