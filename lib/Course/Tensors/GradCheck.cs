using System.Globalization;
using static TorchSharp.torch;

namespace Course;

/// <summary>Compares what autograd computes with central differences: (f(x + h) − f(x − h)) / 2h.</summary>
public static class GradCheck
{
    /// <summary>Gradients of a function with respect to all its inputs.</summary>
    /// <param name="function">Any differentiable function; its outputs are summed with fixed, different weights.</param>
    /// <param name="inputs">Points at which to differentiate. float64: in float32 the differences are mostly rounding.</param>
    /// <param name="step">h. Its error is of order h², its rounding of order 1e-16 / h.</param>
    public static GradCheckResult Of(Func<Tensor[], Tensor> function, Tensor[] inputs, double step = 1e-6)
    {
        using var scope = NewDisposeScope();
        var leaves = Leaves(inputs);
        using (var total = Weighted(function(leaves)))
            total.backward();
        var worst = new GradCheckResult(0, 0, 0, 0, 0);
        for (int i = 0; i < leaves.Length; i++)
        {
            double[] analytic = leaves[i].grad?.Doubles() ?? new double[leaves[i].numel()];
            for (int k = 0; k < analytic.Length; k++)
            {
                double numeric = (At(function, leaves, i, k, step) - At(function, leaves, i, k, -step)) / (2 * step);
                double error = Math.Abs(analytic[k] - numeric) / Math.Max(1, Math.Max(Math.Abs(analytic[k]), Math.Abs(numeric)));
                if (error > worst.Error || double.IsNaN(error))
                    worst = new GradCheckResult(error, i, k, analytic[k], numeric);
            }
        }
        return worst;
    }

    public static GradCheckResult Of(Func<Tensor, Tensor> function, Tensor input, double step = 1e-6) => Of(x => function(x[0]), [input], step);

    /// <summary>Gradients of the gradients: checks that the backward pass can itself be differentiated.</summary>
    public static GradCheckResult OfGradients(Func<Tensor[], Tensor> function, Tensor[] inputs, double step = 1e-5) => Of(x =>
    {
        var gradients = autograd.grad([Weighted(function(x))], x, retain_graph: true, create_graph: true);
        return cat([.. gradients.Select(gradient => gradient.reshape(-1))], 0);
    }, inputs, step);

    public static GradCheckResult OfGradients(Func<Tensor, Tensor> function, Tensor input, double step = 1e-5) => OfGradients(x => function(x[0]), [input], step);

    private static Tensor[] Leaves(Tensor[] inputs)
    {
        foreach (var input in inputs)
            if (input.dtype != ScalarType.Float64)
                throw new ArgumentException($"GradCheck needs float64 inputs, got {input.dtype}: convert with .to(torch.float64).", nameof(inputs));
        return [.. inputs.Select(input => input.detach().clone().requires_grad_())];
    }

    /// <summary>Σ w·y with w = cos(0.7 k + 0.3): no two outputs can cancel each other's errors.</summary>
    private static Tensor Weighted(Tensor y)
    {
        double[] weights = new double[y.numel()];
        for (int k = 0; k < weights.Length; k++)
            weights[k] = Math.Cos(0.7 * k + 0.3);
        return (y.reshape(-1) * tensor(weights)).sum();
    }

    private static double At(Func<Tensor[], Tensor> function, Tensor[] leaves, int input, int element, double change)
    {
        using var scope = NewDisposeScope();
        double[] values = leaves[input].Doubles();
        values[element] += change;
        Tensor[] moved = [.. leaves.Select(leaf => leaf.detach().clone().requires_grad_())];
        moved[input] = tensor(values).reshape(leaves[input].shape).requires_grad_();
        return Weighted(function(moved)).Number();
    }
}

/// <summary>Where the two gradients differ most.</summary>
/// <param name="Error">|analytic − numeric| / max(1, |analytic|, |numeric|).</param>
/// <param name="Input">Which input.</param>
/// <param name="Element">Which of its elements, in row order.</param>
public sealed record GradCheckResult(double Error, int Input, int Element, double Analytic, double Numeric)
{
    /// <summary>Whether the largest error stays below a limit.</summary>
    public bool Passes(double tolerance = 1e-6) => Error <= tolerance;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"largest error {Error:0.0e+00} (input {Input}, element {Element}: autograd {Analytic:g9}, central difference {Numeric:g9})");
}
