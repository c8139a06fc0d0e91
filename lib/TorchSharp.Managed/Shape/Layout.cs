using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// How a tensor's elements lie in its storage: element (i₀, i₁, …) is at Offset + Σ iₖ·Strides[k]. Immutable and shared: results of
/// the same shape use the same object.
/// </summary>
internal sealed class Layout
{
    internal const int MaxRank = 25;

    internal readonly long[] Shape;
    internal readonly long[] Strides;
    internal readonly long Offset;
    internal readonly long Count;
    internal readonly bool IsContiguous;

    internal static readonly Layout Scalar = new([]);
    private static readonly Layout[] Vectors = new Layout[64];

    internal int Rank => Shape.Length;

    internal Layout(long[] shape) : this(shape, ContiguousStrides(shape), 0) { }

    internal Layout(long[] shape, long[] strides, long offset)
    {
        if (shape.Length > MaxRank)
            throw new NotSupportedException($"tensors have at most {MaxRank} dimensions, got {shape.Length}");
        Shape = shape;
        Strides = strides;
        Offset = offset;
        Count = CountOf(shape);
        IsContiguous = ComputeContiguous();
    }

    /// <summary>The contiguous layout of a shape. The array is taken over, not copied.</summary>
    internal static Layout Of(long[] shape)
    {
        if (shape.Length == 0)
            return Scalar;
        if (shape.Length == 1 && (ulong)shape[0] < (ulong)Vectors.Length)
            return Vectors[shape[0]] ??= new Layout(shape);
        return new Layout(shape);
    }

    /// <summary>This layout when it is contiguous from the start of the storage, else the contiguous one of the same shape.</summary>
    internal Layout Packed => IsContiguous && Offset == 0 && (Count != 0 || Rank == 1) ? this : Of(Shape);

    internal static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            if (size < 0)
                throw new ExternalException($"Trying to create tensor with negative dimension {size}: {Text(shape)}");
            try
            {
                count = checked(count * size);
            }
            catch (OverflowException)
            {
                throw new ExternalException($"a tensor of shape {Text(shape)} has more elements than can be addressed");
            }
        }
        return count;
    }

    internal static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
        return strides;
    }

    private bool ComputeContiguous()
    {
        if (Count == 0)
            return true;
        long expected = 1;
        for (int d = Shape.Length - 1; d >= 0; d--)
        {
            if (Shape[d] == 1)
                continue;
            if (Strides[d] != expected)
                return false;
            expected *= Shape[d];
        }
        return true;
    }

    internal bool SameShape(Layout other) => ReferenceEquals(this, other) || Shape.AsSpan().SequenceEqual(other.Shape);

    /// <summary>The size along a dimension; a tensor without dimensions counts as one element along any.</summary>
    internal long Size(int dim) => Shape.Length == 0 ? 1 : Shape[dim];

    /// <summary>Several elements lie in one place: writing to one would write to the others.</summary>
    internal bool Overlaps
    {
        get
        {
            for (int d = 0; d < Shape.Length; d++)
                if (Strides[d] == 0 && Shape[d] > 1)
                    return Count > 0;
            return false;
        }
    }

    /// <summary>Whether two elements may be one, as in windows that share some: false where each dimension, from the smallest stride on, steps over all before it.</summary>
    internal bool MayOverlap
    {
        get
        {
            Span<int> order = stackalloc int[Shape.Length];
            int count = 0;
            for (int d = 0; d < Shape.Length; d++)
            {
                if (Shape[d] == 1)
                    continue;
                int at = count++;
                for (; at > 0 && Strides[order[at - 1]] > Strides[d]; at--)
                    order[at] = order[at - 1];
                order[at] = d;
            }
            long reach = 0;
            foreach (int d in order[..count])
            {
                if (Strides[d] <= reach)
                    return true;
                reach += (Shape[d] - 1) * Strides[d];
            }
            return false;
        }
    }

    /// <summary>Turns a dimension number, which may count from the end, into one from the start, or throws as PyTorch does.</summary>
    internal int Dim(long dim) => WrapDim(dim, Rank);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int WrapDim(long dim, int rank)
    {
        int limit = Math.Max(rank, 1);
        if (dim < -limit || dim >= limit)
            ThrowDim(dim, limit);
        return (int)(dim < 0 ? dim + limit : dim);
    }

    private static void ThrowDim(long dim, int limit) => throw new ExternalException(
        $"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {dim})");

    /// <summary>The shape to which both broadcast: sizes match from the end, or one of them is 1.</summary>
    internal static Layout Broadcast(Layout a, Layout b)
    {
        if (a.SameShape(b))
            return a.Packed;
        if (a.Rank == 0)
            return b.Packed;
        if (b.Rank == 0)
            return a.Packed;
        int rank = Math.Max(a.Rank, b.Rank);
        long[] shape = new long[rank];
        for (int d = 1; d <= rank; d++)
        {
            long sa = d <= a.Rank ? a.Shape[^d] : 1;
            long sb = d <= b.Rank ? b.Shape[^d] : 1;
            if (sa != sb && sa != 1 && sb != 1)
                throw new ExternalException($"The size of tensor a ({sa}) must match the size of tensor b ({sb}) at non-singleton dimension {rank - d}: shapes {Text(a.Shape)} and {Text(b.Shape)}");
            shape[rank - d] = sa == 1 ? sb : sa;
        }
        if (shape.AsSpan().SequenceEqual(a.Shape))
            return a.Packed;
        return shape.AsSpan().SequenceEqual(b.Shape) ? b.Packed : Of(shape);
    }

    /// <summary>Strides with which this layout is read in the shape of <paramref name="target"/>: 0 along broadcast dimensions.</summary>
    internal void BroadcastStrides(ReadOnlySpan<long> target, Span<long> strides)
    {
        int missing = target.Length - Rank;
        for (int d = 0; d < target.Length; d++)
            strides[d] = d < missing || (Shape[d - missing] == 1 && target[d] != 1) ? 0 : Strides[d - missing];
    }

    internal static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    public override string ToString() => Text(Shape);
}
