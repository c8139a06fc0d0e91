using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class GradientTests
{
    private sealed record Case(Func<Tensor[], Tensor> F, params Tensor[] Inputs);

    /// <summary>Deterministic numbers in a range, none of them equal.</summary>
    private static Tensor D(double low, double high, params long[] shape)
    {
        var n = shape.Aggregate(1L, (a, b) => a * b);
        var values = Enumerable.Range(0, (int)n).Select(i => low + (high - low) * ((i * 0.6180339887498949 + 0.37) % 1)).ToArray();
        return tensor(values, shape);
    }

    private static Tensor R(params long[] shape) => D(-2, 2.3, shape);

    private static Case U(Func<Tensor, Tensor> f, double low = -2, double high = 2.3) => new(x => f(x[0]), D(low, high, 2, 3));

    private static Case B(Func<Tensor, Tensor, Tensor> f, double low = -2, double high = 2.3) => new(x => f(x[0], x[1]), D(low, high, 2, 3), D(low, high, 3) * 0.83 + 0.05);

    private static readonly Dictionary<string, Func<Case>> _cases = new()
    {
        ["neg"] = () => U(x => -x),
        ["abs"] = () => U(x => x.abs()),
        ["square"] = () => U(x => x.square()),
        ["relu"] = () => U(x => x.relu()),
        ["reciprocal"] = () => U(x => x.reciprocal(), 0.5, 2),
        ["sqrt"] = () => U(x => x.sqrt(), 0.5, 2),
        ["rsqrt"] = () => U(x => x.rsqrt(), 0.5, 2),
        ["exp"] = () => U(x => x.exp()),
        ["exp2"] = () => U(x => x.exp2()),
        ["expm1"] = () => U(x => x.expm1()),
        ["log"] = () => U(x => x.log(), 0.5, 2),
        ["log2"] = () => U(x => x.log2(), 0.5, 2),
        ["log10"] = () => U(x => x.log10(), 0.5, 2),
        ["log1p"] = () => U(x => x.log1p(), -0.5, 2),
        ["sin"] = () => U(x => x.sin()),
        ["cos"] = () => U(x => x.cos()),
        ["tan"] = () => U(x => x.tan(), -1, 1),
        ["asin"] = () => U(x => x.asin(), -0.9, 0.9),
        ["acos"] = () => U(x => x.acos(), -0.9, 0.9),
        ["atan"] = () => U(x => x.atan()),
        ["sinh"] = () => U(x => x.sinh()),
        ["cosh"] = () => U(x => x.cosh()),
        ["tanh"] = () => U(x => x.tanh()),
        ["asinh"] = () => U(x => x.asinh()),
        ["acosh"] = () => U(x => x.acosh(), 1.2, 3),
        ["atanh"] = () => U(x => x.atanh(), -0.8, 0.8),
        ["sigmoid"] = () => U(x => x.sigmoid()),
        ["log_sigmoid"] = () => U(x => x.log_sigmoid()),
        ["silu"] = () => U(x => x.silu()),
        ["gelu"] = () => U(x => x.gelu()),
        ["erf"] = () => U(x => x.erf()),
        ["erfc"] = () => U(x => x.erfc()),
        ["erfinv"] = () => U(x => x.erfinv(), -0.8, 0.8),
        ["lgamma"] = () => U(x => x.lgamma(), 0.3, 4),
        ["digamma"] = () => U(x => x.digamma(), 0.3, 4),
        ["add"] = () => B((a, b) => a + b),
        ["add_alpha"] = () => B((a, b) => a.add(b, 2.5)),
        ["sub"] = () => B((a, b) => a - b),
        ["mul"] = () => B((a, b) => a * b),
        ["div"] = () => B((a, b) => a / b, 0.5, 2),
        ["pow"] = () => B((a, b) => a.pow(b), 0.5, 2),
        ["pow_scalar"] = () => U(x => x.pow(3) + x.pow(2.0) + x.pow(2.5), 0.5, 2),
        ["maximum"] = () => B((a, b) => a.maximum(b)),
        ["minimum"] = () => B((a, b) => a.minimum(b)),
        ["fmax"] = () => B((a, b) => a.fmax(b)),
        ["fmin"] = () => B((a, b) => a.fmin(b)),
        ["fmod"] = () => B((a, b) => a.fmod(b), 0.6, 3),
        ["remainder"] = () => B((a, b) => a.remainder(b), 0.6, 3),
        ["atan2"] = () => B((a, b) => a.atan2(b), 0.5, 2),
        ["hypot"] = () => B((a, b) => a.hypot(b), 0.5, 2),
        ["copysign"] = () => new(x => x[0].copysign(tensor(new[] { 1.0, -1, 1 })), R(2, 3)),
        ["clamp"] = () => U(x => x.clamp(-1, 1)),
        ["clamp_tensors"] = () => new(x => x[0].clamp(x[1], x[2]), R(2, 3), D(-1.2, -0.9, 3), D(0.8, 1.3, 2, 3)),
        ["polygamma"] = () => U(x => x.polygamma(2), 0.5, 3),
        ["sum"] = () => U(x => x.sum()),
        ["sum_dim"] = () => new(x => x[0].sum([0, 2], true), R(2, 3, 4)),
        ["mean"] = () => new(x => x[0].mean([1], true), R(2, 3, 4)),
        ["var"] = () => new(x => x[0].var([0, 2]), R(2, 3, 4)),
        ["std"] = () => new(x => x[0].std(1, unbiased: false), R(2, 3, 4)),
        ["var_mean"] = () => new(x => { var (v, m) = x[0].var_mean(1); return v * m; }, R(2, 3, 4)),
        ["max"] = () => U(x => x.max()),
        ["amin"] = () => new(x => x[0].amin([1], true), R(2, 3, 4)),
        ["max_dim"] = () => new(x => x[0].max(1).values, R(2, 3, 4)),
        ["softmax"] = () => new(x => x[0].softmax(1), R(2, 3, 4)),
        ["log_softmax"] = () => new(x => x[0].log_softmax(-1), R(2, 3, 4)),
        ["logsumexp"] = () => new(x => x[0].logsumexp(1), R(2, 3, 4)),
        ["mm"] = () => new(x => x[0].mm(x[1]), R(2, 3), R(3, 4)),
        ["mm_transposed"] = () => new(x => x[0].t().mm(x[1].t()), R(3, 2), R(4, 3)),
        ["bmm"] = () => new(x => x[0].bmm(x[1]), R(2, 2, 3), R(2, 3, 4)),
        ["matmul_broadcast"] = () => new(x => x[0].matmul(x[1]), R(2, 1, 2, 3), R(4, 3, 2)),
        ["matmul_folded"] = () => new(x => x[0].matmul(x[1]), R(2, 2, 3), R(3, 2)),
        ["matmul_vectors"] = () => new(x => x[0].matmul(x[1]) * x[1].matmul(x[2]), R(3), R(3), R(3)),
        ["mv"] = () => new(x => x[0].mv(x[1]), R(2, 3), R(3)),
        ["outer"] = () => new(x => x[0].outer(x[1]), R(2), R(3)),
        ["addmm"] = () => new(x => x[0].addmm(x[1], x[2], 0.5f, 2f), R(4), R(2, 3), R(3, 4)),
        ["tensordot"] = () => new(x => x[0].tensordot(x[1], 2), R(2, 3, 4), R(3, 4, 2)),
        ["reshape"] = () => new(x => x[0].reshape(3, -1) * 2, R(2, 3)),
        ["permute"] = () => new(x => x[0].permute(2, 0, 1).reshape(-1), R(2, 3, 4)),
        ["transpose_view"] = () => new(x => x[0].transpose(0, 1).unsqueeze(1).squeeze(1), R(2, 3)),
        ["expand"] = () => new(x => x[0].expand(4, 2, 3), R(2, 1)),
        ["select"] = () => new(x => x[0].select(1, -1), R(2, 3)),
        ["slice"] = () => new(x => x[0].slice(1, 0, 4, 2), R(2, 4)),
        ["slice_of_transposed"] = () => new(x => x[0].t().slice(0, 1, 3, 1), R(2, 4)),
        ["unfold"] = () => new(x => x[0].unfold(1, 3, 1), R(2, 5)),
        ["diagonal"] = () => new(x => x[0].diagonal(1), R(3, 4)),
        ["split"] = () => new(x => { var p = x[0].split(2, 1); return p[0] * p[1]; }, R(2, 4)),
        ["unbind"] = () => new(x => { var p = x[0].unbind(0); return p[0] * p[1]; }, R(2, 4)),
        ["index_range"] = () => new(x => x[0][TensorIndex.Ellipsis, 1..3] * 2, R(2, 4)),
        ["index_tensor"] = () => new(x => x[0][TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0, 2 }))], R(2, 4)),
        ["index_pairs"] = () => new(x => x[0][TensorIndex.Tensor(tensor(new long[] { 0, 1 })), TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 2 }))], R(2, 3, 4)),
        ["index_mask"] = () => new(x => x[0][TensorIndex.Tensor(R(2, 4) > 0)], R(2, 4)),
        ["masked_select"] = () => new(x => x[0].masked_select(R(4) > 0), R(2, 4)),
        ["index_select"] = () => new(x => x[0].index_select(1, tensor(new long[] { 2, 0, 2 })), R(2, 4)),
        ["index_add"] = () => new(x => x[0].index_add(0, tensor(new long[] { 2, 0, 2 }), x[1], 1.5), R(3, 2), R(3, 2)),
        ["index_put"] = () => new(x => { var y = x[0] * 1; y.index_put_(x[1], TensorIndex.Tensor(tensor(new long[] { 1, 0 }))); return y; }, R(3, 2), R(2)),
        ["index_put_accumulate"] = () => new(x => { var y = x[0] * 1; y.index_put_(x[1], [TensorIndex.Tensor(tensor(new long[] { 1, 1 }))], true); return y; }, R(3, 2), R(2, 2)),
        ["gather"] = () => new(x => x[0].gather(1, tensor(new long[,] { { 0, 0 }, { 2, 1 } })), R(2, 3)),
        ["scatter"] = () => new(x => x[0].scatter(1, tensor(new long[,] { { 0, 1 }, { 2, 1 } }), x[1]), R(2, 3), R(2, 2)),
        ["scatter_add"] = () => new(x => x[0].scatter_add(1, tensor(new long[,] { { 0, 0 }, { 2, 1 } }), x[1]), R(2, 3), R(2, 3)),
        ["where"] = () => new(x => torch.where(R(2, 3) > 0, x[0], x[1]), R(2, 3), R(3)),
        ["masked_fill"] = () => new(x => x[0].masked_fill(R(2, 3) > 0, 7), R(2, 3)),
        ["cat"] = () => new(x => cat([x[0], x[1]], 1), R(2, 3), R(2, 1)),
        ["stack"] = () => new(x => stack([x[0], x[1]], 1), R(2, 3), R(2, 3)),
        ["sort"] = () => new(x => x[0].sort(1).Values, R(2, 4)),
        ["topk"] = () => new(x => x[0].topk(2).values, R(2, 4)),
        ["median"] = () => U(x => x.median()),
        ["quantile"] = () => new(x => x[0].quantile(tensor(new[] { 0.2, 0.7 }), 1), R(2, 5)),
        ["clone_contiguous"] = () => new(x => x[0].t().contiguous().clone(), R(2, 3)),
        ["in_place_chain"] = () => new(x => { var y = x[0] * 2; y.mul_(x[1]).add_(1).sigmoid_(); return y; }, R(2, 3), R(3)),
        ["in_place_view"] = () => new(x => { var y = x[0] * 2; y[0].mul_(x[1]); y.select(1, 0).add_(x[1][0]); return y * y; }, R(2, 3), R(3)),
        ["assignment"] = () => new(x => { var y = x[0] * 2; y[1] = x[1]; return y * y; }, R(2, 3), R(3)),
        ["linear"] = () => new(x => nn.functional.linear(x[0], x[1], x[2]), R(2, 3, 4), R(5, 4), R(5)),
        ["conv1d"] = () => new(x => nn.functional.conv1d(x[0], x[1], x[2], stride: 2, padding: 1, dilation: 2), R(2, 2, 7), R(3, 2, 2), R(3)),
        ["conv2d"] = () => new(x => nn.functional.conv2d(x[0], x[1], x[2], [2, 1], [1, 0], [1, 2]), R(2, 2, 5, 5), R(3, 2, 3, 2), R(3)),
        ["conv2d_groups"] = () => new(x => nn.functional.conv2d(x[0], x[1], null, padding: [1], groups: 2), R(1, 4, 3, 3), R(4, 2, 3, 3)),
        ["conv2d_same"] = () => new(x => nn.functional.conv2d_padding(x[0], x[1], padding: Padding.Same), R(1, 1, 4, 4), R(1, 1, 2, 3)),
        ["conv_transpose1d"] = () => new(x => nn.functional.conv_transpose1d(x[0], x[1], x[2], stride: 2, output_padding: 1), R(2, 2, 3), R(2, 3, 2), R(3)),
        ["conv_transpose2d"] = () => new(x => nn.functional.conv_transpose2d(x[0], x[1], x[2], [2, 2], [1, 0], groups: 2), R(1, 2, 3, 3), R(2, 2, 2, 2), R(4)),
        ["max_pool2d"] = () => new(x => nn.functional.max_pool2d(x[0], [2, 2], [2, 1], [1, 0], ceil_mode: true), R(2, 2, 5, 5)),
        ["max_pool1d"] = () => new(x => nn.functional.max_pool1d(x[0], 3, 2, dilation: 2), R(2, 2, 9)),
        ["avg_pool2d"] = () => new(x => nn.functional.avg_pool2d(x[0], [3, 2], [2, 2], [1, 1], count_include_pad: false), R(2, 2, 5, 5)),
        ["avg_pool2d_divisor"] = () => new(x => nn.functional.avg_pool2d(x[0], 2, divisor_override: 3), R(1, 2, 4, 4)),
        ["avg_pool1d"] = () => new(x => nn.functional.avg_pool1d(x[0], 3, 2, 1), R(2, 2, 7)),
        ["adaptive_avg_pool2d"] = () => new(x => nn.functional.adaptive_avg_pool2d(x[0], (3, 2)), R(2, 2, 5, 4)),
        ["adaptive_max_pool2d"] = () => new(x => nn.functional.adaptive_max_pool2d(x[0], [3, 2]), R(2, 2, 5, 5)),
        ["lp_pool2d"] = () => new(x => nn.functional.lp_pool2d(x[0], 2, 2), D(0.5, 2, 1, 2, 4, 4)),
        ["batch_norm"] = () => new(x => nn.functional.batch_norm(x[0], null, null, x[1], x[2], training: true), R(3, 2, 4), R(2), R(2)),
        ["batch_norm_eval"] = () => new(x => nn.functional.batch_norm(x[0], torch.zeros(2, dtype: float64) + 0.3, torch.ones(2, dtype: float64), x[1], x[2]), R(3, 2, 4), R(2), R(2)),
        ["layer_norm"] = () => new(x => nn.functional.layer_norm(x[0], [3, 4], x[1], x[2]), R(2, 3, 4), R(3, 4), R(3, 4)),
        ["group_norm"] = () => new(x => nn.functional.group_norm(x[0], 2, x[1], x[2]), R(2, 4, 3), R(4), R(4)),
        ["instance_norm"] = () => new(x => nn.functional.instance_norm(x[0], weight: x[1], bias: x[2]), R(2, 2, 5), R(2), R(2)),
        ["local_response_norm"] = () => new(x => nn.functional.local_response_norm(x[0], 3, 0.5), R(1, 4, 2, 2)),
        ["pad_constant"] = () => new(x => nn.functional.pad(x[0], [1, -1, 0, 2], value: 3), R(2, 3)),
        ["pad_reflect"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Reflect), R(2, 3)),
        ["pad_replicate"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Replicate), R(2, 3)),
        ["pad_circular"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Circular), R(2, 3)),
        ["copy_into_plain"] = () => new(x => { var y = torch.zeros(2, 3, dtype: float64); y[TensorIndex.Colon, 1..] = x[0]; return y * y; }, R(2, 2)),
    };

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_OfEveryOperation_EqualsCentralDifference(string name)
    {
        using var scope = NewDisposeScope();
        var test = _cases[name]();
        GradientCheck.First(test.F, test.Inputs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientOfGradient_OfEveryOperation_EqualsCentralDifference(string name)
    {
        using var scope = NewDisposeScope();
        var test = _cases[name]();
        GradientCheck.Second(test.F, test.Inputs);
    }
}
