using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Sums, orders and what runs along a dimension.</summary>
internal static class Reductions
{
    internal static void Add(CaseWriter g)
    {
        Tensor Flags(params long[] shape) => g.Draws.Integers(2, shape).to_type(ScalarType.Bool);
        foreach (var type in Elementwise.Both)
        {
            Tensor X(params long[] shape) => g.Draws.Real(shape, type);
            foreach (string name in new[] { "sum", "mean", "prod", "max", "min", "var", "std", "norm", "median" })
                g.Add(name, [X(3, 4)]);
            foreach (var (dim, keepdim) in new[] { (0, false), (1, true), (-1, false), (-2, true) })
            {
                foreach (string name in new[] { "sum", "mean", "prod", "logsumexp", "amax", "amin" })
                    g.Add(name + "_dim", [X(3, 4)], new { dim, keepdim });
                foreach (string name in new[] { "var", "std" })
                    foreach (bool unbiased in new[] { true, false })
                        g.Add(name + "_dim", [X(3, 4)], new { dim, keepdim, unbiased });
                foreach (string name in new[] { "max", "min" })
                    g.Add(name + "_dim", [X(3, 5)], new { dim, keepdim });
            }
            foreach (string name in new[] { "sum_dims", "mean_dims" })
                g.Add(name, [X(2, 3, 4)], new { dims = new[] { 0, 2 } });
            foreach (int dim in new[] { 0, 1, -1 })
            {
                foreach (string name in new[] { "cumsum", "cumprod", "softmax", "log_softmax", "logcumsumexp" })
                    g.Add(name, [X(3, 4)], new { dim });
                g.Add("sort", [X(3, 4)], new { dim, descending = false });
                g.Add("topk", [X(3, 4)], new { dim, k = 2 });
                g.Add("kthvalue", [X(3, 4)], new { dim, k = 2 });
            }
            foreach (double p in new[] { 1, 2, 3, double.PositiveInfinity })
                g.Add("vector_norm", [X(3, 4)], new { p, dim = 1 });
            g.Add("diff", [X(3, 5)], new { dim = 1 });
            g.Add("cdist", [X(3, 4), X(5, 4)]);
        }
        foreach (int dim in new[] { 0, 1 })
        {
            foreach (string name in new[] { "argmax", "argmin", "argsort" })
                g.Add(name, [g.Draws.Real([3, 4])], new { dim }, gradients: false);
            foreach (string name in new[] { "all", "any" })
                g.Add(name, [Flags(3, 4)], new { dim }, gradients: false);
        }
        g.Add("bincount", [g.Draws.Integers(5, [12])], gradients: false);
        g.Add("histc", [g.Draws.Real([20])], new { bins = 5, min = -2, max = 2 }, gradients: false);
        g.Add("sum", [g.Draws.Integers(9, [3, 4])], gradients: false);
        foreach (string name in new[] { "isnan", "isinf", "isfinite" })
            g.Add(name, [tensor(new[] { 1f, float.NaN, 3, float.PositiveInfinity })], gradients: false);
        g.Add("nan_to_num", [tensor(new[] { 1.0, double.NaN, 3, double.PositiveInfinity, double.NegativeInfinity })], new { nan = 0.5, posinf = 7.0, neginf = -7.0 });
        g.Add("nansum", [tensor(new[] { 1f, float.NaN, 2, 3 }, [2, 2])]);
    }
}
