using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.Domain;

namespace TorchSharp.Managed.Tests.Golden;

internal sealed partial class Calls
{
    private Tensor Square(long n) => X([n, n]) + 3 * Eye(n);

    private Tensor PositiveDefinite(long n)
    {
        var m = X([n, n]);
        return m.mm(m.t()) + n * Eye(n);
    }

    private void Matrices()
    {
        C("addbmm", [X([2, 4]), X([3, 2, 5]), X([3, 5, 4])], [0.5, 2.0]);
        C("baddbmm", [X([3, 2, 4]), X([3, 2, 5]), X([3, 5, 4])], [0.5, 2.0]);
        C("addmm", [X([2, 4]), X([2, 3]), X([3, 4])], [0.5, 2.0]);
        C("addmv", [X([2]), X([2, 3]), X([3])], [0.5, 2.0]);
        C("addr", [X([2, 3]), X([2]), X([3])], [0.5, 2.0]);
        C("ger", [X([2]), X([3])]);
        C("inner", [X([2, 3]), X([4, 3])]);
        C("vdot", [X([3]), X([3])]);
        C("kron", [X([2, 2]), X([1, 3])]);
        C("tensordot", [X([2, 3, 4]), X([3, 4, 2])], [2]);
        C("chain_matmul", [X([2, 3]), X([3, 4]), X([4, 2])], call: ["$*"]);
        C("multi_dot", [X([2, 3]), X([3, 4]), X([4, 2])], call: ["$*"]);
        C("cholesky", [PositiveDefinite(3)]);
        C("cholesky_ex", [PositiveDefinite(3)]);
        Values("cholesky_inverse", [PositiveDefinite(3)]);
        C("cholesky_solve", [X([3, 2]), Square(3).tril()]);
        C("inverse", [Square(3)]);
        C("logdet", [PositiveDefinite(3)]);
        C("det", [Square(3)]);
        C("slogdet", [Square(3)]);
        C("matrix_exp", [X([3, 3]) * 0.5]);
        C("matrix_power", [X([3, 3])], [3]);
        C("matrix_power", [Square(3)], [-2]);
        Values("matrix_rank", [PositiveDefinite(3)]);
        C("pinverse", [X([4, 3])]);
        C("pinv", [X([4, 3])]);
        C("solve_triangular", [Square(3).triu(), X([3, 2])], [true]);
        C("tensorinv", [X([4, 2, 2]) + Eye(4).view(4, 2, 2) * 3], [1]);
        C("cross", [X([2, 3]), X([2, 3])]);
        C("cdist", [X([3, 4]), X([5, 4])], [1.0]);
        C("cond", [Square(3)]);
        C("einsum", [X([2, 3]), X([3, 4])], call: ["ij,jk->ik", "$*"]);
        foreach (int n in new[] { 1, 3 })
            foreach (string name in new[] { "lu_factor", "linalg.lu" })
                C(name, [Square(n)]);
        C("linalg.lu", [X([2, 3, 3])]);
        var (lu, pivots) = linalg.lu_factor(Square(3));
        C("linalg.lu_solve", [lu, pivots!, X([3, 2])]);
        C("linalg.lu_solve", [lu, pivots!, X([2, 3])], [false]);
        C("function.lu_solve", [X([3, 2]), lu, pivots!]);
        C("function.lu", [Square(3)], [true, true]);
        C("lu_unpack", [lu, pivots!]);
        C("tensorsolve", [X([2, 3, 6]) + 3 * Eye(6).view(2, 3, 6), X([2, 3])], call: ["$0", "$1", Array.Empty<int>()]);
    }

    private static int[] Three(int n) => [n, n, n];

    private void Volumes()
    {
        foreach (var (stride, padding, dilation, groups) in new[] { (1, 0, 1, 1), (2, 1, 1, 2), (1, 1, 2, 1) })
        {
            C("conv3d", [X([2, 2, 5, 5, 6]), X([4, 2 / groups, 3, 2, 3]), X([4])], [Three(stride), Three(padding), Three(dilation), groups]);
            C("conv_transpose3d", [X([1, 2, 3, 2, 3]), X([2, 4 / groups, 2, 2, 3]), X([4])], [Three(stride), Three(padding), Three(stride > 1 ? 1 : 0), Three(dilation), groups]);
        }
        C("conv3d", [X([2, 3, 3, 3]), X([1, 2, 2, 2, 2])]);
        C("conv3d_padding", [X([1, 2, 3, 4, 4]), X([3, 2, 2, 3, 2]), X([3])], [new[] { 1 }, "Same"]);
        foreach (var (kernel, stride, padding, dilation, ceil) in new[] { (2, 2, 0, 1, false), (3, 2, 1, 1, true), (2, 1, 0, 2, false) })
        {
            foreach (string name in new[] { "max_pool3d_with_indices", "max_pool3d" })
                C(name, [X([2, 2, 5, 5, 6])], [Three(kernel), Three(stride), Three(padding), Three(dilation), ceil]);
            foreach (bool include in new[] { true, false })
                C("avg_pool3d", [X([2, 2, 5, 5, 6])], [Three(kernel), Three(stride), Three(padding), ceil, include]);
        }
        C("avg_pool3d", [X([2, 4, 4, 4])], [Three(2), Three(2), Three(0), false, true, 3]);
        foreach (int[] size in new int[][] { [2, 2, 3], [4, 1, 2] })
            foreach (string name in new[] { "adaptive_avg_pool3d", "adaptive_max_pool3d", "adaptive_max_pool3d_with_indices" })
                C(name, [X([2, 2, 4, 5, 3])], [size]);
    }

