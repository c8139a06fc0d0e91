using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Order statistics; gradients go back to the elements that were chosen.</summary>
internal static unsafe partial class Operations
{
    internal static Tensor ArgSort(Tensor x, long dim, bool descending) => Order(x, x.Layout.Dim(dim), x.Layout.Rank == 0 ? 1 : x.Layout.Shape[x.Layout.Dim(dim)], descending);

    /// <summary>The positions of the first <paramref name="count"/> elements in order along a dimension.</summary>
    private static Tensor Order(Tensor x, int d, long count, bool descending)
    {
        var (outer, n, inner) = Around(x.Layout, d);
        long[] shape = (long[])x.Layout.Shape.Clone();
        if (shape.Length > 0)
            shape[d] = count;
        var packed = Packed(x);
        var order = x.NewEmpty(shape, ScalarType.Int64);
        if (order.HasData)
            order.Backend.Order(x.dtype, packed.On(order), (long*)order.On(order), outer, n, count, inner, descending);
        GC.KeepAlive(packed);
        GC.KeepAlive(order);
        Free(packed, x);
        return order;
    }

    internal static (Tensor Values, Tensor Indices) Sort(Tensor x, long dim, bool descending)
    {
        var order = ArgSort(x, dim, descending);
        return (Gather(x, dim, order), order);
    }

    internal static (Tensor Values, Tensor Indices) TopK(Tensor x, long k, long dim, bool largest)
    {
        int d = x.Layout.Dim(dim);
        if (k < 0 || k > (x.Layout.Rank == 0 ? 1 : x.Layout.Shape[d]))
            throw new ExternalException($"selected index k out of range: k = {k} for dimension {d} of shape {x.Layout}");
        if (x.Layout.Rank == 0)
            return (Clone(x), torch.zeros(Array.Empty<long>(), ScalarType.Int64, x.device));
        var indices = Order(x, d, k, largest);
        return (Gather(x, d, indices), indices);
    }

    /// <summary>The kth smallest element (from 1) along a dimension.</summary>
    internal static (Tensor Values, Tensor Indices) KthValue(Tensor x, long k, long dim, bool keepdim)
    {
        int d = x.Layout.Dim(dim);
        long n = x.Layout.Rank == 0 ? 1 : x.Layout.Shape[d];
        if (k < 1 || k > n)
            throw new ExternalException($"kthvalue(): selected number k out of range for dimension {d}: k = {k}, size {n}");
        if (x.Layout.Rank == 0)
            return (Clone(x), torch.zeros(Array.Empty<long>(), ScalarType.Int64, x.device));
        using var order = Order(x, d, k, false).AsTemporary();
        using var position = Slice(order, d, k - 1, k, 1).AsTemporary();
        return Chosen(x, d, position, keepdim);
    }

    /// <summary>The elements at positions [… 1 …] along a dimension, the dimension kept or not.</summary>
    private static (Tensor Values, Tensor Indices) Chosen(Tensor x, int d, Tensor positions, bool keepdim)
    {
        using var scope = DisposeScope.ForTemporaries();
        var indices = positions.CloneData();
        var values = Gather(x, d, indices);
        return keepdim ? scope.MoveToOuter(values, indices) : scope.MoveToOuter(Squeeze(values, d), Squeeze(indices, d));
    }

    /// <summary>The lower of the two middle elements; NaN when there is one.</summary>
    internal static Tensor Median(Tensor x, bool ignoreNaN)
    {
        if (x.Layout.Count == 0)
            return torch.full(Array.Empty<long>(), x.dtype.IsFloating() ? double.NaN : 0, x.dtype, x.device);
        using var scope = DisposeScope.ForTemporaries();
        var flat = Reshape(x, [-1]);
        long count = flat.numel();
        if (x.dtype.IsFloating())
        {
            long missing = flat.isnan().sum().ToInt64();
            if (missing > 0 && !ignoreNaN)
                return scope.MoveToOuter(torch.full(Array.Empty<long>(), double.NaN, x.dtype, x.device));
            count = Math.Max(count - missing, 1);
        }
        return scope.MoveToOuter(KthValue(flat, (count + 1) / 2, 0, false).Values);
    }

