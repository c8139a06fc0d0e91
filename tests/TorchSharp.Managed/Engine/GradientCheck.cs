using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>Compares gradients with central differences in double precision, and gradients of gradients likewise.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-6;

    public static void First(Func<Tensor[], Tensor> f, params Tensor[] inputs) => First(int.MaxValue, f, inputs);

    public static void Second(Func<Tensor[], Tensor> f, params Tensor[] inputs) => Second(int.MaxValue, f, inputs);

    /// <param name="most">How many elements of each input are moved, spread over it.</param>
    public static void First(int most, Func<Tensor[], Tensor> f, params Tensor[] inputs)
    {
        var leaves = inputs.Select(x => x.is_floating_point() ? x.detach().clone().requires_grad_() : x).ToArray();
        var y = f(leaves);
        Assert.True(y.requires_grad, "the result does not require a gradient");
        var weights = Weights(y);
        (y * weights).sum().backward();
        for (int i = 0; i < leaves.Length; i++)
        {
            if (!leaves[i].is_floating_point())
                continue;
            double[] analytic = leaves[i].grad is { } g ? g.contiguous().data<double>().ToArray() : new double[leaves[i].numel()];
            long[] places = Places(inputs[i].numel(), most);
            double[] numeric = Numeric(x => (f(x) * weights).sum().ToDouble(), inputs, i, places);
            Compare([.. places.Select(k => analytic[k])], numeric, $"input {i}");
        }
    }

    public static void Second(int most, Func<Tensor[], Tensor> f, params Tensor[] inputs)
    {
        Tensor[] Gradient(Tensor[] x)
        {
            var leaves = x.Select(t => t.is_floating_point() && !t.requires_grad ? t.detach().clone().requires_grad_() : t).ToArray();
            var y = f(leaves);
            var wanted = leaves.Where(t => t.is_floating_point()).ToArray();
            return [.. autograd.grad([(y * Weights(y)).sum()], wanted, create_graph: true, retain_graph: true, allow_unused: true).Where(g => g is not null && g.requires_grad)];
        }

        if (Gradient(inputs.Select(x => x.is_floating_point() ? x.detach().clone().requires_grad_() : x).ToArray()).Length == 0)
            return;
        First(most, x => Gradient(x).Aggregate(torch.zeros(1, dtype: float64), (sum, g) => sum + (g * Weights(g)).sum()), inputs);
    }

    private static Tensor Weights(Tensor y)
    {
        double[] values = Enumerable.Range(0, (int)y.numel()).Select(i => Math.Sin(i * 1.7 + 0.3) + 1.1).ToArray();
        return torch.tensor(values, y.shape);
    }

    private static long[] Places(long count, int most)
    {
        long shown = Math.Min(count, most);
        return [.. Enumerable.Range(0, (int)shown).Select(i => i * count / shown)];
    }

    private static double[] Numeric(Func<Tensor[], double> f, Tensor[] inputs, int which, long[] places)
    {
        double[] result = new double[places.Length];
        for (int i = 0; i < result.Length; i++)
        {
            long k = places[i];
            double At(double step)
            {
                var moved = inputs.Select(x => x.detach().clone()).ToArray();
                moved[which].view(-1)[k] = moved[which].view(-1)[k] + step;
                return f(moved);
            }

            result[i] = (At(Step) - At(-Step)) / (2 * Step);
        }
        return result;
    }

    private static void Compare(double[] analytic, double[] numeric, string what)
    {
        double scale = Math.Max(1, numeric.Select(Math.Abs).DefaultIfEmpty().Max());
        for (int k = 0; k < numeric.Length; k++)
            Assert.True(Math.Abs(analytic[k] - numeric[k]) <= 2e-6 * scale, $"{what}, element {k}: analytic {analytic[k]:G9}, numeric {numeric[k]:G9}");
    }
}
