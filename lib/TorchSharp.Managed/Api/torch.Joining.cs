using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Several tensors at once.

    /// <summary>A formula of several operations: what it makes on the way is disposed.</summary>
    private static Tensor Compose(Func<Tensor> f)
    {
        using var scope = DisposeScope.ForTemporaries();
        return scope.MoveToOuter(f());
    }

    /// <summary>Side by side: along dimension 1, or 0 for vectors.</summary>
    public static Tensor hstack(IList<Tensor> tensors) => Compose(() =>
    {
        var parts = tensors.Select(x => x.atleast_1d()).ToArray();
        return cat(parts, parts[0].dim() == 1 ? 0 : 1);
    });

    public static Tensor hstack(params Tensor[] tensors) => hstack((IList<Tensor>)tensors);

    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => hstack(tensors.ToArray());

    public static Tensor hstack(IEnumerable<Tensor> tensors) => hstack((IList<Tensor>)tensors.ToArray());

    /// <summary>Below one another: along dimension 0, vectors as rows.</summary>
    public static Tensor vstack(IList<Tensor> tensors) => Compose(() => cat(tensors.Select(x => x.atleast_2d()).ToArray(), 0));

    public static Tensor vstack(Tensor[] tensors) => vstack((IList<Tensor>)tensors);

    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => vstack(tensors.ToArray());

    public static Tensor row_stack(IList<Tensor> tensors) => vstack(tensors);

    public static Tensor row_stack(params Tensor[] tensors) => vstack(tensors);

    public static Tensor row_stack(ReadOnlySpan<Tensor> tensors) => vstack(tensors.ToArray());

    public static Tensor dstack(IList<Tensor> tensors) => Compose(() => cat(tensors.Select(x => x.atleast_3d()).ToArray(), 2));

    public static Tensor dstack(params Tensor[] tensors) => dstack((IList<Tensor>)tensors);

    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => dstack(tensors.ToArray());

    public static Tensor dstack(IEnumerable<Tensor> tensors) => dstack(tensors.ToArray());

    public static Tensor column_stack(IList<Tensor> tensors) => Compose(() => cat(tensors.Select(x => x.dim() <= 1 ? x.reshape(x.numel(), 1) : x).ToArray(), 1));

    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => column_stack(tensors.ToArray());

    public static Tensor column_stack(params Tensor[] tensors) => column_stack((IList<Tensor>)tensors);

    public static IEnumerable<Tensor> atleast_1d(params Tensor[] input) => input.Select(x => x.atleast_1d()).ToArray();

    public static IEnumerable<Tensor> atleast_2d(params Tensor[] input) => input.Select(x => x.atleast_2d()).ToArray();

    public static IEnumerable<Tensor> atleast_3d(params Tensor[] input) => input.Select(x => x.atleast_3d()).ToArray();

    public static Size broadcast_shapes(params long[][] shapes) => new(shapes.Aggregate(Layout.Scalar, (shape, next) => Layout.Broadcast(shape, Layout.Of(next))).Shape);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors)
    {
        long[] shape = broadcast_shapes(tensors.Select(x => x.Layout.Shape).ToArray()).Shape;
        return tensors.Select(x => x.expand(shape)).ToArray();
    }

    /// <summary>Coordinates of a grid: one tensor an axis, "ij" in matrix order, "xy" with the first two axes exchanged.</summary>
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
    {
        if (indexing is not ("ij" or "xy"))
            throw new ExternalException($"torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: {indexing}");
        using var scope = DisposeScope.ForTemporaries();
        var axes = tensors.ToArray();
        long[] shape = axes.Select(axis => axis.numel()).ToArray();
        var grids = axes.Select((axis, d) =>
        {
            long[] at = new long[axes.Length];
            Array.Fill(at, 1);
            at[d] = axis.numel();
            return axis.reshape(at).expand(shape);
        }).ToArray();
        if (indexing == "xy" && axes.Length >= 2)
            grids = Array.ConvertAll(grids, grid => grid.transpose(0, 1));
        scope.MoveToOuter(grids);
        return grids;
    }

    public static Tensor cartesian_prod(IList<Tensor> tensors) => tensors.Count == 1 ? tensors[0].alias() : Compose(() => stack(meshgrid(tensors).Select(grid => grid.reshape(-1)), 1));

    public static Tensor cartesian_prod(ReadOnlySpan<Tensor> tensors) => cartesian_prod(tensors.ToArray());

    public static Tensor cartesian_prod(params Tensor[] tensors) => cartesian_prod((IList<Tensor>)tensors);

    /// <summary>All selections of r elements of a vector, in order.</summary>
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false)
    {
        if (input.dim() != 1)
            throw new ArgumentException($"Expect a 1D vector, but got shape {input.Layout}");
        var rows = new List<long>();
        long count = 0L;
        void Choose(long from, long[] chosen, int at)
        {
            if (at == r)
            {
                rows.AddRange(chosen);
                count++;
                return;
            }
            for (long i = from; i < input.numel(); i++)
            {
                chosen[at] = i;
                Choose(with_replacement ? i : i + 1, chosen, at + 1);
            }
        }

        Choose(0, new long[r], 0);
        return Compose(() => input.index_select(0, tensor(rows.ToArray(), device: input.device)).reshape(count, r));
    }

    /// <summary>Matrices along the diagonal, zeros elsewhere.</summary>
    public static Tensor block_diag(params Tensor[] tensors) => tensors.Length == 0 ? zeros(1, 0) : Compose(() =>
    {
        var blocks = tensors.Select(x => x.dim() > 2 ? throw new ExternalException($"torch.block_diag: Input tensors must have 2 or fewer dimensions, got {x.Layout}") : x.atleast_2d()).ToArray();
        var y = zeros(blocks.Sum(b => b.size(0)), blocks.Sum(b => b.size(1)), blocks.Select(b => b.dtype).Aggregate(promote_types), blocks[0].device);
        long row = 0, column = 0;
        foreach (var block in blocks)
        {
            y.narrow(0, row, block.size(0)).narrow(1, column, block.size(1)).copy_(block);
            row += block.size(0);
            column += block.size(1);
        }
        return y;
    });

    public static Tensor chain_matmul(params Tensor[] matrices) => linalg.multi_dot(matrices);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Compose(() => ones(row, col, ScalarType.Bool).tril(offset).nonzero().t().contiguous().to(dtype, copy: true));

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Compose(() => ones(row, col, ScalarType.Bool).triu(offset).nonzero().t().contiguous().to(dtype, copy: true));

    public static Tensor vander(Tensor x, long N = -1, bool increasing = false) => x.vander(N, increasing);

    /// <summary>Sums of products in Einstein's notation: "ij,jk->ik". Indices that the result lacks are summed; "…" stands for batch dimensions.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => Operations.Einsum(equation, tensors);
}