    /// <summary>The most frequent element along a dimension (the smallest of equals) and its last position.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static (Tensor Values, Tensor Indices) Mode(Tensor x, long dim, bool keepdim)
    {
        if (x.Layout.Rank == 0)
            return (Clone(x), torch.zeros(Array.Empty<long>(), ScalarType.Int64, x.device));
        int d = x.Layout.Dim(dim);
        using var scope = DisposeScope.ForTemporaries();
        var order = ArgSort(x, d, false);
        var sorted = Gather(x.detach(), d, order);
        var (outer, n, inner) = Around(x.Layout, d);
        var same = Packed(n > 1 ? Slice(sorted, d, 1, n, 1).eq(Slice(sorted, d, 0, n - 1, 1)) : torch.zeros(Array.Empty<long>(), ScalarType.Bool, x.device));
        long[] shape = (long[])x.Layout.Shape.Clone();
        shape[d] = 1;
        var positions = x.NewEmpty(shape, ScalarType.Int64);
        long* p = (long*)order.Data, to = (long*)positions.Data;
        byte* equal = same.Data;
        for (long o = 0; o < outer; o++)
            for (long i = 0; i < inner; i++)
            {
                long best = 0, run = 1, longest = 1;
                for (long k = 1; k < n; k++)
                {
                    run = equal[(o * (n - 1) + k - 1) * inner + i] != 0 ? run + 1 : 1;
                    if (run <= longest)
                        continue;
                    longest = run;
                    best = k;
                }
                to[o * inner + i] = p[(o * n + best) * inner + i];
            }
        GC.KeepAlive(order);
        GC.KeepAlive(same);
        var (values, indices) = Chosen(x, d, positions, keepdim);
        return scope.MoveToOuter(values, indices);
    }

    /// <summary>Quantiles by linear interpolation between neighbours in order; q is a number or a vector of them.</summary>
    internal static Tensor Quantile(Tensor x, Tensor q, long? dim, bool keepdim, bool ignoreNaN)
    {
        if (!x.dtype.IsFloating())
            throw new ExternalException("quantile() input tensor must be either float or double dtype");
        if (q.dtype != x.dtype)
            throw new ExternalException($"quantile() q tensor must be same dtype as the input tensor: {q.dtype} and {x.dtype}");
        if (x.Layout.Count == 0)
            throw new ExternalException($"quantile() input tensor must be non-empty, got shape {x.Layout}");
        using var scope = DisposeScope.ForTemporaries();
        var flat = dim is null || x.Layout.Rank == 0 ? Reshape(x, [-1]) : x;
        int d = flat.Layout.Dim(dim ?? 0);
        var (values, _) = Sort(flat, d, false);
        var moved = values.movedim([d], [values.Layout.Rank - 1]);
        var missing = moved.isnan().sum(-1, true);
        var last = ignoreNaN ? (moved.size(-1) - missing - 1).clamp_min(0) : torch.full_like(missing, moved.size(-1) - 1);
        var parts = new List<Tensor>();
        foreach (double fraction in q.Doubles())
        {
            if (!(fraction >= 0 && fraction <= 1))
                throw new ExternalException("quantile() q values must be in the range [0, 1]");
            var at = last.As(ScalarType.Float64) * fraction;
            var below = at.floor();
            var lower = Gather(moved, -1, below.to(ScalarType.Int64));
            var upper = Gather(moved, -1, at.ceil().to(ScalarType.Int64));
            var result = lower.lerp(upper, (at - below).to(x.dtype));
            if (!ignoreNaN)
                result = Where(missing > 0, torch.full(Array.Empty<long>(), double.NaN, x.dtype, x.device), result);
            result = result.movedim([result.Layout.Rank - 1], [d]);
            parts.Add(keepdim && x.Layout.Rank > 0 ? (dim is null ? result.reshape(Enumerable.Repeat(1L, x.Layout.Rank).ToArray()) : result) : result.squeeze(d));
        }
        return scope.MoveToOuter(q.Layout.Rank == 0 ? parts[0].alias() : torch.stack(parts));
    }
}
