using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

public class GradientTests
{
    private sealed record Case(Func<Tensor[], Tensor> F, params Tensor[] Inputs);

    /// <summary>Deterministic numbers in a range, none of them equal.</summary>
    private static Tensor D(double low, double high, params long[] shape)
    {
        long n = shape.Aggregate(1L, (a, b) => a * b);
        double[] values = Enumerable.Range(0, (int)n).Select(i => low + (high - low) * ((i * 0.6180339887498949 + 0.37) % 1)).ToArray();
        return tensor(values, shape);
    }

    private static Tensor R(params long[] shape) => D(-2, 2.3, shape);

    /// <summary>Well-conditioned square matrices.</summary>
    private static Tensor M(long batch, long n) => D(-0.5, 0.6, batch, n, n) + eye(n, dtype: float64) * 2;

    private static Case U(Func<Tensor, Tensor> f, double low = -2, double high = 2.3) => new(x => f(x[0]), D(low, high, 2, 3));

    private static Case B(Func<Tensor, Tensor, Tensor> f, double low = -2, double high = 2.3) => new(x => f(x[0], x[1]), D(low, high, 2, 3), D(low, high, 3) * 0.83 + 0.05);

    private static readonly Dictionary<string, Func<Case>> Cases = new()
    {
        ["neg"] = () => U(x => -x),
        ["add"] = () => B((a, b) => a + b),
        ["add_alpha"] = () => B((a, b) => a.add(b, 2.5)),
        ["sub"] = () => B((a, b) => a - b),
        ["mul"] = () => B((a, b) => a * b),
        ["div"] = () => B((a, b) => a / b, 0.5, 2),
        ["pow_scalar"] = () => U(x => x.pow(3) + x.pow(2.0) + x.pow(2.5), 0.5, 2),
        ["clamp_tensors"] = () => new(x => x[0].clamp(x[1], x[2]), R(2, 3), D(-1.2, -0.9, 3), D(0.8, 1.3, 2, 3)),
        ["sum_dim"] = () => new(x => x[0].sum([0, 2], true), R(2, 3, 4)),
        ["var_mean"] = () => new(x => { var (v, m) = x[0].var_mean(1); return v * m; }, R(2, 3, 4)),
        ["max_dim"] = () => new(x => x[0].max(1).values, R(2, 3, 4)),
        ["mm_transposed"] = () => new(x => x[0].t().mm(x[1].t()), R(3, 2), R(4, 3)),
        ["matmul_broadcast"] = () => new(x => x[0].matmul(x[1]), R(2, 1, 2, 3), R(4, 3, 2)),
        ["matmul_folded"] = () => new(x => x[0].matmul(x[1]), R(2, 2, 3), R(3, 2)),
        ["matmul_vectors"] = () => new(x => x[0].matmul(x[1]) * x[1].matmul(x[2]), R(3), R(3), R(3)),
        ["transpose_view"] = () => new(x => x[0].transpose(0, 1).unsqueeze(1).squeeze(1), R(2, 3)),
        ["slice_of_transposed"] = () => new(x => x[0].t().slice(0, 1, 3, 1), R(2, 4)),
        ["split"] = () => new(x => { var p = x[0].split(2, 1); return p[0] * p[1]; }, R(2, 4)),
        ["unbind"] = () => new(x => { var p = x[0].unbind(0); return p[0] * p[1]; }, R(2, 4)),
        ["index_range"] = () => new(x => x[0][TensorIndex.Ellipsis, 1..3] * 2, R(2, 4)),
        ["index_tensor"] = () => new(x => x[0][TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0, 2 }))], R(2, 4)),
        ["index_pairs"] = () => new(x => x[0][TensorIndex.Tensor(tensor(new long[] { 0, 1 })), TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 2 }))], R(2, 3, 4)),
        ["index_mask"] = () => new(x => x[0][TensorIndex.Tensor(R(2, 4) > 0)], R(2, 4)),
        ["index_put"] = () => new(x => { var y = x[0] * 1; y.index_put_(x[1], TensorIndex.Tensor(tensor(new long[] { 1, 0 }))); return y; }, R(3, 2), R(2)),
        ["index_put_accumulate"] = () => new(x => { var y = x[0] * 1; y.index_put_(x[1], [TensorIndex.Tensor(tensor(new long[] { 1, 1 }))], true); return y; }, R(3, 2), R(2, 2)),
        ["where"] = () => new(x => torch.where(R(2, 3) > 0, x[0], x[1]), R(2, 3), R(3)),
        ["cat"] = () => new(x => cat([x[0], x[1]], 1), R(2, 3), R(2, 1)),
        ["stack"] = () => new(x => stack([x[0], x[1]], 1), R(2, 3), R(2, 3)),
        ["clone_contiguous"] = () => new(x => x[0].t().contiguous().clone(), R(2, 3)),
        ["in_place_chain"] = () => new(x => { var y = x[0] * 2; y.mul_(x[1]).add_(1).sigmoid_(); return y; }, R(2, 3), R(3)),
        ["in_place_view"] = () => new(x => { var y = x[0] * 2; y[0].mul_(x[1]); y.select(1, 0).add_(x[1][0]); return y * y; }, R(2, 3), R(3)),
        ["assignment"] = () => new(x => { var y = x[0] * 2; y[1] = x[1]; return y * y; }, R(2, 3), R(3)),
        ["conv2d_groups"] = () => new(x => nn.functional.conv2d(x[0], x[1], null, padding: [1], groups: 2), R(1, 4, 3, 3), R(4, 2, 3, 3)),
        ["conv2d_same"] = () => new(x => nn.functional.conv2d_padding(x[0], x[1], padding: Padding.Same), R(1, 1, 4, 4), R(1, 1, 2, 3)),
        ["avg_pool2d_divisor"] = () => new(x => nn.functional.avg_pool2d(x[0], 2, divisor_override: 3), R(1, 2, 4, 4)),
        ["batch_norm_eval"] = () => new(x => nn.functional.batch_norm(x[0], torch.zeros(2, dtype: float64) + 0.3, torch.ones(2, dtype: float64), x[1], x[2]), R(3, 2, 4), R(2), R(2)),
        ["pad_constant"] = () => new(x => nn.functional.pad(x[0], [1, -1, 0, 2], value: 3), R(2, 3)),
        ["pad_reflect"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Reflect), R(2, 3)),
        ["pad_replicate"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Replicate), R(2, 3)),
        ["pad_circular"] = () => new(x => nn.functional.pad(x[0], [2, 1], PaddingModes.Circular), R(2, 3)),
        ["cumprod_with_zeros"] = () => new(x => x[0].cumprod(1), tensor(new[,] { { 1.5, 0, 2, 0.7 }, { 0, 0, 1.2, 3 } })),
        ["prod_with_zeros"] = () => new(x => x[0].prod(1), tensor(new[,] { { 1.5, 0, 2 }, { 0, 0, 1.2 } })),
        ["flip_roll"] = () => new(x => x[0].flip(1).roll(1, 0), R(2, 3)),
        ["tril_triu"] = () => new(x => x[0].tril(1) * x[0].triu(-1), R(3, 3)),
        ["index_fill_copy"] = () => new(x => x[0].index_fill(1, tensor(new long[] { 1 }), 2).index_copy(0, tensor(new long[] { 1 }), x[1]), R(2, 3), R(1, 3)),
        ["addcmul_addcdiv"] = () => new(x => x[0].addcmul(x[1], x[2], 2).addcdiv(x[1], x[2], 0.5), R(2, 3), R(2, 3), D(0.5, 2, 3)),
        ["nan_to_num_nansum"] = () => U(x => x.nan_to_num() * x.nansum()),
        ["gammainc"] = () => U(x => special.gammainc(tensor(1.7), x) + special.gammaincc(tensor(0.6), x).square(), 0.5, 2.3),
        ["cdist"] = () => new(x => cdist(x[0], x[1]), R(2, 3), R(4, 3)),
        ["cdist_1"] = () => new(x => cdist(x[0], x[1], 1), R(2, 3), R(4, 3)),
        ["qr"] = () => new(x => { var (q, r) = linalg.qr(x[0]); return q.matmul(r.sin()); }, R(4, 3)),
        ["eigh"] = () => new(x => { var (l, v) = linalg.eigh(x[0] + x[0].mT); return v.square() * l; }, M(1, 3)),
        ["svd"] = () => new(x => { var (u, s, vt) = linalg.svd(x[0], false); return u.square().matmul(s.diag_embed()).matmul(vt.square()); }, R(4, 3)),
        ["svd_wide"] = () => new(x => { var (u, s, vt) = linalg.svd(x[0], false); return u.square().matmul(s.diag_embed()).matmul(vt.square()); }, R(3, 4)),
        ["lstsq"] = () => new(x => linalg.lstsq(x[0], x[1]).Solution, R(4, 2), R(4, 1)),
        ["matrix_power_exp"] = () => new(x => x[0].matrix_power(3) + x[0].matrix_exp(), M(1, 2) * 0.3),
        ["einsum_matmul"] = () => new(x => einsum("bij,bjk->bik", x[0], x[1]), R(2, 2, 3), R(2, 3, 2)),
        ["einsum_general"] = () => new(x => einsum("...ij,kj,i->k...", x[0], x[1], x[2]), R(2, 2, 3), R(4, 3), R(2)),
        ["einsum_trace"] = () => new(x => einsum("ii,j", x[0], x[1]), R(3, 3), R(2)),
        ["meshgrid_cartesian"] = () => new(x => cartesian_prod(x[0], x[1]), R(2), R(3)),
        ["block_diag"] = () => new(x => block_diag(x[0], x[1]), R(2, 1), R(1, 2)),
        ["interpolate_bilinear"] = () => new(x => nn.functional.interpolate(x[0], [5, 7], mode: InterpolationMode.Bilinear), R(1, 2, 3, 4)),
        ["interpolate_nearest"] = () => new(x => nn.functional.interpolate(x[0], scale_factor: [2.0, 2.0]), R(1, 2, 3, 2)),
        ["unfold_image"] = () => new(x => nn.functional.unfold(x[0], 2, padding: 1, stride: 2), R(1, 2, 4, 4)),
        ["copy_into_plain"] = () => new(x => { var y = torch.zeros(2, 3, dtype: float64); y[TensorIndex.Colon, 1..] = x[0]; return y * y; }, R(2, 2)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_OfEveryOperation_EqualsCentralDifference(string name)
    {
        using var scope = NewDisposeScope();
        var test = Cases[name]();
        GradientCheck.First(test.F, test.Inputs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientOfGradient_OfEveryOperation_EqualsCentralDifference(string name)
    {
        using var scope = NewDisposeScope();
        var test = Cases[name]();
        GradientCheck.Second(test.F, test.Inputs);
    }
}
