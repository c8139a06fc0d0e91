using System.Text.Json;
using TorchSharp.Modules;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Writes data/optimizers.json. Where the real library departs from the papers, the papers' rules in plain doubles stand in.</summary>
internal static class Optimizers
{
    internal static void Write()
    {
        Dictionary<string, double[]> optimizers = [], schedulers = [];
        foreach (var (name, make) in OptimizerCases.Optimizers)
        {
            var (a, b) = OptimizerCases.Start();
            using var optimizer = make([a, b]);
            optimizers[name] = name == "RAdam" ? RectifiedAdam(0.05, 20) : OptimizerCases.Run(optimizer, a, b, 20);
        }
        foreach (var (name, make) in OptimizerCases.Schedulers)
            schedulers[name] = name switch
            {
                "OneCycleLR" => OneCycle(0.2, 14, threePhases: false),
                "OneCycleLRLinear3" => OneCycle(0.2, 14, threePhases: true),
                // A milestone that stands twice counts twice.
                "MultiStepLR" => [.. Enumerable.Range(0, 13).Select(epoch => 0.1 * Math.Pow(0.5, new[] { 2, 5, 5 }.Count(milestone => milestone <= epoch)))],
                // A triangle of half-length 2 whose height shrinks with every step (Smith, 2017).
                "CyclicLRExp" => [.. Enumerable.Range(0, 13).Select(step => 0.01 + 0.09 * (step % 4 > 2 ? 4 - step % 4 : step % 4) / 2 * Math.Pow(0.9, step))],
                _ => OptimizerCases.Rates(make),
            };
        schedulers["ReduceLROnPlateau"] = OptimizerCases.PlateauRates();
        string path = Path.Combine(Repository.Root, "tests", "golden", "data", "optimizers.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { libtorch = Program.Version, optimizers, schedulers }, Program.Indented) + "\n");
        Console.WriteLine($"{"optimizers",-20} {optimizers.Count + schedulers.Count,5} cases");
    }

    /// <summary>RAdam (Liu et al., 2020, algorithm 2) with β = (0.9, 0.999) and ε = 10⁻⁸ from <see cref="OptimizerCases.Start"/>.</summary>
    private static double[] RectifiedAdam(double rate, int steps)
    {
        double[] p = [1, -2, 0.5, 3, 0.3, -0.7], m = new double[6], v = new double[6];
        const double beta1 = 0.9, beta2 = 0.999, longest = 2 / (1 - beta2) - 1;
        for (int t = 1; t <= steps; t++)
        {
            double[] g = Gradient(p);
            double power = Math.Pow(beta2, t), length = longest - 2 * t * power / (1 - power);
            for (int i = 0; i < p.Length; i++)
            {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double step = rate * m[i] / (1 - Math.Pow(beta1, t));
                if (length > 5)
                {
                    double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                    step *= rectification * Math.Sqrt(1 - power) / (Math.Sqrt(v[i]) + 1e-8);
                }
                p[i] -= step;
            }
        }
        return p;
    }

    /// <summary>Of <see cref="OptimizerCases.Loss"/>: Σ wᵢaᵢ² + Σ (bⱼ − aⱼ)⁴ + Σ sin aᵢ.</summary>
    private static double[] Gradient(double[] p)
    {
        double[] weights = [1, 0.5, 2, 0.1], g = new double[6];
        for (int i = 0; i < 4; i++)
            g[i] = 2 * weights[i] * p[i] + Math.Cos(p[i]);
        for (int j = 0; j < 2; j++)
        {
            double slope = 4 * Math.Pow(p[4 + j] - p[j], 3);
            g[j] -= slope;
            g[4 + j] = slope;
        }
        return g;
    }

    /// <summary>
    /// One cycle (Smith and Topin, 2018): from highest/25 up in 30 % of the steps, then down to 1/10⁴ of the start; along cosines in two
    /// phases, along lines in three, of which the second returns to the start.
    /// </summary>
    private static double[] OneCycle(double highest, int steps, bool threePhases)
    {
        double start = highest / 25, lowest = start / 1e4, top = 0.3 * steps - 1;
        (double end, double from, double to)[] phases = threePhases
            ? [(top, start, highest), (2 * top, highest, start), (steps - 1, start, lowest)]
            : [(top, start, highest), (steps - 1, highest, lowest)];
        double At(int step)
        {
            int i = Array.FindIndex(phases, phase => step <= phase.end);
            double before = i == 0 ? 0 : phases[i - 1].end, share = (step - before) / (phases[i].end - before);
            return threePhases ? phases[i].from + share * (phases[i].to - phases[i].from) : phases[i].to + (phases[i].from - phases[i].to) / 2 * (1 + Math.Cos(Math.PI * share));
        }
        return [.. Enumerable.Range(0, 13).Select(At)];
    }
}