    private void Images()
    {
        foreach (var (mode, shape, size) in new (string, long[], int[])[] { ("Linear", [2, 2, 5], [8]), ("Bicubic", [1, 2, 5, 4], [7, 9]), ("Bicubic", [1, 2, 6, 7], [3, 4]), ("Trilinear", [1, 2, 3, 4, 3], [5, 3, 4]) })
            foreach (bool align in new[] { false, true })
                foreach (string name in new[] { "interpolate", "upsample" })
                    C(name, [X(shape)], [size, null, mode, align]);
        C("interpolate", [X([1, 2, 4, 3])], [null, new[] { 1.5, 2.5 }, "Bicubic"]);
        C("interpolate", [X([1, 2, 2, 3, 2])], [null, new[] { 2.0, 2.0, 2.0 }]);
        C("upsample_nearest", [X([1, 2, 4, 3])], [new[] { 6, 5 }]);
        C("upsample_bilinear", [X([1, 2, 4, 3])], [new[] { 6, 5 }]);
        C("upsample_nearest1d", [X([1, 2, 4])], [7, null]);
        C("upsample_nearest2d", [X([1, 2, 4, 3])], [new[] { 6, 5 }]);
        C("upsample_nearest3d", [X([1, 2, 3, 4, 3])], [new[] { 4, 6, 5 }]);
        foreach (var (kernel, dilation, padding, stride) in new (int[], int[], int[], int[])[] { ([2, 2], [1, 1], [0, 0], [1, 1]), ([3, 2], [1, 2], [1, 0], [2, 1]) })
        {
            C("F.unfold", [X([2, 2, 6, 5])], [kernel, dilation, padding, stride]);
            var windows = nn.functional.unfold(X([2, 2, 6, 5]), (kernel[0], kernel[1]), (dilation[0], dilation[1]), (padding[0], padding[1]), (stride[0], stride[1]));
            C("fold", [windows], [new[] { 6, 5 }, kernel, dilation, padding, stride]);
        }
        Unpools();
        foreach (bool align in new[] { false, true })
        {
            C("affine_grid", [X([2, 2, 3])], [new[] { 2, 3, 4, 5 }, align]);
            foreach (string mode in new[] { "Bilinear", "Nearest" })
                foreach (string padding in new[] { "Zeros", "Border", "Reflection" })
                    C("grid_sample", [X([2, 2, 4, 5]), X([2, 3, 3, 2]) * 0.8], [mode, padding, align]);
        }
    }

    private void Unpools()
    {
        var (line, onLine) = nn.functional.max_pool1d_with_indices(X([2, 2, 4]), 2);
        C("max_unpool1d", [line, onLine], [2]);
        var (plane, onPlane) = nn.functional.max_pool2d_with_indices(X([2, 2, 4, 4]), [2, 2]);
        C("max_unpool2d", [plane, onPlane], [new[] { 2, 2 }]);
        var (space, inSpace) = nn.functional.max_pool3d_with_indices(X([2, 2, 4, 4, 4]), [2, 2, 2]);
        C("max_unpool3d", [space, inSpace], [Three(2)]);
        C("max_unpool2d", [space.select(2, 0), inSpace.select(2, 0) % 16], [new[] { 2, 2 }, new[] { 2, 2 }, new[] { 0, 0 }, new[] { 5, 5 }]);
    }

    /// <summary>The gradient that libtorch gives for logarithms of probabilities is the true one only behind log_softmax, so that is part of the case.</summary>
    private void Sequences()
    {
        Tensor targets = Longs(1, 2, 2, 3, 1, 0).reshape(2, 3), lengths = Longs(3, 2), steps = Longs(6, 5);
        void Of(Tensor scores, Tensor goals, Tensor times, Tensor sizes, string reduction = "mean", bool zero_infinity = false) => _g.Add("F.ctc_loss", [scores, goals, times, sizes], new { reduction, zero_infinity });
        foreach (string reduction in new[] { "none", "mean", "sum" })
            Of(X([6, 2, 4]), targets, steps, lengths, reduction);
        Of(X([6, 2, 4]), Longs(1, 2, 3, 1), steps, Longs(3, 1));
        Of(X([2, 2, 4]), targets, Longs(2, 2), lengths, "sum", true);
    }
}
