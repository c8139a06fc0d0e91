using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// What no member of the real library computes rightly (Differences.md), as it is defined, made of operations that are sound.
/// Gradients follow from these definitions.
/// </summary>
internal static class Formulas
{
    private static readonly Dictionary<string, Func<GoldenCase, Tensor[], Tensor[]>> Table = new()
    {
        ["nanmean"] = (_, x) => [where(x[0].isnan(), zeros_like(x[0]), x[0]).sum() / x[0].isnan().logical_not().sum()],
        ["aminmax"] = (_, x) => [x[0].min(), x[0].max()],
        ["torch.vander"] = (item, x) => [Powers(x[0], Number(item, 1), item.Call.Count > 2 && item.Call[2].GetBoolean())],
        ["baddbmm"] = (item, x) => [item.Call[3].GetDouble() * x[0] + item.Call[4].GetDouble() * x[1].bmm(x[2])],
        ["tensordot"] = (_, x) => [x[0].flatten(1).mm(x[1].flatten(0, 1))],
        ["adaptive_max_pool3d"] = (item, x) => [AdaptiveMaximum(x[0], Numbers(item, 1)).values],
        ["adaptive_max_pool3d_with_indices"] = (item, x) => AdaptiveMaximum(x[0], Numbers(item, 1)) is var (values, indices) ? [values, indices] : [],
        ["AdaptiveMaxPool3d"] = (_, x) => [AdaptiveMaximum(x[0], [2, 2, 2]).values],
        ["upsample_nearest"] = (item, x) => [nn.functional.interpolate(x[0], Numbers(item, 1))],
        ["max_unpool2d"] = (item, x) => [Unpooled(x[0], x[1], item.Call.Count > 3 ? Numbers(item, 5) : [2 * x[0].shape[^2], 2 * x[0].shape[^1]])],
        ["hardtanh"] = (item, x) => [x[0].clamp(item.Call[1].GetDouble(), item.Call[2].GetDouble()).to_type(x[0].dtype)],
        ["F.hardtanh"] = (item, x) => [x[0].clamp(item.Arguments.Double("min_val"), item.Arguments.Double("max_val"))],
        ["Hardtanh"] = (_, x) => [x[0].clamp(-1, 1)],
        ["linalg.inv_ex"] = (_, x) => [x[0].inverse(), zeros(x[0].shape[..^2], ScalarType.Int32)],
        ["F.gaussian_nll_loss"] = (item, x) => [GaussianLoss(x[0], x[1], x[2], item.Arguments.Flag("full"), item.Arguments.Reduction)],
        ["F.poisson_nll_loss"] = (item, x) => [PoissonLoss(x[0], x[1], item.Arguments.Flag("log_input"), item.Arguments.Flag("full"), item.Arguments.Reduction)],
        ["GaussianNLLLoss"] = (item, x) => [GaussianLoss(x[0], x[1], x[2], false, nn.Reduction.Mean)],
        ["distribution_Exponential"] = (item, x) => With(item, x, (3, x[0].pow(-2)), (4, x[0].pow(-1))),
        ["distribution_Geometric"] = (item, x) => Geometric(item, x, x[0]),
        ["distribution_Geometric_logits"] = (item, x) => Geometric(item, x, x[0].sigmoid()),
        ["distribution_Binomial"] = (item, x) => With(item, x, (1, BinomialEntropy(6, x[0]))),
        ["distribution_Binomial_logits"] = (item, x) => With(item, x, (1, BinomialEntropy(6, x[0].sigmoid()))),
        ["distribution_OneHotCategorical"] = (item, x) => x[0] / x[0].sum(-1, true) is var p ? With(item, x, (3, p * (1 - p)), (4, (p * (1 - p)).sqrt())) : [],
        // A sample is the drawn number, moved with its parameters.
        ["distribution_Gumbel"] = (item, x) => Sampled(item, x, s => x[0] + x[1] * ((s - x[0]) / x[1]).detach()),
        ["distribution_LogNormal"] = (item, x) => Sampled(item, x, s => (x[0] + x[1] * ((s.log() - x[0]) / x[1]).detach()).exp()),
        ["distribution_HalfNormal"] = (item, x) => Sampled(item, x, s => x[0] * (s / x[0]).detach()),
    };

    /// <summary>Modules, with their parameters.</summary>
    private static readonly Dictionary<string, Func<GoldenCase, Tensor[], (Tensor[] outputs, Tensor[] parameters)>> Modules = new()
    {
        ["GroupNorm"] = (_, x) => GroupNorm(x[0]),
        ["MultiheadAttention_mask"] = (item, x) => GoldenRunner.Run(item, [x[0], zeros(x[1].shape, x[0].dtype).masked_fill(x[1], double.NegativeInfinity)]),
    };

    internal static bool Has(string op) => Table.ContainsKey(op) || Modules.ContainsKey(op);

    internal static (Tensor[] outputs, Tensor?[] gradients) Evaluate(GoldenCase item) =>
        GoldenRunner.Evaluate(item, x => Modules.TryGetValue(item.Op, out var module) ? module(item, x) : (Table[item.Op](item, x), []));

    private static long Number(GoldenCase item, int i) => item.Call[i].GetInt64();

    private static long[] Numbers(GoldenCase item, int i) => item.Call[i].Deserialize<long[]>()!;

