using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>The result, written into a tensor that the caller brought, if any.</summary>
    internal static Tensor Out(Tensor? target, Tensor result)
    {
        if (target is null)
            return result;
        if (!target.Layout.SameShape(result.Layout))
        {
            using var resized = target.NewEmpty(result.Layout.Packed, target.dtype).AsTemporary();
            target.ReplaceData(resized);
        }
        return AssignAndFree(target, result);
    }

    /// <summary>Whether all (any) elements are not zero; Bool (Byte for Byte, as ever), not differentiable.</summary>
    internal static Tensor AllAny(bool all, Tensor x, ReadOnlySpan<long> dims, bool keepdim)
    {
        ulong mask = DimMask(x.Layout, dims);
        var packed = Packed(x, ScalarType.Bool);
        var layout = ReducedLayout(x.Layout, mask, keepdim);
        Tensor y;
        if (ReducedCount(x.Layout, mask) == 0)
        {
            y = x.NewEmpty(layout, ScalarType.Bool);
            FillData(y, all);
        }
        else
            y = ReduceData(all ? ReduceKind.Min : ReduceKind.Max, packed, mask, layout);
        Free(packed, x);
        if (x.dtype != ScalarType.Byte)
            return y;
        using (y.AsTemporary())
            return Convert(y, ScalarType.Byte);
    }

    /// <summary>y = m + ln Σ exp(x − m) with m = max x; dx = dy·exp(x − y).</summary>
    internal static Tensor LogSumExp(Tensor x, long dim, bool keepdim)
    {
        using var scope = DisposeScope.ForTemporaries();
        var values = x.dtype.IsFloating() ? x : Convert(x, get_default_dtype());
        if (x.Layout.Count == 0)
            return scope.MoveToOuter(Sum(values.exp(), [dim], keepdim).log());
        var max = Extreme(true, values.detach(), [dim], true);
        // An infinite maximum would give ∞ − ∞.
        var shift = Where(max.abs() == double.PositiveInfinity, torch.zeros_like(max), max);
        var sum = Sum((values - shift).exp(), [dim], keepdim).log();
        return scope.MoveToOuter(sum + (keepdim || x.Layout.Rank == 0 ? shift : Squeeze(shift, dim)));
    }
}