    /// <summary>What the library gives (log-probability, entropy, mean, variance, deviation, …, sample), with some of it replaced.</summary>
    private static Tensor[] With(GoldenCase item, Tensor[] x, params (int place, Tensor value)[] replaced)
    {
        var outputs = GoldenOperations.Table[item.Op](x, item.Arguments);
        foreach (var (place, value) in replaced)
            outputs[place] = value;
        return outputs;
    }

    private static Tensor[] Sampled(GoldenCase item, Tensor[] x, Func<Tensor, Tensor> moved)
    {
        var outputs = GoldenOperations.Table[item.Op](x, item.Arguments);
        return [.. outputs[..^1], moved(outputs[^1])];
    }

    private static Tensor[] Geometric(GoldenCase item, Tensor[] x, Tensor p) => With(item, x, (1, -((1 - p) * (1 - p).log() + p * p.log()) / p), (2, 1 / p - 1));

    /// <summary>−Σ P(k)·ln P(k) over all numbers k of successes.</summary>
    private static Tensor BinomialEntropy(int trials, Tensor p)
    {
        var sum = zeros_like(p);
        double ways = 1;
        for (int k = 0; k <= trials; ways = ways * (trials - k) / ++k)
        {
            var logarithm = Math.Log(ways) + k * p.log() + (trials - k) * (1 - p).log();
            sum -= logarithm.exp() * logarithm;
        }
        return sum;
    }

    /// <summary>The columns x⁰ … xⁿ⁻¹, or in the other order.</summary>
    private static Tensor Powers(Tensor x, long n, bool increasing) => stack([.. Enumerable.Range(0, (int)n).Select(i => x.pow(increasing ? i : n - 1 - i))], -1);

    /// <summary>Output i of o looks at the inputs from ⌊i·n/o⌋ to below ⌈(i+1)·n/o⌉ of n; an index counts within the volume.</summary>
    private static (Tensor values, Tensor indices) AdaptiveMaximum(Tensor x, long[] size)
    {
        long[] shape = x.shape[^3..], batch = x.shape[..^3];
        (long start, long length) Window(int dim, long i) => (i * shape[dim] / size[dim], ((i + 1) * shape[dim] + size[dim] - 1) / size[dim] - i * shape[dim] / size[dim]);
        var places = arange(shape[0] * shape[1] * shape[2]).view(shape).expand([.. batch, .. shape]);
        List<Tensor> values = [], indices = [];
        for (long i = 0; i < size[0]; i++)
            for (long j = 0; j < size[1]; j++)
                for (long k = 0; k < size[2]; k++)
                {
                    var (depth, height, width) = (Window(0, i), Window(1, j), Window(2, k));
                    Tensor Cut(Tensor t) => t.narrow(-3, depth.start, depth.length).narrow(-2, height.start, height.length).narrow(-1, width.start, width.length).flatten(-3);
                    var (value, place) = Cut(x).max(-1, keepdim: true);
                    values.Add(value);
                    indices.Add(Cut(places).gather(-1, place));
                }
        return (cat(values, -1).view([.. batch, .. size]), cat(indices, -1).view([.. batch, .. size]));
    }

    /// <summary>Each value at the place of its plane that its index names.</summary>
    private static Tensor Unpooled(Tensor x, Tensor indices, long[] size) =>
        zeros([.. x.shape[..^2], size[0] * size[1]], x.dtype).scatter(-1, indices.flatten(-2), x.flatten(-2)).view([.. x.shape[..^2], .. size]);

    /// <summary>½·(ln v + (x − t)²/v), and ½·ln 2π where it is full, with v = max(variance, 10⁻⁶) through which gradients pass.</summary>
    private static Tensor GaussianLoss(Tensor x, Tensor target, Tensor variance, bool full, nn.Reduction reduction)
    {
        Tensor v = variance + (variance.clamp_min(1e-6) - variance).detach(), loss = 0.5 * (v.log() + (x - target).square() / v);
        if (full)
            loss += 0.5 * Math.Log(2 * Math.PI);
        return Reduced(loss, reduction);
    }

    /// <summary>eˣ − t·x, or x − t·ln(x + 10⁻⁸), and Stirling's t·ln t − t + ½·ln 2πt for t above 1 where it is full.</summary>
    private static Tensor PoissonLoss(Tensor x, Tensor target, bool logarithm, bool full, nn.Reduction reduction)
    {
        var loss = logarithm ? x.exp() - target * x : x - target * (x + 1e-8).log();
        if (full)
            loss += where(target > 1, target * target.log() - target + 0.5 * (2 * Math.PI * target).log(), zeros_like(target));
        return Reduced(loss, reduction);
    }

    private static Tensor Reduced(Tensor loss, nn.Reduction reduction) => reduction switch
    {
        nn.Reduction.None => loss,
        nn.Reduction.Sum => loss.sum(),
        _ => loss.mean(),
    };

    /// <summary>The module of the table, with ones and zeros as initial weights.</summary>
    private static (Tensor[] outputs, Tensor[] parameters) GroupNorm(Tensor x)
    {
        Modules.Parameter weight = new(ones([4], x.dtype)), bias = new(zeros([4], x.dtype));
        return ([nn.functional.group_norm(x, 2, weight, bias)], [weight, bias]);
    }
}
